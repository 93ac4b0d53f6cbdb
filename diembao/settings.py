"""All settings, each with default, unit and sentence.

Read from environment variables `DIEMBAO_<NAME>`, from `settings.env` in the home folder, and from files
`diembao_<name>` in the folder of secrets that Docker, Kubernetes (`/run/secrets`) or systemd gives.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from diembao.errors import BadInputError


class Settings(BaseSettings):
    """The one typed object that every part is given."""

    model_config = SettingsConfigDict(env_prefix="DIEMBAO_", frozen=True, extra="ignore")

    home: Path = Field(
        default=Path(platformdirs.user_data_dir("diembao", appauthor=False)),
        description="Folder of the archive, the index and the logs.",
    )
    archive: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the archive; SQLite in the home folder if unset.",
    )
    archive_password: SecretStr | None = Field(
        default=None, description="Password at PostgreSQL, where the URL of the archive has none."
    )
    index: str | None = Field(
        default=None,
        description="URL of an Elasticsearch, or of its nodes, parted by commas; Tantivy in the home "
        "folder if unset.",
    )
    index_ca: Path | None = Field(
        default=None,
        description="File of the certificate that signs Elasticsearch's, if none known.",
    )
    index_api_key: SecretStr | None = Field(
        default=None, description="API key for Elasticsearch, encoded as it was given."
    )
    index_user: str | None = Field(default=None, description="User at Elasticsearch, if it asks.")
    index_password: SecretStr | None = Field(
        default=None, description="Password of that user at Elasticsearch."
    )
    index_prefix: str = Field(
        default="diembao",
        pattern="^[a-z][a-z0-9-]*$",
        description="Beginning of the names of the indices on Elasticsearch.",
    )
    index_shards: int = Field(
        default=1, ge=1, description="Shards of the indices that the next reindexing makes."
    )
    index_timeout: float = Field(
        default=30.0, gt=0, description="Seconds a request to Elasticsearch may take."
    )
    sources: Path | None = Field(
        default=None,
        description="Folder of newspaper declarations, read instead of the bundled ones; if unset, "
        "those of `sources` in the home folder add to the bundled ones and replace those of the same name.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the page listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port of the page; 0 takes a free one."
    )
    base_url: str | None = Field(
        default=None, description="Address of the page as readers see it, for links in alerts."
    )
    admin_token: SecretStr | None = Field(
        default=None,
        description="If set, requests that change anything must carry it as a bearer token, or come from an account.",
    )
    api_rate: int = Field(
        default=1200,
        ge=0,
        description="Requests to the API that one address may make in a minute; 0 sets no limit.",
    )
    user_agent: str = Field(
        default="diembao/0.1 (theo doi bao chi Viet Nam)",
        description="How the crawler names itself to newspapers.",
    )
    contact: str | None = Field(
        default=None,
        description="E-mail address or page at which newspapers reach the office, told with every request.",
    )
    proxy: str | None = Field(
        default=None,
        description="Address of a proxy that the crawler goes through (`http://user:password@host:port`).",
    )
    warc: bool = Field(
        default=False,
        description="Whether raw pages are kept as WARC too, in `warc` of the home folder.",
    )
    crawl_interval: float | None = Field(
        default=None,
        gt=0,
        description="Seconds between two looks at a newspaper's feeds; by its own rhythm if unset.",
    )
    crawl_shortest: float = Field(
        default=300.0,
        gt=0,
        description="Seconds between two looks at a newspaper of many articles.",
    )
    crawl_longest: float = Field(
        default=21600.0,
        gt=0,
        description="Seconds between two looks at a newspaper of few articles.",
    )
    crawl_delay: float = Field(
        default=1.0, ge=0, description="Seconds between two requests to one newspaper."
    )
    crawl_concurrency: int = Field(
        default=16, ge=1, description="Requests under way at once, over all newspapers."
    )
    crawl_per_newspaper: int = Field(
        default=2, ge=1, description="Requests under way at once to one newspaper."
    )
    crawl_timeout: float = Field(default=30.0, gt=0, description="Seconds a page may take.")
    page_limit: int = Field(
        default=10_000_000, gt=0, description="Bytes of a page at most; longer ones are refused."
    )
    revisit_hours: float = Field(
        default=72.0, ge=0, description="Hours for which an article is asked for again."
    )
    revisit_interval: float = Field(
        default=3600.0, gt=0, description="Seconds between two requests for the same young article."
    )
    private_networks: bool = Field(
        default=False, description="Whether crawler and webhooks may reach private addresses."
    )
    lease: float = Field(
        default=60.0, gt=0, description="Seconds after which a silent worker's job is free."
    )
    idle: float = Field(
        default=1.0, gt=0, description="Seconds a worker rests when there is nothing to do."
    )
    delivery_attempts: int = Field(
        default=12,
        ge=1,
        description="Attempts to deliver an alert before it becomes a dead letter.",
    )
    delivery_timeout: float = Field(default=10.0, gt=0, description="Seconds a webhook may take.")
    alert_days: float = Field(
        default=7.0,
        gt=0,
        description="Days after its publication in which an article seen for the first time still "
        "raises alerts; older ones are searched but not told.",
    )
    telegram_api: str = Field(
        default="https://api.telegram.org", description="Address of Telegram's Bot API."
    )
    telegram_token: SecretStr | None = Field(
        default=None, description="Token of the office's Telegram bot; no Telegram if unset."
    )
    zalo_api: str = Field(
        default="https://openapi.zalo.me", description="Address of Zalo's Official Account API."
    )
    zalo_oauth: str = Field(
        default="https://oauth.zaloapp.com", description="Where Zalo renews access tokens."
    )
    zalo_app: str | None = Field(
        default=None, description="Number of the office's Zalo app; no Zalo if unset."
    )
    zalo_secret: SecretStr | None = Field(default=None, description="Secret of that app.")
    zalo_refresh_token: SecretStr | None = Field(
        default=None,
        description="Refresh token with which the renewal of access tokens begins; later ones are "
        "kept in the archive.",
    )
    smtp_host: str | None = Field(
        default=None, description="Mail server that alerts go through; no e-mail if unset."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection to the mail server is secured."
    )
    smtp_user: str | None = Field(default=None, description="User at the mail server, if it asks.")
    smtp_password: SecretStr | None = Field(
        default=None, description="Password of that user at the mail server."
    )
    smtp_from: str = Field(
        default="diembao@localhost", description="Address that alerts by e-mail come from."
    )

    @cached_property
    def archive_url(self) -> str:
        """SQLAlchemy URL of the archive."""
        if self.archive and self.archive_password:
            from sqlalchemy import make_url

            password = self.archive_password.get_secret_value()
            named = make_url(self.archive).set(password=password)
            return named.render_as_string(hide_password=False)
        return self.archive or f"sqlite:///{self.home / 'archive.db'}"

    @cached_property
    def agent(self) -> str:
        """How the crawler names itself, with the contact where one is set."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @cached_property
    def warc_folder(self) -> Path | None:
        """Where raw pages are kept as WARC; None where they are not."""
        return self.home / "warc" if self.warc else None

    @cached_property
    def index_path(self) -> Path:
        """Folder of the embedded index."""
        return self.home / "index"

    @cached_property
    def public_url(self) -> str:
        """Address of the page without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


def _secrets() -> Path | None:
    folder = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/run/secrets"))
    return folder if folder.is_dir() else None


def load(**overrides: object) -> Settings:
    """Settings from the environment, `settings.env` and secrets, with explicit overrides on top.

    Raises BadInputError with one sentence for each wrong entry.
    """
    try:
        home = Settings(**overrides).home  # type: ignore[arg-type]
        file = home / "settings.env"
        return Settings(  # type: ignore[call-arg]
            _env_file=file,
            _env_file_encoding="utf-8-sig",
            _secrets_dir=_secrets(),
            **overrides,  # type: ignore[arg-type]
        )
    except UnicodeDecodeError as error:
        raise BadInputError(
            f"{file} không phải văn bản UTF-8; hãy lưu lại bằng mã UTF-8 (not UTF-8; save it as UTF-8)."
        ) from error
    except ValidationError as error:
        faults = "; ".join(
            f"DIEMBAO_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']} "
            f"(given: {fault['input']!r})"
            for fault in error.errors()
        )
        raise BadInputError(f"Cấu hình sai (wrong settings): {faults}") from error
