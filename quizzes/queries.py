"""Reading what a pupil answered. Every query carries the pupil or the class as its scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

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


def newest_answer(pupil_id: str, unit: str, item: str, moment: str, *, since: datetime | None = None) -> Answer | None:
    """The last answer to an item in a moment. since: an item comes back more than once, and what was said then is not said now."""
    found = select(Answer).where(Answer.pupil_id == pupil_id, Answer.unit == unit, Answer.item == item, Answer.moment == moment)
    if since is not None:
        found = found.where(Answer.answered_at >= since)
    return db.session.scalar(found.order_by(Answer.answered_at.desc(), Answer.is_first).limit(1))


def first_answers_of_class(class_id: str, unit: str) -> Sequence[Answer]:
    """The first answer of each pupil to each item of a unit, per moment of the unit itself; what came back later measures nothing."""
    return db.session.scalars(
        select(Answer).where(Answer.class_id == class_id, Answer.unit == unit, Answer.is_first, Answer.moment != "review")
    ).all()


def answers_in_moments(pupil_id: str, moments: Sequence[str]) -> Sequence[Answer]:
    """Every answer of a pupil in these moments, of all units, oldest first."""
    return db.session.scalars(
        select(Answer).where(Answer.pupil_id == pupil_id, Answer.moment.in_(moments)).order_by(Answer.answered_at, Answer.is_first.desc())
    ).all()


def scenario_events(pupil_id: str, unit: str) -> Sequence[ScenarioEvent]:
    return db.session.scalars(
        select(ScenarioEvent).where(ScenarioEvent.pupil_id == pupil_id, ScenarioEvent.unit == unit).order_by(ScenarioEvent.number)
    ).all()


def as_events(rows: Sequence[ScenarioEvent]) -> list[Event]:
    return [Event(row.kind, row.node, row.choice) for row in rows]
