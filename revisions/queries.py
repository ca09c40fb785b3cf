"""Reading drafts and published versions, always of one school."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from common.database import db
from revisions.models import Draft, Revision


def draft_of(school_id: str, kind: str, key: str) -> Draft | None:
    return db.session.scalar(select(Draft).where(Draft.school_id == school_id, Draft.kind == kind, Draft.key == key))


def drafts_of(school_id: str, kind: str) -> dict[str, Draft]:
    rows = db.session.scalars(select(Draft).where(Draft.school_id == school_id, Draft.kind == kind))
    return {row.key: row for row in rows}


def newest_of(school_id: str, kind: str, key: str) -> Revision | None:
    """The newest published version; its text is None when the school went back to the shipped one."""
    return db.session.scalar(
        select(Revision)
        .where(Revision.school_id == school_id, Revision.kind == kind, Revision.key == key)
        .order_by(Revision.number.desc())
        .limit(1)
    )


def newest_by_key(school_id: str, kind: str) -> dict[str, str]:
    """The id of the newest version of every text of one kind: one small query, to be used as a key for what is kept."""
    numbers = (
        select(Revision.key, func.max(Revision.number).label("number"))
        .where(Revision.school_id == school_id, Revision.kind == kind)
        .group_by(Revision.key)
        .subquery()
    )
    rows = db.session.execute(
        select(Revision.key, Revision.id)
        .where(Revision.school_id == school_id, Revision.kind == kind)
        .join(numbers, (numbers.c.key == Revision.key) & (numbers.c.number == Revision.number))
    )
    return {key: revision_id for key, revision_id in rows}  # noqa: C416  (a row is a tuple to Python, not to mypy)


def history_of(school_id: str, kind: str, key: str) -> Sequence[Revision]:
    """Every published version, newest first."""
    return db.session.scalars(
        select(Revision).where(Revision.school_id == school_id, Revision.kind == kind, Revision.key == key).order_by(Revision.number.desc())
    ).all()


def revision_of(school_id: str, kind: str, key: str, number: int) -> Revision | None:
    return db.session.scalar(
        select(Revision).where(Revision.school_id == school_id, Revision.kind == kind, Revision.key == key, Revision.number == number)
    )
