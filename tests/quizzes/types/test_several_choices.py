"""Several choices: what was chosen and what was rightly left both count."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from protocols.parse import load_corpus
from quizzes.domain import Outcome
from tests.books import the_book_of
from tests.quizzes.examples import QUIZ

ITEM = QUIZ.item("wie-ziet-wat")


def _judged(answer: dict[str, Any], school: str = "agora") -> Any:
    return ITEM.judge(answer, the_book_of(school), QUIZ.rule_texts)


def test_several_choices_count_each_choice_made_and_left() -> None:
    all_right = _judged({"choices": ["bewaren", "doorsturen", "nep-gebruik"]})
    one_missed = _judged({"choices": ["bewaren", "doorsturen"]})
    only_wrong = _judged({"choices": ["slot"]})
    assert (all_right.outcome, all_right.right, all_right.total) == (Outcome.FOLLOWS, 4, 4)
    assert (one_missed.outcome, one_missed.right) == (Outcome.PARTLY, 3)
    assert (only_wrong.outcome, only_wrong.right) == (Outcome.DIFFERS, 0)


def _told(**changes: Any) -> list[str]:
    changed = type(ITEM).model_validate({**ITEM.model_dump(by_alias=True), **changes})
    return [message for _at, message, _remedy in changed.faults(("items", 0), load_corpus())]


def test_nothing_chosen_is_asked_for_again() -> None:
    found = ITEM.read(MultiDict([("keuzes", "iets-anders")]))
    assert [problem.text for problem in found.problems] == ["Kies ten minste één antwoord."]


def test_when_everything_is_right_there_is_nothing_to_choose_and_that_is_told() -> None:
    options = [{**option, "right": True} for option in ITEM.model_dump()["options"]]
    assert any("andere antwoorden zijn nodig" in message for message in _told(options=options))
