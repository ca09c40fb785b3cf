"""Reading what a pupil answered. Every query carries the pupil or the class as its scope."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from common.database import db
from quizzes.models import Answer, ScenarioEvent
from quizzes.play import Event


def answer_with_id(pupil_id: str, answer_id: str) -> Answer | None:
    return db.session.scalar(select(Answer).where(Answer.pupil_id == pupil_id, Answer.answer_id == answer_id))


def answers_of_pupil(pupil_id: str, unit: str) -> Sequence[Answer]:
    """All answers of a pupil in a unit, oldest first."""
    return db.session.scalars(
        select(Answer).where(Answer.pupil_id == pupil_id, Answer.unit == unit).order_by(Answer.answered_at, Answer.is_first.desc())
    ).all()


def newest_answer(pupil_id: str, unit: str, item: str, moment: str) -> Answer | None:
    return db.session.scalar(
        select(Answer)
        .where(Answer.pupil_id == pupil_id, Answer.unit == unit, Answer.item == item, Answer.moment == moment)
        .order_by(Answer.answered_at.desc(), Answer.is_first)
        .limit(1)
    )


def first_answers_of_class(class_id: str, unit: str) -> Sequence[Answer]:
    """The first answer of each pupil to each item of a unit, per moment."""
    return db.session.scalars(select(Answer).where(Answer.class_id == class_id, Answer.unit == unit, Answer.is_first)).all()


def scenario_events(pupil_id: str, unit: str) -> Sequence[ScenarioEvent]:
    return db.session.scalars(
        select(ScenarioEvent).where(ScenarioEvent.pupil_id == pupil_id, ScenarioEvent.unit == unit).order_by(ScenarioEvent.number)
    ).all()


def as_events(rows: Sequence[ScenarioEvent]) -> list[Event]:
    return [Event(row.kind, row.node, row.choice) for row in rows]
