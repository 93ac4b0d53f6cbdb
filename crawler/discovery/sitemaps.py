"""Sitemaps: index, plain and news; packed or not; broken ones as far as they can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from crawler.discovery.gzipped import unpack
from crawler.discovery.listed import Listed
from diembao.errors import ReadError
from diembao.vietnamese import dates

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


class Sitemap(NamedTuple):
    """Articles and further sitemaps; `whole` is False where the file broke off."""

    articles: list[Listed]
    sitemaps: list[Listed]
    whole: bool


def read(body: bytes, url: str, zone: tzinfo) -> Sitemap:
    """Everything that a sitemap names. Raises ReadError where the page is no sitemap at all."""
    data, whole = unpack(body)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        raise ReadError(f"{url} không phải là sitemap (no sitemap there).")
    articles: list[Listed] = []
    sitemaps: list[Listed] = []
    for entry in root:
        if not isinstance(entry.tag, str):
            continue
        if listed := _listed(entry, zone):
            (sitemaps if _name(entry) == "sitemap" else articles).append(listed)
    return Sitemap(articles, sitemaps, whole and not len(parser.error_log))


def _listed(entry: etree._Element, zone: tzinfo) -> Listed | None:
    address = ""
    published: datetime | None = None
    changed: datetime | None = None
    for element in entry.iter():
        if not isinstance(element.tag, str):
            continue
        name, text = _name(element), (element.text or "").strip()
        if (
            name == "loc"
            and not address
            and "image" not in element.tag
            and "video" not in element.tag
        ):
            address = text
        elif name == "publication_date" and (found := dates.parse(text, zone=zone)):
            published = found.at
        elif name == "lastmod" and (found := dates.parse(text, zone=zone)):
            changed = found.at
    if not address:
        return None
    known = [moment for moment in (published, changed) if moment]
    return Listed(address, max(known, default=None), published)


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
