"""What a pupil does in a unit: finishing screens, answering, choosing in the chat, taking an intention along."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from access.domain import Viewer
from accounts.models import Person
from common.database import db
from lessons.domain import Screen
from lessons.models import Intention, UnitProgress
from lessons.queries import intention_of, progress_in
from lessons.review import done_picks
from quizzes.domain import Outcome
from quizzes.models import Answer

# The moments that are counted apart, as the names of the columns begin.
COUNTED = ("starter", "lesson", "closing")


def one_at_a_time(pupil: Viewer) -> None:
    """Let one request of a pupil write at a time, so that nothing is counted twice. SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(Person.id).where(Person.id == pupil.id).with_for_update())


def continue_or_begin(pupil: Viewer, unit: str, at: datetime, *, known: UnitProgress | None = None) -> UnitProgress:
    """The pupil's progress in a unit, made when this is the first thing done in it. known: as read in this transaction."""
    progress = known or progress_in(pupil.id, unit)
    if progress is None:
        progress = UnitProgress(
            school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, unit=unit, last_screen="", done=[],
            screens_total=0, starter_right=0, starter_total=0, lesson_right=0, lesson_total=0, closing_right=0,
            closing_total=0, wrong_in_a_row=0, started_at=at, seen_at=at,
        )  # fmt: skip
        db.session.add(progress)
    return progress


def begin_with_review(pupil: Viewer, unit: str, picks: list[str], first: str, total: int, at: datetime) -> None:
    """Keep what comes back at the start of this unit, from which the unit has begun. No picks: the pupil skips them."""
    progress = continue_or_begin(pupil, unit, at)
    progress.review, progress.last_screen, progress.screens_total = picks, first, total
    db.session.flush()


def skip_rest_of_review(progress: UnitProgress, own: list[Screen], at: datetime) -> None:
    """Let go of what was not done yet of the review; the pupil goes on with the unit itself."""
    progress.review = done_picks(progress.review or [], progress.done)
    progress.last_screen = next((screen.key for screen in own if screen.key not in progress.done), own[0].key)
    progress.seen_at = at
    progress.screens_total = len(own) + len(progress.review)
    db.session.flush()


def finish_screen(progress: UnitProgress, screens: list[Screen], done: str, at: datetime) -> None:
    """Mark a screen as done; the unit is finished when every screen is. The pupil goes on at the screen after it."""
    keys = [screen.key for screen in screens]
    if done not in progress.done:
        progress.done = [*progress.done, done]
    progress.screens_total, progress.seen_at = len(keys), at
    progress.last_screen = _after(keys, done)
    if progress.finished_at is None and set(keys) <= set(progress.done):
        progress.finished_at = at
    _keep(progress)


def stay_at(progress: UnitProgress, screens: list[Screen], here: str, at: datetime) -> None:
    """Remember that the pupil is here, without finishing the screen (half-way through a chat)."""
    progress.screens_total, progress.last_screen, progress.seen_at = len(screens), here, at
    _keep(progress)


CHANGING = (
    "last_screen", "done", "screens_total", "starter_right", "starter_total", "lesson_right", "lesson_total", "closing_right",
    "closing_total", "wrong_in_a_row", "seen_at", "finished_at",
)  # fmt: skip
_UPDATE = update(UnitProgress).where(UnitProgress.id == bindparam("of")).values({name: bindparam(name) for name in CHANGING})


def _keep(progress: UnitProgress) -> None:
    """Write the running totals: one update built once, since this is half of what each answer costs."""
    if progress in db.session.new:
        db.session.flush()
        return
    if progress in db.session:
        db.session.expunge(progress)
    values = {name: getattr(progress, name) for name in CHANGING}
    db.session.connection().execute(_UPDATE, {"of": progress.id, **values})


def count_answer(progress: UnitProgress, answer: Answer) -> None:
    """Add a first answer to the running totals; talk, opinion and reflection count nowhere."""
    outcome = Outcome(answer.outcome)
    if not answer.is_first or not outcome.is_scored or answer.moment not in COUNTED:
        return
    right = int(outcome.is_right)
    for name, more in ((f"{answer.moment}_right", right), (f"{answer.moment}_total", 1)):
        setattr(progress, name, getattr(progress, name) + more)
    if answer.moment == "lesson":
        progress.wrong_in_a_row = 0 if right else progress.wrong_in_a_row + 1


def keep_intention(pupil: Viewer, unit: str, text: str, at: datetime) -> Intention:
    intention = intention_of(pupil.id, unit)
    if intention is None:
        intention = Intention(school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, unit=unit, text=text, written_at=at)
        db.session.add(intention)
    else:
        intention.text, intention.written_at = text, at
    db.session.flush()
    return intention


def _after(keys: list[str], done: str) -> str:
    place = keys.index(done) + 1
    return keys[place] if place < len(keys) else done
