"""Typing over what pupils answered on paper: kept, judged and counted as if the pupil had done it on a device.

What a pupil did on a device is never touched. What was typed over can be corrected or taken back by the mentor, since typing
goes wrong; the running totals are then counted anew. Actions flush; who calls them commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from access.domain import Role, Viewer
from accounts.models import Person
from common.database import db
from lessons.actions import COUNTED, continue_or_begin, count_answer
from lessons.domain import Screen
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.paper import done_on_paper, paper_id
from lessons.queries import progress_in
from lessons.review import done_picks
from protocols.domain import RuleBook
from quizzes.actions import correct_answer, record_answer
from quizzes.domain import JsonDict
from quizzes.judge import judge
from quizzes.models import Answer

# What was typed for one question: the answer, or None to take back what was typed before.
Typed = tuple[Screen, JsonDict | None]


@dataclass
class Counts:
    """What came of one form. kept: answers of a pupil's own that stayed as they are, whatever was typed."""

    entered: int = 0
    corrected: int = 0
    taken_back: int = 0
    kept: int = 0

    @property
    def changed(self) -> int:
        return self.entered + self.corrected + self.taken_back


def given_answers(pupil_ids: Iterable[str], unit: str) -> dict[tuple[str, str, str], Answer]:
    """The first answer of each pupil to each question of a unit, by (pupil, item, moment)."""
    wanted = select(Answer).where(Answer.pupil_id.in_(list(pupil_ids)), Answer.unit == unit, Answer.is_first)
    rows = db.session.scalars(wanted.execution_options(populate_existing=True))
    return {(row.pupil_id, row.item, row.moment): row for row in rows}


def is_from_paper(row: Answer) -> bool:
    return row.answer_id == paper_id(row.pupil_id, row.unit, row.item, row.moment)


def as_pupil(person: Person, mentor: Viewer, track: str) -> Viewer:
    """The pupil as the one who answers, at the school of the mentor who types it over."""
    return Viewer(
        id=person.id, sign_in="", school_id=mentor.school_id, school_name=mentor.school_name, protocol=mentor.protocol, role=Role.PUPIL,
        display_name=person.display_name, class_id=person.class_id, track=track, half=person.half,
    )  # fmt: skip


def one_form_at_a_time(pupil_ids: Iterable[str]) -> None:
    """Hold off what these pupils send meanwhile, so that nothing is counted twice. SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(Person.id).where(Person.id.in_(list(pupil_ids))).order_by(Person.id).with_for_update())


def type_over(
    pupil: Viewer, lesson: Lesson, book: RuleBook, typed: Sequence[Typed], known: Mapping[tuple[str, str, str], Answer], at: datetime
) -> Counts:
    """Keep what was typed over for one pupil. known: the first answers that are there, as read in this transaction."""
    counts = Counts()
    for screen, value in typed:
        row = known.get((pupil.id, screen.item.id, screen.moment))
        if row is not None and not is_from_paper(row):
            counts.kept += 1
        elif row is None and value is not None:
            _enter(pupil, lesson, book, screen, value, at)
            counts.entered += 1
        elif row is not None and value is None:
            _take_back(row)
            counts.taken_back += 1
        elif row is not None and value is not None and row.value != value:
            correct_answer(row, lesson.quiz, screen.item, value, judge(lesson.quiz, screen.item, value, book))
            counts.corrected += 1
    if counts.changed:
        db.session.flush()
        _count_anew(continue_or_begin(pupil, lesson.slug, at, known=progress_in(pupil.id, lesson.slug)), lesson.screens(pupil.half), at)
    return counts


def _enter(pupil: Viewer, lesson: Lesson, book: RuleBook, screen: Screen, value: JsonDict, at: datetime) -> None:
    record_answer(
        pupil, lesson.slug, lesson.quiz, screen.item, screen.moment, value, judge(lesson.quiz, screen.item, value, book),
        answer_id=paper_id(pupil.id, lesson.slug, screen.item.id, screen.moment), at=at,
    )  # fmt: skip


def _take_back(row: Answer) -> None:
    """Let go of what was typed over. What the pupil answered afterwards on a device is then the first answer."""
    same = (Answer.pupil_id == row.pupil_id, Answer.unit == row.unit, Answer.item == row.item, Answer.moment == row.moment)
    db.session.execute(delete(Answer).where(Answer.id == row.id))
    following = db.session.scalar(select(Answer).where(*same).order_by(Answer.answered_at, Answer.id).limit(1))
    if following is not None:
        following.is_first = True


def _count_anew(progress: UnitProgress, own: list[Screen], at: datetime) -> None:
    """The running totals from the answers that are there, and how far that is."""
    rows = [row for (_pupil, _item, _moment), row in given_answers([progress.pupil_id], progress.unit).items()]
    place = {(screen.item.id, screen.moment): number for number, screen in enumerate(own) if screen.item is not None}
    for moment in COUNTED:
        setattr(progress, f"{moment}_right", 0)
        setattr(progress, f"{moment}_total", 0)
    progress.wrong_in_a_row = 0
    for row in sorted(rows, key=lambda row: (row.answered_at, place.get((row.item, row.moment), 0))):
        count_answer(progress, row)
    before = [key for key in progress.done if key not in {screen.key for screen in own}]
    done = done_on_paper(own, progress.done, {(row.item, row.moment) for row in rows})
    is_finished = len(done) == len(own)
    if is_finished and progress.review:
        progress.review = done_picks(progress.review, progress.done)
    progress.done = [*before, *done]
    progress.screens_total = len(own) + len(progress.review or [])
    progress.last_screen = next((screen.key for screen in own if screen.key not in done), own[-1].key)
    progress.seen_at = at
    progress.finished_at = (progress.finished_at or at) if is_finished else None
    db.session.flush()
