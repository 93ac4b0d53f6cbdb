"""The only place for Unicode, folding, tone marks, dates, names and highlighting of Vietnamese."""
