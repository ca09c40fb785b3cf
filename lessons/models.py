"""How far each pupil is in each unit, and the intention a pupil took along."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.database import Base, new_id


class UnitProgress(Base):
    """One pupil in one unit: a running total, written in the same transaction as each answer.

    The class page reads these rows and no answers, so that it stays as quick with a million answers stored.
    done holds the keys of finished screens; last_screen is where the pupil goes on. The counts are of first
    answers: starter, lesson and closing apart; wrong_in_a_row counts lesson answers. review names the earlier items that
    come back at the start of this unit, each as "unit/item"; empty when the pupil skipped them, None when none were offered.
    """

    __tablename__ = "unit_progress"
    __table_args__ = (UniqueConstraint("pupil_id", "unit"), Index("ix_unit_progress_class_id", "class_id", "unit"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    pupil_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    unit: Mapped[str] = mapped_column(String(80))
    last_screen: Mapped[str] = mapped_column(String(80), default="")
    done: Mapped[list[str]] = mapped_column(JSON, default=list)
    screens_total: Mapped[int] = mapped_column(default=0)
    starter_right: Mapped[int] = mapped_column(default=0)
    starter_total: Mapped[int] = mapped_column(default=0)
    lesson_right: Mapped[int] = mapped_column(default=0)
    lesson_total: Mapped[int] = mapped_column(default=0)
    closing_right: Mapped[int] = mapped_column(default=0)
    closing_total: Mapped[int] = mapped_column(default=0)
    wrong_in_a_row: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    review: Mapped[list[str] | None] = mapped_column(JSON)


class Intention(Base):
    """What a pupil takes along, in the pupil's own words. Seen by that pupil and the own mentor."""

    __tablename__ = "intention"
    __table_args__ = (UniqueConstraint("pupil_id", "unit"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"), index=True)
    pupil_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    unit: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(1000))
    written_at: Mapped[datetime]
