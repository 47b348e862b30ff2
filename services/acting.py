"""Who acts, when, and under which request: handed to every act as one value."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Actor:
    """The account that acts, the instant, and the keys under which the act is recorded."""

    account_id: int | None
    now: datetime
    request_id: str = ""
    request_key: str | None = None

    @property
    def today(self) -> date:
        """Return the calendar day in China."""
        return self.now.astimezone(ZONE).date()


def system(now: datetime) -> Actor:
    """Return the actor for work that no person asked for (clock jobs, start-up)."""
    return Actor(None, now)
