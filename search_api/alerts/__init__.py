"""Alerts: saved searches that tell once, by webhook, e-mail, feed and inbox."""
