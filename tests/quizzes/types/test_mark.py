"""Marking: what gives it away, and what is only ordinary."""

from __future__ import annotations

from typing import Any

from protocols.parse import load_corpus
from quizzes.domain import Outcome
from tests.books import the_book_of
from tests.quizzes.examples import QUIZ

ITEM = QUIZ.item("bericht-markeren")


def _judged(answer: dict[str, Any], school: str = "agora") -> Any:
    return ITEM.judge(answer, the_book_of(school), QUIZ.rule_texts)


def test_marking_counts_what_was_marked_and_what_was_rightly_left() -> None:
    everything = _judged({"marks": ["groet", "spel", "foto", "school", "geheim", "haast", "groetjes"]})
    exact = _judged({"marks": ["foto", "school", "geheim", "haast"]})
    assert exact.outcome is Outcome.FOLLOWS
    assert (everything.right, everything.total) == (4, 7)


def _told(**changes: Any) -> list[str]:
    changed = type(ITEM).model_validate({**ITEM.model_dump(by_alias=True), **changes})
    return [message for _at, message, _remedy in changed.faults(("items", 0), load_corpus())]


def test_a_piece_without_a_reason_is_told() -> None:
    marks = ITEM.model_dump()["marks"]
    marks.pop(next(iter(marks)))
    assert any("verschillen" in message for message in _told(marks=marks))


def test_the_message_stays_whole_around_its_pieces() -> None:
    fields = ITEM.fields({}, "")
    assert "[[" not in "".join(piece["text"] for piece in fields["pieces"])
    assert {piece["id"] for piece in fields["pieces"]} >= set(ITEM.model_dump()["marks"])
