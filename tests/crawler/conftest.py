"""The sample newspapers declared for their ports, and a crawl of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler import declarations
from crawler.declarations import Declaration
from crawler.run import CrawlReport, crawl_once
from diembao import settings
from diembao.archive.engine import Archive
from diembao.settings import Settings


@pytest.fixture
def declared(press: Any, tmp_path: Path) -> dict[str, Declaration]:
    """The sample newspapers as they declare themselves."""
    folder = tmp_path / "sources"
    press.write_declarations(folder)
    return declarations.load(folder)


@pytest.fixture
def hurried(tmp_path: Path) -> Settings:
    """Settings of a crawl on loopback, without politeness."""
    return settings.load(
        home=tmp_path, crawl_delay=0, crawl_timeout=3, private_networks=True, idle=0.05
    )


@pytest.fixture
def crawl(
    archive: Archive, declared: dict[str, Declaration], hurried: Settings
) -> Callable[..., CrawlReport]:
    """Crawl some of the sample newspapers, or all; settings may be changed for one crawl."""

    def run(*only: str, **changed: Any) -> CrawlReport:
        chosen = hurried.model_copy(update=changed)
        return crawl_once(archive, declared, chosen, only=only or None)

    return run
