"""Staff look along: the lessons with their pages for the mentor, and every screen without anything being kept."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from lessons import present
from lessons.chat_views import try_in_chat
from lessons.domain import Screen
from lessons.player import PREVIEW, blueprint, lesson_of, place_of
from lessons.queries import lessons_for
from lessons.views import draw, feedback_page
from protocols.domain import Track
from quizzes.forms import read_answer
from schools.help import help_routes
from schools.models import SchoolClass
from schools.present import class_title
from schools.queries import book_of, classes_seen_by, contacts_of


@blueprint.get("/docent/lessen")
@requires(Permission.PREVIEW_LESSON)
def list_for_staff() -> ResponseReturnValue:
    """All lessons with their pages for the mentor."""
    groups = [(track, lessons_for(viewer().school_id, track.value)) for track in Track]
    return render_template("lessons/list.html", groups=groups)


@blueprint.get("/docent/lessen/<string:unit>")
@requires(Permission.PREVIEW_LESSON)
def show_mentor_page(unit: str) -> ResponseReturnValue:
    """Goal, timing, questions, the variant without devices: what a mentor needs to give this lesson."""
    lesson = lesson_of(unit)
    book = book_of(viewer())
    sections = []
    for section in lesson.mentor.sections:
        screen = Screen(section.key, "lees", 0, section.title, section.pieces)
        sections.append({"key": section.key, "title": section.title, "pieces": present.reading_pieces(lesson, screen, book)})
    first = lesson.screens(1)[0].key
    return render_template("lessons/mentor.html", lesson=lesson, sections=sections, first=first, contacts=contacts_of(viewer().school_id),
                           routes=help_routes("voortgezet"), classes=_own_classes(lesson.unit.track), class_title=class_title)  # fmt: skip


def _own_classes(track: Track) -> list[SchoolClass]:
    """The classes of this mentor that can have a lesson of the track on the board; a teamleider has none."""
    return [one for one in classes_seen_by(viewer()) if one.track == track]


@blueprint.get(PREVIEW)
@requires(Permission.PREVIEW_LESSON)
def preview_screen(unit: str, screen: str) -> ResponseReturnValue:
    return draw(place_of(unit, screen, stored=False))


@blueprint.post(PREVIEW)
@requires(Permission.PREVIEW_LESSON)
def try_screen(unit: str, screen: str) -> ResponseReturnValue:
    """The same as for a pupil, except that nothing is kept."""
    place = place_of(unit, screen, stored=False)
    if place.screen.kind == "scenario":
        return try_in_chat(place)
    if place.screen.kind == "opgave":
        form = read_answer(place.screen.item, request.form)
        if form.moved or form.problems:
            return draw(place, form=form, problems=[] if form.moved else form.problems), 200 if form.moved else 422
        if place.screen.moment != "starter":
            return feedback_page(place, form.value)
    return redirect(place.url(place.following) or url_for(".show_mentor_page", unit=unit))
