"""What the browser tests share: signing in without the form, and standing at a certain screen of a lesson."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from accounts.models import Person
from common.clock import now
from common.database import db
from lessons.domain import Screen, screens
from lessons.library import Lesson, Library
from lessons.models import UnitProgress
from schools.models import SchoolClass
from tests.people import signed_in


def cookie_of(app: Flask, person: Person) -> str:
    """The cookie that this person would have after signing in."""
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value: str = serializer.dumps({"_user_id": signed_in(person), "_fresh": True})
    return value


def shipped_lessons(track: str) -> list[Lesson]:
    library: Library = current_app.extensions["library"]
    return [lesson for lesson in library.lessons.values() if lesson.unit.track == track]


def a_screen(track: str, kind: str, *, moment: str = "lesson") -> tuple[Lesson, Screen]:
    """The first screen of a kind in the shipped lessons: a type of item ("sort") or a kind of screen ("scenario")."""
    for lesson in shipped_lessons(track):
        for screen in screens(lesson.unit, lesson.quiz, 1):
            if kind in (screen.kind, getattr(screen.item, "type", None)) and screen.moment == moment:
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
    keys = [screen.key for screen in screens(lesson.unit, lesson.quiz, pupil.half)]
    db.session.add(
        UnitProgress(
            school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, unit=lesson.slug, last_screen=key,
            done=keys[: keys.index(key)], screens_total=len(keys), started_at=now(), seen_at=now(),
        )
    )  # fmt: skip
    db.session.commit()
    return f"/lessen/{lesson.slug}/stap/{key}"
