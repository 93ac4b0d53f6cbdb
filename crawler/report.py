"""What a crawl came to, newspaper by newspaper."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class SourceReport:
    """One newspaper: articles `listed`, pages `fetched`, `not_modified`; articles `new`, `edited`.

    `listed` counts addresses asked for or waiting in this crawl, entry pages among them; `disallowed` those
    that robots.txt forbids. `causes` counts faults by cause.
    """

    listed: int = 0
    fetched: int = 0
    not_modified: int = 0
    new: int = 0
    edited: int = 0
    disallowed: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    entries_failed: int = 0
    articles_failed: int = 0

    @property
    def failed(self) -> int:
        """Faults of all causes."""
        return self.causes.total()

    @property
    def error(self) -> str | None:
        """Why the crawl counts as failed: no entry page answered, or no article did."""
        no_entry = self.entries and self.entries == self.entries_failed
        no_article = self.articles_failed and not (self.new or self.edited or self.not_modified)
        if not (no_entry or no_article):
            return None
        return "; ".join(f"{count} × {cause}" for cause, count in self.causes.most_common())


@dataclass
class CrawlReport:
    """All newspapers of a crawl, with the sums."""

    sources: dict[str, SourceReport] = field(default_factory=dict)

    def _sum(self, name: str) -> int:
        return sum(getattr(report, name) for report in list(self.sources.values()))

    @property
    def listed(self) -> int:
        """Addresses asked for or waiting."""
        return self._sum("listed")

    @property
    def fetched(self) -> int:
        """Pages that answered with a body."""
        return self._sum("fetched")

    @property
    def not_modified(self) -> int:
        """Pages that answered 304."""
        return self._sum("not_modified")

    @property
    def new(self) -> int:
        """Articles seen for the first time."""
        return self._sum("new")

    @property
    def edited(self) -> int:
        """New versions of known articles."""
        return self._sum("edited")

    @property
    def disallowed(self) -> int:
        """Addresses that robots.txt forbids."""
        return self._sum("disallowed")

    @property
    def failed(self) -> int:
        """Faults."""
        return self._sum("failed")

    @property
    def causes(self) -> Counter[str]:
        """Faults by cause, the most frequent first."""
        total: Counter[str] = Counter()
        for report in list(self.sources.values()):
            total.update(report.causes)
        return Counter(dict(total.most_common()))
