"""What a program may rely on: tags, rates, figures, and a description that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from search_api.app import create_app
from search_api.routes.caching import matches

if TYPE_CHECKING:
    from tests.search_api.conftest import Shelf


def test_what_has_not_changed_is_not_sent_again(shelf: Shelf) -> None:
    client = shelf.client()
    first = client.get("/api/v1/search?q=khen")
    tag = first.headers["etag"]
    again = client.get("/api/v1/search?q=khen", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    other = client.get("/api/v1/search?q=giay", headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag


@pytest.mark.parametrize(
    ("given", "is_match"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_tags_are_compared_as_the_standard_says(given: str, is_match: bool) -> None:
    assert matches(given, '"a"') is is_match


def test_who_asks_too_often_is_told_when_to_come_back(shelf: Shelf) -> None:
    settings = shelf.settings.model_copy(update={"api_rate": 3})
    client = TestClient(create_app(shelf.archive, shelf.index, settings))
    answers = [client.get("/api/v1/awards") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["ratelimit-remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert {one.headers["ratelimit-limit"] for one in answers} == {"3"}
    refused = answers[-1]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert client.get("/khen-thuong").status_code == 200, "people are not counted"


def test_without_a_rate_nobody_is_refused(shelf: Shelf) -> None:
    settings = shelf.settings.model_copy(update={"api_rate": 0})
    client = TestClient(create_app(shelf.archive, shelf.index, settings))
    answer = client.get("/api/v1/awards")
    assert answer.status_code == 200
    assert "ratelimit-limit" not in answer.headers


def test_prometheus_reads_what_is_held_and_what_was_answered(shelf: Shelf) -> None:
    client = TestClient(create_app(shelf.archive, shelf.index, shelf.settings))
    client.get("/api/v1/articles/1")
    client.get("/api/v1/articles/999999")
    answer = client.get("/metrics")
    told = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert told["diembao_articles",] == told["diembao_indexed_articles",] == len(shelf.ids)
    route = ("route", "/api/v1/articles/{article_id}")
    for status in ("200", "404"):
        counted = ("diembao_http_requests_total", ("method", "GET"), route, ("status", status))
        assert told[counted] == 1
    assert told["diembao_http_seconds_count", route] == 2


@pytest.mark.parametrize(
    "days", [("0001-01-01", ""), ("", "9999-12-31"), ("0001-01-01", "9999-12-31")]
)
def test_the_ends_of_the_calendar_are_days_like_others(shelf: Shelf, days: tuple[str, str]) -> None:
    client = shelf.client()
    asked = dict(zip(("since", "until"), days, strict=True))
    paths = shelf.app.openapi()["paths"]
    with_days = [
        path
        for path, methods in paths.items()
        if {"since", "until"}
        <= {one["name"] for one in methods.get("get", {}).get("parameters", ())}
    ]
    assert len(with_days) > 8
    for path in with_days:
        address = path.replace("{form}", "csv").replace("{name}", "timeline")
        answer = client.get(address.replace("timeline.csv", "timeline.svg"), params=asked)
        assert answer.status_code in (200, 422), (address, answer.text)
