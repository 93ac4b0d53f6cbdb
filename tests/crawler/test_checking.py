"""Checking a declaration: a sound one passes, and every kind of fault is named where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crawler.checking import Finding, State, check
from crawler.declarations import Declaration, Listing, Selectors
from diembao.settings import Settings

LDTD = "mau-laodongthudo"


def faults(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(f.part, f.subject, f.text) for f in findings if f.state is State.FAULT]


def test_the_sample_newspapers_pass(declared: dict[str, Declaration], hurried: Settings) -> None:
    for declaration in declared.values():
        findings = check(declaration, hurried)
        assert faults(findings) == []
        assert {f.part for f in findings} >= {"robots", "feeds", "sitemaps", "listings", "article"}


def test_each_finding_is_told_when_it_is_made(
    declared: dict[str, Declaration], hurried: Settings
) -> None:
    told: list[Finding] = []
    assert check(declared[LDTD], hurried, told.append) == told


def html(module: Any) -> Any:
    return lambda reply, *_: type(reply)(
        200, {"Content-Type": "text/html"}, b"<html><p>x</p></html>"
    )


def emptied(module: Any) -> Any:
    body = b'<rss version="2.0"><channel><title>x</title></channel></rss>'
    return lambda reply, *_: type(reply)(200, {"Content-Type": "text/xml"}, body)


def undated(module: Any) -> Any:
    def fault(reply: Any, *_: Any) -> Any:
        text = reply.body.decode()
        for year in ("2024", "2025", "2026"):
            text = text.replace(f"/{year}", "/")
        return type(reply)(200, reply.headers, text.encode())

    return fault


@pytest.mark.parametrize(
    ("path", "fault", "part", "cause"),
    [
        ("rss_feed", lambda module: module.status(404), "feeds", "HTTP 404"),
        ("rss_feed", html, "feeds", "HTML page, not a feed"),
        ("rss_feed", emptied, "feeds", "no link"),
        ("sitemap", html, "sitemaps", "HTML page, not a sitemap"),
        ("sitemap", lambda module: module.redirect_loop(), "sitemaps", "redirect loop"),
        ("^/thoi-su$", lambda module: module.status(404), "listings", "HTTP 404"),
        ("^/thoi-su$", html, "listings", "no link"),
        ("robots.txt", lambda module: module.status(503), "robots", "cannot be read"),
        ("robots.txt", lambda module: module.disallow_all(), "feeds", "disallowed by robots.txt"),
        (r"-\d{6}\.html", lambda module: module.challenge(), "article", "HTTP 403"),
        (r"-\d{6}\.html", html, "article", "no article"),
        (r"-\d{6}\.html", undated, "article", "no date found"),
    ],
)
def test_a_fault_of_the_newspaper_is_named(
    press: Any,
    press_module: Any,
    declared: dict[str, Declaration],
    hurried: Settings,
    path: str,
    fault: Callable[[Any], Any],
    part: str,
    cause: str,
) -> None:
    press.misbehave(LDTD, path, fault(press_module))
    found = faults(check(declared[LDTD], hurried))
    assert any(place == part and cause in text for place, _, text in found), found


def test_a_fault_of_the_declaration_is_named(
    declared: dict[str, Declaration], hurried: Settings
) -> None:
    right = declared[LDTD]
    wrong = right.model_copy(
        update={
            "selectors": Selectors(byline=".khong-co", related=".cung-khong"),
            "article_urls": (*right.article_urls, r"-bai\d+\.htm$"),
            "listings": (Listing(url=f"http://{right.domain}/tag/khong-co"),),
        }
    )
    findings = check(wrong, hurried)
    assert [(part, subject) for part, subject, _ in faults(findings)] == [
        ("listings", f"http://{right.domain}/tag/khong-co"),
        ("selectors.byline", ".khong-co"),
    ]
    notes = {f.subject for f in findings if f.state is State.NOTE}
    assert {".cung-khong", r"-bai\d+\.htm$"} <= notes


def test_patterns_that_match_nothing_at_all_are_a_fault(
    declared: dict[str, Declaration], hurried: Settings
) -> None:
    wrong = declared[LDTD].model_copy(update={"article_urls": (r"-bai\d+\.htm$",)})
    found = faults(check(wrong, hurried))
    assert ("article_urls", r"-bai\d+\.htm$", "không khớp liên kết nào (matches no link)") in found
    assert any("none matches article_urls" in text for part, _, text in found if part == "feeds")
