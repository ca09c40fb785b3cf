"""The blueprint of the player, where somebody is in a lesson, and what every screen of it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from access.guards import viewer
from common.clock import now
from common.database import new_id
from lessons import actions, present
from lessons.domain import Screen
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.queries import lesson_seen_by, progress_in, screens_for
from lessons.review import is_review_key
from lessons.words import Glossary
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
    def source(self) -> Lesson:
        """The lesson that the open screen comes from: an item of earlier is judged and explained by its own."""
        return self.screen.origin or self.lesson

    @property
    def since(self) -> datetime | None:
        """From when answers count on this screen: an item that comes back may have come back before, in another unit."""
        return self.progress.started_at if self.progress and self.screen.moment == "review" else None

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
    progress = progress_in(viewer().id, unit) if stored else None
    found = screens_for(viewer(), lesson, progress)
    number = next((n for n, one in enumerate(found) if one.key == screen), None)
    if number is None:
        abort(404)
    return Place(lesson, found, number, book_of(viewer()), progress, stored)


def lesson_of(unit: str) -> Lesson:
    lesson = lesson_seen_by(viewer(), unit[:80])
    if lesson is None or (viewer().is_pupil and lesson.unit.track != viewer().track):
        abort(404)
    return lesson


def place_or_restart(unit: str, screen: str) -> Place | ResponseReturnValue:
    """A screen that no longer exists (the lesson was changed) or lies ahead leads to where the pupil is."""
    lesson, progress = lesson_of(unit), progress_in(viewer().id, unit)
    found = screens_for(viewer(), lesson, progress)
    keys = [one.key for one in found]
    done = set(progress.done) if progress else set()
    furthest = next((n for n, key in enumerate(keys) if key not in done), len(keys) - 1)
    if screen not in keys and not (progress and (progress.last_screen == screen or is_review_key(screen))):
        abort(404)
    if screen not in keys or keys.index(screen) > furthest:
        return redirect(url_for(".show_screen", unit=unit, screen=keys[furthest]))
    return Place(lesson, found, keys.index(screen), book_of(viewer()), progress, stored=True)


def common_context(place: Place) -> dict[str, Any]:
    lesson, screen = place.lesson, place.screen
    g.glossary = Glossary(place.source.unit.meta.words)  # for the filter "woorden" in the templates
    return {
        "place": place, "lesson": lesson, "unit": lesson.unit, "screen": screen, "skin": lesson.unit.track.value,
        **_how_far(place), "kaft": lesson.cover, "back_url": place.url(place.preceding),
        "post_url": place.url(screen.key, "answer_screen"), "stored": place.stored, "answer_id": new_id(),
        "icon_name": present.ICONS[screen.kind], "words": present.difficult_words(place.source.unit, present.texts_of(screen)),
        "is_last": place.following is None,
    }  # fmt: skip


def _how_far(place: Place) -> dict[str, Any]:
    """The step of the unit; what comes back before it is counted apart."""
    if place.screen.moment != "review":
        return {"step": place.screen.step + 1, "total": len(place.lesson.unit.steps), "count_text": None}
    total = sum(screen.moment == "review" for screen in place.screens)
    here = place.number + 1
    return {"step": here, "total": total, "count_text": _("Ophalen %(here)s van %(total)s", here=here, total=total)}


def read_on(place: Place) -> ResponseReturnValue:
    progress = actions.continue_or_begin(viewer(), place.lesson.slug, now(), known=place.progress)
    actions.finish_screen(progress, place.screens, place.screen.key, now())
    return redirect(place.url(place.following) or url_for(".show_end", unit=place.lesson.slug))
