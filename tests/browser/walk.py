"""What the browser tests share: signing in without the form, standing at a screen of a lesson, and answering by clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from playwright.sync_api import Locator, Page, expect

from accounts.models import Person
from common.clock import now
from common.database import db, new_id
from lessons.domain import Block, Screen, screens
from lessons.library import Lesson, Library
from lessons.models import Intention, UnitProgress
from quizzes.models import Answer
from schools.models import SchoolClass
from tests.quizzes.examples import KINDS

ITEMS = KINDS
WORDS = "Ik vraag het eerst, en wacht op een écht ja."


def session_cookie(app: Flask, values: dict[str, Any]) -> str:
    """The cookie of a session that holds these values."""
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value: str = serializer.dumps(values)
    return value


# ---- where a pupil stands ----


def shipped_lessons(track: str) -> list[Lesson]:
    library: Library = current_app.extensions["library"]
    return [lesson for lesson in library.lessons.values() if lesson.unit.track == track]


def a_screen(
    track: str, kind: str, *, moment: str = "lesson", holding: str | None = None, among: Iterable[Lesson] = ()
) -> tuple[Lesson, Screen]:
    """The first screen of a kind in the shipped lessons: a type of item ("sort") or a kind of screen ("scenario").

    holding names a block that a page to read must hold; among limits the lessons that are looked through.
    """
    for lesson in among or shipped_lessons(track):
        for screen in screens(lesson.unit, lesson.quiz, 1):
            fits = kind in (screen.kind, getattr(screen.item, "type", None)) and screen.moment == moment
            if fits and (holding is None or holding in {piece.kind for piece in screen.pieces if isinstance(piece, Block)}):
                return lesson, screen
    raise LookupError(f"{kind} in {track}")


def at_screen(pupil: Person, kind: str, *, moment: str = "lesson") -> str:
    """Let a pupil stand at the first screen of a kind; the address of that screen."""
    school_class = db.session.get(SchoolClass, pupil.class_id)
    assert school_class is not None
    lesson, screen = a_screen(school_class.track, kind, moment=moment)
    return stand_at(pupil, lesson, screen.key)


def stand_at(pupil: Person, lesson: Lesson, key: str) -> str:
    """As if the pupil had done everything before this screen; the address of that screen."""
    keys = _keys(pupil, lesson)
    _add_progress(pupil, lesson, done=keys[: keys.index(key)], last_screen=key)
    return f"/lessen/{lesson.slug}/stap/{key}"


def finish_lesson(pupil: Person, lesson: Lesson) -> None:
    """As if the pupil had done all of it, with more right at the end than at the start."""
    keys = _keys(pupil, lesson)
    totals = {"starter_right": 1, "starter_total": 4, "closing_right": 3, "closing_total": 4}
    _add_progress(pupil, lesson, done=keys, last_screen=keys[-1], finished_at=now(), **totals)


def answer_checks(pupil: Person, lesson: Lesson) -> None:
    """The answers that go with it: at the start one goal was right, at the end all but the last."""
    goals = [goal.id for goal in lesson.unit.meta.goals]
    whose = {"school_id": pupil.school_id, "class_id": pupil.class_id, "pupil_id": pupil.id, "unit": lesson.slug}
    for screen in screens(lesson.unit, lesson.quiz, pupil.half):
        if screen.kind == "opgave" and screen.moment in ("starter", "closing"):
            place = goals.index(screen.item.goal)
            right = place == 1 if screen.moment == "starter" else place + 1 < len(goals)
            db.session.add(
                Answer(**whose, answer_id=new_id(), item=screen.item.id, moment=screen.moment, value={}, right=int(right), total=1,
                       outcome="past" if right else "nog-niet", item_version="1", is_first=True, answered_at=now())
            )  # fmt: skip
    db.session.commit()


def finish_everything(pupil: Person, track: str) -> None:
    """As if the pupil had done every lesson of the track, and wrote down what to take along."""
    for lesson in shipped_lessons(track):
        finish_lesson(pupil, lesson)
        answer_checks(pupil, lesson)
        words = f"Bij ‘{lesson.unit.title}’ denk ik aan wie het leest."
        db.session.add(
            Intention(school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, unit=lesson.slug, text=words, written_at=now())
        )
    db.session.commit()


def finish_weeks_ago(pupil: Person, lesson: Lesson, *, mistakes: int = 2) -> None:
    """As if the pupil had done all of it three weeks ago; the first questions of the lesson were not right."""
    at, keys = now() - timedelta(days=21), _keys(pupil, lesson)
    _add_progress(pupil, lesson, done=keys, last_screen=keys[-1], finished_at=at)
    whose = {"school_id": pupil.school_id, "class_id": pupil.class_id, "pupil_id": pupil.id, "unit": lesson.slug}
    asked = [item for item in lesson.quiz.items if item.use == "lesson" and item.kind in ("one-choice", "sort")]
    for number, item in enumerate(asked):
        outcome = "nog-niet" if number < mistakes else "past"
        db.session.add(
            Answer(**whose, answer_id=new_id(), item=item.id, moment="lesson", value={}, outcome=outcome, right=0, total=1,
                   item_version="1", is_first=True, answered_at=at)
        )  # fmt: skip
    db.session.commit()


def _keys(pupil: Person, lesson: Lesson) -> list[str]:
    return [screen.key for screen in screens(lesson.unit, lesson.quiz, pupil.half)]


def _add_progress(pupil: Person, lesson: Lesson, **values: Any) -> None:
    whose = {"school_id": pupil.school_id, "class_id": pupil.class_id, "pupil_id": pupil.id, "unit": lesson.slug}
    times = {"started_at": now(), "seen_at": now(), "screens_total": len(_keys(pupil, lesson))}
    db.session.add(UnitProgress(**whose, **times, **values))
    db.session.commit()


# ---- answering, as a finger would ----


def check_button(page: Page) -> Locator:
    """The one button that goes on."""
    return page.locator("main form button.push")


def press_first(page: Page, boxes: Locator) -> None:
    """Press the first answer in each box, on its face."""
    for number in range(boxes.count()):
        box = boxes.nth(number)
        box.click(position={"x": 3, "y": 3})  # a card that was folded away opens
        box.locator("label").first.click()
        further = page.locator("[data-next]")
        if further.count() and further.is_visible():
            further.click()


def _choose_first(group: str) -> Callable[[Page], None]:
    return lambda page: page.locator(f"{group} label").first.click()


def _move_down(page: Page) -> None:
    rows = page.locator(".order__row")
    first = rows.first.locator("[data-text]").inner_text()
    rows.first.locator("[data-down]").click()
    expect(rows.nth(1).locator("[data-text]")).to_have_text(first)


BY_CLICKS: dict[str, Callable[[Page], None]] = {
    "one-choice": _choose_first("#keuze"),
    "several-choices": _choose_first("#keuzes"),
    "sort": lambda page: press_first(page, page.locator("[data-card]")),
    "order": _move_down,
    "match": lambda page: press_first(page, page.locator(".match__pair")),
    "mark": _choose_first("#stukje .marks"),
    "scale": _choose_first("#stand"),
    "open": lambda page: page.locator("textarea").fill(WORDS),
    "compose": lambda page: press_first(page, page.locator("[data-slot]")),
    "settings": lambda page: press_first(page, page.locator(".switch")),
    "spot": _choose_first("#plek .profile-shot"),
}


def chat_on(page: Page, *, choices: int, which: int = 0) -> None:
    """Make so many choices in the chat, each time the same place in the list; stops at the end."""
    for _choice in range(choices):
        to_the_end = page.locator("[data-end]")
        if to_the_end.count() and to_the_end.is_visible():
            with page.expect_event("load"):
                to_the_end.click()
        answers = page.locator("#keuze label")
        if not answers.count():
            return
        number = page.locator("main form input[name=nummer]").first
        before = number.input_value()
        answers.nth(min(which, answers.count() - 1)).click()
        page.get_by_role("button", name="Doe dit").click()
        expect(number).to_have_value(str(int(before) + 1))


# ---- whatever the screen asks ----

_SIGNS = {
    "#keuze": "one-choice", "#keuzes": "several-choices", "[data-card]": "sort", ".order": "order", ".match": "match",
    "#stukje": "mark", "#stand": "scale", "textarea": "open", "#deel": "compose", "#knop": "settings", "#plek": "spot",
}  # fmt: skip


def do_screen(page: Page) -> None:
    """Answer whatever is asked here; a page to read asks nothing."""
    for sign, kind in _SIGNS.items():
        if page.locator(f"main form {sign}").count():
            BY_CLICKS[kind](page)
            return


def walk_on(page: Page) -> None:
    """Do this screen and go to the next one: an answer, a choice in the chat, or reading on."""
    if page.locator("[data-chat] .phone__scroll[data-live]").count():
        chat_on(page, choices=1)  # it plays on without leaving the page
        return
    do_screen(page)
    onward = page.locator("main .actions .push").first
    with page.expect_event("load"):
        onward.click()
