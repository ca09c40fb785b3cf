"""The class: the lesson on the board, the mentor's own screen, and the screens of pupils who take part."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from classroom import actions, models
from classroom.domain import beats, first_spot
from classroom.queries import open_session_of
from common.clock import now
from common.database import commits, is_id
from lessons.library import Lesson
from lessons.queries import lesson_seen_by, lessons_for
from schools.models import SchoolClass
from schools.present import class_title
from schools.queries import class_seen_by

__all__ = ["blueprint", "models"]

blueprint = Blueprint("classroom", __name__)
LESSONS = "/klassen/<string:class_id>/les"


def _class(class_id: str) -> SchoolClass:
    """A class of this mentor; every other is 404, the same as one that is not there."""
    return (class_seen_by(viewer(), class_id) if is_id(class_id) else None) or abort(404)


def _lesson(school_class: SchoolClass, unit: str) -> Lesson:
    """A lesson of the track of the class."""
    found = lesson_seen_by(viewer(), unit[:80])
    return found if found and found.unit.track == school_class.track else abort(404)


@blueprint.get(LESSONS)
@requires(Permission.LEAD_LESSON)
def choose_lesson(class_id: str) -> ResponseReturnValue:
    """Every lesson of the track, to give to this class on the board; the one that goes on first."""
    found = _class(class_id)
    return render_template("classroom/lessons.html", found=found, title=class_title(found.name), going=open_session_of(found.id),
                           lessons=lessons_for(viewer().school_id, found.track))  # fmt: skip


@blueprint.get(f"{LESSONS}/<string:unit>")
@requires(Permission.LEAD_LESSON)
def show_start(class_id: str, unit: str) -> ResponseReturnValue:
    """Before the lesson: with or without devices, begin or go on."""
    found = _class(class_id)
    lesson, going = _lesson(found, unit), open_session_of(found.id)
    here = going if going and going.unit == unit else None
    return render_template("classroom/start.html", found=found, title=class_title(found.name), lesson=lesson, here=here,
                           other=going if going and not here else None,
                           other_lesson=lesson_seen_by(viewer(), going.unit) if going and not here else None)  # fmt: skip


@blueprint.post(f"{LESSONS}/<string:unit>")
@requires(Permission.LEAD_LESSON)
@commits
def start_lesson(class_id: str, unit: str) -> ResponseReturnValue:
    """Begin, or go on where the class was."""
    found = _class(class_id)
    lesson = _lesson(found, unit)
    devices = request.form.get("apparaten") == "ja"
    session = actions.open_lesson(viewer(), found, lesson.slug, first_spot(beats(lesson)), now(), with_devices=devices)
    if request.form.get("naar") == "bediening":
        return redirect(url_for(".show_lead", class_id=found.id, session_id=session.id))
    return redirect(url_for(".show_board", session_id=session.id))
