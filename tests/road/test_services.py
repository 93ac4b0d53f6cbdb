"""docker-compose.yml says what is true, and its services work together.

There need be no Docker: every service of ours starts with its own command and environment as a process,
against a real PostgreSQL and a real Elasticsearch in place of the images; the volumes are folders, the
published port a free one. One article is driven through all of them, from the page that takes it in to
the search that finds it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer.main
import yaml

from diembao.cli.commands import app
from diembao.settings import Settings
from tests.road.process import free_port, wait_for
from tests.servers import elasticsearch_node
from tests.servers.postgresql_cluster import programs

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one.get("command", [""])[0] == "diembao"}
SLOW = 600.0
"""Seconds: five processes that start at once take their time."""

TEXT = """Hội Nông dân xã Kim Bôi nhận Bằng khen

Ngày 3/11, Chủ tịch UBND tỉnh Phú Thọ tặng Bằng khen cho Hội Nông dân xã Kim Bôi vì mô hình “Ruộng chung bờ, nước chung mương”.

Ông Quách Văn Thử, Chủ tịch Hội Nông dân xã Kim Bôi, cho biết mô hình bắt đầu từ vụ xuân.
"""


def test_the_image_installs_by_the_script_that_make_uses() -> None:
    assert "RUN sh install.sh " in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "sh install.sh $(VENV)" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_there_is_a_service_for_the_page_and_one_for_each_worker() -> None:
    group: Any = typer.main.get_command(app)
    workers = {("work", name) for name in group.commands["work"].commands}
    assert {tuple(one["command"][1:]) for one in OURS.values()} == {("serve",), *workers}


@pytest.mark.parametrize("name", OURS)
def test_every_setting_exists(name: str) -> None:
    known = {f"DIEMBAO_{field.upper()}" for field in Settings.model_fields}
    assert set(OURS[name]["environment"]) <= known


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_be_waited_for(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert SERVICES[other]["healthcheck"]["test"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"


def test_every_volume_is_declared_and_used() -> None:
    mounted = {
        volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]
    }
    assert mounted == set(COMPOSE["volumes"])


@pytest.mark.needs_own_postgresql
def test_the_servers_are_those_that_the_tests_run_against() -> None:
    said = subprocess.run(
        [f"{programs()}/postgres", "--version"], capture_output=True, text=True, check=True
    )
    major = said.stdout.split()[-1].split(".")[0]
    assert SERVICES["archive"]["image"] == f"postgres:{major}"
    assert SERVICES["search"]["image"] == f"elasticsearch:{elasticsearch_node.VERSION}"


def test_passwords_are_made_once_and_differ(tmp_path: Path) -> None:
    *shell, script = SERVICES["secrets"]["command"]
    (folder := tmp_path / "secrets").mkdir()
    here = script.replace("$$", "$").replace("/run/secrets", str(folder))

    def made() -> dict[str, str]:
        subprocess.run([*shell, here], check=True)
        return {file.name: file.read_text(encoding="ascii") for file in folder.iterdir()}

    first = made()
    assert set(first) == {"diembao_archive_password", "diembao_index_password"}
    assert len(set(first.values())) == 2
    assert all(len(word) > 30 and word.isalnum() for word in first.values())
    assert made() == first


@pytest.fixture
def environment_of(
    tmp_path: Path, postgresql_url: str, elasticsearch_settings: dict[str, str]
) -> Any:
    """The environment of a service, with this machine's servers, folders and port in it."""
    port = str(free_port())
    secrets, sources = tmp_path / "secrets", tmp_path / "sources"
    secrets.mkdir()
    sources.mkdir()
    servers = dict(elasticsearch_settings)
    if password := servers.pop("index_password", None):
        (secrets / "diembao_index_password").write_text(password, encoding="utf-8")
    places = {f"DIEMBAO_{name.upper()}": value for name, value in servers.items()}
    places |= {"DIEMBAO_ARCHIVE": postgresql_url, "DIEMBAO_SOURCES": str(sources)}
    places["CREDENTIALS_DIRECTORY"] = str(secrets)

    def given(service: dict[str, Any]) -> dict[str, str]:
        named = {key: str(value) for key, value in service["environment"].items()}
        named["DIEMBAO_HOME"] = named["DIEMBAO_HOME"].replace("/data", str(tmp_path / "data"))
        if "DIEMBAO_PORT" in named:
            named["DIEMBAO_PORT"] = port
        return named | places

    return given


@pytest.mark.needs_postgresql
@pytest.mark.needs_elasticsearch
@pytest.mark.timeout(1500)
def test_one_article_goes_through_all_services(environment_of: Any) -> None:
    bin_folder = str(Path(sys.executable).parent)
    running = []
    try:
        for service in OURS.values():
            environment = environment_of(service)
            command = [f"{bin_folder}/diembao", *service["command"][1:]]
            running.append(subprocess.Popen(command, env={**os.environ, **environment}))
            if check := service.get("healthcheck"):
                port = environment["DIEMBAO_PORT"]
                probe = [part.replace("8000", port) for part in check["test"][1:]]
                probe[0] = f"{bin_folder}/{probe[0]}"
                wait_for(
                    lambda probe=probe: subprocess.run(probe, capture_output=True).returncode == 0,
                    SLOW,
                )
        page = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30)
        answer = page.post("/api/v1/articles/requests", json={"text": TEXT})
        assert answer.status_code == 202, answer.text

        def found() -> list[dict[str, Any]]:
            reply = page.get("/api/v1/search", params={"q": "ruong chung bo"})
            hits: list[dict[str, Any]] = reply.json()["hits"]
            return hits

        wait_for(found, SLOW)
        assert found()[0]["article"]["title"]["text"] == TEXT.splitlines()[0]
        assert all(process.poll() is None for process in running), shlex.join(map(str, running))
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)
        page.close()
