"""Which elements of a page are not the article's text, by what their markup says about itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import html

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "iframe",
        "form",
        "button",
        "nav",
        "svg",
        "input",
        "select",
        "option",
        "textarea",
        "template",
        "object",
        "embed",
        "canvas",
        "video",
        "audio",
        "source",
        "header",
        "footer",
    ]
)
_RELATED = re.compile(
    r"related|relate[ds]?\b|relate-|-relate|lien-?quan|similar|recommend|suggest|read-?more|doc-?them|xem-?them|tin-?khac|"
    r"cung-?chuyen-?muc|most-?read|doc-?nhieu|box-category|link-content-footer|inner-article|insert-?link|"
    r"other-?news|more-?news|news-?other|detail-other|mb_article_a|box_embed_news|tinlq|list-news-title|"
    r"article-?relat|same-?cate|see-?also|news-?hot|tin-?moi|related(one)?news|post-?nav|"
    r"most-?(read|view)|box_most|(^|[\s_-])(bai|tin)-?(viet-?)?(khac|lien-?quan|cung)|(^|\s)tinkhac"
)
_NOISE = re.compile(
    r"share|social|comment|banner|advert|(^|[\s_-])(ads?|adv|qc)([\s_-]|$)|quang-?cao|sponsor|newsletter|subscri|"
    r"popup|modal|breadcrumb|toolbar|(^|[\s_-])tags?([\s_-]|$)|keyword|tu-?khoa|paging|pagination|login|"
    r"rating|(^|[\s_-])(vote|poll|survey|follow|print|hidden|btn|qr|lightbox|tooltip|swiper)([\s_-]|$)|"
    r"google-?news|copyright|sr-only|reaction|emoji|donate|audio|player|text-?to-?speech|zone-|chatbot|bookmark|"
    r"article-source|source-?link|link-?source|pay-?wall|pager|(^|[\s_-])app-?(link|download)"
)
_PATH = re.compile(r"bread-?crumb|duong-?dan|site-path")
_MENU = re.compile(
    r"(^|[\s_-])(menu|nav|navbar|footer|sitemap)([\s_-]|$)|mega-?menu|main-?nav|popup|modal|comment|binh-?luan"
)
_STAMP = re.compile(r"location-?stamp|dateline-?place")
_MARKING = ("class", "id", "type", "data-role", "data-type")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def marks(element: html.HtmlElement) -> str:
    """Class, identifier and type of an element, in lower case."""
    if element.marks is None:
        given = element.attrib
        element.marks = " ".join([given.get(name, "") for name in _MARKING]).lower()
    return str(element.marks)


def cast_out(element: html.HtmlElement) -> None:
    """Make an element a box of other things, whatever it says of itself."""
    element.set("class", "related")
    element.marks = None


def _saying(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Whether marks say something; the same few stand on a page thousands of times.

    Each pattern has a memory of its own: to look a pattern up costs more than to look for it.
    """
    return lru_cache(maxsize=4096)(lambda text: pattern.search(text) is not None)


_says_related, _says_noise, _says_path, _says_menu, _says_stamp = map(
    _saying, (_RELATED, _NOISE, _PATH, _MENU, _STAMP)
)


def is_related(element: html.HtmlElement) -> bool:
    """Whether the element calls itself a box of other articles."""
    return _says_related(marks(element))


def is_noise(element: html.HtmlElement) -> bool:
    """Whether the element is nothing to read: scripts, forms, hidden parts, bars, advertisements."""
    if element.tag in SKIPPED or not isinstance(element.tag, str):
        return True
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
        return True
    return _says_noise(marks(element))


def in_menu(element: html.HtmlElement) -> bool:
    """Whether the element stands in a menu, a pop-up, a comment area or at the foot of the page."""
    return any(
        (e.tag in ("nav", "footer", "header") or _says_menu(marks(e))) and not is_related(e)
        for e in element.iterancestors()
        if e.tag not in ("body", "html")
    )


def is_button(link: html.HtmlElement) -> bool:
    """Whether the link is a button to press, no headline."""
    return bool(re.search(r"(^|[\s_-])(btn|button)([\s_-]|$)", marks(link)))


def is_stamp(element: html.HtmlElement) -> bool:
    """Whether the element is the place printed before a lead, glued to its first word."""
    named = element.get("class")
    return named is not None and _says_stamp(named)


def is_path(element: html.HtmlElement) -> bool:
    """Whether the element shows where in the newspaper the page stands."""
    return _says_path(marks(element))


def link_share(element: html.HtmlElement) -> float:
    """The share of an element's text that is inside links, from 0 to 1."""
    whole = len("".join(element.itertext()).strip())
    linked = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return linked / whole if whole else 0.0
