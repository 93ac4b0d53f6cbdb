"""The archive: articles with every version, extractions, entities, stories, events, alerts, jobs."""
