"""Lessons as one school sees them, and how far a pupil is."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, select

from access.domain import Viewer
from common.database import db
from common.problems import Problem
from lessons import review
from lessons.domain import Screen
from lessons.library import Lesson, Library
from lessons.models import Intention, UnitProgress
from lessons.parse import parse_unit
from protocols.domain import RuleBook
from protocols.parse import load_corpus
from quizzes.domain import Item, Outcome
from quizzes.queries import answers_in_moments
from revisions.models import Revision
from revisions.queries import newest_by_key, revision_of

log = logging.getLogger("netjes")
KIND = "lesson"
# The moments whose answers tell how well an item is known. The starter asks before anything was learned.
TELLING = ("lesson", "closing", "review")

# What was published never changes, so what was read from it is kept by its id. None: it no longer fits.
_read: dict[str, Lesson | None] = {}
KEEP_AT_MOST = 512


def library() -> Library:
    found: Library = current_app.extensions["library"]
    return found


def lesson_for(school_id: str, slug: str) -> Lesson | None:
    """A lesson as a school gives it: its own published text, else the shipped one. None when there is no such lesson."""
    shipped = library().get(slug)
    if shipped is None:
        return None
    newest = newest_by_key(school_id, KIND).get(slug)
    return (_own(newest, shipped) or shipped) if newest else shipped


def lesson_seen_by(viewer: Viewer, slug: str) -> Lesson | None:
    """A lesson for who looks; a school that never changed one need not be asked for its own."""
    return lesson_for(viewer.school_id, slug) if viewer.has_own_lessons else library().get(slug)


def lessons_for(school_id: str, track: str) -> list[Lesson]:
    """Every lesson of a track, in order, as a school gives it."""
    newest = newest_by_key(school_id, KIND)
    return [(_own(newest[lesson.slug], lesson) or lesson) if lesson.slug in newest else lesson for lesson in library().of_track(track)]


def own_text_problems(school_id: str, slug: str) -> list[Problem]:
    """Why a school's published text cannot be used any more, for the teamleider; empty when all is well."""
    shipped, newest = library().get(slug), newest_by_key(school_id, KIND).get(slug)
    row = db.session.get(Revision, newest) if newest else None
    if shipped is None or row is None or row.text is None:
        return []
    return parse_unit(slug, row.text, shipped.quiz, load_corpus())[1]


def _own(revision_id: str, shipped: Lesson) -> Lesson | None:
    """The lesson of a published revision; the last good version before it when it no longer fits the app."""
    if revision_id not in _read:
        if len(_read) >= KEEP_AT_MOST:
            _read.clear()
        _read[revision_id] = _read_revision(revision_id, shipped)
    return _read[revision_id]


def _read_revision(revision_id: str, shipped: Lesson) -> Lesson | None:
    row = db.session.get(Revision, revision_id)
    while row is not None and row.text is not None:
        unit, problems = parse_unit(row.key, row.text, shipped.quiz, load_corpus())
        if unit is not None and unit.slug == shipped.slug:
            return Lesson(unit, shipped.quiz, shipped.mentor, own=True)
        log.warning("revision %s does not fit any more: %d problems", row.id, len(problems))
        row = revision_of(row.school_id, row.kind, row.key, row.number - 1)
    return None


# Asked with every page of a lesson, so it is built once. What another request wrote in the meantime is read anew.
_PROGRESS = (
    select(UnitProgress)
    .where(UnitProgress.pupil_id == bindparam("pupil_id"), UnitProgress.unit == bindparam("unit"))
    .execution_options(populate_existing=True)
)


def progress_in(pupil_id: str, unit: str) -> UnitProgress | None:
    return db.session.scalar(_PROGRESS, {"pupil_id": pupil_id, "unit": unit})


def progress_of(pupil_id: str) -> dict[str, UnitProgress]:
    rows = db.session.scalars(select(UnitProgress).where(UnitProgress.pupil_id == pupil_id))
    return {row.unit: row for row in rows}


def newest_open(pupil: Viewer) -> UnitProgress | None:
    """The unit a pupil was last busy with and has not finished."""
    return db.session.scalar(
        select(UnitProgress)
        .where(UnitProgress.pupil_id == pupil.id, UnitProgress.finished_at.is_(None))
        .order_by(UnitProgress.seen_at.desc())
        .limit(1)
    )


# ---- what comes back ----


def screens_for(viewer: Viewer, lesson: Lesson, progress: UnitProgress | None) -> list[Screen]:
    """The screens of a lesson for one pupil: first what comes back from earlier, when the pupil took that on, then its own."""
    own, picks = lesson.screens(viewer.half), progress.review if progress else None
    if not picks:
        return own
    units = {one.partition("/")[0] for one in picks}
    return review.screens_with_review(own, picks, {unit: lesson_seen_by(viewer, unit) for unit in units})


def due_review(pupil: Viewer, unit: str, book: RuleBook, at: datetime) -> list[str]:
    """What comes back when this pupil begins this unit now, as "unit/item"; empty when nothing is due."""
    earlier = {lesson.slug: lesson for lesson in lessons_for(pupil.school_id, pupil.track or "") if lesson.slug != unit}
    known = review.cards_of(earlier_answers(pupil.id, book))
    met = {(card.unit, card.item) for card in known}
    kept_for_later = _kept_for_later(pupil.id, earlier, met)
    askable = {slug: {item.id for item in lesson.quiz.items if _has_an_answer(item, book)} for slug, lesson in earlier.items()}
    return review.pick((card for card in [*known, *kept_for_later] if card.item in askable.get(card.unit, ())), at.date())


def earlier_answers(pupil_id: str, book: RuleBook, *, moments: Sequence[str] = TELLING) -> list[review.Earlier]:
    """The scored answers of a pupil over all units, each with whether the agreement by which it was weighed still holds."""
    return [
        review.Earlier(row.unit, row.item, outcome.is_right, book.as_it_was(row.stances) is book, row.answered_at)
        for row in answers_in_moments(pupil_id, moments)
        if (outcome := Outcome(row.outcome)).is_scored
    ]


def _kept_for_later(pupil_id: str, earlier: dict[str, Lesson], met: set[tuple[str, str]]) -> Iterator[review.Card]:
    for slug, progress in progress_of(pupil_id).items():
        if slug in earlier and progress.finished_at:
            for item in earlier[slug].quiz.items:
                if item.use == "review" and (slug, item.id) not in met:
                    yield review.fresh_card(slug, item.id, progress.finished_at)


def _has_an_answer(item: Item, book: RuleBook) -> bool:
    """Whether a pupil can be right or wrong about an item at this school; of opinions, own words and talk nothing is remembered."""
    return item.is_scored and item.right_answers(book) is not None


def intention_of(pupil_id: str, unit: str) -> Intention | None:
    return db.session.scalar(select(Intention).where(Intention.pupil_id == pupil_id, Intention.unit == unit))


def intentions_of_class(class_id: str, unit: str) -> Sequence[Intention]:
    return db.session.scalars(select(Intention).where(Intention.class_id == class_id, Intention.unit == unit)).all()
