"""What the mentors of the demo planned, and who replaces whom: days around the moment at which the demo is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from common.database import db
from demo_history import LESSON_DAYS, WEEKEND, lesson_begins
from lessons.queries import lessons_for
from schools.models import Mentorship, PlannedUnit, SchoolClass

# A class with a history has its next lesson in so many days; one without has its first two, and the rest is not planned yet.
NEXT_AFTER, FIRST_TWO = 10, (5, 19)
REPLACES_FOR = 12


def write(class_id: str, at: datetime, id_of: Callable[..., str], *, has_history: bool) -> None:
    """Plan the lessons of a class."""
    found = db.session.get_one(SchoolClass, class_id)
    units = [lesson.slug for lesson in lessons_for(found.school_id, found.track)]
    given = [lesson_begins(at, ago).date() for ago in LESSON_DAYS]
    days = [*given, school_day(at, NEXT_AFTER)] if has_history else [school_day(at, ahead) for ahead in FIRST_TWO]
    for position, (unit, day) in enumerate(zip(units, days, strict=False), 1):
        db.session.add(
            PlannedUnit(
                id=id_of(class_id, unit), school_id=found.school_id, class_id=class_id, unit=unit, position=position, give_on=day,
                planned_at=at - timedelta(days=40),
            )
        )  # fmt: skip
    db.session.flush()


def school_day(at: datetime, ahead: int) -> date:
    """The first school day from so many days ahead."""
    day = at.date() + timedelta(days=ahead)
    while day.weekday() >= WEEKEND:
        day += timedelta(days=1)
    return day


def replace(class_id: str, school_id: str, person_id: str, at: datetime) -> None:
    """A colleague looks after this class for a while."""
    until = at.date() + timedelta(days=REPLACES_FOR)
    db.session.add(Mentorship(class_id=class_id, person_id=person_id, school_id=school_id, until_on=until))
    db.session.flush()
