"""The lesson on paper, for pupils without a device: what is read and every question, as a worksheet per half of the class."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from lessons import present
from lessons.chat_paper import paper_shown
from lessons.chat_present import person_shown
from lessons.domain import Screen
from lessons.library import Lesson
from lessons.player import blueprint, lesson_of
from protocols.domain import RuleBook
from schools.queries import book_of


@blueprint.get("/docent/lessen/<string:unit>/werkblad")
@requires(Permission.PREVIEW_LESSON)
def show_worksheet(unit: str) -> ResponseReturnValue:
    """The worksheet of one half (?helft=1 or 2): the two halves have the checks of start and end the other way round."""
    half = request.args.get("helft", "1")
    if half not in ("1", "2"):
        abort(404)
    lesson, book = lesson_of(unit), book_of(viewer())
    tasks = [_on_paper(lesson, screen, book) for screen in lesson.screens(int(half))]
    return render_template("lessons/worksheet.html", lesson=lesson, half=half, other="2" if half == "1" else "1", tasks=tasks)


@blueprint.get("/docent/lessen/<string:unit>/gesprek")
@requires(Permission.PREVIEW_LESSON)
def show_chat_on_paper(unit: str) -> ResponseReturnValue:
    """The whole chat as numbered moments, as it goes at this school: a class without devices plays it together."""
    lesson = lesson_of(unit)
    scenario = lesson.quiz.scenario
    paper = paper_shown(scenario, book_of(viewer()))
    return render_template(
        "lessons/chat_paper.html", lesson=lesson, scenario=scenario, paper=paper, hero=person_shown(scenario, scenario.hero)
    )


def _on_paper(lesson: Lesson, screen: Screen, book: RuleBook) -> dict[str, object]:
    """One screen as it stands on paper. The same letters for everybody, so that a class can talk about them."""
    shown: dict[str, object] = {"kind": screen.kind, "title": screen.title, "moment": screen.moment, "is_first": screen.is_first_of_step}
    if screen.kind == "lees":
        shown["pieces"] = present.reading_pieces(lesson, screen, book)
    elif screen.item is not None:
        shown.update(item=screen.item, fields=screen.item.fields({}, screen.item.id))
    elif screen.block is not None:
        shown["data"] = screen.block.data
    return shown
