"""Newspapers as declarations: one TOML file a newspaper, named after it.

A declaration says where articles are announced (feeds, sitemaps, listing pages), which addresses are
articles, and only where the general way of reading fails, selectors. `[[layouts]]` hold until a date,
for pages older than a redesign. Every fault names file, line and field.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import cssselect
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from crawler import urls
from diembao.errors import DeclarationError
from diembao.source import Source, SourceLevel
from diembao.vietnamese.provinces import present_provinces

if TYPE_CHECKING:
    from diembao.settings import Settings

BUNDLED = Path(__file__).parent / "sources"

_LISTS = re.compile(
    r"^/(tags?|tu-khoa|chu-de|topics?|tim-kiem|search|rss|rss_feed|bao-in|doc-bao-in)(/|$)"
    r"|-(event|tag|topic)\d+(\.\w+)?/?$|-ct\d+\.html?$",
    re.I,
)
"""Paths of tags, topics, searches and scanned pages: lists in every newspaper, whatever they look like."""


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression ({error})") from error
    return value


def _selector(value: str) -> str:
    try:
        cssselect.parse(value)
    except cssselect.SelectorSyntaxError as error:
        raise ValueError(f"not a CSS selector ({error})") from error
    return value


def _address(value: str) -> str:
    if (found := urls.canonical(value)) is None:
        raise ValueError("not an http or https address")
    return found


def _province(value: str) -> str:
    if value not in present_provinces():
        raise ValueError("not one of the 34 provinces")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError) as error:
        raise ValueError("not a time zone") from error
    return value


Selector = Annotated[str, AfterValidator(_selector)]
Address = Annotated[str, AfterValidator(_address)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Selectors(_Strict):
    """CSS selectors of the parts of an article page; alternatives by comma, newest layout first."""

    title: Selector | None = None
    lead: Selector | None = None
    body: Selector | None = None
    date: Selector | None = None
    byline: Selector | None = None
    section: Selector | None = None
    tags: Selector | None = None
    related: Selector | None = None
    remove: Selector | None = None


class Layout(Selectors):
    """Selectors of pages published up to a date."""

    valid_until: date


class Listing(_Strict):
    """A listing page. Page n of `pages` is `next` with {page} = n and {offset} = (n - 1) * step."""

    url: Address
    next: str | None = None
    step: int = Field(default=1, ge=1)
    pages: int = Field(default=1, ge=1, le=1000)

    @model_validator(mode="after")
    def _pages_can_be_told_apart(self) -> Listing:
        if self.pages > 1 and not (self.next and re.search(r"\{(page|offset)\}", self.next)):
            raise ValueError("next: more than one page needs {page} or {offset} in it")
        return self

    @property
    def addresses(self) -> list[str]:
        """Every page of it, first to last."""
        pages = map(self.page, range(1, self.pages + 1))
        return list(filter(None, pages))

    def page(self, number: int) -> str | None:
        """The address of a page, from 1; None where it is not known."""
        if number == 1 or self.next is None:
            return self.url if number == 1 else None
        offset = str((number - 1) * self.step)
        written = self.next.replace("{page}", str(number)).replace("{offset}", offset)
        return urls.canonical(written, self.url)


class Declaration(_Strict):
    """How one newspaper is crawled and read.

    `article_urls` are searched in path and query; what none matches is never read as an article.
    `horizon_days`: entries of sitemaps dated earlier are left out. `checked`: confirmed live.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    domain: str = Field(pattern=r"^[a-z0-9.-]+(:\d+)?$")
    hosts: tuple[str, ...] = ()
    owner: str | None = None
    level: SourceLevel | None = None
    province: Annotated[str, AfterValidator(_province)] | None = None
    feeds: tuple[Address, ...] = ()
    sitemaps: tuple[Address, ...] = ()
    listings: tuple[Listing, ...] = ()
    article_urls: tuple[Annotated[str, AfterValidator(_regex)], ...] = Field(min_length=1)
    selectors: Selectors = Selectors()
    layouts: tuple[Layout, ...] = ()
    horizon_days: int | None = Field(default=None, ge=1)
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    checked: bool = True

    @cached_property
    def source(self) -> Source:
        """The newspaper as the archive keeps it."""
        return Source(
            name=self.name,
            title=self.title,
            domain=self.domain,
            owner=self.owner,
            level=self.level,
            province=self.province,
        )

    @cached_property
    def all_hosts(self) -> frozenset[str]:
        """Domain and further hosts, without `www.`."""
        return frozenset(host.lower().removeprefix("www.") for host in (self.domain, *self.hosts))

    @cached_property
    def _articles(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.article_urls))

    def owns(self, url: str) -> bool:
        """Whether the address is on one of the newspaper's hosts."""
        return urls.host_of(url) in self.all_hosts

    def is_article(self, url: str) -> bool:
        """Whether a canonical address on the newspaper's hosts may be read as an article."""
        parts = urlsplit(url)
        if not self.owns(url) or _LISTS.search(parts.path):
            return False
        return bool(self._articles.search(parts.path + (f"?{parts.query}" if parts.query else "")))

    def address(self, url: str, base: str = "") -> str | None:
        """The canonical desktop form of an address; None if it is none."""
        found = urls.canonical(url, base)
        if found and self._is_secure and found.startswith("http://") and self.owns(found):
            found = f"https{found[4:]}"
        return found and urls.desktop(found, self.all_hosts)

    @cached_property
    def _is_secure(self) -> bool:
        """Whether the newspaper announces itself by https: then its old http addresses are the same."""
        entries = (*self.feeds, *self.sitemaps, *(listing.url for listing in self.listings))
        return all(entry.startswith("https://") for entry in entries)


def own_folder(settings: Settings) -> Path:
    """Where the user's own declarations lie, and new ones are written."""
    return settings.sources or settings.home / "sources"


def load_all(settings: Settings) -> dict[str, Declaration]:
    """The declarations that the settings ask for, by name. Raises DeclarationError.

    Those of the folder `settings.sources` alone if it is set; else the bundled ones and the user's own,
    of which the user's win.
    """
    if settings.sources:
        return load(settings.sources)
    own = own_folder(settings)
    return {**load(), **(load(own) if own.is_dir() else {})}


def load(folder: Path | None = None) -> dict[str, Declaration]:
    """All declarations of a folder by name; the bundled ones without one. Raises DeclarationError."""
    chosen = folder or BUNDLED
    if not chosen.is_dir():
        raise DeclarationError(
            f"Không có thư mục khai báo báo {chosen} (no such folder of declarations)."
        )
    return {path.stem: read(path) for path in sorted(chosen.glob("*.toml"))}


def read(path: Path) -> Declaration:
    """One declaration. Raises DeclarationError, which names file, line and field of every fault."""
    try:
        text = path.read_text("utf-8")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DeclarationError(f"{path}: {error}") from error
    try:
        declared = Declaration.model_validate(values)
    except ValidationError as error:
        faults = [
            f"{path}:{_line(text, fault['loc'])}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise DeclarationError("\n".join(faults)) from error
    if declared.name != path.stem:
        line = _line(text, ("name",))
        raise DeclarationError(f"{path}:{line}: name: must be {path.stem!r}, as the file is called")
    return declared


def _line(text: str, location: tuple[int | str, ...]) -> int:
    """The line on which a field stands, or the nearest thing around it."""
    lines = text.splitlines()
    start = 0
    for position, part in enumerate(location):
        if not isinstance(part, str):
            continue
        ordinal = next((p for p in location[position + 1 : position + 2] if isinstance(p, int)), 0)
        key = re.compile(rf"\s*(?:{re.escape(part)}\s*=|\[+\s*{re.escape(part)}\s*\])")
        found = [number for number in range(start, len(lines)) if key.match(lines[number])]
        if not found:
            break
        start = found[min(ordinal, len(found) - 1)] if len(found) > 1 else found[0]
    return start + 1
