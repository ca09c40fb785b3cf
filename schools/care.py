"""What a mentor did about pupils who need help: seen, spoken, done, with a short note. Only the mentors of the class read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from accounts.models import Person
from common.database import db, was_added
from schools.domain import Care, CareState
from schools.models import CareNote


def cares_of(class_ids: Sequence[str]) -> dict[str, list[Care]]:
    """What was done in each class, newest first, in one select. The caller has checked who may see the classes."""
    rows = db.session.execute(
        select(CareNote, Person.display_name)
        .outerjoin(Person, Person.id == CareNote.by_id)
        .where(CareNote.class_id.in_(class_ids))
        .order_by(CareNote.at.desc(), CareNote.id)
    )
    found: dict[str, list[Care]] = {class_id: [] for class_id in class_ids}
    for row, by in rows:
        found[row.class_id].append(Care(row.pupil_id, row.reason, row.unit, CareState(row.state), row.text, by, row.at))
    return found


def keep_care(
    pupils: Iterable[Person], reason: str, unit: str, state: CareState, text: str, at: datetime, *, by_id: str
) -> None:  # fmt: skip
    """Keep what was done about one reason, for each of these pupils; what was kept of it before is replaced."""
    for pupil in pupils:
        if not _change(pupil, reason, unit, state, text, at, by_id):
            made = CareNote(
                school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, reason=reason, unit=unit, state=state, text=text,
                by_id=by_id, at=at,
            )  # fmt: skip
            if not was_added(made):
                _change(pupil, reason, unit, state, text, at, by_id)


def _change(pupil: Person, reason: str, unit: str, state: CareState, text: str, at: datetime, by_id: str) -> bool:
    row = _note(pupil, reason, unit)
    if row is None:
        return False
    row.state, row.text, row.at, row.by_id = state, text, at, by_id
    db.session.flush()
    return True


def put_back(pupil: Person, reason: str, unit: str) -> None:
    """Undo: the reason stands in the list again. Words that were written stay with it until the mentor wipes them."""
    row = _note(pupil, reason, unit)
    if row is not None and row.text:
        row.state = CareState.OPEN
        db.session.flush()
    elif row is not None:
        wipe_care(pupil, reason, unit)


def wipe_care(pupil: Person, reason: str, unit: str) -> None:
    """Forget what was done and written about one reason."""
    db.session.execute(delete(CareNote).where(CareNote.pupil_id == pupil.id, CareNote.reason == reason, CareNote.unit == unit))


def _note(pupil: Person, reason: str, unit: str) -> CareNote | None:
    return db.session.scalar(
        select(CareNote).where(
            CareNote.pupil_id == pupil.id, CareNote.class_id == pupil.class_id, CareNote.reason == reason, CareNote.unit == unit
        )
    )
