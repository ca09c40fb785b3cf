"""One choice: by the school's stance where it is an agreement, the same for everybody where it is a fact."""

from __future__ import annotations

from typing import Any

import pytest

from protocols.domain import Stance
from protocols.parse import load_corpus
from quizzes.domain import Outcome
from tests.books import the_book_of
from tests.quizzes.examples import QUIZ

RULE = "vriendschap.leerling-medewerker"
ITEM = QUIZ.item("a-school")


def _judged(answer: dict[str, Any], school: str = "agora") -> Any:
    return ITEM.judge(answer, the_book_of(school), QUIZ.rule_texts)


def test_no_follows_the_agreement_where_the_school_says_no() -> None:
    assert _judged({"choice": "nee"}, "tjongeling").outcome is Outcome.FOLLOWS
    assert _judged({"choice": "ja"}, "tjongeling").outcome is Outcome.DIFFERS


def test_a_condition_follows_the_agreement_where_the_school_has_one_and_no_is_decent_too() -> None:
    assert _judged({"choice": "voorwaarde"}, "ichthus").outcome is Outcome.FOLLOWS
    assert _judged({"choice": "nee"}, "ichthus").outcome is Outcome.FAIR


def test_where_the_protocol_is_silent_there_is_no_right_or_wrong_and_nothing_is_counted() -> None:
    verdict = _judged({"choice": "ja"}, "compass")
    assert verdict.outcome is Outcome.TALK
    assert verdict.total == 0


def test_a_verdict_tells_by_which_stance_it_was_judged() -> None:
    assert dict(_judged({"choice": "nee"}, "ichthus").stances) == {RULE: "mag-als"}


def test_the_reason_is_the_rule_of_the_own_school() -> None:
    at_ichthus = _judged({"choice": "nee"}, "ichthus").chosen[0].why
    at_agora = _judged({"choice": "nee"}, "agora").chosen[0].why
    assert at_ichthus != at_agora
    assert at_agora == QUIZ.rule_texts[RULE][Stance.MAG_NIET]


def _told(**changes: Any) -> list[str]:
    changed = type(ITEM).model_validate({**ITEM.model_dump(by_alias=True), **changes})
    return [message for _at, message, _remedy in changed.faults(("items", 0), load_corpus())]


def test_an_answer_that_is_not_among_the_options_belongs_to_something_else() -> None:
    with pytest.raises(KeyError):
        _judged({"choice": "misschien"})


def test_two_options_with_one_name_are_told() -> None:
    options = ITEM.model_dump()["options"]
    assert any("2 keer" in message for message in _told(options=[options[0], options[0], options[1]]))


def test_an_option_that_says_nothing_to_do_is_told() -> None:
    options = ITEM.model_dump()["options"]
    assert any("now ontbreekt" in message for message in _told(options=[{**options[0], "now": None}, *options[1:]]))
