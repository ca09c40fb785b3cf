"""Walking through the chat scenarios: back, again, and every path to an end at every school."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.library import load_library
from quizzes.play import Event, choices_made, ending_lines, play
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
