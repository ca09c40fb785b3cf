"""An opinion: never right, never wrong."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from quizzes.domain import Outcome
from tests.books import the_book_of
from tests.quizzes.examples import QUIZ

ITEM = QUIZ.item("mening-nee-zeggen")


def _judged(answer: dict[str, Any], school: str = "agora") -> Any:
    return ITEM.judge(answer, the_book_of(school), QUIZ.rule_texts)


def test_an_opinion_is_never_scored() -> None:
    verdict = _judged({"value": 2})
    assert (verdict.outcome, verdict.total) == (Outcome.NONE, 0)


def test_a_mark_beyond_the_line_belongs_to_something_else() -> None:
    with pytest.raises(IndexError):
        _judged({"value": 99})


def test_the_mark_that_was_sent_is_the_mark_that_is_kept() -> None:
    assert ITEM.read(MultiDict([("stand", "3")])).value == {"value": 2}
    assert ITEM.read(MultiDict([("stand", "0")])).problems
