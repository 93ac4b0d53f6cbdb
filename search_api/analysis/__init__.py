"""The numbers of the analysis page: how often the press mentions something, when, and where."""
