"""Newspapers as declarations, and the one spider that collects their articles."""
