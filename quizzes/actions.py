"""Recording what a pupil answered. One row per answer; the same answer_id again is confirmed, not stored again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from access.domain import Viewer
from common.database import db, new_id
from protocols.domain import RuleBook
from quizzes.domain import Verdict
from quizzes.models import Answer, ScenarioEvent
from quizzes.play import Event
from quizzes.queries import answer_with_id, scenario_events
from quizzes.quiz import Quiz


def record_answer(
    pupil: Viewer, unit: str, quiz: Quiz, item: Any, moment: str, value: dict[str, Any], verdict: Verdict, *,
    answer_id: str, at: datetime,
) -> tuple[Answer, bool]:  # fmt: skip
    """Store an answer. Returns the row and whether it is new (False: this answer_id was stored before)."""
    connection = db.session.connection()
    before = connection.execute(_BEFORE, {"of": pupil.id, "in_unit": unit, "to": item.id, "at_moment": moment}).first()
    answer = {
        "id": new_id(), "school_id": pupil.school_id, "class_id": pupil.class_id, "pupil_id": pupil.id, "answer_id": answer_id,
        "unit": unit, "item": item.id, "moment": moment, "value": value, "outcome": verdict.outcome.value,
        "right": verdict.right, "total": verdict.total, "stances": dict(verdict.stances),
        "item_version": _version_of(quiz, item), "is_first": before is None, "answered_at": at,
    }  # fmt: skip
    if connection.execute(_inserting(connection.dialect.name), answer).rowcount == 0:
        known = answer_with_id(pupil.id, answer_id)
        assert known is not None
        return known, False
    return Answer(**answer), True


def correct_answer(row: Answer, quiz: Quiz, item: Any, value: dict[str, Any], verdict: Verdict) -> None:
    """Put another answer in the place of one that a mentor typed over wrongly from paper. Nothing else is ever changed."""
    row.value, row.outcome, row.right, row.total = value, verdict.outcome.value, verdict.right, verdict.total
    row.stances, row.item_version = dict(verdict.stances), _version_of(quiz, item)


# The two statements of the path that thirty pupils walk at once, built once.
_BEFORE = (
    select(Answer.id)
    .where(
        Answer.pupil_id == bindparam("of"),
        Answer.unit == bindparam("in_unit"),
        Answer.item == bindparam("to"),
        Answer.moment == bindparam("at_moment"),
    )
    .limit(1)
)


@lru_cache(maxsize=2)
def _inserting(dialect: str) -> Insert:
    """Insert an answer, or do nothing when this pupil sent this answer_id before."""
    insert = postgresql.insert(Answer) if dialect == "postgresql" else sqlite.insert(Answer)
    return insert.on_conflict_do_nothing(index_elements=["pupil_id", "answer_id"])


def _version_of(quiz: Quiz, item: Any) -> str:
    """The wording of an item: the file's revision and a fingerprint of the item itself."""
    key = (id(quiz), item.id)
    if key not in _versions:
        if len(_versions) > 4096:
            _versions.clear()
        _versions[key] = (quiz, f"{quiz.revision}-{hashlib.sha256(item.model_dump_json(by_alias=True).encode()).hexdigest()[:8]}")
    return _versions[key][1]


# Kept with the quiz itself, so that its id stays its own.
_versions: dict[tuple[int, str], tuple[Quiz, str]] = {}


def record_scenario_event(
    pupil: Viewer, unit: str, quiz: Quiz, event: Event, book: RuleBook, *, number: int, answer_id: str, at: datetime
) -> bool:
    """Store one choice or step back in the scenario. number is how many events the pupil had seen before it.

    False when the pupil's page was behind: something else was stored in the meantime, and it has to be shown first.
    """
    rows = scenario_events(pupil.id, unit)
    if any(row.answer_id == answer_id for row in rows):
        return True
    if len(rows) != number:
        return False
    db.session.add(
        ScenarioEvent(
            school_id=pupil.school_id,
            class_id=pupil.class_id,
            pupil_id=pupil.id,
            answer_id=answer_id,
            unit=unit,
            number=number,
            kind=event.kind,
            node=event.node,
            choice=event.choice,
            item_version=_version_of(quiz, quiz.scenario),
            stances={rule: book.stance_on(rule).value for rule in sorted(quiz.scenario.rules)},
            at=at,
        )
    )
    db.session.flush()
    return True
