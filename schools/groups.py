"""Groups in a class: some pupils whom a mentor wants to see together. Pupils never see them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from common.database import db, was_added
from schools.domain import Group
from schools.models import GroupMember, PupilGroup, SchoolClass


def groups_of(class_id: str) -> list[Group]:
    """The groups of a class by name, with who is in them, in one select. The caller has checked that the class may be seen."""
    rows = db.session.execute(
        select(PupilGroup.id, PupilGroup.name, GroupMember.pupil_id)
        .outerjoin(GroupMember, GroupMember.group_id == PupilGroup.id)
        .where(PupilGroup.class_id == class_id)
    )
    names: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for group_id, name, pupil_id in rows:
        names[group_id] = name
        members.setdefault(group_id, set()).update({pupil_id} - {None})
    ordered = sorted(names, key=lambda group_id: (names[group_id].casefold(), group_id))
    return [Group(group_id, names[group_id], frozenset(members[group_id])) for group_id in ordered]


def add_group(school_class: SchoolClass, name: str, pupil_ids: Iterable[str]) -> PupilGroup | None:
    """A group with these pupils; None when a second mentor was just ahead with the same name."""
    made = PupilGroup(school_id=school_class.school_id, class_id=school_class.id, name=name)
    if not was_added(made):
        return None
    fill_group(made.id, pupil_ids)
    return made


def change_group(school_class: SchoolClass, group_id: str, name: str, pupil_ids: Iterable[str]) -> None:
    row = db.session.scalars(select(PupilGroup).where(PupilGroup.id == group_id, PupilGroup.class_id == school_class.id)).one()
    row.name = name
    db.session.flush()
    fill_group(group_id, pupil_ids)


def fill_group(group_id: str, pupil_ids: Iterable[str]) -> None:
    """Exactly these pupils are in the group."""
    db.session.execute(delete(GroupMember).where(GroupMember.group_id == group_id))
    db.session.add_all(GroupMember(group_id=group_id, pupil_id=pupil_id) for pupil_id in sorted(set(pupil_ids)))
    db.session.flush()


def remove_group(school_class: SchoolClass, group_id: str) -> None:
    """The group goes, the pupils stay."""
    db.session.execute(delete(PupilGroup).where(PupilGroup.id == group_id, PupilGroup.class_id == school_class.id))
