"""The pupil's pages: home, one screen at a time, the explanation, the end. The chat and those who look along have files of their own."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from access.guards import requires, viewer
from access.policy import Permission
from common.clock import now, today
from common.database import commits
from common.forms import FieldProblem
from common.web import SENT_BY_SCRIPT
from lessons import actions, agenda, chat_present, present
from lessons.chat_views import chat_page, choose_in_chat
from lessons.finish_views import intend, intention_page, other_today, own_class, own_plan
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.player import SCREEN, Place, blueprint, common_context, lesson_of, place_of, place_or_restart, read_on
from lessons.queries import due_review, lesson_for, lessons_for, newest_open, progress_in, progress_of, screens_for
from lessons.review_views import skip_rest
from quizzes import actions as quiz_actions
from quizzes.domain import JsonDict
from quizzes.forms import ANSWER_ID, AnswerForm, read_answer
from quizzes.judge import judge
from quizzes.queries import newest_answer
from schools.help import help_routes
from schools.queries import book_of, contacts_of

TOO_EARLY = 425

# ---- home ----


@blueprint.get("/verder")
@requires(Permission.TAKE_LESSON)
def resume() -> ResponseReturnValue:
    """After signing in: exactly where the pupil was. Home without an open lesson, or when the class does another one today."""
    progress = newest_open(viewer())
    if progress and other_today(progress.unit):
        return redirect(url_for(".home"))
    if progress is None or not progress.last_screen or lesson_for(viewer().school_id, progress.unit) is None:
        return redirect(url_for(".home"))
    return redirect(url_for(".show_screen", unit=progress.unit, screen=progress.last_screen))


@blueprint.get("/lessen")
@requires(Permission.TAKE_LESSON)
def home() -> ResponseReturnValue:
    """All lessons of the pupil's track, those that the class plans first, each with its state, and the one to go on with."""
    known = progress_of(viewer().id)
    plan = own_plan()
    cards = [
        _card(number, lesson, known.get(lesson.slug), plan) for number, lesson in enumerate(agenda.in_order(plan, _lessons_by_slug()), 1)
    ]
    return render_template("lessons/home.html", cards=cards, has_begun=bool(known), **_going_on(cards, plan), **own_class())


def _lessons_by_slug() -> dict[str, Lesson]:
    return {lesson.slug: lesson for lesson in lessons_for(viewer().school_id, viewer().track or "")}


def _going_on(cards: list[dict[str, Any]], plan: list[agenda.Planned]) -> dict[str, Any]:
    """The unit to go on with: that of today, else what the pupil is busy with, else the first that is left; and what comes after."""
    units = {card["slug"]: card for card in cards}
    finished = {slug for slug, card in units.items() if card["state"] == "klaar"}
    busy = [card for card in cards if card["state"] == "bezig"]
    left = next((card for card in cards if card["state"] == "nog-niet"), None)
    now_on = agenda.of_today(plan, units, finished, today())
    going = units[now_on] if now_on else max(busy, key=lambda card: card["seen_at"]) if busy else left
    upcoming = agenda.next_planned(plan, units, finished)
    after = units[upcoming[0]] if upcoming and going and upcoming[0] != going["slug"] else None
    return {"going": going, "after": after, "planned": sum(card["is_planned"] for card in cards)}


def _card(number: int, lesson: Lesson, progress: UnitProgress | None, plan: list[agenda.Planned]) -> dict[str, Any]:
    state = "nog-niet" if progress is None else "klaar" if progress.finished_at else "bezig"
    words = {"nog-niet": _("nog niet begonnen"), "bezig": _("bezig"), "klaar": _("klaar")}
    steps = len(lesson.unit.steps)
    at = _step_at(lesson, progress)
    days = dict(plan)
    when = agenda.when_words(days.get(lesson.slug), today()) if state != "klaar" else ""
    return {
        "number": number, "title": lesson.unit.title, "subtitle": lesson.unit.meta.subtitle, "minutes": lesson.unit.meta.minutes,
        "state": state, "when": when, "state_text": f"{when} · {words[state]}" if when else words[state], "is_planned": lesson.slug in days,
        "kaft": lesson.cover, "slug": lesson.slug, "step": at, "total": steps,
        "url": url_for(".show_unit", unit=lesson.slug), "seen_at": progress.seen_at if progress else None,
        "people": [face for face in _faces(lesson) if face][:2],
    }  # fmt: skip


def _faces(lesson: Lesson) -> list[str | None]:
    scenario = lesson.quiz.scenario
    return [chat_present.person_shown(scenario, person.id)["face"] for person in scenario.people]


def _step_at(lesson: Lesson, progress: UnitProgress | None) -> int:
    if progress is None:
        return 1
    found = screens_for(viewer(), lesson, progress)
    return next((screen.step + 1 for screen in found if screen.key == progress.last_screen), 1)


@blueprint.get("/lessen/<string:unit>")
@requires(Permission.TAKE_LESSON)
def show_unit(unit: str) -> ResponseReturnValue:
    """Open a lesson: where the pupil was, else at the beginning or at what comes back first; a finished one shows what it brought."""
    lesson = lesson_of(unit)
    progress = progress_in(viewer().id, unit)
    if progress and progress.finished_at:
        return redirect(url_for(".show_end", unit=unit))
    if progress is None and due_review(viewer(), unit, book_of(viewer()), now()):
        return redirect(url_for(".show_review", unit=unit))
    first = screens_for(viewer(), lesson, progress)[0].key
    return redirect(url_for(".show_screen", unit=unit, screen=(progress.last_screen if progress else "") or first))


# ---- screens ----


@blueprint.get(SCREEN)
@requires(Permission.TAKE_LESSON)
def show_screen(unit: str, screen: str) -> ResponseReturnValue:
    place = place_or_restart(unit, screen)
    if not isinstance(place, Place):
        return place
    return draw(place)


@blueprint.post(SCREEN)
@requires(Permission.TAKE_LESSON)
@commits
def answer_screen(unit: str, screen: str) -> ResponseReturnValue:
    """What a pupil does on a screen: read on, answer, choose in the chat, or take an intention along."""
    actions.one_at_a_time(viewer())
    place = place_or_restart(unit, screen)
    if not isinstance(place, Place):
        return _not_now(unit, screen) if request.headers.get(SENT_BY_SCRIPT) else place
    if place.screen.moment == "review" and request.form.get("overslaan"):
        return skip_rest(place)
    return {
        "lees": read_on, "gesprek": read_on, "opgave": _answer, "scenario": choose_in_chat, "intentie": intend,
    }[place.screen.kind](place)  # fmt: skip


def _not_now(unit: str, screen: str) -> ResponseReturnValue:
    """For the queue on a device, to which a redirect means that its step was kept: this one lies ahead, or is gone."""
    lesson = lesson_of(unit)
    lies_ahead = screen in {one.key for one in screens_for(viewer(), lesson, progress_in(viewer().id, unit))}
    return "", TOO_EARLY if lies_ahead else 404


@blueprint.get(f"{SCREEN}/uitleg")
@requires(Permission.TAKE_LESSON)
def show_feedback(unit: str, screen: str) -> ResponseReturnValue:
    """Why: the explanation of the answer as it was given, by the stance it was judged by."""
    place = place_of(unit, screen)
    if place.screen.kind != "opgave" or place.screen.moment == "starter":
        abort(404)
    answer = newest_answer(viewer().id, place.source.slug, place.screen.item.id, place.screen.moment, since=place.since)
    if answer is None:
        return redirect(place.url(screen) or "")
    as_judged = place.book.as_it_was(answer.stances)
    changed = as_judged is not place.book
    place.book = as_judged
    return feedback_page(place, answer.value, changed=changed)


def draw(
    place: Place, *, form: AnswerForm | None = None, problems: list[FieldProblem] | None = None, kept: dict[str, Any] | None = None
) -> str:
    """Draw the open screen; with a form, what was typed stays."""
    if place.screen.kind == "scenario":
        return chat_page(place, problems)
    kinds = {"lees": _reading_page, "opgave": _item_page, "gesprek": _talk_page, "intentie": intention_page}
    return kinds[place.screen.kind](place, form, problems or [], kept or {})


def _reading_page(place: Place, _form: AnswerForm | None, _problems: list[FieldProblem], _kept: dict[str, Any]) -> str:
    pieces = present.reading_pieces(place.lesson, place.screen, place.book)
    context = common_context(place)
    extra = [piece["rule"].condition for piece in pieces if piece["kind"] == "regel"] + [piece.get("say") for piece in pieces]
    context["words"] = present.difficult_words(place.lesson.unit, [*present.texts_of(place.screen), *extra])
    help_block = next((piece["data"] for piece in pieces if piece["kind"] == "hulp"), None)
    routes = help_routes(place.lesson.unit.track.value, help_block.routes) if help_block else []
    contacts = contacts_of(viewer().school_id) if help_block else []
    return render_template("lessons/reading.html", **context, pieces=pieces, routes=routes, contacts=contacts)


def _item_page(place: Place, form: AnswerForm | None, problems: list[FieldProblem], _kept: dict[str, Any]) -> str:
    item, value, before = place.screen.item, form.value if form else {}, None
    if form is None and place.stored:
        before = newest_answer(viewer().id, place.source.slug, item.id, place.screen.moment, since=place.since)
        value = before.value if before else {}
    fields = item.fields(value, f"{viewer().id}{item.id}")
    context = common_context(place)
    if form and ANSWER_ID.match(form.answer_id):
        context["answer_id"] = form.answer_id
    return render_template("lessons/item.html", **context, item=item, fields=fields, problems=problems, answered=before,
                           problem=problems[0].text if problems else None, moved=form.moved if form else None)  # fmt: skip


def _talk_page(place: Place, _form: AnswerForm | None, _problems: list[FieldProblem], _kept: dict[str, Any]) -> str:
    return render_template("lessons/talk.html", **common_context(place), talk=place.screen.block.data if place.screen.block else None)


def feedback_page(place: Place, value: JsonDict, *, changed: bool = False) -> str:
    item = place.screen.item
    verdict = judge(place.source.quiz, item, value, place.book)
    shown = present.shown_verdict(place.source, item, value, verdict, place.book)
    context = common_context(place)
    texts = [shown.why, *(line.why for line in shown.lines), *(rule.condition for rule, _say in shown.rules)]
    context["words"] = present.difficult_words(place.source.unit, texts)
    context["next_url"] = place.url(place.following) or url_for(".show_end", unit=place.lesson.slug)
    context["again_url"] = place.url(place.screen.key)
    return render_template("lessons/feedback.html", **context, item=item, shown=shown, changed=changed)


# ---- what a pupil does ----


def _answer(place: Place) -> ResponseReturnValue:
    screen, source = place.screen, place.source
    form = read_answer(screen.item, request.form)
    if form.moved or form.problems:
        return draw(place, form=form, problems=[] if form.moved else form.problems), 200 if form.moved else 422
    verdict = judge(source.quiz, screen.item, form.value, place.book)
    progress = actions.continue_or_begin(viewer(), place.lesson.slug, now(), known=place.progress)
    answer, is_new = quiz_actions.record_answer(
        viewer(), source.slug, source.quiz, screen.item, screen.moment, form.value, verdict, answer_id=form.answer_id, at=now()
    )
    if is_new:
        actions.count_answer(progress, answer)
        actions.finish_screen(progress, place.screens, screen.key, now())
    if screen.moment == "starter":
        return redirect(place.url(place.following) or "")
    return redirect(place.url(screen.key, "show_feedback") or "")
