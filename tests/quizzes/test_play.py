"""Walking through the chat scenarios: back, again, and every path to an end at every school."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.library import load_library
from protocols.domain import Change, RuleBook, Stance
from quizzes.play import Event, choices_made, ending_lines, endings_seen, play
from quizzes.scenario import ChoiceNode, Scenario
from tests.books import SCHOOLS, the_book_of

SCENARIOS = {slug: lesson.quiz.scenario for slug, lesson in load_library().lessons.items()}
FENNA: Scenario = SCENARIOS["vriendschapsverzoek-primair"]


def _walk(*steps: str) -> list[Event]:
    return [Event("choose", *step.split(":")) for step in steps]


def test_a_scenario_opens_at_its_start() -> None:
    position = play(FENNA, [], the_book_of("agora"))
    assert position.node == FENNA.start
    assert not position.is_over


def test_a_consequence_comes_back_later() -> None:
    shared = play(FENNA, _walk("n01-verzoek:ja", "n02-nummer:sturen", "n05-geheim:niets"), the_book_of("agora"))
    assert shared.node == "n12-mei"
    assert shared.flags["nummer_gedeeld"]


def test_what_the_teacher_does_follows_the_school() -> None:
    way = _walk("n01-verzoek:vragen", "n04-echte-fenna:meeleven", "n11-vertellen:verzoek")
    at_agora, at_compass = (play(FENNA, way, the_book_of(school)) for school in ("agora", "compass"))
    assert [moment.node for moment in at_agora.moments] != [moment.node for moment in at_compass.moments]


def test_a_step_back_takes_away_the_last_choice_and_what_it_set() -> None:
    events = [*_walk("n01-verzoek:ja"), Event("back")]
    position = play(FENNA, events, the_book_of("agora"))
    assert position.node == "n01-verzoek"
    assert not position.flags["toegelaten"]


def test_going_back_to_a_moment_leaves_everything_before_it() -> None:
    events = [*_walk("n01-verzoek:ja", "n02-nummer:sturen", "n05-geheim:niets"), Event("back", "n02-nummer")]
    assert choices_made(events) == [("n01-verzoek", "ja")]


def test_playing_again_begins_at_the_start() -> None:
    events = [*_walk("n01-verzoek:ja"), Event("again")]
    assert play(FENNA, events, the_book_of("agora")).node == FENNA.start


def test_a_choice_that_was_taken_out_of_the_text_does_not_break_a_half_played_chat() -> None:
    position = play(FENNA, _walk("n01-verzoek:ja", "n02-nummer:bestaat-niet-meer"), the_book_of("agora"))
    assert position.node == "n02-nummer"


def test_an_ending_tells_what_happened_on_the_way() -> None:
    ending = FENNA.endings["e-op-tijd"]
    assert len(ending_lines(ending, {"toegelaten": True})) == 2
    assert len(ending_lines(ending, {"toegelaten": False})) == 1


@pytest.mark.parametrize("slug", SCENARIOS)
def test_a_scenario_is_worth_playing(slug: str) -> None:
    scenario = SCENARIOS[slug]
    assert len(scenario.nodes) >= 12
    assert len(scenario.endings) >= 3
    assert any(node.kind == "rule" for node in scenario.nodes.values())
    assert any(ending.back_to for ending in scenario.endings.values())


@given(st.data())
def test_whoever_keeps_choosing_keeps_walking_and_never_gets_stuck(data: st.DataObject) -> None:
    scenario = data.draw(st.sampled_from(list(SCENARIOS.values())))
    book = the_book_of(data.draw(st.sampled_from(SCHOOLS)))
    events: list[Event] = []
    for _step in range(30):
        position = play(scenario, events, book)
        if position.is_over:
            return
        node = scenario.nodes[position.node or ""]
        assert isinstance(node, ChoiceNode)
        choice = data.draw(st.sampled_from(node.choices))
        events.append(Event("choose", position.node or "", choice.id))
    assert len(play(scenario, events, book).moments) >= 30


# ---- any way at all ----

RULES = sorted({rule for scenario in SCENARIOS.values() for rule in scenario.rules})
STANCES = st.sampled_from(list(Stance))


@st.composite
def _books(draw: st.DrawFn) -> RuleBook:
    """The book of a school of today, or one in which every rule of the chats got any answer at all."""
    book = the_book_of(draw(st.sampled_from(SCHOOLS)))
    if draw(st.booleans()):
        for rule in RULES:
            book = book.with_change(Change(rule, draw(STANCES), "iedereen ja zegt", None, ()))
    return book


def _walk_any(data: st.DataObject, scenario: Scenario, book: RuleBook, steps: int) -> list[Event]:
    events: list[Event] = []
    for _step in range(steps):
        node = scenario.nodes.get(play(scenario, events, book).node or "")
        if not isinstance(node, ChoiceNode):
            break
        events.append(Event("choose", play(scenario, events, book).node or "", data.draw(st.sampled_from(node.choices)).id))
    return events


@given(st.data(), st.sampled_from(list(SCENARIOS)), _books())
def test_whatever_is_chosen_under_whatever_stances_it_can_still_end(data: st.DataObject, slug: str, book: RuleBook) -> None:
    scenario = SCENARIOS[slug]
    events = _walk_any(data, scenario, book, data.draw(st.integers(0, 12)))
    assert _can_end(scenario, events, book)


def _can_end(scenario: Scenario, events: list[Event], book: RuleBook) -> bool:
    """Look ahead from where the events lead, choice by choice, until an ending is met."""
    seen, queue = set(), [events]
    while queue:
        here = queue.pop(0)
        position = play(scenario, here, book)
        if position.is_over:
            return True
        state = (position.node, frozenset(key for key, on in position.flags.items() if on))
        if state in seen:
            continue
        seen.add(state)
        node = scenario.nodes[position.node or ""]
        assert isinstance(node, ChoiceNode)
        queue += [[*here, Event("choose", position.node or "", choice.id)] for choice in node.choices]
    return False


@given(st.data(), st.sampled_from(list(SCENARIOS)), _books())
def test_going_back_as_often_as_was_chosen_restores_every_position(data: st.DataObject, slug: str, book: RuleBook) -> None:
    scenario = SCENARIOS[slug]
    events = _walk_any(data, scenario, book, 10)
    back = data.draw(st.integers(0, len(events)))
    undone = play(scenario, [*events, *[Event("back")] * back], book)
    assert undone == play(scenario, events[: len(events) - back], book)


@given(st.data(), st.sampled_from(list(SCENARIOS)), _books())
def test_the_same_events_always_lead_to_the_same_place(data: st.DataObject, slug: str, book: RuleBook) -> None:
    events = _walk_any(data, SCENARIOS[slug], book, 10)
    assert play(SCENARIOS[slug], events, book) == play(SCENARIOS[slug], list(events), book)


KEYS = st.sampled_from(["n01-verzoek", "n02-nummer", "g01-beheerder", "ja", "sturen", "e-half", "", "onzin", "\x00", "n10-zondag"])
FOREIGN = st.builds(Event, st.sampled_from(["choose", "back", "again", "dans", ""]), KEYS, KEYS)


@given(st.lists(FOREIGN, max_size=12), st.sampled_from(list(SCENARIOS)), _books())
def test_events_that_do_not_belong_here_do_no_harm(events: list[Event], slug: str, book: RuleBook) -> None:
    position = play(SCENARIOS[slug], events, book)
    assert position.node in SCENARIOS[slug].nodes or position.ending in SCENARIOS[slug].endings
    assert set(endings_seen(SCENARIOS[slug], events, book)) <= set(SCENARIOS[slug].endings)


def test_an_ending_stays_seen_after_going_back_and_beginning_again() -> None:
    scenario, book = FENNA, the_book_of("agora")
    to_the_end = _walk("n01-verzoek:kijken", "n03-profiel:weigeren", "n07-alleen-weg:laten", "n14-aylin:zie-maar", "n15-knoop:wachten")
    assert play(scenario, to_the_end, book).ending == "e-nog-open"
    assert endings_seen(scenario, [*to_the_end, Event("back")], book) == ["e-nog-open"]
    assert endings_seen(scenario, [*to_the_end, Event("again"), *_walk("n01-verzoek:ja")], book) == ["e-nog-open"]
    assert endings_seen(scenario, to_the_end[:-1], book) == []
