"""Every service of docker-compose.yml starts with its own command and environment, as a process.

There need be no Docker: the volume is a folder, the published port a free one. One article is driven
through all of them, from the page that takes it in to the search that finds it.
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
import yaml

from tests.road.process import free_port, wait_for

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
TEXT = """Hội Nông dân xã Kim Bôi nhận Bằng khen

Ngày 3/11, Chủ tịch UBND tỉnh Phú Thọ tặng Bằng khen cho Hội Nông dân xã Kim Bôi vì mô hình “Ruộng chung bờ, nước chung mương”.

Ông Quách Văn Thử, Chủ tịch Hội Nông dân xã Kim Bôi, cho biết mô hình bắt đầu từ vụ xuân.
"""


def test_the_image_installs_by_the_script_that_make_uses() -> None:
    assert "RUN sh install.sh " in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "sh install.sh $(VENV)" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_there_is_a_service_for_the_page_and_one_for_each_worker() -> None:
    commands = {tuple(service["command"][1:]) for service in COMPOSE["services"].values()}
    assert commands == {
        ("serve",), ("work", "crawl"), ("work", "extract"), ("work", "index"), ("work", "deliver"),
    }  # fmt: skip


@pytest.mark.timeout(300)
def test_one_article_goes_through_all_services(tmp_path: Path) -> None:
    port = str(free_port())
    sources = tmp_path / "sources"
    sources.mkdir()

    def here(value: str) -> str:
        return value.replace("/data", str(tmp_path / "data")).replace("8000", port)

    bin_folder = str(Path(sys.executable).parent)
    running = []
    try:
        for service in COMPOSE["services"].values():
            environment = {key: here(str(value)) for key, value in service["environment"].items()}
            command = [f"{bin_folder}/diembao", *service["command"][1:]]
            running.append(
                subprocess.Popen(
                    command,
                    env={**os.environ, **environment, "DIEMBAO_SOURCES": str(sources)},
                )
            )
            if check := service.get("healthcheck"):
                probe = [here(part) for part in check["test"][1:]]
                probe[0] = f"{bin_folder}/{probe[0]}"
                wait_for(
                    lambda probe=probe: subprocess.run(probe, capture_output=True).returncode == 0
                )
        page = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10)
        answer = page.post("/api/v1/articles/requests", json={"text": TEXT})
        assert answer.status_code == 202, answer.text

        def found() -> list[dict[str, Any]]:
            reply = page.get("/api/v1/search", params={"q": "ruong chung bo"})
            hits: list[dict[str, Any]] = reply.json()["hits"]
            return hits

        wait_for(found)
        assert found()[0]["article"]["title"]["text"] == TEXT.splitlines()[0]
        assert all(process.poll() is None for process in running), shlex.join(map(str, running))
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)
        page.close()
