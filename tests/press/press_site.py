"""One sample newspaper: its folder in `sites/` rendered into pages.

`site.toml` states addresses, sections and habits; the templates the markup. Pages are rendered when
first asked for and stay the same until an article is edited, so ETags are steady.
"""

from __future__ import annotations

import gzip
import hashlib
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

if TYPE_CHECKING:
    from press_articles import Manuscript, Printed

FOLDER = Path(__file__).parent / "sites"
HANOI = timezone(timedelta(hours=7))
WEEKDAYS = ["Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật"]
FOUNDED = datetime(2024, 12, 1, tzinfo=UTC)
TYPES = {
    "html": "text/html; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400">'
    b'<rect width="640" height="400" fill="#9ab"/></svg>'
)


@dataclass(frozen=True)
class Page:
    """An answer of a newspaper in good health."""

    body: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


class Site:
    """A newspaper at an origin. `articles` are its printings, newest first."""

    def __init__(self, name: str, manuscripts: dict[str, Manuscript], origin: str) -> None:
        self.name = name
        self.origin = origin
        self.folder = FOLDER / name
        self.config: dict[str, Any] = tomllib.loads((self.folder / "site.toml").read_text("utf-8"))
        self.manuscripts = {k: m for k, m in manuscripts.items() if name in m.sites}
        self.edited: set[str] = set()
        loader = jinja2.FileSystemLoader([self.folder, FOLDER / "shared"])
        self.templates = jinja2.Environment(
            loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self.templates.globals.update(site=self, sections=self.config["sections"])
        self.templates.filters.update(weekday=lambda moment: WEEKDAYS[moment.weekday()])
        self.publish()

    def publish(self) -> None:
        """Lay all pages out anew."""
        printed = [self._print(m) for m in self.manuscripts.values()]
        self.articles = sorted(printed, key=lambda a: (a.published_at, a.number), reverse=True)
        self.articles = [self._with_related(article) for article in self.articles]
        self._rendered: dict[str, Page] = {}
        self._routes = self._lay_out()

    def edit(self, article_id: str) -> None:
        """Publish the second version of an article."""
        self.edited.add(article_id)
        self.publish()

    def page(self, path: str) -> Page | None:
        """The page at a path with its query, or None where there is none."""
        if path not in self._rendered:
            if path.startswith("/anh/"):
                return Page(PICTURE, "image/svg+xml", FOUNDED)
            if path not in self._routes:
                return None
            self._rendered[path] = self._routes[path]()
        return self._rendered[path]

    @property
    def paths(self) -> list[str]:
        """Every address that the newspaper answers, but for its pictures."""
        return list(self._routes)

    def listing_path(self, section: str, page: int = 1) -> str:
        """The address of a page of a section."""
        form = self.config["listing"] if page == 1 else self.config["listing_more"]
        return str(form.format(section=section, page=page))

    def boxes(self, article: Printed) -> tuple[list[Printed], list[Printed], list[Printed]]:
        """What stands beside an article: related, recommended, others; never the article itself."""
        at = next(i for i, one in enumerate(self.articles) if one.number == article.number)
        turned = self.articles[at + 1 :] + self.articles[:at]
        related = [one for one in turned if one.section == article.section][:2] or turned[:2]
        rest = [one for one in turned if one not in related]
        half = len(rest) // 2
        return related, rest[half : half + 4], rest[:4]

    def _print(self, manuscript: Manuscript) -> Printed:
        printed = manuscript.printed(
            self.name,
            edited=manuscript.id in self.edited,
            lead_mark=self.config.get("lead_mark", ""),
        )
        path = self.config["article"].format(
            slug=printed.slug,
            number=printed.number,
            section=printed.section,
            stamp=f"{printed.published_at:%y%m%d%H%M}",
        )
        return replace(
            printed,
            title=self._respell(printed.title),
            lead=self._respell(printed.lead),
            body=tuple(replace(block, text=self._respell(block.text)) for block in printed.body),
            path=path,
            url=self.origin + path,
        )

    def _respell(self, text: str) -> str:
        for usual, ours in self.config.get("spelling", {}).items():
            text = text.replace(usual, ours)
        return text

    def _with_related(self, article: Printed) -> Printed:
        headlines = [one.title for box in self.boxes(article) for one in box]
        return replace(article, related=tuple(dict.fromkeys(headlines)))

    def _lay_out(self) -> dict[str, Callable[[], Page]]:
        latest = self._latest(self.articles)
        routes: dict[str, Callable[[], Page]] = {
            "/": partial(self._render, "front.html", latest, articles=self.articles[:10]),
            "/robots.txt": partial(self._render, "robots.txt", FOUNDED),
            self.config["private"]: partial(self._render, "private.html", FOUNDED),
        }
        for article in self.articles:
            routes[article.path] = self._article("article.html", article)
            if mobile := self.mobile_path(article):
                routes[mobile] = self._article("mobile.html", article)
        for section in self.config["sections"]:
            routes |= self._listings(section)
        routes |= self._feeds()
        routes |= self._sitemaps(latest)
        return routes

    def mobile_path(self, article: Printed) -> str | None:
        """The address of the variant for phones, where the newspaper has one."""
        prefix = self.config.get("mobile")
        return prefix + article.path if prefix else None

    def _article(self, template: str, article: Printed) -> Callable[[], Page]:
        return partial(
            self._render,
            template,
            article.last_change,
            decomposed=self.config.get("decomposed", False) and article.number % 2 == 1,
            article=article,
        )

    def _listings(self, section: str) -> dict[str, Callable[[], Page]]:
        size = self.config["page_size"]
        articles = self.in_section(section)
        count = max(1, -(-len(articles) // size))
        return {
            self.listing_path(section, number): partial(
                self._render,
                "listing.html",
                self._latest(articles),
                section=section,
                articles=articles[(number - 1) * size : number * size],
                number=number,
                count=count,
            )
            for number in range(1, count + 1)
        }

    def in_section(self, section: str) -> list[Printed]:
        """The articles of a section, newest first."""
        return [article for article in self.articles if article.section == section]

    def _feeds(self) -> dict[str, Callable[[], Page]]:
        feeds = {self.config["feed"]: self.articles}
        if form := self.config.get("feed_section"):
            feeds |= {form.format(section=s): self.in_section(s) for s in self.config["sections"]}
        return {
            path: partial(self._render, "feed.xml", self._latest(articles), articles=articles[:15])
            for path, articles in feeds.items()
        }

    def _sitemaps(self, latest: datetime) -> dict[str, Callable[[], Page]]:
        path, by_month = self.config["sitemap"], self.config.get("sitemap_month")
        if not by_month:
            return {path: partial(self._render, "sitemap.xml", latest, articles=self.articles)}
        months: dict[str, list[Printed]] = {}
        for article in self.articles:
            address = by_month.format(month=f"{article.published_at:%Y-%m}")
            months.setdefault(address, []).append(article)
        children = [(address, self._latest(articles)) for address, articles in months.items()]
        return {
            path: partial(self._render, "sitemap-index.xml", latest, children=children),
            **{
                address: partial(self._render, "sitemap.xml", changed, articles=months[address])
                for address, changed in children
            },
        }

    @staticmethod
    def _latest(articles: list[Printed]) -> datetime:
        return max((article.last_change for article in articles), default=FOUNDED)

    def _render(
        self, template: str, modified: datetime, decomposed: bool = False, **context: Any
    ) -> Page:
        text = self.templates.get_template(template).render(context)
        body = (unicodedata.normalize("NFD", text) if decomposed else text).encode()
        if template.startswith("sitemap") and self.config["sitemap"].endswith(".gz"):
            return Page(gzip.compress(body, mtime=0), "application/gzip", modified)
        return Page(body, TYPES[template.rpartition(".")[2]], modified)
