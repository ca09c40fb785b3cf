"""Own words: kept as they were written, read by the mentor, never scored."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from quizzes.domain import Outcome
from tests.books import the_book_of
from tests.quizzes.examples import QUIZ

ITEM = QUIZ.item("open-jouw-kring")


def _judged(answer: dict[str, Any], school: str = "agora") -> Any:
    return ITEM.judge(answer, the_book_of(school), QUIZ.rule_texts)


def test_own_words_are_never_scored() -> None:
    verdict = _judged({"text": "mijn oma"})
    assert (verdict.outcome, verdict.total) == (Outcome.NONE, 0)


def test_what_was_written_is_kept_with_its_lines_and_without_control_signs() -> None:
    assert ITEM.read(MultiDict([("tekst", " Mijn oma.\r\nEn mijn zus.\x00 ")])).value == {"text": "Mijn oma.\nEn mijn zus."}


def test_too_much_is_told_with_how_much_fits_and_stays_in_the_field() -> None:
    found = ITEM.read(MultiDict([("tekst", "a" * 1001)]))
    assert "1001" in found.problems[0].text
    assert found.value == {"text": "a" * 1001}
