"""Passwords may come as files, as containers and systemd give them, and never stand in a URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from diembao import settings


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    monkeypatch.setenv("DIEMBAO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DIEMBAO_ARCHIVE", "postgresql://diembao@may-chu/diembao")
    return folder


def test_a_file_holds_the_password_of_the_archive(secrets: Path) -> None:
    (secrets / "diembao_archive_password").write_text("bí/mật@1\n", encoding="utf-8")
    chosen = settings.load()
    assert chosen.archive_url == "postgresql://diembao:b%C3%AD%2Fm%E1%BA%ADt%401@may-chu/diembao"
    assert "mật" not in repr(chosen)


def test_the_environment_goes_before_a_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "diembao_index_password").write_text("tệp", encoding="utf-8")
    monkeypatch.setenv("DIEMBAO_INDEX_PASSWORD", "môi trường")
    password = settings.load().index_password
    assert password
    assert password.get_secret_value() == "môi trường"


def test_without_a_password_the_url_stands_as_it_is(secrets: Path) -> None:
    assert settings.load().archive_url == "postgresql://diembao@may-chu/diembao"


def test_without_a_folder_of_secrets_nothing_is_missing(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secrets / "none"))
    assert settings.load().index_password is None
