"""The switches of a profile: who then sees what, and what protects."""

from __future__ import annotations

from typing import Any

from protocols.parse import load_corpus
from quizzes.domain import Outcome
from quizzes.types.settings import Settings
from tests.books import the_book_of
from tests.quizzes.examples import documented

ITEM = documented()["settings"]
assert isinstance(ITEM, Settings)


def _seen(**states: str) -> dict[str, dict[str, bool | None]]:
    shown = ITEM.fields({"states": states}, "")["seen"]
    return {one["id"]: {thing["id"]: thing["sees"] for thing in one["things"]} for one in shown}


def test_friends_see_what_strangers_do_not() -> None:
    seen = _seen(account="dicht", plek="uit")
    assert seen["vrienden"] == {"account": True, "plek": False}
    assert seen["onbekend"] == {"account": False, "plek": False}


def test_before_anything_is_chosen_nobody_is_said_to_see_or_not_to_see() -> None:
    assert {sees for things in _seen().values() for sees in things.values()} == {None}


def test_closing_the_account_but_showing_the_place_is_half_right_and_says_why() -> None:
    verdict = ITEM.judge({"states": {"account": "dicht", "plek": "aan"}}, the_book_of("compass"), {})
    assert (verdict.outcome, verdict.right, verdict.total) == (Outcome.PARTLY, 1, 2)
    assert verdict.parts[1].best == "Uit"
    assert "doorsturen" in (verdict.parts[1].why or "")


def test_the_explanation_shows_the_profile_as_it_was_set() -> None:
    look = ITEM.look({"states": {"account": "open", "plek": "uit"}})
    strangers = next(one for one in look["seen"] if one["id"] == "onbekend")
    assert [thing["sees"] for thing in strangers["things"]] == [True, False]


def test_a_switch_that_shows_something_to_nobody_known_is_told() -> None:
    data: dict[str, Any] = ITEM.model_dump(by_alias=True)
    data["switches"][0]["states"][0]["sees"] = ["buurman"]
    told = [message for _at, message, _remedy in Settings.model_validate(data).faults(("items", 0), load_corpus())]
    assert any("buurman" in message for message in told)
