"""The page that people read: templates, styles, texts in two languages, and how they are put together."""
