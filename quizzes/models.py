"""What pupils answered and chose. Rows are only added; an answer keeps the stance by which it was judged.

The one exception is what a mentor typed over from paper (lessons/paper_actions.py): a slip of the keys can be put right.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.database import Base, new_id


class Answer(Base):
    """One answer to one item. answer_id is made on the pupil's side, so that sending twice stores once.

    value is the answer as quizzes.judge describes it; stances is {rule: stance} as it was at that moment;
    item_version names the wording that the pupil saw. is_first marks the first answer in its moment
    (starter, lesson, closing or review): the one that measures.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("pupil_id", "answer_id"),
        Index("ix_answer_class_unit", "class_id", "unit", "is_first"),
        Index("ix_answer_pupil_unit", "pupil_id", "unit", "item"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    pupil_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    answer_id: Mapped[str] = mapped_column(String(32))
    unit: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(60))
    moment: Mapped[str] = mapped_column(String(10))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[str] = mapped_column(String(12))
    right: Mapped[int]
    total: Mapped[int]
    stances: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    item_version: Mapped[str] = mapped_column(String(24))
    is_first: Mapped[bool]
    answered_at: Mapped[datetime]


class ScenarioEvent(Base):
    """One thing a pupil did in a chat scenario: chose, went back, or began again. The position is replayed from these."""

    __tablename__ = "scenario_event"
    __table_args__ = (
        UniqueConstraint("pupil_id", "unit", "number"),
        UniqueConstraint("pupil_id", "answer_id"),
        Index("ix_scenario_event_class_unit", "class_id", "unit"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    pupil_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    answer_id: Mapped[str] = mapped_column(String(32))
    unit: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    node: Mapped[str] = mapped_column(String(60), default="")
    choice: Mapped[str] = mapped_column(String(60), default="")
    item_version: Mapped[str] = mapped_column(String(24))
    stances: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]
