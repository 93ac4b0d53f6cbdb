"""When a subscription's alerts are sent, in the time of Asia/Ho_Chi_Minh.

- `instant`: at once. `hourly`: what came up as one digest at the next full hour. `daily`: as one
  digest at `hour`.
- In quiet hours nothing is sent: what comes up waits for one digest at their end. They may run past
  midnight (22 to 6).
- After `most` instant alerts of a local day the rest of the day's come as one digest at `hour`.
- With `reprints`, other articles that tell what was told already come in the next digest, of an
  instant subscription at `hour`. Without it they stay silent.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from diembao.errors import BadInputError
from diembao.vietnamese.dates import VIETNAM

Hour = Annotated[int, Field(ge=0, le=23)]


class Schedule(BaseModel):
    """When alerts are sent. Hours are those of the clock in Viet Nam, from 0 to 23."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["instant", "hourly", "daily"] = "instant"
    hour: Hour = 7
    quiet_from: Hour | None = None
    quiet_until: Hour | None = None
    most: Annotated[int, Field(ge=1, le=1000)] | None = None
    reprints: bool = False

    @model_validator(mode="after")
    def _has_both_ends(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quiet hours have two ends")
        return self

    def is_quiet(self, moment: datetime) -> bool:
        """Whether nothing may be sent then."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return False
        hour = moment.astimezone(VIETNAM).hour
        return start <= hour < end if start < end else hour >= start or hour < end

    def waits(self, now: datetime, told_today: int) -> datetime | None:
        """When the digest is due that tells of what comes up now; None if it is told at once."""
        if self.mode != "instant" or (self.most is not None and told_today >= self.most):
            return self.next_digest(now)
        return self._woken(now) if self.is_quiet(now) else None

    def next_digest(self, now: datetime) -> datetime:
        """The first moment after `now` at which a digest is due."""
        local = now.astimezone(VIETNAM)
        if self.mode == "hourly":
            due = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        else:
            due = datetime.combine(local.date(), time(self.hour), VIETNAM)
            due += timedelta(days=due <= local)
        return self._woken(due)

    def _woken(self, moment: datetime) -> datetime:
        """That moment, or the end of the quiet hours in which it lies."""
        if not self.is_quiet(moment):
            return moment.astimezone(UTC)
        assert self.quiet_until is not None
        local = moment.astimezone(VIETNAM)
        end = datetime.combine(local.date(), time(self.quiet_until), VIETNAM)
        return (end + timedelta(days=end <= local)).astimezone(UTC)


def read(given: dict[str, Any]) -> Schedule:
    """The schedule in a request. Raises BadInputError with one sentence."""
    try:
        return Schedule.model_validate(given)
    except ValidationError as error:
        raise BadInputError(
            "Lịch gửi chưa đúng: giờ phải từ 0 đến 23, giờ yên lặng phải có cả giờ bắt đầu và giờ kết "
            "thúc, số cảnh báo một ngày phải từ 1 đến 1000 (the schedule is wrong)."
        ) from error
