"""Pages that stand in place of the page: bot checks, captchas, log-in forms, error pages sent as good."""

from __future__ import annotations

import re

from lxml import etree, html

_TITLES = re.compile(
    r"just a moment|attention required|are you (a )?(human|robot)|verify(ing)? you are|access denied|"
    r"captcha|security check|xác minh bạn|không phải là (người máy|robot)|kiểm tra trình duyệt",
    re.I,
)
_MISSING = re.compile(
    r"\b404\b|(page|article) not found|không tìm thấy (trang|nội dung|bài|đường dẫn)|"
    r"(trang|bài viết|nội dung|đường dẫn)[^.]{0,40} (không (còn )?tồn tại|đã bị (gỡ|xóa|xoá)|không tìm thấy)",
    re.I,
)
_MARKS = (
    "cf-challenge",
    "challenge-form",
    "cf-turnstile",
    "g-recaptcha",
    "h-captcha",
    "challenge-platform",
)
_RELOADS = re.compile(
    r"document\.cookie\s*=.*?(location\.(reload|href|replace)|window\.location)", re.S
)
_SHORT = 600
"""Characters: a page with more text than this is a page, whatever else is in it."""
_TEXTS = etree.XPath(
    "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"
)


def reason(tree: html.HtmlElement) -> str | None:
    """Why the page is a wall, or None."""
    if _has_paragraphs(tree) or sum(len(text.strip()) for text in _TEXTS(tree)) > _SHORT:
        return None
    title = " ".join("".join(tree.xpath("//title//text() | //h1//text()")).split())
    if _MISSING.search(title):
        return "trang không còn, dù máy chủ báo có (gone, though answered with 200)"
    source = html.tostring(tree, encoding="unicode")
    if _TITLES.search(title) or any(mark in source for mark in _MARKS):
        return "trang kiểm tra người máy (bot check instead of the page)"
    if _RELOADS.search(source):
        return "trang đặt cookie bằng JavaScript (JavaScript cookie check instead of the page)"
    if tree.xpath("//input[@type='password']"):
        return "trang đăng nhập (log-in form instead of the page)"
    return None


def _has_paragraphs(tree: html.HtmlElement) -> bool:
    """Whether paragraphs alone make it a page: nearly all pages are told by their first few."""
    words = 0
    for paragraph in tree.iter("p"):
        words += len((paragraph.text or "").strip())
        if words > _SHORT:
            return next(paragraph.iterancestors("noscript"), None) is None
    return False
