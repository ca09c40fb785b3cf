"""What comes back at the start of a unit: the offer, and letting go of it. The questions themselves are ordinary screens."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from common.clock import now
from common.database import commits
from common.forms import Form
from common.words import _, quoted
from lessons import actions
from lessons.library import Lesson
from lessons.player import Place, blueprint, lesson_of
from lessons.queries import due_review, lesson_seen_by, progress_in
from lessons.review import screens_with_review
from schools.queries import book_of

REVIEW = "/lessen/<string:unit>/opfrissen"
BEGIN, SKIP = "begin", "overslaan"


@blueprint.get(REVIEW)
@requires(Permission.TAKE_LESSON)
def show_review(unit: str) -> ResponseReturnValue:
    """Before the first step: some questions of earlier, to do or to skip. Nothing is kept by looking."""
    lesson = lesson_of(unit)
    picks = _offered(lesson)
    return _offer(lesson, picks) if picks else redirect(url_for(".show_unit", unit=unit))


@blueprint.post(REVIEW)
@requires(Permission.TAKE_LESSON)
@commits
def begin_unit(unit: str) -> ResponseReturnValue:
    """The pupil does them or skips them; from then on it is settled which questions come back in this unit."""
    actions.one_at_a_time(viewer())
    lesson, form = lesson_of(unit), Form()
    picks = _offered(lesson)
    if not picks:
        return redirect(url_for(".show_unit", unit=unit))
    choice = form.pick(request.form, "keuze", (BEGIN, SKIP), label=_("wat je doet"))
    if form.problems:
        return _offer(lesson, picks, form), 422
    own, taken = lesson.screens(viewer().half), picks if choice == BEGIN else []
    screens = screens_with_review(own, taken, _sources(taken))
    actions.begin_with_review(viewer(), unit, taken, screens[0].key, len(screens), now())
    return redirect(url_for(".show_screen", unit=unit, screen=screens[0].key))


def skip_rest(place: Place) -> ResponseReturnValue:
    """Half-way: on with the unit itself. What was done is kept."""
    progress = actions.continue_or_begin(viewer(), place.lesson.slug, now(), known=place.progress)
    actions.skip_rest_of_review(progress, place.lesson.screens(viewer().half), now())
    return redirect(url_for(".show_screen", unit=place.lesson.slug, screen=progress.last_screen))


def _offered(lesson: Lesson) -> list[str]:
    """What can be offered now: nothing once the unit was begun."""
    return [] if progress_in(viewer().id, lesson.slug) else due_review(viewer(), lesson.slug, book_of(viewer()), now())


def _sources(picks: list[str]) -> dict[str, Lesson | None]:
    return {unit: lesson_seen_by(viewer(), unit) for unit in dict.fromkeys(one.partition("/")[0] for one in picks)}


def _offer(lesson: Lesson, picks: list[str], form: Form | None = None) -> str:
    titles = quoted(source.unit.title for source in _sources(picks).values() if source)
    return render_template("lessons/review.html", lesson=lesson, count=len(picks), titles=titles, problems=form.problems if form else [])
