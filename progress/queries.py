"""Reading a class for its mentor. The caller has checked with class_seen_by who may see it.

The class page costs one select for the pupils and one for the running totals, whatever was ever answered;
the page of a unit adds one for its first answers and one for its chats.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from access.domain import Role, Viewer
from accounts.models import Person
from common.clock import now
from common.database import db
from lessons.library import Lesson
from lessons.models import Intention, UnitProgress
from lessons.queries import earlier_answers, intentions_of_class, lesson_for, lessons_for
from lessons.review import Went, how_it_went
from progress.domain import ClassSummary, Going, Pupil, summarise
from progress.summaries import Given, ScenarioSummary, UnitSummary, summarise_scenario, summarise_unit
from protocols.domain import RuleBook
from quizzes.domain import Counting, Outcome
from quizzes.models import Answer, ScenarioEvent
from quizzes.play import Event
from quizzes.queries import as_events, first_answers_of_class, scenario_events
from schools.models import SchoolClass
from schools.queries import class_seen_by


@dataclass(frozen=True)
class ClassSeen:
    """A class that the viewer may see, as plain values."""

    id: str
    school_id: str
    name: str
    year_group: str
    track: str
    code: str
    secret_kind: str


def class_for(viewer: Viewer, class_id: str) -> ClassSeen | None:
    """The class, when this viewer may see it; None for every other."""
    found = class_seen_by(viewer, class_id[:32])
    return as_seen(found) if found else None


def as_seen(found: SchoolClass) -> ClassSeen:
    return ClassSeen(found.id, found.school_id, found.name, found.year_group, found.track, found.code, found.secret_kind)


def pupils_by_class(class_ids: Sequence[str]) -> dict[str, list[Pupil]]:
    """The pupils of each class by name, in one select."""
    rows = db.session.execute(
        select(Person.class_id, Person.id, Person.display_name, Person.half, Person.secret_hash.is_not(None)).where(
            Person.class_id.in_(class_ids), Person.role == Role.PUPIL, Person.is_active
        )
    )
    found: dict[str, list[Pupil]] = {class_id: [] for class_id in class_ids}
    for class_id, pupil_id, name, half, has_card in rows:
        found[class_id or ""].append(Pupil(pupil_id, name, half, bool(has_card)))
    return {class_id: sorted(pupils, key=lambda pupil: (pupil.name.casefold(), pupil.id)) for class_id, pupils in found.items()}


def pupils_in(class_id: str) -> list[Pupil]:
    return pupils_by_class([class_id])[class_id]


def goings_by_class(class_ids: Sequence[str]) -> dict[str, list[Going]]:
    """How far everybody is in every unit, in one select on the index of the class."""
    columns = (
        UnitProgress.class_id, UnitProgress.pupil_id, UnitProgress.unit, UnitProgress.done, UnitProgress.screens_total,
        UnitProgress.starter_right, UnitProgress.starter_total, UnitProgress.closing_right, UnitProgress.closing_total,
        UnitProgress.wrong_in_a_row, UnitProgress.started_at, UnitProgress.seen_at, UnitProgress.finished_at,
    )  # fmt: skip
    found: dict[str, list[Going]] = {class_id: [] for class_id in class_ids}
    for class_id, pupil_id, unit, done, *rest in db.session.execute(select(*columns).where(UnitProgress.class_id.in_(class_ids))):
        found[class_id].append(Going(pupil_id, unit, len(done), *rest))
    return found


def going_of(row: UnitProgress) -> Going:
    return Going(
        row.pupil_id, row.unit, len(row.done), row.screens_total, row.starter_right, row.starter_total, row.closing_right,
        row.closing_total, row.wrong_in_a_row, row.started_at, row.seen_at, row.finished_at,
    )  # fmt: skip


@dataclass(frozen=True)
class ClassView:
    """A class with the lessons of its track and what is to be seen of it."""

    seen: ClassSeen
    lessons: tuple[Lesson, ...]
    summary: ClassSummary

    @property
    def titles(self) -> dict[str, str]:
        return {lesson.slug: lesson.unit.title for lesson in self.lessons}


def view_classes(classes: Sequence[ClassSeen]) -> list[ClassView]:
    """Several classes of one school at once: two selects, and one per track for the lessons."""
    ids = [one.id for one in classes]
    pupils, goings = pupils_by_class(ids), goings_by_class(ids)
    lessons = {track: tuple(lessons_for(classes[0].school_id, track)) for track in {one.track for one in classes}} if classes else {}
    return [
        ClassView(one, lessons[one.track], summarise(pupils[one.id], [lesson.slug for lesson in lessons[one.track]], goings[one.id], now()))
        for one in classes
    ]


def view_class(seen: ClassSeen) -> ClassView:
    return view_classes([seen])[0]


# ---- one unit ----


@dataclass(frozen=True)
class OpenText:
    """What a pupil wrote, in the newest version."""

    pupil: Pupil
    text: str


@dataclass(frozen=True)
class OpenQuestion:
    question: str
    texts: tuple[OpenText, ...]


@dataclass(frozen=True)
class UnitView:
    """One unit in one class: the summary of the questions and the chat, and what was written."""

    seen: ClassSeen
    lesson: Lesson
    klass: ClassSummary
    summary: UnitSummary
    scenario: ScenarioSummary
    open_questions: tuple[OpenQuestion, ...]
    intentions: tuple[OpenText, ...]


def lesson_of_class(seen: ClassSeen, unit: str) -> Lesson | None:
    """A lesson of the track of this class, as the school gives it."""
    lesson = lesson_for(seen.school_id, unit[:80])
    return lesson if lesson is not None and lesson.unit.track == seen.track else None


def view_unit(seen: ClassSeen, lesson: Lesson, book: RuleBook) -> UnitView:
    pupils = pupils_in(seen.id)
    by_id = {pupil.id: pupil for pupil in pupils}
    goals = {goal.id: goal.text for goal in lesson.unit.meta.goals}
    answers = [given(row) for row in first_answers_of_class(seen.id, lesson.slug)]
    walks = scenario_walks(seen.id, lesson.slug, book)
    return UnitView(
        seen=seen,
        lesson=lesson,
        klass=summarise(pupils, [lesson.slug], goings_by_class([seen.id])[seen.id], now()),
        summary=summarise_unit(lesson.quiz, goals, answers, by_id, book),
        scenario=summarise_scenario(lesson.quiz.scenario, [walk for pupil, walk in walks.items() if pupil in by_id]),
        open_questions=_open_questions(seen.id, lesson, by_id),
        intentions=_texts(((row.pupil_id, row.text) for row in intentions_of_class(seen.id, lesson.slug)), by_id),
    )


def given(row: Answer) -> Given:
    return Given(
        row.pupil_id, row.item, row.moment, row.value, Outcome(row.outcome), row.right, row.total, row.stances, row.answered_at
    )  # fmt: skip


def scenario_walks(class_id: str, unit: str, book: RuleBook) -> dict[str, tuple[list[Event], RuleBook]]:
    """Of every pupil of a class what was done in the chat, in order, with the rule book of that moment."""
    rows = db.session.scalars(
        select(ScenarioEvent)
        .where(ScenarioEvent.class_id == class_id, ScenarioEvent.unit == unit)
        .order_by(ScenarioEvent.pupil_id, ScenarioEvent.number)
    )
    by_pupil: dict[str, list[ScenarioEvent]] = {}
    for row in rows:
        by_pupil.setdefault(row.pupil_id, []).append(row)
    return {pupil: _walk(found, book) for pupil, found in by_pupil.items()}


def scenario_walk(pupil_id: str, unit: str, book: RuleBook) -> tuple[list[Event], RuleBook]:
    return _walk(scenario_events(pupil_id, unit), book)


def _walk(rows: Sequence[ScenarioEvent], book: RuleBook) -> tuple[list[Event], RuleBook]:
    return as_events(rows), book.as_it_was(rows[-1].stances) if rows else book


def _open_questions(class_id: str, lesson: Lesson, pupils: dict[str, Pupil]) -> tuple[OpenQuestion, ...]:
    """What pupils wrote at the open questions. A pupil who wrote anew is read in the newest words."""
    items = [item for item in lesson.quiz.items if item.counting is Counting.WORDS]
    if not items:
        return ()
    rows = db.session.execute(
        select(Answer.item, Answer.pupil_id, Answer.value)
        .where(Answer.class_id == class_id, Answer.unit == lesson.slug, Answer.item.in_([item.id for item in items]))
        .order_by(Answer.answered_at, Answer.is_first.desc())
    )
    newest = {(item, pupil): str(value.get("text", "")) for item, pupil, value in rows}
    return tuple(
        OpenQuestion(item.question, _texts(((pupil, text) for (key, pupil), text in newest.items() if key == item.id), pupils))
        for item in items
    )


def _texts(written: Iterable[tuple[str, str]], pupils: dict[str, Pupil]) -> tuple[OpenText, ...]:
    found = [OpenText(pupils[pupil], text) for pupil, text in written if pupil in pupils]
    return tuple(sorted(found, key=lambda one: (one.pupil.name.casefold(), one.pupil.id)))


# ---- one pupil ----


def pupil_of(class_id: str, pupil_id: str) -> Pupil | None:
    """A pupil, only when in this class."""
    return next((pupil for pupil in pupils_in(class_id) if pupil.id == pupil_id), None)


def answers_in(class_id: str, pupil_id: str, unit: str) -> list[tuple[Given, bool]]:
    """All answers of a pupil in a unit, oldest first, each with whether it was the first in its moment."""
    rows = db.session.scalars(
        select(Answer)
        .where(Answer.class_id == class_id, Answer.pupil_id == pupil_id, Answer.unit == unit)
        .order_by(Answer.answered_at, Answer.is_first.desc())
    )
    return [(given(row), row.is_first) for row in rows]


def reviews_of(seen: ClassSeen, pupil_id: str, book: RuleBook) -> dict[str, Went]:
    """Per unit how the questions of earlier went that came back at its start."""
    rows = db.session.execute(
        select(UnitProgress.unit, UnitProgress.review, UnitProgress.started_at).where(
            UnitProgress.class_id == seen.id, UnitProgress.pupil_id == pupil_id
        )
    ).all()
    answers = earlier_answers(pupil_id, book, moments=("review",)) if any(review for _unit, review, _at in rows) else []
    found = {unit: how_it_went(review, started_at, answers) for unit, review, started_at in rows}
    return {unit: went for unit, went in found.items() if went}


def intentions_of(class_id: str, pupil_id: str) -> dict[str, tuple[str, datetime]]:
    rows = db.session.execute(
        select(Intention.unit, Intention.text, Intention.written_at).where(Intention.class_id == class_id, Intention.pupil_id == pupil_id)
    )
    return {unit: (text, at) for unit, text, at in rows}
