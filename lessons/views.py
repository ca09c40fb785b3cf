"""The pupil's player: home, one screen at a time, the explanation, the chat, the end. Staff look along without storing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from access.guards import requires, viewer
from access.policy import Permission
from common.clock import now
from common.database import commits, new_id
from common.forms import FieldProblem, Form
from lessons import actions, present
from lessons.domain import Screen
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.queries import intention_of, lesson_for, lessons_for, library, newest_open, progress_in, progress_of
from protocols.domain import RuleBook, Track
from quizzes import actions as quiz_actions
from quizzes.forms import ANSWER_ID, AnswerForm, read_answer
from quizzes.judge import JsonDict, judge
from quizzes.play import Event, Position, find_choice, play
from quizzes.queries import as_events, newest_answer, scenario_events
from schools.help import help_routes
from schools.present import shown_rule
from schools.queries import book_of, contacts_of

blueprint = Blueprint("lessons", __name__)
LONGEST_INTENTION = 300
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


def _place(unit: str, screen: str, *, stored: bool = True) -> Place:
    """The screen that was asked for, when the lesson is of the viewer's track; else 404."""
    lesson = _lesson(unit)
    found = lesson.screens(viewer().half)
    number = next((n for n, one in enumerate(found) if one.key == screen), None)
    if number is None:
        abort(404)
    return Place(lesson, found, number, book_of(viewer()), None, stored)


def _lesson(unit: str) -> Lesson:
    lesson = lesson_for(viewer().school_id, unit[:80]) if viewer().has_own_lessons else library().get(unit)
    if lesson is None or (viewer().is_pupil and lesson.unit.track != viewer().track):
        abort(404)
    return lesson


# ---- home ----


@blueprint.get("/verder")
@requires(Permission.TAKE_LESSON)
def resume() -> ResponseReturnValue:
    """After signing in: exactly where the pupil was; without an open lesson, home."""
    progress = newest_open(viewer())
    if progress is None or not progress.last_screen or lesson_for(viewer().school_id, progress.unit) is None:
        return redirect(url_for(".home"))
    return redirect(url_for(".show_screen", unit=progress.unit, screen=progress.last_screen))


@blueprint.get("/lessen")
@requires(Permission.TAKE_LESSON)
def home() -> ResponseReturnValue:
    """All lessons of the pupil's track, each with its state, and the one to go on with."""
    known = progress_of(viewer().id)
    cards = [
        _card(number, lesson, known.get(lesson.slug))
        for number, lesson in enumerate(lessons_for(viewer().school_id, viewer().track or ""), 1)
    ]
    busy = [card for card in cards if card["state"] == "bezig"]
    going = max(busy, key=lambda card: card["seen_at"]) if busy else next((card for card in cards if card["state"] == "nog-niet"), None)
    return render_template("lessons/home.html", cards=cards, going=going)


def _card(number: int, lesson: Lesson, progress: UnitProgress | None) -> dict[str, Any]:
    state = "nog-niet" if progress is None else "klaar" if progress.finished_at else "bezig"
    words = {"nog-niet": _("nog niet begonnen"), "bezig": _("bezig"), "klaar": _("klaar")}
    steps = len(lesson.unit.steps)
    at = _step_at(lesson, progress)
    return {
        "number": number, "title": lesson.unit.title, "subtitle": lesson.unit.meta.subtitle, "minutes": lesson.unit.meta.minutes,
        "state": state, "state_text": words[state], "kaft": lesson.cover, "slug": lesson.slug, "step": at, "total": steps,
        "url": url_for(".show_unit", unit=lesson.slug), "seen_at": progress.seen_at if progress else None,
        "people": [face for face in _faces(lesson) if face][:2],
    }  # fmt: skip


def _faces(lesson: Lesson) -> list[str | None]:
    scenario = lesson.quiz.scenario
    return [present.person_shown(scenario, person.id)["face"] for person in scenario.people]


def _step_at(lesson: Lesson, progress: UnitProgress | None) -> int:
    if progress is None:
        return 1
    found = lesson.screens(viewer().half)
    return next((screen.step + 1 for screen in found if screen.key == progress.last_screen), 1)


@blueprint.get("/lessen/<string:unit>")
@requires(Permission.TAKE_LESSON)
def show_unit(unit: str) -> ResponseReturnValue:
    """Open a lesson: where the pupil was, else at the beginning; a finished lesson shows what it brought."""
    lesson = _lesson(unit)
    progress = progress_in(viewer().id, unit)
    if progress and progress.finished_at:
        return redirect(url_for(".show_end", unit=unit))
    first = lesson.screens(viewer().half)[0].key
    return redirect(url_for(".show_screen", unit=unit, screen=(progress.last_screen if progress else "") or first))


# ---- screens ----


@blueprint.get(SCREEN)
@requires(Permission.TAKE_LESSON)
def show_screen(unit: str, screen: str) -> ResponseReturnValue:
    place = _place_or_restart(unit, screen)
    if not isinstance(place, Place):
        return place
    return _page(place)


def _place_or_restart(unit: str, screen: str) -> Place | ResponseReturnValue:
    """A screen that no longer exists (the lesson was changed) or lies ahead leads to where the pupil is."""
    lesson, progress = _lesson(unit), progress_in(viewer().id, unit)
    keys = [one.key for one in lesson.screens(viewer().half)]
    done = set(progress.done) if progress else set()
    furthest = next((n for n, key in enumerate(keys) if key not in done), len(keys) - 1)
    if screen not in keys and not (progress and progress.last_screen == screen):
        abort(404)
    if screen not in keys or keys.index(screen) > furthest:
        return redirect(url_for(".show_screen", unit=unit, screen=keys[furthest]))
    return Place(lesson, lesson.screens(viewer().half), keys.index(screen), book_of(viewer()), progress, stored=True)


@blueprint.post(SCREEN)
@requires(Permission.TAKE_LESSON)
@commits
def answer_screen(unit: str, screen: str) -> ResponseReturnValue:
    """What a pupil does on a screen: read on, answer, choose in the chat, or take an intention along."""
    actions.one_at_a_time(viewer())
    place = _place_or_restart(unit, screen)
    if not isinstance(place, Place):
        return place
    return {
        "lees": _read_on, "gesprek": _read_on, "opgave": _answer, "scenario": _choose, "intentie": _intend,
    }[place.screen.kind](place)  # fmt: skip


@blueprint.get(f"{SCREEN}/uitleg")
@requires(Permission.TAKE_LESSON)
def show_feedback(unit: str, screen: str) -> ResponseReturnValue:
    """Why: the explanation of the answer as it was given, by the stance it was judged by."""
    place = _place(unit, screen)
    if place.screen.kind != "opgave" or place.screen.moment == "starter":
        abort(404)
    answer = newest_answer(viewer().id, unit, place.screen.item.id, place.screen.moment)
    if answer is None:
        return redirect(place.url(screen) or "")
    as_judged = place.book.as_it_was(answer.stances)
    changed = as_judged is not place.book
    place.book = as_judged
    return _feedback_page(place, answer.value, changed=changed)


@blueprint.get("/lessen/<string:unit>/klaar")
@requires(Permission.TAKE_LESSON)
def show_end(unit: str) -> ResponseReturnValue:
    """What the lesson brought: before and after, the intention, the rules of the school."""
    lesson = _lesson(unit)
    progress = progress_in(viewer().id, unit)
    if progress is None or not progress.finished_at:
        return redirect(url_for(".show_unit", unit=unit))
    book = book_of(viewer())
    rules = [(shown_rule(book, key, lesson.unit.track), present.said(lesson, key, book)) for key in lesson.unit.taught]
    return render_template("lessons/end.html", lesson=lesson, progress=progress, rules=rules, intention=intention_of(viewer().id, unit),
                           first=lesson.screens(viewer().half)[0].key)  # fmt: skip


def _page(
    place: Place, *, form: AnswerForm | None = None, problems: list[FieldProblem] | None = None, kept: dict[str, Any] | None = None
) -> str:
    """Draw the open screen; with a form, what was typed stays."""
    kinds = {"lees": _reading_page, "opgave": _item_page, "scenario": _chat_page, "gesprek": _talk_page, "intentie": _intention_page}
    return kinds[place.screen.kind](place, form, problems or [], kept or {})


def _common(place: Place) -> dict[str, Any]:
    lesson, screen = place.lesson, place.screen
    return {
        "place": place, "lesson": lesson, "unit": lesson.unit, "screen": screen, "skin": lesson.unit.track.value,
        "step": screen.step + 1, "total": len(lesson.unit.steps), "kaft": lesson.cover, "back_url": place.url(place.preceding),
        "post_url": place.url(screen.key, "answer_screen"), "stored": place.stored, "answer_id": new_id(),
        "icon_name": present.ICONS[screen.kind], "words": present.difficult_words(lesson.unit, present.texts_of(screen)),
        "is_last": place.following is None,
    }  # fmt: skip


def _reading_page(place: Place, _form: AnswerForm | None, _problems: list[FieldProblem], _kept: dict[str, Any]) -> str:
    pieces = present.reading_pieces(place.lesson, place.screen, place.book)
    context = _common(place)
    extra = [piece["rule"].condition for piece in pieces if piece["kind"] == "regel"] + [piece.get("say") for piece in pieces]
    context["words"] = present.difficult_words(place.lesson.unit, [*present.texts_of(place.screen), *extra])
    help_block = next((piece["data"] for piece in pieces if piece["kind"] == "hulp"), None)
    routes = help_routes(place.lesson.unit.track.value, help_block.routes) if help_block else []
    contacts = contacts_of(viewer().school_id) if help_block else []
    return render_template("lessons/reading.html", **context, pieces=pieces, routes=routes, contacts=contacts)


def _item_page(place: Place, form: AnswerForm | None, problems: list[FieldProblem], _kept: dict[str, Any]) -> str:
    item, value, before = place.screen.item, form.value if form else {}, None
    if form is None and place.stored:
        before = newest_answer(viewer().id, place.lesson.slug, item.id, place.screen.moment)
        value = before.value if before else {}
    fields = present.item_fields(item, value, f"{viewer().id}{item.id}")
    context = _common(place)
    if form and ANSWER_ID.match(form.answer_id):
        context["answer_id"] = form.answer_id
    return render_template("lessons/item.html", **context, item=item, fields=fields, problems=problems, answered=before,
                           problem=problems[0].text if problems else None, moved=form.moved if form else None)  # fmt: skip


def _talk_page(place: Place, _form: AnswerForm | None, _problems: list[FieldProblem], _kept: dict[str, Any]) -> str:
    return render_template("lessons/talk.html", **_common(place), talk=place.screen.block.data if place.screen.block else None)


def _intention_page(place: Place, _form: AnswerForm | None, problems: list[FieldProblem], kept: dict[str, Any]) -> str:
    known = intention_of(viewer().id, place.lesson.slug) if place.stored else None
    kept = kept or {"begin": "eigen" if known else None, "tekst": known.text if known else ""}
    return render_template("lessons/intention.html", **_common(place), intention=place.screen.block.data if place.screen.block else None,
                           problems=problems, problem=problems[0].text if problems else None, kept=kept)  # fmt: skip


def _feedback_page(place: Place, value: JsonDict, *, changed: bool = False) -> str:
    item = place.screen.item
    verdict = judge(place.lesson.quiz, item, value, place.book)
    shown = present.shown_verdict(place.lesson, item, value, verdict, place.book)
    context = _common(place)
    texts = [shown.why, *(line.why for line in shown.lines), *(rule.condition for rule, _say in shown.rules)]
    context["words"] = present.difficult_words(place.lesson.unit, texts)
    context["next_url"] = place.url(place.following) or url_for(".show_end", unit=place.lesson.slug)
    context["again_url"] = place.url(place.screen.key)
    return render_template("lessons/feedback.html", **context, item=item, shown=shown, changed=changed)


# ---- what a pupil does ----


def _read_on(place: Place) -> ResponseReturnValue:
    progress = actions.continue_or_begin(viewer(), place.lesson.slug, now(), known=place.progress)
    actions.finish_screen(progress, place.screens, place.screen.key, now())
    return redirect(place.url(place.following) or url_for(".show_end", unit=place.lesson.slug))


def _answer(place: Place) -> ResponseReturnValue:
    screen, unit = place.screen, place.lesson.slug
    form = read_answer(screen.item, request.form)
    if form.moved or form.problems:
        return _page(place, form=form, problems=[] if form.moved else form.problems), 200 if form.moved else 422
    verdict = judge(place.lesson.quiz, screen.item, form.value, place.book)
    progress = actions.continue_or_begin(viewer(), unit, now(), known=place.progress)
    answer, is_new = quiz_actions.record_answer(
        viewer(), unit, place.lesson.quiz, screen.item, screen.moment, form.value, verdict, answer_id=form.answer_id, at=now()
    )
    if is_new:
        actions.count_answer(progress, answer)
        actions.finish_screen(progress, place.screens, screen.key, now())
    if screen.moment == "starter":
        return redirect(place.url(place.following) or "")
    return redirect(place.url(screen.key, "show_feedback") or "")


def _intend(place: Place) -> ResponseReturnValue:
    form = Form()
    begin = request.form.get("begin", "")
    text = form.read(request.form, "tekst", label=_("je zin"), longest=LONGEST_INTENTION, lines=True)
    data = place.screen.block.data if place.screen.block else None
    if data and begin.isdigit() and len(begin) < 3 and int(begin) < len(data.starters) and text:
        text = f"{data.starters[int(begin)].rstrip('. …')} {text}"
    if form.problems:
        return _page(
            place,
            problems=form.problems,
            kept={"begin": int(begin) if begin.isdigit() and len(begin) < 3 else begin, "tekst": form.values["tekst"]},
        ), 422
    if place.stored:
        actions.keep_intention(viewer(), place.lesson.slug, text, now())
    return _read_on(place)


# ---- the chat ----


def _position(place: Place) -> tuple[Position, int, list[Event]]:
    events = as_events(scenario_events(viewer().id, place.lesson.slug)) if place.stored else _tried_events()
    return play(place.lesson.quiz.scenario, events, place.book), len(events), events


def _tried_events() -> list[Event]:
    """The choices of somebody who only looks along: they travel in the address, nothing is kept."""
    pairs = [part.partition(":") for part in request.args.get("weg", "")[:4000].split(",") if part]
    return [Event("choose", node, choice) for node, _colon, choice in pairs]


def _chat_page(place: Place, _form: AnswerForm | None, problems: list[FieldProblem], _kept: dict[str, Any]) -> str:
    position, number, events = _position(place)
    scenario, hero = place.lesson.quiz.scenario, present.hero_of(place.lesson.quiz.scenario)
    context = _common(place)
    context.update(
        scenario=scenario, hero=present.person_shown(scenario, hero), number=number, problems=problems,
        problem=problems[0].text if problems else None, position=position,
        moments=[present.moment_shown(scenario, moment, hero) for moment in position.moments],
        people=[present.person_shown(scenario, person.id) for person in scenario.people],
        way=",".join(f"{event.node}:{event.choice}" for event in events),
        next_url=place.url(place.following),
    )  # fmt: skip
    if position.is_over:
        context.update(ending=present.ending_shown(scenario, position), path=present.path_taken(place.lesson, position, place.book))
        return render_template("lessons/chat_end.html", **context)
    node = scenario.nodes.get(position.node or "")
    return render_template("lessons/chat.html", **context, node=node)


def _choose(place: Place) -> ResponseReturnValue:
    """One choice, one step back, another try at one moment, or from the start. A page that was behind is shown anew."""
    position, _number, _events = _position(place)
    if request.form.get("klaar"):
        return _read_on(place) if position.is_over else (_page(place), 422)
    event = _sent_event(place, position)
    if event is None:
        return _page(place, problems=[FieldProblem("keuze", _("Kies wat er gebeurt."))]), 422
    answer_id = request.form.get("antwoord_id", "")
    number = request.form.get("nummer", "")
    if ANSWER_ID.match(answer_id) and number.isdigit() and len(number) < 6:
        progress = actions.continue_or_begin(viewer(), place.lesson.slug, now(), known=place.progress)
        stored = quiz_actions.record_scenario_event(
            viewer(), place.lesson.slug, place.lesson.quiz, event, place.book, number=int(number), answer_id=answer_id, at=now()
        )
        if stored:
            actions.stay_at(progress, place.screens, place.screen.key, now())
    return redirect((place.url(place.screen.key) or "") + "#nu")


def _sent_event(place: Place, position: Position) -> Event | None:
    if request.form.get("opnieuw"):
        return Event("again")
    if request.form.get("terug"):
        return Event("back")
    back_to = request.form.get("terug_naar", "")
    if back_to:
        return Event("back", back_to) if any(moment.node == back_to and moment.choice for moment in position.moments) else None
    node, choice = request.form.get("knoop", "")[:60], request.form.get("keuze", "")[:60]
    return Event("choose", node, choice) if find_choice(place.lesson.quiz.scenario, node, choice) else None


# ---- staff look along ----


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
    lesson = _lesson(unit)
    book = book_of(viewer())
    sections = []
    for section in lesson.mentor.sections:
        screen = Screen(section.key, "lees", 0, section.title, section.pieces)
        sections.append({"key": section.key, "title": section.title, "pieces": present.reading_pieces(lesson, screen, book)})
    first = lesson.screens(1)[0].key
    return render_template("lessons/mentor.html", lesson=lesson, sections=sections, first=first, contacts=contacts_of(viewer().school_id),
                           routes=help_routes("voortgezet"))  # fmt: skip


@blueprint.get(PREVIEW)
@requires(Permission.PREVIEW_LESSON)
def preview_screen(unit: str, screen: str) -> ResponseReturnValue:
    return _page(_place(unit, screen, stored=False))


@blueprint.post(PREVIEW)
@requires(Permission.PREVIEW_LESSON)
def try_screen(unit: str, screen: str) -> ResponseReturnValue:
    """The same as for a pupil, except that nothing is kept."""
    place = _place(unit, screen, stored=False)
    if place.screen.kind == "scenario":
        return _try_chat(place)
    if place.screen.kind == "opgave":
        form = read_answer(place.screen.item, request.form)
        if form.moved or form.problems:
            return _page(place, form=form, problems=[] if form.moved else form.problems), 200 if form.moved else 422
        if place.screen.moment != "starter":
            return _feedback_page(place, form.value)
    return redirect(place.url(place.following) or url_for(".show_mentor_page", unit=unit))


def _try_chat(place: Place) -> ResponseReturnValue:
    position, _number, events = _position(place)
    if request.form.get("klaar"):
        return redirect(place.url(place.following) or "")
    event = _sent_event(place, position)
    if event is None:
        return _page(place, problems=[FieldProblem("keuze", _("Kies wat er gebeurt."))]), 422
    if event.kind == "choose":
        events = [*events, event]
    elif event.kind == "again":
        events = []
    else:
        made = [(e.node, e.choice) for e in events]
        while made and made.pop()[0] != event.node and event.node:
            pass
        events = [Event("choose", node, choice) for node, choice in made]
    way = ",".join(f"{e.node}:{e.choice}" for e in events)
    return redirect((place.url(place.screen.key, weg=way) or "") + "#nu")
