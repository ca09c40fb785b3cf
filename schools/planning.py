"""The plan of a class: which units, in which order, and on which day if that is known. A plan tells; it shuts nothing.

The caller has checked that this class may be seen. Actions flush; who calls them commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, select

from access.domain import Role, Viewer
from common.audit import note
from common.database import db
from schools.actions import one_list_at_a_time
from schools.models import PlannedUnit, SchoolClass
from schools.queries import class_seen_by

# A unit with its day, in the order of the plan.
Planned = tuple[str, date | None]


def class_to_plan(viewer: Viewer, class_id: str) -> SchoolClass | None:
    """A class for which this viewer may plan: a mentor for the own classes, a teamleider for those of the school."""
    if viewer.role is Role.TEAMLEIDER:
        return db.session.scalar(select(SchoolClass).where(SchoolClass.id == class_id, SchoolClass.school_id == viewer.school_id))
    return class_seen_by(viewer, class_id) if viewer.role is Role.MENTOR else None


def classes_to_plan(school_id: str) -> Sequence[SchoolClass]:
    """Every class of a school, for its teamleider: no pupil is named here."""
    return db.session.scalars(select(SchoolClass).where(SchoolClass.school_id == school_id).order_by(SchoolClass.name)).all()


def plan_of(class_id: str) -> list[Planned]:
    """The plan of one class, in order."""
    return plans_of([class_id])[class_id]


def plans_of(class_ids: Sequence[str]) -> dict[str, list[Planned]]:
    """The plans of several classes in one select; an empty list for a class without."""
    rows = db.session.execute(
        select(PlannedUnit.class_id, PlannedUnit.unit, PlannedUnit.give_on)
        .where(PlannedUnit.class_id.in_(class_ids))
        .order_by(PlannedUnit.position, PlannedUnit.id)
    )
    found: dict[str, list[Planned]] = {class_id: [] for class_id in class_ids}
    for class_id, unit, give_on in rows:
        found[class_id].append((unit, give_on))
    return found


def fingerprint(plan: Iterable[Planned]) -> str:
    """By which a form tells what its author had seen, so that colleagues do not overwrite each other unseen."""
    return hashlib.sha256(repr(list(plan)).encode()).hexdigest()[:16]


def keep_plan(school_class: SchoolClass, wanted: Sequence[Planned], at: datetime, *, actor_id: str) -> None:
    """Make this the plan of the class; what is not in it goes."""
    one_list_at_a_time(school_class)
    mine = PlannedUnit.class_id == school_class.id
    known = {row.unit: row for row in db.session.scalars(select(PlannedUnit).where(mine).execution_options(populate_existing=True))}
    gone = known.keys() - {unit for unit, _day in wanted}
    db.session.execute(delete(PlannedUnit).where(mine, PlannedUnit.unit.in_(gone)))
    for position, (unit, day) in enumerate(wanted, 1):
        if unit in known:
            known[unit].position, known[unit].give_on = position, day
        else:
            db.session.add(
                PlannedUnit(
                    school_id=school_class.school_id, class_id=school_class.id, unit=unit, position=position, give_on=day, planned_at=at
                )
            )
    db.session.flush()
    note("planning-gewijzigd", school_class.school_id, actor_id, school_class.id)
