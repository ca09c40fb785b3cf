"""Reading what a pupil brought home: first answers to the two checks, and intentions. Always of one pupil."""

from __future__ import annotations

from sqlalchemy import select

from common.database import db
from lessons.models import Intention
from quizzes.domain import Outcome
from quizzes.models import Answer

CHECKS = ("starter", "closing")


def checks_of(pupil_id: str, unit: str | None = None) -> dict[str, dict[str, dict[str, Outcome]]]:
    """What the first answers to both checks came to: unit -> moment -> item -> outcome. Of one unit, or of all in one select."""
    wanted = select(Answer.unit, Answer.moment, Answer.item, Answer.outcome).where(
        Answer.pupil_id == pupil_id, Answer.is_first, Answer.moment.in_(CHECKS)
    )
    found: dict[str, dict[str, dict[str, Outcome]]] = {}
    for slug, moment, item, outcome in db.session.execute(wanted.where(Answer.unit == unit) if unit else wanted):
        found.setdefault(slug, {}).setdefault(moment, {})[item] = Outcome(outcome)
    return found


def intentions_of_pupil(pupil_id: str) -> dict[str, str]:
    """Every intention of a pupil, by unit."""
    rows = db.session.execute(select(Intention.unit, Intention.text).where(Intention.pupil_id == pupil_id))
    return {slug: text for slug, text in rows}  # noqa: C416  (rows are no pairs to a type checker)
