"""Days as people here write and say them. Pure."""

from __future__ import annotations

import re
from datetime import date

from flask_babel import format_date

MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
OTHER_NAMES = {"mrt": "maa", "oct": "okt"}
ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
DUTCH = re.compile(r"^(?:[a-z]+\s+)?(\d{1,2})(?:\s*[-/.]\s*|\s+)(\d{1,2}|[a-z]{3,9})\.?(?:\s*[-/.]\s*|\s+)(\d{4})$")
# From so far away on, a day is told with its year.
NEAR = 300


def day_in(text: str) -> date | None:
    """The day that somebody wrote: 2026-12-03 (what a date field sends), 3-12-2026, 3/12/2026 or "do 3 december 2026". None: no day."""
    written = text.strip().casefold()
    if found := ISO.match(written):
        year, month, day = found.groups()
    elif found := DUTCH.match(written):
        day, month, year = found.groups()
    else:
        return None
    number = int(month) if month.isdigit() else _month(month)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _month(name: str) -> int:
    """Which month a name is, by how it begins; 0 for none."""
    start = OTHER_NAMES.get(name[:3], name[:3])
    return MONTHS.index(start) + 1 if start in MONTHS else 0


def day_words(day: date, today: date) -> str:
    """A day as one says it: donderdag 3 december; with the year when that is not near."""
    return str(format_date(day, "EEEE d MMMM" if abs((day - today).days) < NEAR else "EEEE d MMMM yyyy"))
