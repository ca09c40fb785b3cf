"""On paper for the mentor: the plan of a lesson, and the letter for home, for one class or for any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from access.domain import Role
from access.guards import requires, viewer
from access.policy import Permission
from common.clock import today
from common.words import _
from lessons import handout
from lessons.library import Lesson
from lessons.player import blueprint, lesson_of
from schools.help import help_routes
from schools.models import SchoolClass
from schools.planning import classes_to_plan, plan_of
from schools.present import class_title
from schools.queries import book_of, classes_seen_by, contacts_of


@blueprint.get("/docent/lessen/<string:unit>/lesplan")
@requires(Permission.PREVIEW_LESSON)
def show_lesson_plan(unit: str) -> ResponseReturnValue:
    """Goal, agreements, timing, questions, the vote and sensitive points on at most two sheets."""
    lesson = lesson_of(unit)
    book, chosen = book_of(viewer()), _chosen_class(lesson)
    return render_template(
        "lessons/lesson_plan.html", **_context(lesson, chosen, "show_lesson_plan"), parts=handout.plan_parts(lesson, book),
        needed=handout.needed_without_devices(lesson), meta=lesson.unit.meta,
    )  # fmt: skip


@blueprint.get("/docent/lessen/<string:unit>/brief")
@requires(Permission.PREVIEW_LESSON)
def show_letter(unit: str) -> ResponseReturnValue:
    """The letter for home on one sheet: what the lesson was about, what the school agreed, how to talk, and where help is."""
    lesson = lesson_of(unit)
    context = _context(lesson, _chosen_class(lesson), "show_letter")
    helpers = [f"{one.name}, {one.task}" for one in context["contacts"]]
    helpers += [
        f"{one.name}: {one.phone} {one.url} {one.text} Bron: {one.source}, nagekeken op 21 november 2026." for one in context["routes"]
    ]
    return render_template(
        "lessons/letter.html", **context, letter=handout.letter_html(lesson), size=handout.letter_size(lesson, context["rules"], helpers),
        written=format_date(today(), "d MMMM yyyy"), from_mentor=viewer().role is Role.MENTOR,
    )  # fmt: skip


def _context(lesson: Lesson, chosen: SchoolClass | None, page: str) -> dict[str, Any]:
    routes = help_routes(lesson.unit.track.value, handout.help_keys(lesson))
    return {
        "lesson": lesson, "rules": handout.rules_of(lesson, book_of(viewer())), "answer_words": handout.answer_words,
        "contacts": contacts_of(viewer().school_id)[:3], "routes": routes[:4],
        "class_title": class_title(chosen.name) if chosen else "", "day": _day_of(lesson, chosen),
        "choices": _choices(lesson, chosen, page),
    }  # fmt: skip


def _classes(lesson: Lesson) -> Sequence[SchoolClass]:
    """The classes for whom the viewer may print: the own ones of a mentor, those of the school of a teamleider."""
    seen = classes_seen_by(viewer()) if viewer().role is Role.MENTOR else classes_to_plan(viewer().school_id)
    return [found for found in seen if found.track == lesson.unit.track]


def _chosen_class(lesson: Lesson) -> SchoolClass | None:
    """The class in the address; without one, the only class there is. "geen" leaves a line to fill in."""
    classes, asked = _classes(lesson), request.args.get("klas")
    if asked is None:
        return classes[0] if len(classes) == 1 else None
    if asked == "geen":
        return None
    return next((found for found in classes if found.id == asked), None) or abort(404)


def _choices(lesson: Lesson, chosen: SchoolClass | None, page: str) -> list[tuple[str, str, bool]]:
    """Links to the same sheet for each class, and without one: words, address, whether it is this one."""
    rows = [(class_title(found.name), found.id, chosen is not None and found.id == chosen.id) for found in _classes(lesson)]
    rows.append((_("zonder klas"), "geen", chosen is None))
    return [(words, url_for(f".{page}", unit=lesson.slug, klas=key), current) for words, key, current in rows] if len(rows) > 1 else []


def _day_of(lesson: Lesson, chosen: SchoolClass | None) -> str:
    """The day on which this class gets the lesson, when that was planned."""
    day: date | None = dict(plan_of(chosen.id)).get(lesson.slug) if chosen else None
    return str(format_date(day, "EEEE d MMMM yyyy")) if day else ""
