"""An order: only the pairs that matter count."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from protocols.parse import load_corpus
from quizzes.domain import Outcome
from tests.books import the_book_of
from tests.quizzes.examples import QUIZ

ITEM = QUIZ.item("op-volgorde")


def _judged(answer: dict[str, Any], school: str = "agora") -> Any:
    return ITEM.judge(answer, the_book_of(school), QUIZ.rule_texts)


def test_an_order_is_right_when_each_pair_stands_right_whatever_stands_between() -> None:
    good = _judged({"order": ["stop", "foto", "blok", "later"]})
    swapped = _judged({"order": ["foto", "stop", "blok", "later"]})
    assert good.outcome is Outcome.FOLLOWS
    assert (swapped.outcome, swapped.right) == (Outcome.PARTLY, 2)


def _told(**changes: Any) -> list[str]:
    changed = type(ITEM).model_validate({**ITEM.model_dump(by_alias=True), **changes})
    return [message for _at, message, _remedy in changed.faults(("items", 0), load_corpus())]


def test_the_shuffle_of_a_pupil_stays_the_same_and_is_never_right_by_chance() -> None:
    for seed in range(40):
        rows = [row.id for row in ITEM.fields({}, str(seed))["rows"]]
        assert rows == [row.id for row in ITEM.fields({}, str(seed))["rows"]]
        assert _judged({"order": rows}).outcome is not Outcome.FOLLOWS


def test_a_button_moves_one_step_and_nothing_is_kept_yet() -> None:
    found = ITEM.read(MultiDict([*(("volgorde", key) for key in ("stop", "foto", "blok", "later")), ("omlaag:stop", "1")]))
    assert (found.moved, found.value) == ("stop", {"order": ["foto", "stop", "blok", "later"]})


def test_pairs_that_contradict_each_other_are_told() -> None:
    pair = ITEM.model_dump()["before"][0]
    assert any("spreken elkaar tegen" in message for message in _told(before=[pair, {**pair, "pair": pair["pair"][::-1]}]))
