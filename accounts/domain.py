"""How long somebody waits after wrong tries, and when a sign-in ends. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)
FIRST_PASSWORD_LASTS = timedelta(days=14)
HALFWAY_LASTS = timedelta(minutes=10)


def wait_after(wrong_tries: int) -> timedelta | None:
    """How long to wait after this many wrong tries in a row: from the fifth 30 seconds, doubling to 15 minutes."""
    if wrong_tries < FREE_TRIES:
        return None
    doublings: int = min(wrong_tries - FREE_TRIES, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def seconds_to_wait(wait_until: datetime | None, now: datetime) -> int:
    """How many seconds an account still waits after wrong tries."""
    return max(0, int((wait_until - now).total_seconds())) if wait_until else 0


def has_ended(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    return now - seen_at > IDLE or now - created_at > ABSOLUTE
