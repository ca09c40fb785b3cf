"""Cards: each by its own rule, and what the protocol does not settle is laid apart."""

from __future__ import annotations

from typing import Any

from protocols.parse import load_corpus
from quizzes.domain import Outcome
from tests.books import the_book_of
from tests.quizzes.examples import QUIZ

ITEM = QUIZ.item("mag-of-niet")


def _judged(answer: dict[str, Any], school: str = "agora") -> Any:
    return ITEM.judge(answer, the_book_of(school), QUIZ.rule_texts)


def test_a_card_that_the_protocol_does_not_settle_is_laid_apart_and_not_counted() -> None:
    cards = {"nee-zeggen": "mag", "juf-ja": "mag", "vader-meester": "mag", "nummer-door": "niet", "als-fenna": "niet"}
    at_compass = _judged({"cards": cards}, "compass")
    assert [part.id for part in at_compass.parts if part.outcome is Outcome.TALK] == ["juf-ja", "vader-meester"]
    assert at_compass.total == 3


def _told(**changes: Any) -> list[str]:
    changed = type(ITEM).model_validate({**ITEM.model_dump(by_alias=True), **changes})
    return [message for _at, message, _remedy in changed.faults(("items", 0), load_corpus())]


def test_a_card_on_another_pile_says_where_it_belongs() -> None:
    parts = {part.id: part for part in _judged({"cards": dict.fromkeys(CARDS, "mag")}, "tjongeling").parts}
    assert parts["als-fenna"].best
    assert not parts["als-fenna"].had_right


def test_a_card_that_belongs_nowhere_is_told() -> None:
    cards = ITEM.model_dump()["cards"]
    free = next(number for number, card in enumerate(cards) if not card["rule"])
    cards[free]["right"] = ["weg"]
    assert any("noemt geen stapel" in message for message in _told(cards=cards))


CARDS = ("nee-zeggen", "juf-ja", "vader-meester", "nummer-door", "als-fenna")
