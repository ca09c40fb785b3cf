"""Reading schools and classes, always in the scope of the one who asks: what is not yours is not found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from access.domain import Role, Viewer
from accounts.models import Person
from accounts.queries import by_name
from accounts.secrets import clean_code
from common.audit import AuditEvent
from common.clock import today
from common.database import db
from protocols.domain import RuleBook
from protocols.queries import protocol_book, rule_book_of
from schools.models import ClassAgreement, Mentorship, School, SchoolClass, SchoolContact


def book_of(viewer: Viewer) -> RuleBook:
    """The rule book of the viewer's own school."""
    if not viewer.has_own_rules:
        return protocol_book(viewer.protocol)
    return rule_book_of(viewer.school_id, viewer.protocol)


def class_by_code(code: str) -> SchoolClass | None:
    """The class with this code, as typed by a pupil."""
    cleaned = clean_code(code)
    return db.session.scalar(select(SchoolClass).where(SchoolClass.code == cleaned)) if cleaned else None


def class_with_id(class_id: str) -> SchoolClass | None:
    """For the steps of signing in, after the right code only."""
    return db.session.scalar(select(SchoolClass).where(SchoolClass.id == class_id))


def _mentored_by(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """The classes of a mentor; of a substitute until the last day, that day included."""
    return (Mentorship.person_id == viewer.id, or_(Mentorship.until_on.is_(None), Mentorship.until_on >= today()))


def class_seen_by(viewer: Viewer, class_id: str) -> SchoolClass | None:
    """A class that this mentor mentors, or that is of this beheerder's school; None for every other."""
    found = select(SchoolClass).where(SchoolClass.id == class_id, SchoolClass.school_id == viewer.school_id)
    if viewer.role is Role.MENTOR:
        found = found.join(Mentorship, Mentorship.class_id == SchoolClass.id).where(*_mentored_by(viewer))
    elif viewer.role is not Role.BEHEERDER:
        return None
    return db.session.scalar(found)


def classes_seen_by(viewer: Viewer) -> Sequence[SchoolClass]:
    found = select(SchoolClass).where(SchoolClass.school_id == viewer.school_id).order_by(SchoolClass.name)
    if viewer.role is Role.MENTOR:
        found = found.join(Mentorship, Mentorship.class_id == SchoolClass.id).where(*_mentored_by(viewer))
    elif viewer.role is not Role.BEHEERDER:
        return []
    return db.session.scalars(found).all()


def tracks_of(school_id: str) -> list[str]:
    """The tracks of the classes of a school, primair first."""
    return sorted(db.session.scalars(select(SchoolClass.track).where(SchoolClass.school_id == school_id).distinct()))


def contacts_of(school_id: str) -> Sequence[SchoolContact]:
    return db.session.scalars(
        select(SchoolContact).where(SchoolContact.school_id == school_id).order_by(SchoolContact.position, SchoolContact.name)
    ).all()


def class_agreements_of(class_id: str) -> Sequence[ClassAgreement]:
    """What a class agreed on, in its own order. The caller has checked that this class may be seen."""
    return db.session.scalars(
        select(ClassAgreement).where(ClassAgreement.class_id == class_id).order_by(ClassAgreement.position, ClassAgreement.id)
    ).all()


def class_of_pupil(viewer: Viewer) -> SchoolClass | None:
    """The own class of a pupil; nobody else has one."""
    found = select(SchoolClass).where(SchoolClass.id == viewer.class_id, SchoolClass.school_id == viewer.school_id)
    return db.session.scalar(found) if viewer.class_id else None


def mentors_of(class_id: str) -> Sequence[Person]:
    """Who mentors a class for good; substitutes are in schools/colleagues.py."""
    return db.session.scalars(
        select(Person)
        .join(Mentorship, Mentorship.person_id == Person.id)
        .where(Mentorship.class_id == class_id, Mentorship.until_on.is_(None), Person.is_active)
    ).all()


def school_with_id(school_id: str) -> School | None:
    return db.session.get(School, school_id)


def pupil_counts(school_id: str) -> dict[str, int]:
    """How many pupils each class of a school has."""
    rows = db.session.execute(
        select(Person.class_id, func.count())
        .where(Person.school_id == school_id, Person.role == Role.PUPIL, Person.is_active)
        .group_by(Person.class_id)
    )
    return {class_id: count for class_id, count in rows if class_id}


# ---- what a beheerder sees ----


def staff_of(school_id: str) -> Sequence[Person]:
    """Everybody who works at a school, also who was shut out, by role and name."""
    rows = db.session.scalars(select(Person).where(Person.school_id == school_id, Person.role != Role.PUPIL)).all()
    order = [Role.BEHEERDER, Role.TEAMLEIDER, Role.MENTOR]
    return sorted(rows, key=lambda one: (order.index(Role(one.role)), by_name(one.display_name), one.id))


def staff_member(viewer: Viewer, person_id: str) -> Person | None:
    """A member of staff of the viewer's own school."""
    return db.session.scalar(select(Person).where(Person.id == person_id, Person.school_id == viewer.school_id, Person.role != Role.PUPIL))


def mentor_names(school_id: str) -> dict[str, list[str]]:
    """The lasting mentors of each class by name."""
    rows = db.session.execute(
        select(Mentorship.class_id, Person.display_name)
        .join(Person, Person.id == Mentorship.person_id)
        .where(Mentorship.school_id == school_id, Mentorship.until_on.is_(None), Person.is_active)
    )
    found: dict[str, list[str]] = {}
    for class_id, name in rows:
        found.setdefault(class_id, []).append(name)
    return {class_id: sorted(names, key=by_name) for class_id, names in found.items()}


def classes_of_mentors(school_id: str) -> dict[str, list[str]]:
    """The names of the classes that each mentor sees today."""
    rows = db.session.execute(
        select(Mentorship.person_id, SchoolClass.name)
        .join(SchoolClass, SchoolClass.id == Mentorship.class_id)
        .where(Mentorship.school_id == school_id, or_(Mentorship.until_on.is_(None), Mentorship.until_on >= today()))
        .order_by(SchoolClass.name)
    )
    found: dict[str, list[str]] = {}
    for person_id, name in rows:
        found.setdefault(person_id, []).append(name)
    return found


def contact_of(viewer: Viewer, contact_id: str) -> SchoolContact | None:
    return db.session.scalar(select(SchoolContact).where(SchoolContact.id == contact_id, SchoolContact.school_id == viewer.school_id))


@dataclass(frozen=True)
class SchoolRow:
    """One school in the list of an installation."""

    school: School
    classes: int
    pupils: int
    staff: int


def all_schools() -> list[SchoolRow]:
    """Every school of the installation with its counts. Only for who runs the installation."""
    rows = db.session.execute(select(SchoolClass.school_id, func.count()).group_by(SchoolClass.school_id))
    classes = dict(rows.all())
    people: dict[tuple[str, bool], int] = {}
    counted = select(Person.school_id, Person.role, func.count()).where(Person.is_active).group_by(Person.school_id, Person.role)
    for school_id, role, count in db.session.execute(counted):
        key = (school_id, role == Role.PUPIL)
        people[key] = people.get(key, 0) + count
    schools = db.session.scalars(select(School)).all()
    return [
        SchoolRow(one, classes.get(one.id, 0), people.get((one.id, True), 0), people.get((one.id, False), 0))
        for one in sorted(schools, key=lambda school: (by_name(school.name), school.id))
    ]


def audit_count(school_id: str) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.school_id == school_id)) or 0


def audit_events(school_id: str, *, first: int = 0, most: int | None = None) -> Sequence[AuditEvent]:
    """The log book of a school, newest first."""
    found = select(AuditEvent).where(AuditEvent.school_id == school_id).order_by(AuditEvent.at.desc(), AuditEvent.id).offset(first)
    return db.session.scalars(found.limit(most) if most is not None else found).all()


def names_behind(school_id: str, ids: Iterable[str]) -> dict[str, str]:
    """What the ids of a log book stand for, as far as it is still there: people and classes of this school."""
    wanted = list(set(ids))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for table, name in ((Person, Person.display_name), (SchoolClass, SchoolClass.name), (SchoolContact, SchoolContact.name)):
            rows = db.session.execute(select(table.id, name).where(table.school_id == school_id, table.id.in_(part)))
            found |= dict(rows.all())
    return found
