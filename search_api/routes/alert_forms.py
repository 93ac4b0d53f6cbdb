"""The form of a subscription: what the page sends, as what the API is asked."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from search_api.alerts import schedule, trends
from search_api.alerts.asking import Asked, signed
from search_api.alerts.channels import CHANNELS
from search_api.routes.subscriptions import (
    ChannelAsked,
    Subject,
    SubscriptionAnswer,
    SubscriptionAsked,
    SubscriptionChange,
)

SCHEDULE = ("mode", "hour", "quiet_from", "quiet_until", "most")
TREND = ("factor", "least", "days")


class SubscriptionForm(BaseModel):
    """Every field as it stands on the page; an empty one is left to its default."""

    name: str = ""
    q: str = ""
    filter: list[str] = []
    exclude: list[str] = []
    subject: Subject = "event"
    active: bool = False
    keep: list[str] = []
    email: str = ""
    zalo: str = ""
    telegram: str = ""
    slack: str = ""
    webhook: str = ""
    mode: str = "instant"
    hour: str = "7"
    quiet_from: str = ""
    quiet_until: str = ""
    most: str = ""
    reprints: bool = False
    factor: str = ""
    least: str = ""
    days: str = ""

    def asked(self) -> SubscriptionAsked:
        """A new subscription. Raises BadInputError."""
        return SubscriptionAsked.model_validate(self._plain())

    def change(self) -> SubscriptionChange:
        """A known subscription, all of it anew. Raises BadInputError."""
        return SubscriptionChange.model_validate(
            self._plain() | {"active": self.active, "keep": self.keep}
        )

    def search(self) -> Asked:
        """What it asks for."""
        return Asked(self.q, signed(self.filter, self.exclude))

    def trend(self) -> trends.Trend:
        """The numbers of a trend. Raises BadInputError."""
        return trends.read({key: _decimal(value) for key, value in self._filled(TREND).items()})

    def _plain(self) -> dict[str, Any]:
        timed = schedule.read(self._filled(SCHEDULE) | {"reprints": self.reprints})
        return {
            "name": self.name,
            "query": self.q,
            "filter": self.filter,
            "exclude": self.exclude,
            "subject": self.subject,
            "channels": self._channels(),
            "schedule": timed,
            "trend": self.trend(),
        }

    def _filled(self, keys: tuple[str, ...]) -> dict[str, str]:
        return {key: value for key in keys if (value := str(getattr(self, key)).strip())}

    def _channels(self) -> list[ChannelAsked]:
        given = {kind: str(getattr(self, kind)).strip() for kind in CHANNELS}
        return [
            ChannelAsked.model_validate({"kind": kind, CHANNELS[kind].field: value})
            for kind, value in given.items()
            if value
        ]


def filled(found: SubscriptionAnswer) -> SubscriptionForm:
    """The form of a known subscription, without channels to add."""
    timed = found.schedule.model_dump(exclude_none=True)
    numbers = found.trend.model_dump() if found.trend else {}
    return SubscriptionForm.model_validate(
        {
            "name": found.name,
            "q": found.query,
            "filter": found.filter,
            "exclude": found.exclude,
            "subject": found.subject,
            "active": found.active,
            "reprints": timed.pop("reprints"),
            **{key: str(value) for key, value in timed.items()},
            **{key: f"{value:g}" for key, value in numbers.items()},
        }
    )


def _decimal(value: str) -> str:
    return value.replace(",", ".")
