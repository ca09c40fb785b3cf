"""The chat scenario on a screen: where a pupil stands, one choice at a time, back, and again."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from access.guards import viewer
from common.clock import now
from common.forms import FieldProblem
from lessons import actions, chat_present
from lessons.player import Place, common_context, read_on
from quizzes import actions as quiz_actions
from quizzes.forms import ANSWER_ID
from quizzes.play import Event, Position, endings_seen, find_choice, play
from quizzes.queries import as_events, scenario_events
from quizzes.scenario import ChoiceNode

NEWEST = "#nu"


def _position(place: Place) -> tuple[Position, int, list[Event]]:
    events = as_events(scenario_events(viewer().id, place.lesson.slug)) if place.stored else _tried_events()
    return play(place.lesson.quiz.scenario, events, place.book), len(events), events


def _tried_events() -> list[Event]:
    """The choices of somebody who only looks along: they travel in the address, nothing is kept."""
    pairs = [part.partition(":") for part in request.args.get("weg", "")[:4000].split(",") if part]
    return [Event("choose", node, choice) for node, _colon, choice in pairs]


def chat_page(place: Place, problems: list[FieldProblem] | None = None) -> str:
    """The chat as it stands, with the choices of this moment; at the end what it came to and the path that was taken."""
    position, number, events = _position(place)
    scenario = place.lesson.quiz.scenario
    context = common_context(place)
    context.update(
        scenario=scenario, hero=chat_present.person_shown(scenario, scenario.hero), number=number, problems=problems,
        problem=problems[0].text if problems else None, position=position,
        moments=chat_present.moments_shown(scenario, position.moments), chat=chat_present.current_chat(scenario, position),
        facts=chat_present.facts_shown(scenario, position.flags), way=",".join(f"{event.node}:{event.choice}" for event in events),
        here_url=place.url(place.screen.key),
    )  # fmt: skip
    if position.is_over:
        return _end_page(place, position, events, context)
    node = scenario.nodes[position.node or ""]
    assert isinstance(node, ChoiceNode)
    context.update(
        question=chat_present.question_shown(scenario, node), live=chat_present.live_shown(scenario, place.book),
        made=[[moment.node, moment.choice.id] for moment in position.moments if moment.choice],
    )  # fmt: skip
    return render_template("lessons/chat.html", **context)


def _end_page(place: Place, position: Position, events: list[Event], context: dict[str, Any]) -> str:
    scenario = place.lesson.quiz.scenario
    lines = [line for moment in context["moments"] for line in moment["lines"]]
    context.update(
        ending=chat_present.ending_shown(scenario, position, place.book, seen=endings_seen(scenario, events, place.book)),
        path=chat_present.path_taken(place.lesson, position, place.book), drawings=chat_present.drawings(scenario, lines),
    )  # fmt: skip
    return render_template("lessons/chat_end.html", **context)


def choose_in_chat(place: Place) -> ResponseReturnValue:
    """One choice, one step back, another try at one moment, or from the start. A page that was behind is shown anew."""
    position, _number, _events = _position(place)
    if request.form.get("klaar"):
        return read_on(place) if position.is_over else (chat_page(place), 422)
    event = _sent_event(place, position)
    if event is None:
        return chat_page(place, [FieldProblem("keuze", _("Kies wat er gebeurt."))]), 422
    answer_id = request.form.get("antwoord_id", "")
    number = request.form.get("nummer", "")
    if ANSWER_ID.match(answer_id) and number.isdigit() and len(number) < 6:
        progress = actions.continue_or_begin(viewer(), place.lesson.slug, now(), known=place.progress)
        stored = quiz_actions.record_scenario_event(
            viewer(), place.lesson.slug, place.lesson.quiz, event, place.book, number=int(number), answer_id=answer_id, at=now()
        )
        if stored:
            actions.stay_at(progress, place.screens, place.screen.key, now())
            return redirect((place.url(place.screen.key) or "") + NEWEST)
    # Without a place in it: for a page that plays on by itself the sign that it was behind, so that it is drawn anew.
    return redirect(place.url(place.screen.key) or "")


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


def try_in_chat(place: Place) -> ResponseReturnValue:
    position, _number, events = _position(place)
    if request.form.get("klaar"):
        return redirect(place.url(place.following) or "")
    event = _sent_event(place, position)
    if event is None:
        return chat_page(place, [FieldProblem("keuze", _("Kies wat er gebeurt."))]), 422
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
    return redirect((place.url(place.screen.key, weg=way) or "") + NEWEST)
