"""The time, in one place so that tests can set it. Stored times are UTC without zone; people see Amsterdam."""

from __future__ import annotations

from datetime import UTC, date, datetime

from babel.dates import get_timezone

SCHOOL_TIME = get_timezone("Europe/Amsterdam")


def now() -> datetime:
    """The time in UTC, without a zone, to the second: what the database keeps."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def today() -> date:
    """The day that it is at school."""
    return datetime.now(SCHOOL_TIME).date()
