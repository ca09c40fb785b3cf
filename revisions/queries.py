"""Reading drafts and published versions, always of one school."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from common.database import db
from revisions.models import Draft, Revision


def draft_of(school_id: str, kind: str, key: str, *, to_change: bool = False) -> Draft | None:
    """The draft of a text. to_change: hold it until the end of the transaction (PostgreSQL; SQLite has one writer anyway)."""
    found = select(Draft).where(Draft.school_id == school_id, Draft.kind == kind, Draft.key == key)
    if to_change:
        found = found.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(found)


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


# Asked with every page of a lesson, so it is built once.
_NEWEST = (
    select(Revision.key, Revision.id)
    .where(Revision.school_id == bindparam("school_id"), Revision.kind == bindparam("kind"))
    .order_by(Revision.number)
)


def newest_by_key(school_id: str, kind: str) -> dict[str, str]:
    """The id of the newest version of every text of one kind: one small query, to be used as a key for what is kept."""
    rows = db.session.connection().execute(_NEWEST, {"school_id": school_id, "kind": kind})
    return {key: revision_id for key, revision_id in rows}  # noqa: C416  (a later number takes the place of an earlier one)


def history_of(school_id: str, kind: str, key: str) -> Sequence[Revision]:
    """Every published version, newest first."""
    return db.session.scalars(
        select(Revision).where(Revision.school_id == school_id, Revision.kind == kind, Revision.key == key).order_by(Revision.number.desc())
    ).all()


def revision_of(school_id: str, kind: str, key: str, number: int) -> Revision | None:
    return db.session.scalar(
        select(Revision).where(Revision.school_id == school_id, Revision.kind == kind, Revision.key == key, Revision.number == number)
    )
