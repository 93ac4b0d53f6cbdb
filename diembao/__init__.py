"""What every part of diembao shares: domain types, settings, Vietnamese text rules, the archive."""
