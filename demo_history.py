"""Some weeks of lessons in a class of the demo, played through the same functions that real pupils use."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from access.domain import Role, Viewer
from accounts.models import Person
from accounts.queries import pupils_of
from common.database import db
from demo_words import CARE, GROUPS, INTENTIONS, OPEN_ANSWERS
from lessons import actions
from lessons.domain import REVIEW_KEY, Screen
from lessons.finish_queries import intentions_of_pupil
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.queries import due_review, lessons_for, screens_for
from progress.queries import as_seen, view_class
from protocols.domain import RuleBook
from protocols.queries import rule_book_of
from quizzes import actions as quiz_actions
from quizzes.domain import Counting
from quizzes.judge import judge
from quizzes.play import Event, Position, play
from quizzes.scenario import ChoiceNode
from schools.care import keep_care
from schools.domain import CareState
from schools.groups import add_group
from schools.models import Mentorship, School, SchoolClass

# A lesson every other week: how many days ago.
LESSON_DAYS = (33, 19, 4)
# A few were ahead: in spare time, so many days ago, they did all that is left.
AHEAD, AHEAD_DAYS = 2, 2
A_LESSON = timedelta(minutes=35)
STUCK_AFTER = 4
LOOKS_BACK = 0.3
SKIPS_REVIEW = 0.15
MOST_EVENTS = 60
WEEKEND = 5
FIRST_BELL = timedelta(hours=8, minutes=20)


FINISHES = (1.0,) * len(LESSON_DAYS)


@dataclass(frozen=True)
class Course:
    """How one pupil fares: the chance of a right answer, and how far the pupil comes in each of the three lessons.

    far is a part of the screens of each lesson: 1 is all of them. A pupil with fewer parts than lessons missed the last ones.
    """

    ability: float
    far: tuple[float, ...]
    gets_stuck: bool = False


def write(class_id: str, chance: random.Random, at: datetime) -> None:
    """Give every pupil of a class a history that ends shortly before this moment."""
    school_class = db.session.get_one(SchoolClass, class_id)
    school = db.session.get_one(School, school_class.school_id)
    book = rule_book_of(school.id, school.protocol)
    lessons, pupils = lessons_for(school.id, school_class.track), pupils_of(class_id)
    at_work = [
        _Pupil(person, _viewer(person, school, school_class), book, chance, course)
        for person, course in zip(pupils, courses(len(pupils), chance), strict=True)
    ]
    for pupil in at_work:
        pupil.attend(lessons[: len(LESSON_DAYS)], at)
    for pupil in [pupil for pupil in at_work if pupil.course.far == FINISHES][:AHEAD]:
        pupil.go_ahead(lessons[len(LESSON_DAYS) :], at)


def take_up(class_id: str, at: datetime) -> None:
    """What the mentor of a class with a history did: groups, and a note about some who need help."""
    school_class = db.session.get_one(SchoolClass, class_id)
    pupils = pupils_of(class_id)
    for name, every in GROUPS[school_class.track]:
        add_group(school_class, name, [pupil.id for pupil in pupils[::every]])
    mentor_id = db.session.scalars(select(Mentorship.person_id).where(Mentorship.class_id == class_id)).first() or ""
    summary = view_class(as_seen(school_class)).summary
    for why, state, text, minutes in CARE:
        found = ((one.pupil, reason) for one in summary.needs_help for reason in one.reasons if reason.why == why)
        pupil, reason = next(found, (None, None))
        if pupil is not None and reason is not None:
            going = summary.goings[pupil.id, reason.about]
            moment = going.seen_at - timedelta(minutes=minutes) if minutes else at - timedelta(days=1)
            person = next(one for one in pupils if one.id == pupil.id)
            keep_care([person], why, reason.about, CareState(state), text, moment, by_id=mentor_id)


def courses(count: int, chance: random.Random) -> list[Course]:
    """A believable class: most finish, some are busy, one gets stuck, one has not been seen for weeks, one has yet to begin."""
    found = [Course(0.45, (1, 1, 0.9), gets_stuck=True), Course(0.6, (0.45,)), Course(0.5, ()), Course(0.7, (1, 0.6))]
    while len(found) < count:
        draw = chance.random()
        far = FINISHES if draw < 0.5 else (1.0, 1.0, chance.uniform(0.2, 0.9)) if draw < 0.85 else (1.0, 1.0)
        found.append(Course(min(0.95, max(0.3, chance.gauss(0.68, 0.16))), far))
    chance.shuffle(found)
    return found


def _viewer(person: Person, school: School, school_class: SchoolClass) -> Viewer:
    return Viewer(
        id=person.id, sign_in="", school_id=school.id, school_name=school.name, protocol=school.protocol, role=Role.PUPIL,
        display_name=person.display_name, class_id=school_class.id, track=school_class.track, half=person.half,
    )  # fmt: skip


def lesson_begins(at: datetime, days_ago: int) -> datetime:
    """The first lesson of a school day about this many days ago."""
    day = (at - timedelta(days=days_ago)).replace(hour=0, minute=0, second=0, microsecond=0)
    while day.weekday() >= WEEKEND:
        day -= timedelta(days=1)
    return day + FIRST_BELL


@dataclass
class _Pupil:
    """One pupil at work."""

    person: Person
    viewer: Viewer
    book: RuleBook
    chance: random.Random
    course: Course

    def attend(self, lessons: list[Lesson], at: datetime) -> None:
        for number, (lesson, far) in enumerate(zip(lessons, self.course.far, strict=False)):
            begins = lesson_begins(at, LESSON_DAYS[number]) + timedelta(seconds=self.chance.randrange(20, 240))
            self._take(lesson, far, begins, learned=0.04 * number)
            self.person.last_sign_in_on = begins.date()
        db.session.flush()

    def go_ahead(self, lessons: list[Lesson], at: datetime) -> None:
        """All lessons that are left, one after the other, so that somebody has a certificate."""
        begins = lesson_begins(at, AHEAD_DAYS)
        for lesson in lessons:
            self._take(lesson, 1.0, begins, learned=0.04 * len(LESSON_DAYS))
            begins += A_LESSON
        self.person.last_sign_in_on = begins.date()
        db.session.flush()

    def _take(self, lesson: Lesson, far: float, begins: datetime, learned: float) -> None:
        stuck = self.course.gets_stuck and far < 1
        self._decide_on_review(lesson, begins)
        progress = actions.continue_or_begin(self.viewer, lesson.slug, begins)
        pages, own = screens_for(self.viewer, lesson, progress), lesson.screens(self.viewer.half)
        for screen in pages[: len(pages) - len(own) + max(1, round(far * len(own)))]:
            begins += timedelta(seconds=self.chance.randrange(18, 75))
            self._do(lesson, progress, pages, screen, begins, learned, stuck)
            if stuck and progress.wrong_in_a_row >= STUCK_AFTER:
                return

    def _decide_on_review(self, lesson: Lesson, at: datetime) -> None:
        """When something of earlier is due, most take it on."""
        picks = due_review(self.viewer, lesson.slug, self.book, at)
        if picks:
            taken = picks if self.chance.random() >= SKIPS_REVIEW else []
            first = f"{REVIEW_KEY}1" if taken else lesson.screens(self.viewer.half)[0].key
            actions.begin_with_review(self.viewer, lesson.slug, taken, first, 0, at)

    def _do(
        self, lesson: Lesson, progress: UnitProgress, pages: list[Screen], screen: Screen, at: datetime, learned: float, stuck: bool
    ) -> None:
        if screen.kind == "opgave":
            source = screen.origin or lesson
            value = self._answer(source, screen, learned, wrong=stuck and screen.moment == "lesson")
            verdict = judge(source.quiz, screen.item, value, self.book)
            answer, _new = quiz_actions.record_answer(
                self.viewer, source.slug, source.quiz, screen.item, screen.moment, value, verdict, answer_id=self._id(), at=at
            )
            actions.count_answer(progress, answer)
        elif screen.kind == "scenario":
            self._play(lesson, at)
        elif screen.kind == "intentie":
            self._intend(lesson, at)
        actions.finish_screen(progress, pages, screen.key, at)

    def _intend(self, lesson: Lesson, at: datetime) -> None:
        """Something else than in an earlier lesson, as long as there is."""
        pool, before = INTENTIONS[lesson.unit.track.value], intentions_of_pupil(self.person.id).values()
        text = self.chance.choice([text for text in pool if text not in before] or pool)
        actions.keep_intention(self.viewer, lesson.slug, text, at)

    def _id(self) -> str:
        return f"{self.chance.getrandbits(128):032x}"

    def _play(self, lesson: Lesson, at: datetime) -> None:
        """Choose until the chat ends; some then go one step back and see how else it could have gone."""
        scenario, events = lesson.quiz.scenario, list[Event]()
        looks_back = self.chance.random() < LOOKS_BACK
        position = play(scenario, events, self.book)
        while len(events) < MOST_EVENTS:
            if position.node is not None:
                event = Event("choose", position.node, self._choice(scenario.nodes[position.node], position))
            elif looks_back:
                event, looks_back = Event("back"), False
            else:
                return
            quiz_actions.record_scenario_event(
                self.viewer, lesson.slug, lesson.quiz, event, self.book, number=len(events), answer_id=self._id(),
                at=at - timedelta(seconds=max(0, 60 - 6 * len(events))),
            )  # fmt: skip
            events.append(event)
            position = play(scenario, events, self.book)

    def _choice(self, node: Any, position: Position) -> str:
        """Somewhere in the order of the choices; after a long talk rather one that has not been tried at this node."""
        assert isinstance(node, ChoiceNode)
        tried = {moment.choice.id for moment in position.moments if moment.node == position.node and moment.choice}
        fresh = [choice.id for choice in node.choices if choice.id not in tried]
        return self.chance.choice(fresh or [choice.id for choice in node.choices])

    # ---- answers ----

    def _answer(self, lesson: Lesson, screen: Screen, learned: float, *, wrong: bool) -> dict[str, Any]:
        item = screen.item
        if item.counting is Counting.WORDS:
            pool = OPEN_ANSWERS[lesson.unit.track.value]
            return {"text": self.chance.choice(pool.get(lesson.unit.meta.theme, pool[""]))}
        skill = self.course.ability + learned + {"starter": -0.2, "closing": 0.16, "review": 0.12}.get(screen.moment, 0.0)
        knows = 0.0 if wrong else max(0.08, min(0.97, skill - _hardness(item.id)))
        found: dict[str, Any] = item.imagined(self.chance, knows, self.book)
        return found


def _hardness(item_id: str) -> float:
    """Some questions mislead more than others, the same ones in every class."""
    return (sum(item_id.encode()) * 37 % 100) / 100 * 0.3 - 0.05
