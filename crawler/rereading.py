"""Reading kept pages again: what a changed declaration or extractor would change, and changing it.

A page that no longer gives an article changes nothing: it is counted as lost. Pages of a layout in
quarantine become articles when what broke is there again in most of them; then the quarantine ends.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from crawler import reading
from crawler.fetching import FetchedPage, warc
from crawler.watching import reading_of
from diembao import covering
from diembao.archive import articles, kept_pages, layouts, names
from diembao.archive.kept_pages import Kept
from diembao.article import BlockKind, DateSource
from diembao.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from crawler.declarations import Declaration
    from diembao.archive.engine import Archive
    from diembao.article import Article

EXAMPLES = 3
_ANNOUNCED = (DateSource.FEED, DateSource.SITEMAP)


class Change(NamedTuple):
    """A part of an article that is read in another way."""

    url: str
    part: str
    before: str
    after: str


@dataclass
class Outcome:
    """One newspaper: `pages` read again, of which the `same`; `changed` counts articles by part.

    `gained` are pages that give an article only now, `lost` those that give none any more; `held` are
    pages of a layout that stays in quarantine.
    """

    pages: int = 0
    same: int = 0
    altered: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    gained: int = 0
    lost: int = 0
    held: int = 0
    examples: list[Change] = field(default_factory=list)


def reread(
    archive: Archive,
    declared: Mapping[str, Declaration],
    names: Sequence[str],
    now: datetime,
    *,
    is_applied: bool,
    on_page: Callable[[str], object] = lambda _: None,
) -> dict[str, Outcome]:
    """Read all kept pages of some newspapers again; change the archive only if `is_applied`."""
    found: dict[str, Outcome] = {}
    for name in names:
        again = _Again(archive, declared[name], now, is_applied)
        for kept in kept_pages.of_newspaper(archive, name):
            again.read(kept)
            on_page(name)
        again.end()
        if again.outcome.pages:
            found[name] = again.outcome
    return found


def reread_files(
    archive: Archive,
    declared: Mapping[str, Declaration],
    files: Sequence[Path],
    now: datetime,
    *,
    is_applied: bool,
    on_page: Callable[[str], object] = lambda _: None,
) -> dict[str, Outcome]:
    """The same with the pages in WARC files. Raises BadInputError where a file is none."""
    found: dict[str, _Again] = {}
    for path in files:
        for page in warc.pages(path):
            declaration = reading.declaration_of(page.url, declared)
            if declaration is None:
                continue
            if declaration.name not in found:
                found[declaration.name] = _Again(archive, declaration, now, is_applied)
            found[declaration.name].read(_of_file(archive, declaration, page))
            on_page(declaration.name)
    for again in found.values():
        again.end()
    return {name: again.outcome for name, again in found.items()}


def _of_file(archive: Archive, declaration: Declaration, page: FetchedPage) -> Kept:
    address = declaration.address(page.url) or page.url
    raw = articles.Page(page.url, page.fetched_at, page.headers, page.body)
    with archive.read() as conn:
        known = kept_pages.of_address(conn, address)
    return Kept(address, raw, *(known or ()))


class _Again:
    """One newspaper's pages, read again."""

    def __init__(
        self, archive: Archive, declaration: Declaration, now: datetime, is_applied: bool
    ) -> None:
        self.outcome = Outcome()
        self._archive = archive
        self._declaration = declaration
        self._now = now
        self._is_applied = is_applied
        self._waiting: list[tuple[Kept, Article]] = []
        with archive.read() as conn:
            known = layouts.load(conn, declaration.name)
            self._withdrawn = names.standing(conn)
        self._broken = {name: one for name, one in known.items() if one.quarantined_at}

    def read(self, kept: Kept) -> None:
        """Read a page and compare."""
        self.outcome.pages += 1
        article = self._article(kept)
        if article is None:
            self.outcome.lost += kept.article is not None
            self.outcome.same += kept.article is None
        elif kept.article is None:
            self._waiting.append((kept, article))
        elif changes := differences(kept.article, article):
            self.outcome.altered += 1
            self.outcome.changed.update({change.part for change in changes})
            for change in changes[: EXAMPLES - len(self.outcome.examples)]:
                shown = covering.cover_value(list(change), self._withdrawn)
                self.outcome.examples.append(Change(*shown))
            if self._is_applied:
                assert kept.article_id
                assert kept.version
                with self._archive.write() as conn:
                    kept_pages.replace(conn, kept.article_id, kept.version, article, self._now)
        else:
            self.outcome.same += 1

    def end(self) -> None:
        """Make articles of what gave none before, as far as its layout is no longer broken."""
        name = self._declaration.name
        present = self._broken.get("")
        held = present is not None and not present.is_mended(
            [reading_of(article) for _, article in self._waiting]
        )
        if held:
            self.outcome.held = len(self._waiting)
            return
        self.outcome.gained = len(self._waiting)
        if not self._is_applied:
            return
        with self._archive.write() as conn:
            if self._waiting:
                layouts.release(conn, name)
        for kept, article in self._waiting:
            with self._archive.write() as conn:
                saved = articles.save(conn, self._declaration.source, article, kept.page, self._now)
                kept_pages.read_at_last(conn, name, kept.address, saved.article_id, self._now)

    def _article(self, kept: Kept) -> Article | None:
        raw = kept.page
        page = FetchedPage(raw.url, raw.fetched_at, raw.headers, raw.body)
        try:
            article = reading.read_page(page, self._declaration, raw.fetched_at)
        except ReadError:
            return None
        before = kept.article
        if before is None:
            return article
        if before.published_at and before.date_source in _ANNOUNCED:
            article = reading.dated(article, (before.published_at, before.date_source))
        return article.model_copy(update={"is_whole": before.is_whole})


def differences(before: Article, after: Article) -> list[Change]:
    """The parts in which two readings of one page differ."""
    earlier, later = _parts(before), _parts(after)
    return [
        Change(after.url, part, earlier[part], later[part])
        for part in earlier
        if earlier[part] != later[part]
    ]


def _parts(article: Article) -> dict[str, str]:
    def of(*kinds: BlockKind) -> str:
        return "\n".join(block.text for block in article.blocks if block.kind in kinds)

    return {
        "title": article.title,
        "lead": article.lead,
        "text": of(BlockKind.PARAGRAPH, BlockKind.SUBHEAD, BlockKind.ITEM, BlockKind.ROW),
        "captions": of(BlockKind.CAPTION),
        "byline": article.byline,
        "date": article.published_at.isoformat() if article.published_at else "",
        "section": article.section or "",
        "tags": ", ".join(article.tags),
        "related": "\n".join(article.related),
    }


def by_newspaper(found: Mapping[str, Outcome]) -> Iterator[tuple[str, Outcome]]:
    """Those that change first."""
    yield from sorted(found.items(), key=lambda one: (-one[1].altered - one[1].gained, one[0]))
