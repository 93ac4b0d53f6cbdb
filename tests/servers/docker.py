"""An Elasticsearch in a container, where there is Docker but no Maven."""

from __future__ import annotations

import shutil
import subprocess
import time
from urllib.error import URLError
from urllib.request import urlopen

from tests.servers.machine import free_port

SETTINGS = {
    "discovery.type": "single-node",
    "xpack.security.enabled": "false",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
}


def runs() -> bool:
    """Whether containers can be started here."""
    if not shutil.which("docker"):
        return False
    asked = subprocess.run(["docker", "version"], capture_output=True, timeout=30, check=False)
    return asked.returncode == 0


class Container:
    """The official image, without TLS and users."""

    def __init__(self, version: str) -> None:
        self.image = f"elasticsearch:{version}"
        self.port = free_port()
        self.name = f"diembao-test-{self.port}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        settings = [part for item in SETTINGS.items() for part in ("-e", "=".join(item))]
        published = ["-p", f"127.0.0.1:{self.port}:9200"]
        command = ["docker", "run", "--rm", "-d", "--name", self.name, *published, *settings]
        subprocess.run([*command, self.image], check=True, capture_output=True, timeout=900)
        end = time.monotonic() + 180
        while not self._is_up():
            assert time.monotonic() < end, f"the container {self.name} does not answer"
            time.sleep(0.2)

    def _is_up(self) -> bool:
        try:
            with urlopen(f"{self.url}/_cluster/health?wait_for_status=yellow", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def remove(self) -> None:
        subprocess.run(["docker", "rm", "-f", self.name], check=False, capture_output=True)
