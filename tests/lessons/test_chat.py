"""The chat as a pupil meets it: one list in reading order, what comes back, ticks in words, endings seen, and the chat on paper."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from accounts.models import Person
from common.clock import now
from common.database import db
from lessons import chat_present
from lessons.chat_paper import paper_shown
from lessons.library import Lesson, load_library
from lessons.models import UnitProgress
from protocols.domain import Stance
from quizzes.models import ScenarioEvent
from quizzes.play import Event, Position, play
from quizzes.scenario import ChoiceNode, Scenario
from tests.books import SCHOOLS, a_book_where, the_book_of
from tests.page import Browser, address, client_of, send, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, an_answer_id

pytestmark = pytest.mark.usefixtures("app")
LESSONS = load_library().lessons
UIL = LESSONS["pesten-primair"]
AGORA = the_book_of("agora")


def _walk(*steps: str) -> list[Event]:
    return [Event("choose", *step.split(":")) for step in steps]


def _lines(scenario: Scenario, *steps: str) -> list[dict[str, Any]]:
    moments = chat_present.moments_shown(scenario, play(scenario, _walk(*steps), AGORA).moments)
    return [line for moment in moments for line in moment["lines"]]


def _kinds(scenario: Scenario, *steps: str) -> list[str]:
    return [line["kind"] for line in _lines(scenario, *steps)]


def _pupil_at_the_chat(lesson: Lesson = UIL, protocol: str = "tjongeling") -> tuple[Person, Browser]:
    """A pupil who has done everything before the chat."""
    pupil = a_pupil(a_class(a_school(protocol), lesson.unit.track.value))
    keys = [screen.key for screen in lesson.screens(pupil.half)]
    before = keys[: keys.index(lesson.quiz.scenario.id)]
    db.session.add(
        UnitProgress(
            school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, unit=lesson.slug, done=before, last_screen="",
            screens_total=len(keys), started_at=now(), seen_at=now(),
        )
    )  # fmt: skip
    db.session.commit()
    return pupil, client_of(pupil)  # type: ignore[return-value]


def _url(lesson: Lesson = UIL) -> str:
    return address("lessons.show_screen", unit=lesson.slug, screen=lesson.quiz.scenario.id)


def _choose(client: Browser, number: int, step: str, **more: str) -> TestResponse:
    node, _colon, choice = step.partition(":")
    fields = {"antwoord_id": an_answer_id(), "nummer": str(number), "knoop": node, "keuze": choice, **more}
    return send(client, _url(), fields)


def _text(page: TestResponse) -> str:
    """What is read on a page: no templates, no tags, one space between words."""
    body = re.sub(r"<template.*?</template>", "", page.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


# ---- the talk as a list ----


def test_a_day_a_move_and_what_comes_back_stand_before_what_happens() -> None:
    way = ("n01-eerste-uil:lachen", "n02-nummer-negen:stil", "n04-klassenapp:sturen", "n06-rond:wachten", "n08-aylin:vanzelf")
    lines = _lines(UIL.quiz.scenario, *way)
    place = next(n for n, line in enumerate(lines) if line["kind"] == "back")
    assert [line["kind"] for line in lines[place - 2 : place + 3]] == ["day", "chat", "back", "scene", "message"]
    assert lines[place]["text"] == "De uil in de klassenapp zetten."
    assert lines[place - 1]["chat"]["title"] == "Roos"


def test_the_day_is_told_once() -> None:
    days = [line.get("text") for line in _lines(UIL.quiz.scenario, "n01-eerste-uil:lachen", "n02-nummer-negen:stil")]
    assert days.count("Donderdag") == 1


def test_what_goes_out_elsewhere_stands_in_that_talk_after_what_was_done() -> None:
    assert _kinds(UIL.quiz.scenario, "n01-eerste-uil:apart")[-8:-3] == ["did", "chat", "message", "why", "scene"]


def test_an_own_message_is_sent_until_somebody_answers_in_the_same_talk() -> None:
    asked = [line for line in _lines(UIL.quiz.scenario, "n01-eerste-uil:apart") if line.get("ticks")]
    assert [line["ticks"]["read"] for line in asked] == [True]
    alone = [line for line in _lines(UIL.quiz.scenario, "n01-eerste-uil:apart", "n03-apart:steun") if line.get("ticks")]
    assert [line["ticks"]["read"] for line in alone] == [True, False]


def test_the_writer_can_say_who_read_it() -> None:
    way = ("n01-eerste-uil:lachen", "n02-nummer-negen:stil", "n04-klassenapp:sturen")
    sent = next(line for line in _lines(UIL.quiz.scenario, *way) if line.get("photo") and not line["person"] and line["forwarded"])
    assert (sent["ticks"]["words"], sent["forwarded"]) == ("Gelezen door 25", "Doorgestuurd van Fenna")


def test_what_is_said_face_to_face_has_no_ticks() -> None:
    scenario = LESSONS["groepsapp-primair"].quiz.scenario
    said = [line for line in _lines(scenario, "n01-nacht:stil", "n03-nieuwe-groep:plein", "n04-op-het-plein:uitleg") if line.get("live")]
    assert said
    assert not any(line.get("ticks") for line in said)


def test_a_feeling_is_never_said_aloud_and_the_explanation_is_of_the_other() -> None:
    scenario = UIL.quiz.scenario
    way = ["n01-eerste-uil:antwoord", "n02-nummer-negen:stil", "n04-klassenapp:nee", "n08-aylin:samen", "n15-hoofd:dom"]
    did, felt = [line for line in _lines(scenario, *way) if line["kind"] in ("did", "why")][-2:]
    assert (did["kind"], felt["kind"], felt["person"]["name"]) == ("did", "why", "Roos")


def test_a_voice_note_without_seconds_lasts_as_long_as_saying_it() -> None:
    way = ["n01-eerste-uil:lachen", "n02-nummer-negen:stil", "n04-klassenapp:sturen", "n06-rond:wachten", "n08-aylin:vanzelf"]
    voice = next(line["voice"] for line in _lines(UIL.quiz.scenario, *way) if line.get("voice"))
    assert (voice["seconds"], voice["clock"]) == (6, "0:06")


def test_every_drawing_that_a_chat_names_stands_in_the_page() -> None:
    for lesson in LESSONS.values():
        live = chat_present.live_shown(lesson.quiz.scenario, AGORA)
        drawn = {one["id"] for one in live["drawings"]}
        lines = [line for node in live["nodes"] for part in [node, *node["after"]] for line in part["lines"]]
        assert {f"scenes-{line['photo']['scene']}" for line in lines if line.get("photo")} <= drawn


# ---- the page ----


def test_without_javascript_the_whole_talk_reads_as_one_list() -> None:
    _pupil, client = _pupil_at_the_chat()
    for number, step in enumerate(("n01-eerste-uil:apart", "n03-apart:steun", "n02-nummer-negen:stil")):
        _choose(client, number, step)
    text = _text(client.get(_url()))
    in_order = [
        "Maandagmiddag", "In de groep: De Bevers", "Fenna Te zien: Een getekende uil", "Jij koos: Roos apart vragen", "Privé: Roos",
        "Jij Vind jij dit leuk?", "Gelezen", "Dit bericht is verwijderd", "Gaat wel.", "Donderdag", "Fenna stuurt Dayo apart een bericht.",
        "Wat doet Dayo?", "Zo staat het nu", "Roos weet dat Dayo het ziet.",
    ]  # fmt: skip
    places = [text.find(part) for part in in_order]
    assert -1 not in places, dict(zip(in_order, places, strict=True))
    assert places == sorted(places)


def test_the_page_carries_where_it_is_and_every_node_to_play_on() -> None:
    _pupil, client = _pupil_at_the_chat()
    _choose(client, 0, "n01-eerste-uil:apart")
    page = client.get(_url())
    made = re.search(r'data-made="([^"]*)"', page.text)
    graph = re.search(r'data-chat="([^"]*)"', page.text)
    assert made
    assert graph
    assert json.loads(html.unescape(made[1])) == [["n01-eerste-uil", "apart"]]
    nodes = json.loads(html.unescape(graph[1]))["nodes"]
    assert nodes.keys() == UIL.quiz.scenario.nodes.keys()
    drawn = set(re.findall(r'<template data-node="([^"]+)"', page.text)) | set(re.findall(r'<template data-ending="([^"]+)"', page.text))
    followed = {key for key, node in nodes.items() if "routes" not in node}
    assert drawn == followed | UIL.quiz.scenario.endings.keys()


def test_a_page_that_was_behind_is_told_so_by_its_answer() -> None:
    _pupil, client = _pupil_at_the_chat()
    assert _choose(client, 0, "n01-eerste-uil:apart").headers["Location"].endswith("#nu")
    assert "#" not in _choose(client, 0, "n01-eerste-uil:lachen").headers["Location"]
    assert db.session.scalar(select(func.count()).select_from(ScenarioEvent)) == 1


TO_THE_END = (
    "n01-eerste-uil:lachen", "n02-nummer-negen:stil", "n04-klassenapp:sturen", "n06-rond:wachten", "n08-aylin:vanzelf", "n12-oehoe:eerlijk",
    "n13-lege-plek:spelen", "n14-steen:wachten",
)  # fmt: skip


def test_the_end_tells_what_came_back_what_the_school_says_and_which_endings_were_seen() -> None:
    _pupil, client = _pupil_at_the_chat()
    for number, step in enumerate(TO_THE_END):
        _choose(client, number, step)
    text = _text(client.get(_url()))
    assert "Nog niet gezegd" in text
    assert "Dit kwam later terug: Vrijdag. Op het plein roepen twee kinderen uit groep 6 'oehoe' naar Roos." in text
    assert text.count("Nog niet gezien") == 3
    _choose(client, len(TO_THE_END), "", terug_naar="n14-steen")
    _choose(client, len(TO_THE_END) + 1, "n14-steen:alsnog")
    for number, step in enumerate(("n15-hoofd:dom", "n16-wat-nu:juf", "n20-fenna:plek", "n22-rechtzetten:hardop"), len(TO_THE_END) + 2):
        _choose(client, number, step)
    text = _text(client.get(_url()))
    assert "Zo is het op jouw school" in text
    assert text.count("Nog niet gezien") == 2
    assert "Nog niet gezegd (al gezien)" in text
    assert "Rechtgezet (hier ben je nu)" in text


def test_every_choice_on_the_way_has_a_way_back_to_it() -> None:
    position = play(UIL.quiz.scenario, _walk(*TO_THE_END), AGORA)
    path = chat_present.path_taken(UIL, position, AGORA)
    assert [point["node"] for point in path if not point["rule"]] == [step.partition(":")[0] for step in TO_THE_END]


def test_a_mentor_who_looks_along_gets_the_same_chat_and_leaves_nothing() -> None:
    mentor = a_mentor(a_school("agora"))
    page = visit(mentor, "lessons.preview_screen", unit=UIL.slug, screen=UIL.quiz.scenario.id, weg="n01-eerste-uil:apart")
    assert "data-chat" in page.text
    assert "data-kept" not in page.text
    assert db.session.scalar(select(func.count()).select_from(ScenarioEvent)) == 0


ODD = st.one_of(
    st.sampled_from(["", "1", "n01-eerste-uil", "apart", "n14-steen", "99999", "-1", "\x00", "é" * 200, "<b>"]), st.text(max_size=40)
)
FIELDS = ("antwoord_id", "nummer", "knoop", "keuze", "terug", "terug_naar", "opnieuw", "klaar")
HOSTILE = st.dictionaries(st.sampled_from(FIELDS), ODD)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(fields=HOSTILE)
def test_odd_forms_give_a_friendly_page_and_leave_a_chat_that_still_plays(fields: dict[str, str], app: Any) -> None:
    _pupil, client = _pupil_at_the_chat()
    _choose(client, 0, "n01-eerste-uil:apart")
    assert send(client, _url(), fields).status_code < 500
    assert client.get(_url()).status_code == 200


# ---- as the browser walks it ----


def _walk_as_the_browser(graph: dict[str, Any], made: list[tuple[str, str]]) -> tuple[list[tuple[str, str | None]], set[str]]:
    """What static/js/modules/chat.js does with the graph of a page, in Python: the nodes that are shown with what comes back there."""
    flags, path, shown = set(graph["flags"]), [], []

    def enter(key: str) -> str:
        cause = None
        while True:
            node = graph["nodes"].get(key, {})
            if "routes" in node:
                route = next(one for one in node["routes"] if all((flag in flags) == value for flag, value in one.get("if", {}).items()))
                cause, key = caused(route.get("returns", ()), route.get("if")) or cause, route["to"]
                continue
            if node:
                shown.append((key, caused(node.get("returns", ())) or cause))
                cause = None
            if "to" not in node:
                return key
            put(node.get("set", {}))
            key = node["to"]

    def caused(returns: Any, when: dict[str, bool] | None = None) -> str | None:
        fits = (one for one, _id, changes in reversed(path) if one in returns and (not when or changes.items() & when.items()))
        return next(fits, None)

    def put(changes: dict[str, bool]) -> None:
        for flag, on in changes.items():
            (flags.add if on else flags.discard)(flag)

    key = enter(graph["start"])
    for node, choice in made:
        assert node == key
        step = graph["nodes"][node]["choices"][choice]
        path.append((node, choice, step.get("set", {})))
        put(step.get("set", {}))
        key = enter(step["to"])
    return [*shown, (key, None)] if key not in graph["nodes"] else shown, flags


@given(st.data(), st.sampled_from(list(LESSONS)), st.sampled_from(SCHOOLS))
def test_what_the_page_carries_leads_where_the_server_does(data: st.DataObject, slug: str, school: str) -> None:
    scenario, book = LESSONS[slug].quiz.scenario, the_book_of(school)
    events: list[Event] = []
    position: Position = play(scenario, events, book)
    for _step in range(14):
        node = scenario.nodes.get(position.node or "")
        if not isinstance(node, ChoiceNode):
            break
        events.append(Event("choose", position.node or "", data.draw(st.sampled_from(node.choices)).id))
        position = play(scenario, events, book)
    graph = chat_present.live_shown(scenario, book)["graph"]
    shown, flags = _walk_as_the_browser(graph, [(event.node, event.choice) for event in events])
    expected = [(moment.node, moment.came_from) for moment in position.moments]
    assert shown == (expected if position.ending is None else [*expected, (position.ending, None)])
    assert flags == {flag for flag, on in position.flags.items() if on}


# ---- on paper ----


@pytest.mark.parametrize("slug", LESSONS)
@pytest.mark.parametrize("school", SCHOOLS)
def test_on_paper_every_number_leads_to_a_moment_and_every_box_is_asked_for(slug: str, school: str) -> None:
    with current_app.test_request_context():
        paper = paper_shown(LESSONS[slug].quiz.scenario, the_book_of(school))
    numbers = [one["number"] for one in [*paper["moments"], *paper["endings"]]]
    assert numbers == list(range(1, len(numbers) + 1))
    ways = [way for one in paper["moments"] for way in [*one.get("choices", ()), *one.get("routes", ()), one] if "goto" in way]
    assert {way["goto"] for way in ways} == set(numbers[1:])
    asked = " ".join(
        way["when"] for one in [*paper["moments"], *paper["endings"]] for way in [*one.get("routes", ()), *one.get("extra", ())]
    )
    assert all(f"vakje {box['letter']} " in asked for box in paper["boxes"])


def test_on_paper_the_chat_goes_as_the_school_of_the_mentor_says() -> None:
    scenario = LESSONS["vriendschapsverzoek-primair"].quiz.scenario
    rule = "vriendschap.leerling-medewerker"
    with current_app.test_request_context():
        may, silent = (paper_shown(scenario, a_book_where(rule, stance)) for stance in (Stance.MAG, Stance.NIET_GEREGELD))
    assert may != silent


def test_a_mentor_prints_the_chat_from_the_page_of_the_lesson() -> None:
    mentor = a_mentor(a_school("agora"))
    assert address("lessons.show_chat_on_paper", unit=UIL.slug) in visit(mentor, "lessons.show_mentor_page", unit=UIL.slug).text
    text = _text(visit(mentor, "lessons.show_chat_on_paper", unit=UIL.slug))
    assert "Moment 1 In de groep: De Bevers" in text
    assert re.search(r"Kruis vakje [A-Z] aan\. Ga naar \d+ \.", text)
    assert "Anders: Ga naar" in text
