"""Pairs: each pair counts, and two texts that say the same both fit."""

from __future__ import annotations

from typing import Any

from quizzes.domain import Outcome
from tests.books import the_book_of
from tests.quizzes.examples import QUIZ

ITEM = QUIZ.item("drie-kringen")


def _judged(answer: dict[str, Any], school: str = "agora") -> Any:
    return ITEM.judge(answer, the_book_of(school), QUIZ.rule_texts)


def test_matching_counts_pairs() -> None:
    mixed = _judged({"pairs": {"echt": "echt", "half": "niet", "niet": "half", "juf": "juf"}})
    assert (mixed.right, mixed.total, mixed.outcome) == (2, 4, Outcome.PARTLY)


def test_a_pair_that_is_wrong_says_what_fits() -> None:
    part = _judged({"pairs": {"echt": "niet", "half": "half", "niet": "echt", "juf": "juf"}}).parts[0]
    assert (part.had_right, part.best) == (False, ITEM.model_dump()["pairs"][0]["right"])


def test_the_letters_stand_in_another_order_than_the_lines_but_always_the_same() -> None:
    rights = [right["id"] for right in ITEM.fields({}, "sami")["rights"]]
    assert rights == [right["id"] for right in ITEM.fields({}, "sami")["rights"]]
    orders = {tuple(right["id"] for right in ITEM.fields({}, str(seed))["rights"]) for seed in range(20)}
    assert len(orders) > 1
