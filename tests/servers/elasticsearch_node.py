"""A real Elasticsearch node on loopback, with TLS and users, assembled from a Maven artifact.

The artifact is Elastic's own server zip with fewer modules and no Java. It is fetched once by Maven
into the cache, started by its own launcher with a heap of 512 MB, and gone at the end of the tests.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from filelock import FileLock

from tests.servers.certificates import write_certificates
from tests.servers.machine import NOBODY, WATCHED, cache, free_port, give, own_folder, wait_until

VERSION = "8.19.21"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
OLDEST_JAVA = 17

USER, PASSWORD = "diembao", "mat-khau-thu"
WRITER, READER = "writer", "reader"
"""Users of few rights, with the same password."""

ROLES = """
writer:
  cluster: [manage_index_templates, monitor]
  indices:
    - names: ["test-*"]
      privileges: [manage, read, write]
reader:
  indices:
    - names: ["test-*"]
      privileges: [read, view_index_metadata]
"""

SETTINGS = """
cluster.name: {name}
node.name: {name}
path.data: {home}/data
path.logs: {home}/logs
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport}
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
xpack.security.enabled: true
xpack.security.enrollment.enabled: false
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.key: certificates/node.key
xpack.security.http.ssl.certificate: certificates/node.pem
"""
JVM = """-Xms{heap}
-Xmx{heap}
-XX:+UseSerialGC
-XX:-UsePerfData
-Djava.io.tmpdir=${{ES_TMPDIR}}
"""
SHORT = "-XX:TieredStopAtLevel=1\n"
"""For a server that lives for minutes: compile once, and soon."""


def java_home() -> Path | None:
    """The Java that `java` on the path belongs to, if it is young enough."""
    if not (found := shutil.which("java")):
        return None
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    is_enough = version and int(version[1]) >= OLDEST_JAVA
    return Path(found).resolve().parent.parent if is_enough else None


def can_run() -> bool:
    """Whether this machine has what it takes."""
    return sys.platform == "linux" and shutil.which("mvn") is not None and java_home() is not None


def assemble() -> Path:
    """The unpacked server, from the cache or by Maven."""
    folder = cache() / f"elasticsearch-{VERSION}"
    with FileLock(cache() / "elasticsearch.lock", mode=0o666):
        if not folder.exists():
            draft = cache() / "draft"
            shutil.rmtree(draft, ignore_errors=True)
            command = ["mvn", "-B", "-q", "-ntp", "dependency:copy", f"-Dartifact={ARTIFACT}"]
            subprocess.run(
                [*command, f"-DoutputDirectory={draft}"], check=True, timeout=900, cwd=cache()
            )
            with zipfile.ZipFile(next(draft.glob("*.zip"))) as packed:
                packed.extractall(draft)
            (draft / folder.name).rename(folder)
            shutil.rmtree(draft)
    return folder


class Node:
    """One node; `start()` after `kill()` takes up the same data on the same port.

    One that `is_lasting` keeps its data on the disk and is compiled for speed.
    """

    def __init__(
        self, name: str = "diembao-test", heap: str = "512m", *, is_lasting: bool = False
    ) -> None:
        self.port, self.transport = free_port(), free_port()
        self.home = own_folder(in_memory=not is_lasting)
        self.jvm = JVM.format(heap=heap) + ("" if is_lasting else SHORT)
        self.log = self.home / "output.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._configure(name)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def authority(self) -> Path:
        """The certificate that clients must trust."""
        return self.home / "config" / "certificates" / "ca.pem"

    def start(self) -> None:
        server = assemble()
        java = java_home()
        assert java, f"Elasticsearch needs Java {OLDEST_JAVA} or later"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*WATCHED, "bash", str(server / "bin" / "elasticsearch")],
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self.home),
                    "ES_JAVA_HOME": str(java),
                    "ES_PATH_CONF": str(self.home / "config"),
                    "ES_TMPDIR": str(self.home / "tmp"),
                },
                cwd=self.home, stdin=subprocess.PIPE, stdout=log, stderr=log,
                start_new_session=True, umask=0o022, **NOBODY,
            )  # fmt: skip
        wait_until(self.is_up, self.process, self.log)

    def is_up(self) -> bool:
        """Whether the node answers and has all its shards."""
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        address = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s"
        trust = ssl.create_default_context(cafile=str(self.authority))
        try:
            request = Request(address, headers={"Authorization": f"Basic {token}"})
            with urlopen(request, timeout=5, context=trust) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def kill(self) -> None:
        """End launcher and server at once, as a power cut would."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def _configure(self, name: str) -> None:
        config = self.home / "config"
        for folder in (config, self.home / "data", self.home / "logs", self.home / "tmp"):
            folder.mkdir()
        shipped = assemble() / "config"
        for file in ("log4j2.properties", "role_mapping.yml"):
            shutil.copy(shipped / file, config / file)
        write_certificates(config / "certificates")
        (config / "jvm.options").write_text(self.jvm, encoding="utf-8")
        roles = {USER: "superuser", WRITER: "writer", READER: "reader"}
        users = [f"{user}:{_hashed(PASSWORD)}\n" for user in roles]
        (config / "users").write_text("".join(users), encoding="utf-8")
        held = [f"{role}:{user}\n" for user, role in roles.items()]
        (config / "users_roles").write_text("".join(held), encoding="utf-8")
        (config / "roles.yml").write_text(ROLES, encoding="utf-8")
        written = SETTINGS.format(
            name=name, home=self.home, port=self.port, transport=self.transport
        )
        (config / "elasticsearch.yml").write_text(written, encoding="utf-8")
        give(self.home)


def _hashed(password: str) -> str:
    salt = os.urandom(32)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"
