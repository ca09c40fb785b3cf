"""Pupils who play a lesson through the functions that real pupils use, without a browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any

from accounts.models import Person
from common.clock import now
from common.database import db, new_id
from lessons import actions
from lessons.domain import screens
from lessons.library import Lesson
from lessons.queries import lesson_for
from protocols.domain import RuleBook
from protocols.queries import rule_book_of
from quizzes import actions as quiz_actions
from quizzes.domain import Counting, Item
from quizzes.judge import judge
from quizzes.play import Event
from quizzes.types.one_choice import OneChoice
from schools.models import School
from tests.people import as_viewer

UNIT = "vriendschapsverzoek-primair"


def the_lesson(school: School, unit: str = UNIT) -> Lesson:
    lesson = lesson_for(school.id, unit)
    assert lesson is not None
    return lesson


def the_book(school: School) -> RuleBook:
    return rule_book_of(school.id, school.protocol)


def right(item: Item, book: RuleBook) -> dict[str, Any]:
    """An answer that follows the agreements of this school."""
    if item.counting is Counting.LABELS:
        return {"value": 0}
    if item.counting is Counting.WORDS:
        return {"text": "Aan mijn oma."}
    return item.imagined(Random(item.id), 1.0, book)


def wrong_choice(item: Item, book: RuleBook) -> dict[str, Any]:
    good = item.right_answers(book) or []
    assert isinstance(item, OneChoice)
    return {"choice": next(option.id for option in item.options if option.id not in good)}


def answer(pupil: Person, school: School, item_id: str, value: Mapping[str, Any], moment: str = "lesson", *, unit: str = UNIT,
           at: datetime | None = None) -> None:  # fmt: skip
    """One answer, counted and kept."""
    lesson, book, who = the_lesson(school, unit), the_book(school), as_viewer(pupil)
    item = lesson.quiz.item(item_id)
    progress = actions.continue_or_begin(who, unit, at or now())
    db.session.flush()
    row, _new = quiz_actions.record_answer(
        who, unit, lesson.quiz, item, moment, dict(value), judge(lesson.quiz, item, dict(value), book), answer_id=new_id(), at=at or now()
    )
    actions.count_answer(progress, row)
    progress.seen_at, progress.screens_total = at or now(), 20
    db.session.commit()


def play_whole(pupil: Person, school: School, given: Mapping[str, Mapping[str, Any]] | None = None, *, unit: str = UNIT,
               stop_at: str | None = None, at: datetime | None = None) -> None:  # fmt: skip
    """The whole lesson: what is given, else the right answers. stop_at is the first screen that is not done."""
    lesson, book, who, at = the_lesson(school, unit), the_book(school), as_viewer(pupil), at or now()
    found = screens(lesson.unit, lesson.quiz, pupil.half)
    progress = actions.continue_or_begin(who, unit, at)
    db.session.flush()
    for screen in found:
        if screen.key == stop_at:
            break
        if screen.kind == "opgave":
            value = dict((given or {}).get(screen.item.id) or right(screen.item, book))
            verdict = judge(lesson.quiz, screen.item, value, book)
            row, _new = quiz_actions.record_answer(
                who, unit, lesson.quiz, screen.item, screen.moment, value, verdict, answer_id=new_id(), at=at
            )
            actions.count_answer(progress, row)
        if screen.kind == "intentie":
            actions.keep_intention(who, unit, "Ik vraag het eerst even na.", at)
        actions.finish_screen(progress, found, screen.key, at)
    db.session.commit()


def choose(pupil: Person, school: School, steps: list[tuple[str, str]], *, unit: str = UNIT) -> None:
    """Choices in the chat. ("terug", node) goes back, ("opnieuw", "") begins again."""
    lesson, book, who = the_lesson(school, unit), the_book(school), as_viewer(pupil)
    for number, (node, choice) in enumerate(steps):
        event = Event("again") if node == "opnieuw" else Event("back", choice) if node == "terug" else Event("choose", node, choice)
        assert quiz_actions.record_scenario_event(who, unit, lesson.quiz, event, book, number=number, answer_id=new_id(), at=now())
    db.session.commit()
