"""What a newspaper announces: feeds, sitemaps and listing pages read into addresses."""
