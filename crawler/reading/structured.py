"""What a page says about its article in JSON-LD, OpenGraph, microdata and meta tags."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extruct.jsonld import JsonLdExtractor

from crawler.reading.lines import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import html

_EXTRACTOR = JsonLdExtractor()
ARTICLE_TYPES = {
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting",
}  # fmt: skip


@dataclass(frozen=True)
class Structured:
    """The page's own words about it; empty where it says nothing. Dates as they stand there."""

    types: frozenset[str] = frozenset()
    headlines: tuple[str, ...] = ()
    description: str = ""
    published: tuple[str, ...] = ()
    meta_published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    canonical: str | None = None
    site_names: tuple[str, ...] = ()
    free_access: bool = True
    og_type: str = ""

    @property
    def is_article(self) -> bool:
        """Whether it calls itself an article."""
        return bool(self.types & ARTICLE_TYPES) or self.og_type == "article"


def read(tree: html.HtmlElement, url: str) -> Structured:
    """Everything that the page states about its article."""
    nodes = list(_nodes(_json_ld(tree, url)))
    story = next((node for node in nodes if _types(node) & ARTICLE_TYPES), {})
    metas = _metas(tree)
    keywords = [
        tag for name in ("article:tag", "news_keywords", "keywords") for tag in metas.get(name, [])
    ]
    authors = list(_names(story.get("author")))
    for name in ("dable:author", "article:author", "author"):
        authors += [part for value in metas.get(name, []) for part in value.split(";")]
    return Structured(
        types=frozenset(_types(story)),
        headlines=_clean(story.get("headline"), story.get("name"), *metas.get("og:title", []), tree.findtext(".//title")),
        description=next(iter(_clean(*metas.get("og:description", []), *metas.get("description", []), story.get("description"))), ""),
        published=_clean(story.get("datePublished")),
        meta_published=_clean(*(v for n in ("article:published_time", "datepublished", "pubdate", "datecreated", "date") for v in metas.get(n, []))),
        modified=_clean(story.get("dateModified"), *(v for n in ("article:modified_time", "datemodified", "lastmod", "og:updated_time") for v in metas.get(n, []))),
        authors=tuple(dict.fromkeys(filter(None, map(_plain, authors)))),
        section=next(iter([*_clean(*metas.get("article:section", [])), *_crumbs(nodes)[-1:], *_clean(_one(story.get("articleSection")))]), None),
        tags=tuple(dict.fromkeys(t for value in keywords for part in value.split(",") if (t := _plain(part)))),
        images=tuple(dict.fromkeys([*metas.get("og:image", []), *_images(story.get("image"))])),
        canonical=next(iter([*tree.xpath("//link[@rel='canonical']/@href"), *metas.get("og:url", [])]), None),
        site_names=_clean(*metas.get("og:site_name", []), *(_names(story.get("publisher"))), *(n.get("name") for n in nodes if _types(n) & {"Organization", "NewsMediaOrganization"})),
        free_access=str(story.get("isAccessibleForFree", True)).lower() != "false",
        og_type=next(iter(metas.get("og:type", [])), ""),
    )  # fmt: skip


def _json_ld(tree: html.HtmlElement, url: str) -> list[Any]:
    try:
        return list(_EXTRACTOR.extract_items(tree, base_url=url))
    except (ValueError, RecursionError):  # a script that is no JSON: the page says nothing that way
        return []


def _nodes(values: Any) -> Iterator[dict[str, Any]]:
    for value in values if isinstance(values, list) else [values]:
        if isinstance(value, dict):
            yield value
            yield from _nodes(value.get("@graph", []))


def _types(node: dict[str, Any]) -> set[str]:
    kind = node.get("@type", [])
    return {str(one) for one in (kind if isinstance(kind, list) else [kind])}


def _names(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, list):
            yield from map(str, name)
        elif name:
            yield str(name)


def _images(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        address = one.get("url") if isinstance(one, dict) else one
        if isinstance(address, str) and address:
            yield address


def _crumbs(nodes: list[dict[str, Any]]) -> list[str]:
    for node in nodes:
        if "BreadcrumbList" in _types(node):
            flat: list[Any] = []
            for entry in node.get("itemListElement") or []:
                flat += entry if isinstance(entry, list) else [entry]
            names = [
                entry.get("name") or (entry.get("item") or {}).get("name")
                for entry in flat
                if isinstance(entry, dict) and isinstance(entry.get("item") or {}, dict | str)
                and (entry.get("name") or isinstance(entry.get("item"), dict))
            ]  # fmt: skip
            return [name for name in _clean(*names) if name.lower() not in ("trang chủ", "home")]
    return []


def _metas(tree: html.HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            if content and (name := meta.get(attribute)):
                found.setdefault(name.lower(), []).append(content)
    return found


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _clean(*values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_plain(v) for v in values if isinstance(v, str)))))


def _plain(text: str) -> str:
    """Entities that were escaped once too often are undone; tags go."""
    return squeezed(re.sub(r"<[^>]+>", " ", entities.unescape(entities.unescape(text))))
