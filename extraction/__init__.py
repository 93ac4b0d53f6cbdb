"""Text → mentions → records: the extractor of Vietnamese press articles."""
