"""Reading schools and classes, always in the scope of the one who asks: what is not yours is not found."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from access.domain import Role, Viewer
from accounts.models import Person
from accounts.secrets import clean_code
from common.database import db
from protocols.domain import RuleBook
from protocols.queries import rule_book_of
from schools.models import Mentorship, School, SchoolClass, SchoolContact


def book_of(viewer: Viewer) -> RuleBook:
    """The rule book of the viewer's own school."""
    return rule_book_of(viewer.school_id, viewer.protocol)


def class_by_code(code: str) -> SchoolClass | None:
    """The class with this code, as typed by a pupil."""
    cleaned = clean_code(code)
    return db.session.scalar(select(SchoolClass).where(SchoolClass.code == cleaned)) if cleaned else None


def class_with_id(class_id: str) -> SchoolClass | None:
    """For the steps of signing in, after the right code only."""
    return db.session.scalar(select(SchoolClass).where(SchoolClass.id == class_id))


def class_seen_by(viewer: Viewer, class_id: str) -> SchoolClass | None:
    """A class that this mentor mentors, or that is of this beheerder's school; None for every other."""
    found = select(SchoolClass).where(SchoolClass.id == class_id, SchoolClass.school_id == viewer.school_id)
    if viewer.role is Role.MENTOR:
        found = found.join(Mentorship, Mentorship.class_id == SchoolClass.id).where(Mentorship.person_id == viewer.id)
    elif viewer.role is not Role.BEHEERDER:
        return None
    return db.session.scalar(found)


def classes_seen_by(viewer: Viewer) -> Sequence[SchoolClass]:
    found = select(SchoolClass).where(SchoolClass.school_id == viewer.school_id).order_by(SchoolClass.name)
    if viewer.role is Role.MENTOR:
        found = found.join(Mentorship, Mentorship.class_id == SchoolClass.id).where(Mentorship.person_id == viewer.id)
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


def mentors_of(class_id: str) -> Sequence[Person]:
    return db.session.scalars(
        select(Person).join(Mentorship, Mentorship.person_id == Person.id).where(Mentorship.class_id == class_id, Person.is_active)
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
