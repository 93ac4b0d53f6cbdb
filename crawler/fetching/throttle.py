"""Pace by the newspaper's own: Scrapy's AutoThrottle, which never goes below what robots.txt asks for."""

from __future__ import annotations

from scrapy.extensions.throttle import AutoThrottle


class Throttle(AutoThrottle):
    """The slower a newspaper answers, the longer it is left alone between two requests."""

    def ask_at_least(self, seconds: float) -> None:
        """Never leave fewer seconds than so many between two requests."""
        self.mindelay = max(self.mindelay, seconds)
