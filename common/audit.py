"""The log book of a school: who did what to which thing, and when. It holds ids, never names; rows are only added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from common.clock import now
from common.database import Base, db, new_id


class AuditEvent(Base):
    """One thing that happened. school_id and actor_id are plain ids on purpose: a person can go, the log stays."""

    __tablename__ = "audit_event"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(String(32), index=True)
    actor_id: Mapped[str | None] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(60))
    on_id: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime] = mapped_column(index=True)


def note(what: str, school_id: str, actor_id: str | None, on_id: str = "") -> None:
    """Write one line in the log book, in the transaction that is under way."""
    db.session.add(AuditEvent(school_id=school_id, actor_id=actor_id, what=what, on_id=on_id[:120], at=now()))
    db.session.flush()
