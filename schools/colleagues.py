"""Who may see a class, and until when: its mentors, a second mentor, and a substitute whose right ends by itself.

The caller has checked that this class may be seen. Actions flush; who calls them commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, or_, select

from access.domain import Role, Viewer
from accounts.models import Person
from accounts.queries import by_name
from common.audit import note
from common.clock import today
from common.database import db
from schools.actions import one_list_at_a_time
from schools.models import Mentorship, SchoolClass


@dataclass(frozen=True)
class Access:
    """Somebody who may see a class: for good, or (until_on) up to and including that day."""

    person_id: str
    name: str
    until_on: date | None = None

    @property
    def is_lasting(self) -> bool:
        return self.until_on is None


def still_holds() -> ColumnElement[bool]:
    """The rows of Mentorship that give a right today; the last day of a substitute is one of them."""
    return or_(Mentorship.until_on.is_(None), Mentorship.until_on >= today())


def access_to(class_id: str) -> list[Access]:
    """Everybody who may see this class today, those who keep it first."""
    rows = db.session.execute(
        select(Person.id, Person.display_name, Mentorship.until_on)
        .join(Mentorship, Mentorship.person_id == Person.id)
        .where(Mentorship.class_id == class_id, Person.is_active, still_holds())
    )
    found = [Access(*row) for row in rows]
    return sorted(found, key=lambda one: (not one.is_lasting, one.until_on or date.max, by_name(one.name), one.person_id))


def may_be_asked(school_class: SchoolClass) -> Sequence[Person]:
    """The mentors of the same school who do not see this class yet."""
    known = {one.person_id for one in access_to(school_class.id)}
    mentors = select(Person).where(Person.school_id == school_class.school_id, Person.role == Role.MENTOR, Person.is_active)
    return sorted((one for one in db.session.scalars(mentors) if one.id not in known), key=lambda one: (by_name(one.display_name), one.id))


def keeps(viewer: Viewer, class_id: str) -> bool:
    """Whether this class is the viewer's own for good. A substitute looks after it and does not give it away."""
    row = db.session.get(Mentorship, (class_id, viewer.id), populate_existing=True)
    return row is not None and row.until_on is None


def replaces_until(viewer: Viewer) -> dict[str, date]:
    """The last day of each class that the viewer looks after for somebody else."""
    if viewer.role is not Role.MENTOR:
        return {}
    rows = db.session.execute(
        select(Mentorship.class_id, Mentorship.until_on).where(Mentorship.person_id == viewer.id, Mentorship.until_on >= today())
    )
    return {class_id: until for class_id, until in rows if until is not None}


# ---- giving and taking ----


def give(school_class: SchoolClass, person_id: str, until: date | None, *, actor_id: str) -> None:
    """Let a colleague see this class up to and including a day; None: for good. Who keeps it already, keeps it."""
    one_list_at_a_time(school_class)
    _forget_what_ended(school_class)
    row = db.session.get(Mentorship, (school_class.id, person_id), populate_existing=True)
    if row is not None and row.until_on in (None, until):
        return
    if row is None:
        db.session.add(Mentorship(class_id=school_class.id, person_id=person_id, school_id=school_class.school_id, until_on=until))
    else:
        row.until_on = until
    _note(
        "mentor-gekoppeld" if until is None else "vervanger-gekoppeld" if row is None else "vervanging-verlengd",
        school_class,
        person_id,
        actor_id,
    )


def end(school_class: SchoolClass, person_id: str, *, actor_id: str) -> bool:
    """Take the right away; it works at once. False, and nothing is taken, when nobody would keep the class."""
    one_list_at_a_time(school_class)
    now_there = access_to(school_class.id)
    found = next((one for one in now_there if one.person_id == person_id), None)
    if found is None or (found.is_lasting and sum(one.is_lasting for one in now_there) == 1):
        return False
    db.session.execute(delete(Mentorship).where(Mentorship.class_id == school_class.id, Mentorship.person_id == person_id))
    _note("mentor-losgemaakt" if found.is_lasting else "vervanging-gestopt", school_class, person_id, actor_id)
    return True


def _forget_what_ended(school_class: SchoolClass) -> None:
    """Rows that give no right any more need not be kept."""
    db.session.execute(delete(Mentorship).where(Mentorship.class_id == school_class.id, Mentorship.until_on < today()))
    db.session.expire_all()


def _note(what: str, school_class: SchoolClass, person_id: str, actor_id: str) -> None:
    db.session.flush()
    note(what, school_class.school_id, actor_id, f"{person_id} {school_class.id}")
