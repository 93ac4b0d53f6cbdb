"""One article, one address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import urls

HOSTS = {"baomau.vn"}


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        ("https://BaoMau.VN/a-1.html#binh-luan", "https://baomau.vn/a-1.html"),
        ("https://baomau.vn:443/a-1.html", "https://baomau.vn/a-1.html"),
        ("http://baomau.vn:8080/a-1.html", "http://baomau.vn:8080/a-1.html"),
        ("https://baomau.vn", "https://baomau.vn/"),
        ("https://baomau.vn/a?utm_source=zalo&utm_medium=x&fbclid=1", "https://baomau.vn/a"),
        ("https://baomau.vn/a?zarsrc=30&vn_source=rcm", "https://baomau.vn/a"),
        ("https://baomau.vn/a?b=2&a=1", "https://baomau.vn/a?a=1&b=2"),
        ("https://baomau.vn/a;jsessionid=0F?PHPSESSID=1", "https://baomau.vn/a"),
        ("/xa-hoi/a.html", "https://baomau.vn/xa-hoi/a.html"),
        ("javascript:void(0)", None),
        ("mailto:toasoan@baomau.vn", None),
        ("https://baomau.vn:cong/", None),
    ],
)
def test_canonical(given_url: str, wanted: str | None) -> None:
    assert urls.canonical(given_url, "https://baomau.vn/thoi-su") == wanted


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        ("https://m.baomau.vn/a-1.html", "https://baomau.vn/a-1.html"),
        ("https://amp.baomau.vn/a-1.html", "https://baomau.vn/a-1.html"),
        ("https://baomau.vn/a-1.amp", "https://baomau.vn/a-1"),
        ("https://baomau.vn/a-1.html/amp", "https://baomau.vn/a-1.html"),
        ("https://baomau.vn/amp/a-1.html", "https://baomau.vn/a-1.html"),
        ("https://baomau.vn/a-1.html?amp=1", "https://baomau.vn/a-1.html"),
        ("https://m.baokhac.vn/a-1.html", "https://m.baokhac.vn/a-1.html"),
        ("https://www.baomau.vn/a-1.html", "https://www.baomau.vn/a-1.html"),
    ],
)
def test_phone_and_amp_forms_become_the_desktop_form(given_url: str, wanted: str) -> None:
    assert urls.desktop(given_url, HOSTS) == wanted


@given(st.text(max_size=80))
def test_canonical_is_stable_and_never_breaks(text: str) -> None:
    once = urls.canonical(f"https://baomau.vn/{text}")
    assert once is None or urls.canonical(once) == once
