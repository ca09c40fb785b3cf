"""What is next for a class, and when: the plan of its mentor laid over the lessons of its track. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from common.days import day_in, day_words
from common.words import _

Planned = tuple[str, date | None]
One = TypeVar("One")
FURTHEST = timedelta(days=730)


def when_words(day: date | None, today: date) -> str:
    """When a unit is given, as a pupil reads it: Vandaag, Morgen, Donderdag 3 december, Was op donderdag 19 november."""
    if day is None:
        return ""
    if day == today:
        return _("Vandaag")
    if day == today + timedelta(days=1):
        return _("Morgen")
    words = day_words(day, today)
    return _("Was op %(day)s", day=words) if day < today else words[:1].upper() + words[1:]


def in_order(plan: Sequence[Planned], units: Mapping[str, One]) -> list[One]:
    """What there is, the planned units first in their order; what is planned but not there (any more) is left out."""
    planned = [unit for unit, _day in plan if unit in units]
    return [units[unit] for unit in [*planned, *(unit for unit in units if unit not in planned)]]


def next_planned(plan: Sequence[Planned], units: Collection[str], finished: Collection[str]) -> Planned | None:
    """The first planned unit that was not finished."""
    return next((one for one in plan if one[0] in units and one[0] not in finished), None)


def of_today(plan: Sequence[Planned], units: Collection[str], finished: Collection[str], today: date) -> str | None:
    """The unit that the class does today, unless it was finished."""
    return next((unit for unit, day in plan if day == today and unit in units and unit not in finished), None)


def follows_dates(plan: Sequence[Planned]) -> bool:
    """Whether the days go up with the order."""
    days = [day for _unit, day in plan if day]
    return days == sorted(days)


def by_date(plan: Sequence[Planned]) -> list[Planned]:
    """The plan with what has a day first, in the order of the days."""
    return sorted(plan, key=lambda one: one[1] or date.max)


# ---- the form ----


@dataclass
class Draft:
    """A plan as somebody filled it in: the units in order, what stands in each date field, and what is wrong there."""

    units: list[str]
    typed: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def plan(self) -> list[Planned]:
        return [(unit, self.days.get(unit)) for unit in self.units]

    def press(self, button: str, units: Sequence[str]) -> None:
        """What a button asks: a unit up, down, off or onto the plan, all of them, or the order of the days."""
        what, _colon, unit = button.partition(":")
        if what == "alles":
            self.units += [one for one in units if one not in self.units]
        elif what == "op-datum":
            self.units = [one for one, _day in by_date(self.plan)]
        elif what == "erbij" and unit in units and unit not in self.units:
            self.units.append(unit)
        elif what == "weg" and unit in self.units:
            self.units.remove(unit)
            self.problems.pop(unit, None)
        elif what in ("omhoog", "omlaag") and unit in self.units:
            self._move(unit, -1 if what == "omhoog" else 1)

    def _move(self, unit: str, way: int) -> None:
        place = self.units.index(unit)
        other = place + way
        if 0 <= other < len(self.units):
            self.units[place], self.units[other] = self.units[other], self.units[place]


def draft_of(plan: Sequence[Planned], units: Collection[str]) -> Draft:
    """A plan as the form shows it when it is opened; what is no lesson of this class (any more) is left out."""
    kept = {unit: day for unit, day in plan if unit in units}
    days = {unit: day for unit, day in kept.items() if day}
    return Draft(list(kept), {unit: day.isoformat() for unit, day in days.items()}, days)


def read_draft(chosen: Sequence[str], typed: Mapping[str, str], units: Collection[str], stored: Sequence[Planned], today: date) -> Draft:
    """The plan in a form. A day may not be over, unless it stood there already: then the lesson was given on it."""
    draft = Draft([unit for unit in dict.fromkeys(chosen) if unit in units])
    before = dict(stored)
    for unit in draft.units:
        text = typed.get(unit, "")
        day = day_in(text) if text else None
        if text:
            draft.typed[unit] = text
        if text and day is None:
            draft.problems[unit] = _("Dit is geen datum. Schrijf bijvoorbeeld 3-12-2026.")
        elif day and day < today and day != before.get(unit):
            draft.problems[unit] = _("Deze dag is al voorbij. Kies vandaag of later, of laat de datum leeg.")
        elif day and day > today + FURTHEST:
            draft.problems[unit] = _("Dat is meer dan twee jaar vooruit. Klopt het jaar?")
        elif day:
            draft.days[unit] = day
    return draft
