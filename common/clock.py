"""The time, in one place so that tests can set it. Stored times are UTC without zone; people see Amsterdam."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time in UTC, without a zone, to the second: what the database keeps."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
