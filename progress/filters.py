"""What part of a class is looked at, as it stands in an address: a lesson, a group, a period. Pure.

What is asked for and does not exist is left out, with a word about it; it never shows more without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from common.forms import FieldProblem
from common.words import _
from progress.domain import Looking
from schools.domain import Group

FIRST_MONTH = 8  # a school year begins on 1 August
HALF_MONTH = 2  # its second half on 1 February
FIELDS = ("les", "groep", "periode", "van", "tot")


class Period(StrEnum):
    ALL = ""
    MONTH = "maand"
    TERM = "halfjaar"
    YEAR = "schooljaar"
    OWN = "eigen"


@dataclass(frozen=True)
class Filter:
    """What was asked for. asked keeps what was typed; args is what stands in the addresses of the page."""

    unit: str | None = None
    group: Group | None = None
    period: Period = Period.ALL
    first: date | None = None
    last: date | None = None
    asked: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[FieldProblem, ...] = ()

    @property
    def args(self) -> dict[str, str]:
        days = {"van": self.first, "tot": self.last} if self.period is Period.OWN else {}
        own = {name: day.isoformat() for name, day in days.items() if day}
        found = {"les": self.unit or "", "groep": self.group.id if self.group else "", "periode": self.period.value, **own}
        return {name: value for name, value in found.items() if value}

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, also what is wrong with it."""
        return {name: value for name, value in self.asked.items() if value}

    @property
    def without_unit(self) -> dict[str, str]:
        """For the page of a unit, which is of one lesson anyway."""
        return {name: value for name, value in self.args.items() if name != "les"}

    @property
    def is_on(self) -> bool:
        return bool(self.args)

    def looking(self, today: date, zone: tzinfo) -> Looking:
        """The same for the counting, with the days of school as moments."""
        return Looking(
            unit=self.unit,
            members=self.group.members if self.group else None,
            begins=_midnight(self.first, zone) if self.first else None,
            ends=_midnight(self.last + timedelta(days=1), zone) if self.last else None,
            is_now=(self.first is None or self.first <= today) and (self.last is None or today <= self.last),
        )


def read_filter(source: Mapping[str, str], units: Iterable[str], groups: Iterable[Group], today: date) -> Filter:
    """The filter of an address. Every problem is told; what it is about is then not filtered on."""
    asked = {name: source.get(name, "")[:80] for name in FIELDS}
    problems = []
    unit = asked["les"] if asked["les"] in set(units) else None
    if asked["les"] and unit is None:
        problems.append(FieldProblem("les", _("Deze les is er niet. Je ziet alle lessen.")))
    group = next((one for one in groups if one.id == asked["groep"]), None)
    if asked["groep"] and group is None:
        problems.append(FieldProblem("groep", _("Deze groep is er niet. Je ziet de hele klas.")))
    period = Period(asked["periode"]) if asked["periode"] in set(Period) else Period.ALL
    if asked["periode"] not in set(Period):
        problems.append(FieldProblem("periode", _("Deze periode kennen we niet. Je ziet alles.")))
    first, last = days_of(period, today)
    if period is Period.OWN:
        first, last, wrong = _own_days(asked["van"], asked["tot"], today)
        problems += wrong
        period = Period.ALL if wrong else period
    return Filter(unit, group, period, first, last, asked, tuple(problems))


def days_of(period: Period, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of a period that holds today."""
    year = today.year if today.month >= FIRST_MONTH else today.year - 1
    if period is Period.MONTH:
        first = today.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    if period is Period.TERM:
        in_first = today >= date(year, FIRST_MONTH, 1) and today < date(year + 1, HALF_MONTH, 1)
        half = date(year + 1, HALF_MONTH, 1)
        return (
            (date(year, FIRST_MONTH, 1), half - timedelta(days=1))
            if in_first
            else (half, date(year + 1, FIRST_MONTH, 1) - timedelta(days=1))
        )
    if period is Period.YEAR:
        return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - timedelta(days=1)
    return None, None


def _own_days(first: str, last: str, today: date) -> tuple[date | None, date | None, list[FieldProblem]]:
    """Own dates: one of them may be left out."""
    begins, ends = _day(first), _day(last)
    wrong = [
        FieldProblem(name, _("Dit is geen datum. Schrijf hem als %(day)s.", day=today.isoformat()))
        for name, text, found in (("van", first, begins), ("tot", last, ends))
        if text and found is None
    ]
    if not first and not last:
        wrong.append(FieldProblem("van", _("Kies van wanneer of tot wanneer.")))
    if begins and ends and ends < begins:
        wrong.append(FieldProblem("tot", _("Deze dag ligt voor de eerste. Kies een latere.")))
    return (None, None, wrong) if wrong else (begins, ends, [])


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The beginning of a day at school, as the database keeps moments: UTC without a zone. The clock never changes around midnight."""
    in_utc = datetime.combine(day, time(), UTC)
    offset = in_utc.astimezone(zone).utcoffset() or timedelta()
    return (in_utc - offset).replace(tzinfo=None)
