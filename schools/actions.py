"""Making and changing schools, classes, pupils, staff and contacts. Actions flush; who calls them commits.

Every change leaves a line in the log book; actor_id is None when it was made with a flask command.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, func, or_, select, update

from access.domain import Role
from accounts.actions import add_pupil
from accounts.models import Person
from accounts.secrets import draw_class_code
from common.audit import note
from common.database import Base, db
from schools.domain import MOST_AGREEMENTS, YEAR_GROUPS, halves_after
from schools.models import CareNote, ClassAgreement, GroupMember, Mentorship, School, SchoolClass, SchoolContact
from schools.queries import class_agreements_of

MOST_DRAWS = 20
Placed = TypeVar("Placed", SchoolContact, ClassAgreement)


# ---- schools ----


def add_school(name: str, protocol: str, at: datetime, *, actor_id: str | None = None) -> School:
    school = School(name=name, protocol=protocol, created_at=at)
    db.session.add(school)
    db.session.flush()
    note("school-gemaakt", school.id, actor_id, school.id)
    return school


def rename_school(school: School, name: str, *, actor_id: str) -> None:
    school.name = name
    note("school-gewijzigd", school.id, actor_id, school.id)


# ---- classes ----


def add_class(school_id: str, name: str, year_group: str, secret_kind: str, at: datetime, *, actor_id: str | None = None) -> SchoolClass:
    """A class with a code of its own; the year group gives the track."""
    made = SchoolClass(
        school_id=school_id,
        name=name,
        year_group=year_group,
        track=YEAR_GROUPS[year_group].value,
        code=_fresh_code(),
        secret_kind=secret_kind,
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    note("klas-gemaakt", school_id, actor_id, made.id)
    return made


def _fresh_code() -> str:
    """A class code that no class in this installation has."""
    for _ in range(MOST_DRAWS):
        code = draw_class_code()
        if not db.session.scalar(select(func.count()).select_from(SchoolClass).where(SchoolClass.code == code)):
            return code
    raise RuntimeError("no free class code")


def change_class(school_class: SchoolClass, name: str, year_group: str, secret_kind: str, *, actor_id: str) -> None:
    school_class.name, school_class.year_group, school_class.secret_kind = name, year_group, secret_kind
    school_class.track = YEAR_GROUPS[year_group].value
    db.session.flush()
    note("klas-gewijzigd", school_class.school_id, actor_id, school_class.id)


def renew_code(school_class: SchoolClass, *, actor_id: str) -> None:
    school_class.code = _fresh_code()
    db.session.flush()
    note("klascode-vernieuwd", school_class.school_id, actor_id, school_class.id)


def set_mentors(school_class: SchoolClass, mentor_ids: Iterable[str], *, actor_id: str) -> None:
    """Who mentors this class for good; works at once, also in sessions that are open. A substitute stays one, unless chosen."""
    wanted = set(mentor_ids)
    here = (Mentorship.class_id == school_class.id,)
    known = set(db.session.scalars(select(Mentorship.person_id).where(*here, Mentorship.until_on.is_(None))))
    let_go = or_(Mentorship.person_id.in_(known - wanted), Mentorship.until_on.is_not(None) & Mentorship.person_id.in_(wanted))
    db.session.execute(delete(Mentorship).where(*here, let_go))
    for person_id in sorted(wanted - known):
        db.session.add(Mentorship(class_id=school_class.id, person_id=person_id, school_id=school_class.school_id))
    db.session.flush()
    for person_id in sorted(wanted ^ known):
        note("mentor-gekoppeld" if person_id in wanted else "mentor-losgemaakt", school_class.school_id, actor_id, person_id)


def delete_class(school_class: SchoolClass, *, actor_id: str) -> None:
    """A class with all its pupils and everything they did, for ever."""
    note("klas-verwijderd", school_class.school_id, actor_id, school_class.id)
    db.session.execute(delete(SchoolClass).where(SchoolClass.id == school_class.id))


# ---- pupils ----


def add_pupils(school_class: SchoolClass, names: Sequence[str], at: datetime, *, actor_id: str) -> int:
    """The pupils of a list, in turn in the smaller half of the class. They get a secret when the mentor makes the cards."""
    for name, half in zip(names, halves_after(_halves_in(school_class), len(names)), strict=True):
        add_pupil(school_class.school_id, school_class.id, name, school_class.secret_kind, at, half=half)
    note("leerlingen-toegevoegd", school_class.school_id, actor_id, school_class.id)
    return len(names)


def _halves_in(school_class: SchoolClass) -> Sequence[int]:
    return db.session.scalars(select(Person.half).where(Person.class_id == school_class.id, Person.role == Role.PUPIL)).all()


def rename_pupil(pupil: Person, name: str, *, actor_id: str) -> None:
    pupil.display_name = name
    db.session.flush()
    note("leerling-gewijzigd", pupil.school_id, actor_id, pupil.id)


def move_pupil(pupil: Person, to: SchoolClass, *, actor_id: str) -> None:
    """To another class of the same track, with everything the pupil did.

    Who did anything keeps the half: what was asked at the start must be asked in its other form at the end. Who did nothing yet
    comes in the smaller half of the new class. Groups and the mentors' notes are of the old
    class: only its mentors may read them, so they do not come along.
    """
    db.session.execute(delete(GroupMember).where(GroupMember.pupil_id == pupil.id))
    db.session.execute(delete(CareNote).where(CareNote.pupil_id == pupil.id))
    moved = 0
    for table in Base.metadata.sorted_tables:
        if {"pupil_id", "class_id"} <= set(table.columns.keys()):
            moved += db.session.connection().execute(update(table).where(table.c.pupil_id == pupil.id).values(class_id=to.id)).rowcount
    if not moved:
        (pupil.half,) = halves_after(_halves_in(to), 1)
    pupil.class_id = to.id
    db.session.flush()
    note("leerling-verplaatst", pupil.school_id, actor_id, pupil.id)


def delete_pupil(pupil: Person, *, actor_id: str) -> None:
    """A pupil and everything this pupil did, for ever. The log book keeps only an id that leads nowhere."""
    note("leerling-verwijderd", pupil.school_id, actor_id, pupil.id)
    db.session.execute(delete(Person).where(Person.id == pupil.id))


# ---- staff ----


def change_role(person: Person, role: Role, *, actor_id: str) -> None:
    """Another role, with the rights of that role alone: who is no mentor any more lets go of the classes."""
    person.role = role
    if role is not Role.MENTOR:
        db.session.execute(delete(Mentorship).where(Mentorship.person_id == person.id))
    if role is not Role.BEHEERDER:
        person.runs_installation = False
    db.session.flush()
    note("rol-gewijzigd", person.school_id, actor_id, person.id)


# ---- contacts ----


def add_contact(school_id: str, name: str, task: str, where: str, at: datetime, *, actor_id: str) -> SchoolContact:
    last = db.session.scalar(select(func.max(SchoolContact.position)).where(SchoolContact.school_id == school_id)) or 0
    contact = SchoolContact(school_id=school_id, position=last + 1, name=name, task=task, where=where, checked_at=at)
    db.session.add(contact)
    db.session.flush()
    note("hulp-gewijzigd", school_id, actor_id, contact.id)
    return contact


def change_contact(contact: SchoolContact, name: str, task: str, where: str, at: datetime, *, actor_id: str) -> None:
    contact.name, contact.task, contact.where, contact.checked_at = name, task, where, at
    note("hulp-gewijzigd", contact.school_id, actor_id, contact.id)


def confirm_contacts(contacts: Iterable[SchoolContact], school_id: str, at: datetime, *, actor_id: str) -> None:
    """Somebody looked at the whole list and it still holds."""
    for contact in contacts:
        contact.checked_at = at
    note("hulp-nagekeken", school_id, actor_id, school_id)


def move_contact(contacts: Sequence[SchoolContact], contact: SchoolContact, way: int, *, actor_id: str) -> None:
    """One place up (-1) or down (1) in the order in which pupils see them."""
    _put_in_order(contacts, contact, way)
    note("hulp-gewijzigd", contact.school_id, actor_id, contact.id)


def _put_in_order(rows: Sequence[Placed], row: Placed, way: int) -> None:
    """Let a row and its neighbour change places, and number the whole list anew. At either end nothing changes."""
    order = list(rows)
    place = order.index(row)
    other = place + way
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, 1):
        one.position = position


def remove_contact(contact: SchoolContact, *, actor_id: str) -> None:
    note("hulp-verwijderd", contact.school_id, actor_id, contact.id)
    db.session.execute(delete(SchoolContact).where(SchoolContact.id == contact.id))


# ---- what a class agrees on ----


def add_class_agreement(school_class: SchoolClass, text: str, at: datetime, *, actor_id: str) -> ClassAgreement | None:
    """One more agreement at the end of the list; None when the list is full."""
    one_list_at_a_time(school_class)
    known = class_agreements_of(school_class.id)
    if len(known) >= MOST_AGREEMENTS:
        return None
    position = max((one.position for one in known), default=0) + 1
    made = ClassAgreement(school_id=school_class.school_id, class_id=school_class.id, position=position, text=text, written_at=at)
    db.session.add(made)
    db.session.flush()
    _note_agreements(school_class, actor_id)
    return made


def change_class_agreement(school_class: SchoolClass, agreement: ClassAgreement, text: str, at: datetime, *, actor_id: str) -> None:
    agreement.text, agreement.written_at = text, at
    _note_agreements(school_class, actor_id)


def move_class_agreement(school_class: SchoolClass, agreement: ClassAgreement, way: int, *, actor_id: str) -> None:
    """One place up (-1) or down (1)."""
    one_list_at_a_time(school_class)
    _put_in_order(class_agreements_of(school_class.id), agreement, way)
    _note_agreements(school_class, actor_id)


def remove_class_agreement(school_class: SchoolClass, agreement: ClassAgreement, *, actor_id: str) -> None:
    db.session.execute(delete(ClassAgreement).where(ClassAgreement.id == agreement.id))
    _note_agreements(school_class, actor_id)


def one_list_at_a_time(school_class: SchoolClass) -> None:
    """Let one list of a class change at a time, so that it never grows too long. SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(SchoolClass.id).where(SchoolClass.id == school_class.id).with_for_update())


def _note_agreements(school_class: SchoolClass, actor_id: str) -> None:
    db.session.flush()
    note("klasafspraken-gewijzigd", school_class.school_id, actor_id, school_class.id)
