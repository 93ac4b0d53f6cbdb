"""What a channel is, and how an attempt can fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from diembao.errors import DeliverError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import httpx

    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.alerts.message import Message


class RestError(DeliverError):
    """The receiver asks to be left alone for `seconds`."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class GoneError(DeliverError):
    """The receiver wants nothing more, ever."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way. `id` is the idempotency key; alert, subject, revision are None in a trial."""

    id: str
    subscription_id: int
    message: Message
    created_at: datetime
    alert_id: int | None = None
    subject: str | None = None
    revision: int | None = None

    @property
    def event(self) -> str:
        """`alert.created`, `alert.corrected`, `digest.created` or `trial`."""
        if self.message.kind == "trial":
            return "trial"
        if self.message.kind == "digest":
            return "digest.created"
        return "alert.corrected" if self.message.correction else "alert.created"

    def inbox(self, settings: Settings) -> str:
        """Where everything that the subscription told stands."""
        return f"{settings.public_url}/hop-thu?subscription={self.subscription_id}"


@dataclass(frozen=True, slots=True)
class Wire:
    """What an attempt works with."""

    archive: Archive
    settings: Settings
    client: httpx.AsyncClient
    now: datetime


class Channel(Protocol):
    """One way out. A channel's settings are JSON with `kind`, as `check` returns them."""

    kind: str
    field: str
    """The entry of the settings that a person fills in."""
    secrets: frozenset[str]
    """Entries of the settings that are shown once."""

    async def check(self, given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """The settings to save, with secrets made. Raises BadInputError with one sentence."""

    def label(self, channel: Mapping[str, Any]) -> str:
        """How lists name it: enough to know it by, nothing that lets others use it."""

    def endpoint(self, channel: Mapping[str, Any]) -> str:
        """Identifies where it leads: order, rest after failure and stop are by endpoint."""

    def is_open(self, settings: Settings) -> bool:
        """Whether the administrator has set what it needs."""

    async def send(self, parcel: Parcel, channel: Mapping[str, Any], wire: Wire) -> None:
        """Return when the receiver has taken it. Raises DeliverError, RestError or GoneError."""
