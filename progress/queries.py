"""Reading a class for its mentor. The caller has checked with class_seen_by who may see it.

The class page costs one select of each kind of thing, whatever was ever answered: pupils, running totals, the first answers of this
class, what mentors did, groups and plans. The page of a unit adds one for its chats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Text, cast, select

from access.domain import Role, Viewer
from accounts.models import Person
from common.clock import SCHOOL_TIME, now, today
from common.database import db
from lessons.library import Lesson
from lessons.models import Intention, UnitProgress
from lessons.queries import earlier_answers, intentions_of_class, lesson_for, lessons_for
from lessons.review import Went, how_it_went
from progress.dashboard import Misled, NextLesson, Plan, RuleKnown, agreements_of, goals_of, most_misleading, next_lessons, rules_known
from progress.domain import ClassSummary, First, Going, Known, Looking, Pupil, summarise
from progress.filters import Filter, read_filter
from progress.summaries import Given, ScenarioSummary, UnitSummary, summarise_scenario, summarise_unit
from protocols.domain import RuleBook
from quizzes.domain import Counting, Outcome
from quizzes.models import Answer, ScenarioEvent
from quizzes.play import Event
from quizzes.queries import as_events, first_answers_of_class, scenario_events
from schools.care import cares_of
from schools.domain import Care, Group
from schools.groups import groups_of
from schools.models import PlannedUnit, SchoolClass
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
        UnitProgress.wrong_in_a_row, UnitProgress.started_at, UnitProgress.seen_at, UnitProgress.finished_at, UnitProgress.last_screen,
    )  # fmt: skip
    found: dict[str, list[Going]] = {class_id: [] for class_id in class_ids}
    for class_id, pupil_id, unit, done, *rest in db.session.execute(select(*columns).where(UnitProgress.class_id.in_(class_ids))):
        found[class_id].append(Going(pupil_id, unit, len(done), *rest))
    return found


# Value and stances as the text that is stored: what is the same is weighed once, and most is not looked into at all.
_FIRSTS = (
    Answer.class_id, Answer.pupil_id, Answer.unit, Answer.item, Answer.moment, Answer.outcome, Answer.right, Answer.total,
    cast(Answer.value, Text), cast(Answer.stances, Text), Answer.answered_at,
)  # fmt: skip


def firsts_by_class(class_ids: Sequence[str], units: Iterable[str]) -> dict[str, list[First]]:
    """The first answers of each class in these units, in one select on ix_answer_class_unit: as many as pupils times questions."""
    rows = db.session.execute(
        select(*_FIRSTS).where(Answer.class_id.in_(class_ids), Answer.unit.in_(sorted(units)), Answer.is_first, Answer.moment != "review")
    )
    found: dict[str, list[First]] = {class_id: [] for class_id in class_ids}
    for class_id, pupil_id, unit, item, moment, outcome, *rest in rows:
        found[class_id].append(First(pupil_id, unit, item, moment, Outcome(outcome), *rest))
    return found


def going_of(row: UnitProgress) -> Going:
    return Going(
        row.pupil_id, row.unit, len(row.done), row.screens_total, row.starter_right, row.starter_total, row.closing_right,
        row.closing_total, row.wrong_in_a_row, row.started_at, row.seen_at, row.finished_at, row.last_screen,
    )  # fmt: skip


@dataclass(frozen=True)
class ClassView:
    """A class with the lessons of its track and what is to be seen of it, under a filter.

    size counts the whole class. misled, rules and coming are of the class page only; elsewhere they are empty.
    """

    seen: ClassSeen
    size: int
    lessons: tuple[Lesson, ...]
    summary: ClassSummary
    filter: Filter = field(default_factory=Filter)
    groups: tuple[Group, ...] = ()
    misled: tuple[Misled, ...] = ()
    rules: tuple[RuleKnown, ...] = ()
    coming: tuple[NextLesson, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        return {lesson.slug: lesson.unit.title for lesson in self.lessons}

    @property
    def shown_titles(self) -> dict[str, str]:
        """The lessons that the filter lets through."""
        return {unit.unit: self.titles[unit.unit] for unit in self.summary.units}

    def lesson(self, unit: str) -> Lesson:
        return next(lesson for lesson in self.lessons if lesson.slug == unit)


@dataclass(frozen=True)
class _Read:
    """What the database holds of some classes of one school, each kind in one select."""

    pupils: dict[str, list[Pupil]]
    goings: dict[str, list[Going]]
    firsts: dict[str, list[First]]
    cares: dict[str, list[Care]]
    lessons: dict[str, tuple[Lesson, ...]]

    def known(self, one: ClassSeen) -> Known:
        return Known(self.firsts[one.id], goals_of(self.lessons[one.track]), self.cares[one.id])

    def summary(self, one: ClassSeen, looking: Looking | None = None) -> ClassSummary:
        units = [lesson.slug for lesson in self.lessons[one.track]]
        return summarise(self.pupils[one.id], units, self.goings[one.id], now(), self.known(one), looking)


def _read(classes: Sequence[ClassSeen]) -> _Read:
    ids = [one.id for one in classes]
    lessons = {track: tuple(lessons_for(classes[0].school_id, track)) for track in sorted({one.track for one in classes})}
    units = {lesson.slug for found in lessons.values() for lesson in found}
    return _Read(pupils_by_class(ids), goings_by_class(ids), firsts_by_class(ids, units), cares_of(ids), lessons)


def view_classes(classes: Sequence[ClassSeen]) -> list[ClassView]:
    """Several classes of one school at once: four selects, and one per track for the lessons."""
    if not classes:
        return []
    read = _read(classes)
    return [ClassView(one, len(read.pupils[one.id]), read.lessons[one.track], read.summary(one)) for one in classes]


def view_class(seen: ClassSeen) -> ClassView:
    return view_classes([seen])[0]


def view_dashboard(seen: ClassSeen, book: RuleBook, asked: Mapping[str, str]) -> ClassView:
    """The page of a class: what view_class has, laid under a filter, with what misleads, what is not known and what could be next.

    A good next lesson is advice for the whole class, whatever is looked at.
    """
    read, groups = _read([seen]), tuple(groups_of(seen.id))
    lessons = read.lessons[seen.track]
    chosen = read_filter(asked, [lesson.slug for lesson in lessons], groups, today())
    looking = chosen.looking(today(), SCHOOL_TIME)
    summary = read.summary(seen, looking)
    here = {pupil.id for pupil in read.pupils[seen.id]}
    everything = [first for first in read.firsts[seen.id] if first.pupil_id in here]
    firsts = [first for first in everything if looking.keeps(first)]
    whole = read.summary(seen) if chosen.is_on else summary
    overall = rules_known(lessons, everything, len(here), book)
    return ClassView(
        seen=seen, size=len(here), lessons=lessons, summary=summary, filter=chosen, groups=groups,
        misled=most_misleading(lessons, firsts, len(summary.pupils), book),
        rules=rules_known(lessons, firsts, len(summary.pupils), book) if chosen.is_on else overall,
        coming=next_lessons(whole.units, plans_of(seen.id), overall, {lesson.slug: agreements_of(lesson) for lesson in lessons}, today()),
    )  # fmt: skip


def past_cares(view: ClassView, pupil_id: str) -> list[Care]:
    """What mentors noted of a pupil about something that is over by now: still kept, so still to be seen and wiped."""
    now_told = [reason for one in view.summary.needs_help if one.pupil.id == pupil_id for reason in one.reasons]
    now_told += [one.reason for one in view.summary.handled if one.pupil.id == pupil_id]
    current = {(reason.why.value, reason.about) for reason in now_told}
    return [care for care in cares_of([view.seen.id])[view.seen.id] if care.pupil_id == pupil_id and (care.why, care.unit) not in current]


def plans_of(class_id: str) -> list[Plan]:
    """What the mentor planned for a class, in order."""
    rows = db.session.execute(
        select(PlannedUnit.unit, PlannedUnit.give_on)
        .where(PlannedUnit.class_id == class_id)
        .order_by(PlannedUnit.position, PlannedUnit.unit)
    )
    return [Plan(unit, give_on) for unit, give_on in rows]


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
    filter: Filter = field(default_factory=Filter)
    groups: tuple[Group, ...] = ()


def lesson_of_class(seen: ClassSeen, unit: str) -> Lesson | None:
    """A lesson of the track of this class, as the school gives it."""
    lesson = lesson_for(seen.school_id, unit[:80])
    return lesson if lesson is not None and lesson.unit.track == seen.track else None


def view_unit(seen: ClassSeen, lesson: Lesson, book: RuleBook, asked: Mapping[str, str] | None = None) -> UnitView:
    groups = tuple(groups_of(seen.id))
    chosen = read_filter({**(asked or {}), "les": ""}, [], groups, today())
    looking = chosen.looking(today(), SCHOOL_TIME)
    everyone = pupils_in(seen.id)
    by_id = {pupil.id: pupil for pupil in everyone if looking.shows(pupil.id)}
    goals = {goal.id: goal.text for goal in lesson.unit.meta.goals}
    rows = [row for row in first_answers_of_class(seen.id, lesson.slug) if looking.is_during(row.answered_at)]
    walks = scenario_walks(seen.id, lesson.slug, book, looking)
    intentions = [row for row in intentions_of_class(seen.id, lesson.slug) if looking.is_during(row.written_at)]
    return UnitView(
        seen=seen,
        lesson=lesson,
        klass=summarise(everyone, [lesson.slug], goings_by_class([seen.id])[seen.id], now(), looking=looking),
        summary=summarise_unit(lesson.quiz, goals, [given(row) for row in rows], by_id, book),
        scenario=summarise_scenario(lesson.quiz.scenario, [walk for pupil, walk in walks.items() if pupil in by_id]),
        open_questions=_open_questions(seen.id, lesson, by_id, looking),
        intentions=_texts(((row.pupil_id, row.text) for row in intentions), by_id),
        filter=chosen,
        groups=groups,
    )


def given(row: Answer) -> Given:
    return Given(
        row.pupil_id, row.item, row.moment, row.value, Outcome(row.outcome), row.right, row.total, row.stances, row.answered_at
    )  # fmt: skip


def scenario_walks(
    class_id: str, unit: str, book: RuleBook, looking: Looking | None = None
) -> dict[str, tuple[list[Event], RuleBook]]:  # fmt: skip
    """Of every pupil who began the chat in this time what was done in it, in order, with the rule book of that moment."""
    looking = looking or Looking()
    rows = db.session.scalars(
        select(ScenarioEvent)
        .where(ScenarioEvent.class_id == class_id, ScenarioEvent.unit == unit)
        .order_by(ScenarioEvent.pupil_id, ScenarioEvent.number)
    )
    by_pupil: dict[str, list[ScenarioEvent]] = {}
    for row in rows:
        by_pupil.setdefault(row.pupil_id, []).append(row)
    return {pupil: _walk(found, book) for pupil, found in by_pupil.items() if looking.is_during(found[0].at)}


def scenario_walk(pupil_id: str, unit: str, book: RuleBook) -> tuple[list[Event], RuleBook]:
    return _walk(scenario_events(pupil_id, unit), book)


def _walk(rows: Sequence[ScenarioEvent], book: RuleBook) -> tuple[list[Event], RuleBook]:
    return as_events(rows), book.as_it_was(rows[-1].stances) if rows else book


def _open_questions(class_id: str, lesson: Lesson, pupils: dict[str, Pupil], looking: Looking) -> tuple[OpenQuestion, ...]:
    """What pupils wrote at the open questions. A pupil who wrote anew is read in the newest words."""
    items = [item for item in lesson.quiz.items if item.counting is Counting.WORDS]
    if not items:
        return ()
    rows = db.session.execute(
        select(Answer.item, Answer.pupil_id, Answer.value, Answer.answered_at)
        .where(Answer.class_id == class_id, Answer.unit == lesson.slug, Answer.item.in_([item.id for item in items]))
        .order_by(Answer.answered_at, Answer.is_first.desc())
    )
    newest = {(item, pupil): str(value.get("text", "")) for item, pupil, value, at in rows if looking.is_during(at)}
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
