"""Filing an alert by its subscription's schedule: on its channels at once, or for a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.archive import deliveries, digests
from diembao.vietnamese.dates import local, midnight
from search_api.alerts.channels import public_form
from search_api.alerts.schedule import Schedule

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.archive.alerts import Alert, Subscription
    from search_api.alerts.message import Printed


class Filing:
    """Files what one transaction raises."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def file(self, subscription: Subscription, alert: Alert, *, wait: bool = False) -> None:
        """File an alert that was just raised; with `wait` for a digest whatever the schedule."""
        if not subscription.channels:
            return
        schedule = Schedule.model_validate(subscription.schedule)
        due = schedule.waits(self._now, self._told_before(subscription, schedule))
        if wait and due is None:
            due = schedule.next_digest(self._now)
        if due is None:
            send(self._connection, subscription, alert.id, self._now)
        else:
            digests.add(self._connection, subscription.id, alert.id, due)

    def add_reprint(self, subscription: Subscription, told: Alert, printed: Printed) -> None:
        """File another article that tells what an alert told, if the subscription wants these."""
        schedule = Schedule.model_validate(subscription.schedule)
        if subscription.channels and schedule.reprints:
            digests.add(
                self._connection,
                subscription.id,
                told.id,
                schedule.next_digest(self._now),
                reprint_id=printed.id,
                printed=printed.model_dump(mode="json"),
            )

    def _told_before(self, subscription: Subscription, schedule: Schedule) -> int:
        """Alerts of this local day that went at once, without the one being filed."""
        if schedule.most is None:
            return 0
        since = midnight(local(self._now).date())
        return digests.told_at_once(self._connection, subscription.id, since) - 1


def send(connection: Connection, subscription: Subscription, alert_id: int, now: datetime) -> None:
    """File an alert on every channel of its subscription, due now."""
    for channel in subscription.channels:
        deliveries.add(connection, alert_id, *public_form(channel), now)
