"""The blueprint of the player, where somebody is in a lesson, and what every screen of it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from access.guards import viewer
from common.clock import now
from common.database import new_id
from lessons import actions, present
from lessons.domain import Screen
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.queries import lesson_for, library, progress_in
from protocols.domain import RuleBook
from schools.queries import book_of

blueprint = Blueprint("lessons", __name__)
SCREEN = "/lessen/<string:unit>/stap/<string:screen>"
PREVIEW = "/lessen/<string:unit>/bekijk/<string:screen>"


@dataclass
class Place:
    """Where somebody is: the lesson, all its screens, the one that is open, and the school's rule book.

    stored is False for staff who look along: nothing they do is kept.
    """

    lesson: Lesson
    screens: list[Screen]
    number: int
    book: RuleBook
    progress: UnitProgress | None
    stored: bool

    @property
    def screen(self) -> Screen:
        return self.screens[self.number]

    @property
    def following(self) -> str | None:
        return self.screens[self.number + 1].key if self.number + 1 < len(self.screens) else None

    @property
    def preceding(self) -> str | None:
        return self.screens[self.number - 1].key if self.number else None

    def url(self, key: str | None, page: str = "show_screen", **more: Any) -> str | None:
        if key is None:
            return None
        endpoint = page if self.stored else page.replace("show_", "preview_").replace("answer_", "try_")
        return url_for(f".{endpoint}", unit=self.lesson.slug, screen=key, **more)


def place_of(unit: str, screen: str, *, stored: bool = True) -> Place:
    """The screen that was asked for, when the lesson is of the viewer's track; else 404."""
    lesson = lesson_of(unit)
    found = lesson.screens(viewer().half)
    number = next((n for n, one in enumerate(found) if one.key == screen), None)
    if number is None:
        abort(404)
    return Place(lesson, found, number, book_of(viewer()), None, stored)


def lesson_of(unit: str) -> Lesson:
    lesson = lesson_for(viewer().school_id, unit[:80]) if viewer().has_own_lessons else library().get(unit)
    if lesson is None or (viewer().is_pupil and lesson.unit.track != viewer().track):
        abort(404)
    return lesson


def place_or_restart(unit: str, screen: str) -> Place | ResponseReturnValue:
    """A screen that no longer exists (the lesson was changed) or lies ahead leads to where the pupil is."""
    lesson, progress = lesson_of(unit), progress_in(viewer().id, unit)
    keys = [one.key for one in lesson.screens(viewer().half)]
    done = set(progress.done) if progress else set()
    furthest = next((n for n, key in enumerate(keys) if key not in done), len(keys) - 1)
    if screen not in keys and not (progress and progress.last_screen == screen):
        abort(404)
    if screen not in keys or keys.index(screen) > furthest:
        return redirect(url_for(".show_screen", unit=unit, screen=keys[furthest]))
    return Place(lesson, lesson.screens(viewer().half), keys.index(screen), book_of(viewer()), progress, stored=True)


def common_context(place: Place) -> dict[str, Any]:
    lesson, screen = place.lesson, place.screen
    return {
        "place": place, "lesson": lesson, "unit": lesson.unit, "screen": screen, "skin": lesson.unit.track.value,
        "step": screen.step + 1, "total": len(lesson.unit.steps), "kaft": lesson.cover, "back_url": place.url(place.preceding),
        "post_url": place.url(screen.key, "answer_screen"), "stored": place.stored, "answer_id": new_id(),
        "icon_name": present.ICONS[screen.kind], "words": present.difficult_words(lesson.unit, present.texts_of(screen)),
        "is_last": place.following is None,
    }  # fmt: skip


def read_on(place: Place) -> ResponseReturnValue:
    progress = actions.continue_or_begin(viewer(), place.lesson.slug, now(), known=place.progress)
    actions.finish_screen(progress, place.screens, place.screen.key, now())
    return redirect(place.url(place.following) or url_for(".show_end", unit=place.lesson.slug))
