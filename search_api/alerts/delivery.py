"""Sending what waits in the outbox, at least once on the wire, under one idempotency key.

A run of deliveries to one endpoint is leased in one transaction, sent outside any, and its outcomes
are written in another: a worker killed in between loses nothing, and what it had sent goes again
under the same keys. Many endpoints are served at once; one endpoint gets its alerts in order, one at
a time, and a failure or an attempt's length of time ends the run. After a failure
an endpoint rests: FIRST_REST times three for each failure in a row, LONGEST_REST at most, between
half and all of it at random. What failed `settings.delivery_attempts` times is a dead letter.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from diembao.archive import alerts, deliveries, digests
from diembao.errors import DeliverError, DiembaoError
from search_api.alerts import reach
from search_api.alerts.channels import channel_of
from search_api.alerts.channels.base import GoneError, Parcel, RestError, Wire
from search_api.alerts.gathering import gather
from search_api.alerts.message import Message, trial_message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import httpx
    from sqlalchemy import Connection

    from diembao.archive.alerts import Subscription
    from diembao.archive.deliveries import Delivery
    from diembao.archive.engine import Archive
    from diembao.settings import Settings

Package = tuple[Parcel, "Mapping[str, Any] | None"]
"""A message and its channel, None if that was taken away."""

AT_ONCE = 16
"""Endpoints that are served at once."""

RUN = 20
"""Deliveries that are leased to one endpoint at once."""

LOOK = 0.2
"""Seconds between two looks for what has become due, while something is on its way."""

FIRST_REST = 10.0
LONGEST_REST = 6 * 3600.0
"""Seconds."""


@dataclass
class Delivered:
    """What a drain came to: deliveries accepted, to be tried again, given up."""

    sent: int = 0
    retried: int = 0
    dead: int = 0


def deliver_due(
    archive: Archive,
    settings: Settings,
    now: datetime,
    *,
    client: httpx.AsyncClient | None = None,
    chance: random.Random | None = None,
) -> Delivered:
    """Send all that is due, and what becomes due meanwhile, for about the length of a lease."""
    drain = _Drain(archive, settings, now, chance or random.Random())
    asyncio.run(drain.run(client))
    return drain.result


async def send_trial(
    archive: Archive,
    subscription: Subscription,
    channel: Mapping[str, Any],
    settings: Settings,
    delivery_id: str,
    now: datetime,
) -> None:
    """Send a test message on a channel at once. Raises DeliverError."""
    parcel = Parcel(delivery_id, subscription.id, trial_message(subscription.name), now)
    async with reach.open_client(settings) as client:
        await _send(parcel, channel, Wire(archive, settings, client, now))


async def _send(parcel: Parcel, channel: Mapping[str, Any], wire: Wire) -> None:
    seconds = wire.settings.delivery_timeout
    try:
        async with asyncio.timeout(seconds):
            await channel_of(channel).send(parcel, channel, wire)
    except TimeoutError as error:
        raise DeliverError(f"quá {seconds:g} giây không trả lời") from error


def rest(failures: int, chance: random.Random) -> timedelta:
    """How long an endpoint rests after that many failures in a row."""
    longest = min(FIRST_REST * 3.0 ** min(failures - 1, 20), LONGEST_REST)
    return timedelta(seconds=longest * (0.5 + chance.random() / 2))


class _Drain:
    """One run over the outbox; its clock starts at the time given."""

    def __init__(
        self, archive: Archive, settings: Settings, now: datetime, chance: random.Random
    ) -> None:
        self._archive = archive
        self._settings = settings
        self._chance = chance
        self._start, self._ticks = now, time.monotonic()
        self.result = Delivered()

    def _now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._ticks)

    @property
    def _lease(self) -> float:
        """Seconds: always longer than a run may take."""
        return max(self._settings.lease, 3 * self._settings.delivery_timeout)

    async def run(self, client: httpx.AsyncClient | None) -> None:
        if client is None:
            async with reach.open_client(self._settings) as own:
                return await self.run(own)
        end = self._start + timedelta(seconds=self._lease)
        under_way: set[asyncio.Task[None]] = set()
        while True:
            free = AT_ONCE - len(under_way) if self._now() < end else 0
            due = await asyncio.to_thread(self._take, free) if free else []
            under_way |= {asyncio.create_task(self._serve(run, client)) for run in due}
            if not under_way:
                return None
            done, under_way = await asyncio.wait(
                under_way, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()

    def _take(self, limit: int) -> list[list[Delivery]]:
        with self._archive.read() as connection:
            now = self._now()
            if not (deliveries.is_any_due(connection, now) or digests.due(connection, now)):
                return []
        with self._archive.write() as connection:
            gather(connection, self._now())
            return deliveries.lease(connection, self._now(), limit, RUN, self._lease)

    async def _serve(self, run: list[Delivery], client: httpx.AsyncClient) -> None:
        end = self._now() + timedelta(seconds=self._settings.delivery_timeout)
        packed = await asyncio.to_thread(self._pack, run)
        outcomes: list[DiembaoError | None] = []
        for delivery, package in zip(run, packed, strict=True):
            outcomes.append(await self._attempt(delivery, package, client))
            failed = outcomes[-1] is not None and not delivery.stopped
            if failed or self._now() > end:
                break
        await asyncio.to_thread(self._settle, run, outcomes)

    async def _attempt(
        self, delivery: Delivery, package: Package, client: httpx.AsyncClient
    ) -> DiembaoError | None:
        parcel, channel = package
        try:
            if delivery.stopped:
                raise GoneError("nơi nhận đã từ chối mọi cảnh báo (HTTP 410)")
            if channel is None:
                raise _RemovedError("kênh nhận này đã bị gỡ khỏi mục theo dõi")
            wire = Wire(self._archive, self._settings, client, self._now())
            await _send(parcel, channel, wire)
        except DiembaoError as error:
            return error
        return None

    def _pack(self, run: list[Delivery]) -> list[Package]:
        """The messages, each with its channel as it is set now."""
        with self._archive.read() as connection:
            told = alerts.alerts_of(connection, [one.alert_id for one in run])
            asked = list({one.subscription_id for one in run})
            subscriptions = alerts.subscriptions_of(connection, asked)
        packed: list[Package] = []
        for delivery in run:
            alert, key = told[delivery.alert_id], delivery.channel["key"]
            subscription = subscriptions.get(delivery.subscription_id)
            channels = subscription.channels if subscription else ()
            parcel = Parcel(
                delivery.id,
                delivery.subscription_id,
                Message.model_validate(alert.message),
                alert.created_at,
                alert.id,
                alert.subject,
                alert.revision,
            )
            packed.append((parcel, next((one for one in channels if one["key"] == key), None)))
        return packed

    def _settle(self, run: list[Delivery], outcomes: list[DiembaoError | None]) -> None:
        with self._archive.write() as connection:
            for delivery, error in zip(run, outcomes, strict=False):
                if error is None:
                    deliveries.mark_sent(connection, delivery, self._now())
                else:
                    self._write_failure(connection, delivery, error)
            deliveries.release(connection, run[len(outcomes) :])
        failures = [error for error in outcomes if error is not None]
        dead = sum(self._is_final(one, e) for one, e in zip(run, outcomes, strict=False) if e)
        self.result.sent += len(outcomes) - len(failures)
        self.result.dead += dead
        self.result.retried += len(failures) - dead

    def _is_final(self, delivery: Delivery, error: DiembaoError) -> bool:
        is_last = delivery.attempts + 1 >= self._settings.delivery_attempts
        return is_last or isinstance(error, (GoneError, _RemovedError))

    def _write_failure(
        self, connection: Connection, delivery: Delivery, error: DiembaoError
    ) -> None:
        now, cause = self._now(), str(error)
        at = now + rest(delivery.failures + 1, self._chance)
        if isinstance(error, RestError):
            at = max(at, now + timedelta(seconds=min(error.seconds, LONGEST_REST)))
        if not self._is_final(delivery, error):
            deliveries.retry_later(connection, delivery, cause, at)
        elif isinstance(error, (GoneError, _RemovedError)):
            deliveries.mark_dead(connection, delivery, cause, None)
        else:
            deliveries.mark_dead(connection, delivery, cause, at)
        if isinstance(error, GoneError) and not delivery.stopped:
            deliveries.stop_endpoint(connection, delivery.endpoint, now)


class _RemovedError(DiembaoError):
    """The channel is no longer the subscription's."""
