"""The changes that a school made to its protocol, kept for ever so that each can be undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.database import Base, new_id


class RuleChange(Base):
    """One decision of a teamleider about one rule. The newest per rule is in force.

    stance None means: back to what the protocol says. An undo is a new row, so that history only grows.
    """

    __tablename__ = "rule_change"
    __table_args__ = (UniqueConstraint("school_id", "rule_key", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)
    rule_key: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    stance: Mapped[str | None] = mapped_column(String(20))
    condition: Mapped[str | None] = mapped_column(String(600))
    condition_primary: Mapped[str | None] = mapped_column(String(600))
    articles: Mapped[list[str]] = mapped_column(JSON, default=list)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
