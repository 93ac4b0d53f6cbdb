"""The ways out of an alert, a file each. The inbox and the Atom feed read the alerts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diembao.errors import BadInputError
from search_api.alerts.channels.email import Email
from search_api.alerts.channels.slack import Slack
from search_api.alerts.channels.telegram import Telegram
from search_api.alerts.channels.webhook import Webhook
from search_api.alerts.channels.zalo import Zalo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_api.alerts.channels.base import Channel

_ALL: tuple[Channel, ...] = (Email(), Zalo(), Telegram(), Slack(), Webhook())

CHANNELS: dict[str, Channel] = {channel.kind: channel for channel in _ALL}
"""By kind, in the order of the page. A new channel is a file and an entry here."""


def channel_of(settings: Mapping[str, Any]) -> Channel:
    """The channel of that kind. Raises BadInputError."""
    kind = settings.get("kind")
    if kind not in CHANNELS:
        known = ", ".join(CHANNELS)
        raise BadInputError(f"Không có kênh nhận cảnh báo “{kind}”; hãy chọn một trong: {known}.")
    return CHANNELS[kind]


def public_form(settings: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """A channel's settings without its secrets, and its endpoint."""
    channel = channel_of(settings)
    shown = {key: value for key, value in settings.items() if key not in channel.secrets}
    return shown, channel.endpoint(settings)
