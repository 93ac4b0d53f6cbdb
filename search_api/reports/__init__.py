"""What leaves diembao as a document: tables of results and registers."""
