"""`diembao demo --once` runs the whole road offline, and what it built can be searched."""

import json
from typing import Any

import pytest

from tests.road.process import Environment, diembao


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Environment]:
    """The output of one demo, and the settings under which its result can be asked."""
    home = tmp_path_factory.mktemp("demo")
    run = diembao(
        "demo", "--once", environment={"DIEMBAO_HOME": str(home), "DIEMBAO_LANGUAGE": "en"}
    )
    assert run.returncode == 0, run.stderr
    return run.stdout, {"DIEMBAO_HOME": str(home / "demo"), "DIEMBAO_LANGUAGE": "en"}


def search(query: str, environment: Environment) -> dict[str, Any]:
    run = diembao("search", query, "--json", "--limit", "100", environment=environment)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_every_station_reports_its_count(demo: tuple[str, Environment]) -> None:
    output, _ = demo
    stations = [line.split()[0] for line in output.splitlines() if not line.startswith("Webhook")]
    assert [s for s in stations if s in {"Crawled", "Extracted", "Indexed", "Alerts"}] == [
        "Crawled", "Extracted", "Indexed", "Alerts",
    ]  # fmt: skip
    assert ", 0 failed" in next(
        line for line in output.splitlines() if line.startswith("Extracted")
    )


def test_new_award_articles_reach_the_webhook(demo: tuple[str, Environment]) -> None:
    output, _ = demo
    received = [line for line in output.splitlines() if line.startswith("Webhook received: ")]
    assert received
    assert len(received) == len(set(received))


def test_a_query_typed_without_accents_finds_the_accented_words(
    demo: tuple[str, Environment], press: Any
) -> None:
    _, environment = demo
    found = {hit["title"] for hit in search('"dan van kheo"', environment)["hits"]}
    printed = {one.title for one in press.articles if "dân vận khéo" in one.text.lower()}
    assert printed
    assert found == printed


def test_what_is_typed_with_accents_finds_only_those(demo: tuple[str, Environment]) -> None:
    _, environment = demo
    assert (
        search("dân vận khéo", environment)["total"] == search("DÂN VẬN KHÉO", environment)["total"]
    )
    assert search("dẫn vặn khẹo", environment)["total"] == 0


def test_a_query_that_cannot_be_understood_is_refused_in_one_sentence(
    demo: tuple[str, Environment],
) -> None:
    _, environment = demo
    run = diembao("search", "date:[hôm-qua TO 2024-12-11]", environment=environment)
    assert run.returncode == 1
    assert run.stderr.startswith("diembao: ")
    assert len(run.stderr.strip().splitlines()) == 1
