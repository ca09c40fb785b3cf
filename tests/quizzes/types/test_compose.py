"""A reply from parts: each part is weighed, and the whole lands with the one who reads it."""

from __future__ import annotations

from typing import Any

import pytest

from protocols.domain import Stance
from protocols.parse import load_corpus
from quizzes.domain import Outcome
from quizzes.types.compose import Compose
from tests.books import the_book_of
from tests.quizzes.examples import documented

ITEM = documented()["compose"]
assert isinstance(ITEM, Compose)
KIND_AND_CLEAR = {"begin": "snap-ik", "kern": "mei-vragen", "slot": "wissen"}


def _judged(**changes: str) -> Any:
    return ITEM.judge({"phrases": {**KIND_AND_CLEAR, **changes}}, the_book_of("agora"), {})


def _changed(**changes: Any) -> Compose:
    data = ITEM.model_dump(by_alias=True)
    return Compose.model_validate({**data, **changes})


def _told(item: Compose) -> list[str]:
    return [message for _at, message, _remedy in item.faults(("items", 0), load_corpus())]


def test_a_kind_and_clear_reply_is_all_right() -> None:
    verdict = _judged()
    assert (verdict.outcome, verdict.right, verdict.total) == (Outcome.FOLLOWS, 3, 3)


def test_one_sharp_opening_leaves_the_rest_right_and_says_what_fits_better() -> None:
    verdict = _judged(begin="doe-normaal")
    assert (verdict.outcome, verdict.right) == (Outcome.PARTLY, 2)
    assert verdict.parts[0].best == "Ik snap dat je erom moet lachen."
    assert "verdedigen" in verdict.parts[0].why


def test_the_other_answers_what_was_sent_to_them() -> None:
    kind, sharp = (ITEM.look({"phrases": {**KIND_AND_CLEAR, "begin": begin}}) for begin in ("snap-ik", "doe-normaal"))
    assert kind["reply"] == "Ik snap dat je erom moet lachen. Mei weet er niets van. Ik stuur hem niet door. Wis jij hem ook?"
    assert kind["says"].startswith("Oké.")
    assert "aangevallen" in sharp["feels"]


def test_every_reply_lands_somehow() -> None:
    for begin in ("snap-ik", "doe-normaal", "haha"):
        for kern in ("mei-vragen", "misschien"):
            for slot in ("wissen", "niets"):
                assert ITEM.look({"phrases": {"begin": begin, "kern": kern, "slot": slot}})["says"]


def test_a_part_without_a_phrase_is_asked_for() -> None:
    class Sent(dict[str, str]):
        def getlist(self, key: str, /) -> list[str]:
            return [self[key]] if key in self else []

    found = ITEM.read(Sent({"deel:begin": "snap-ik", "deel:kern": "een-andere"}))
    assert found.value == {"phrases": {"begin": "snap-ik"}}
    assert [problem.text for problem in found.problems] == ["Kies bij elk deel een zin."]


def test_a_part_may_follow_the_agreement_of_the_school() -> None:
    slots = ITEM.model_dump(by_alias=True)["slots"]
    rulings = {stance.value: {"right": ["mei-vragen"]} for stance in Stance} | {"niet-geregeld": {"talk": True}}
    bound = {**slots[1], "rule": "beeld.toestemming-klasgenoot", "by_stance": rulings}
    rule = next(iter(load_corpus().rules))
    item = _changed(slots=[slots[0], {**bound, "rule": rule}, slots[2]])
    assert [found.part for found in item.bound()] == ["kern"]
    assert item.rules() == [rule]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"landings": [{"says": "Oké.", "feels": "Fijn."}, {"says": "Hm.", "feels": "Gek."}]}, "alleen de laatste landing heeft geen if"),
        ({"landings": [{"if": {"begin": ["weg"]}, "says": "a", "feels": "b"}, {"says": "c", "feels": "d"}]}, "onbekend deel"),
    ],
)
def test_a_landing_that_can_never_be_is_told(changes: dict[str, Any], told: str) -> None:
    assert any(told in message for message in _told(_changed(**changes)))


def test_a_part_in_which_every_phrase_is_right_is_told() -> None:
    slots = ITEM.model_dump(by_alias=True)["slots"]
    slots[0]["phrases"] = [{**phrase, "right": True} for phrase in slots[0]["phrases"]]
    assert any("een goede én een andere keuze" in message for message in _told(_changed(slots=slots)))
