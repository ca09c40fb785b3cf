"""What an answer comes to: the same for everybody where it is a fact, the school's own where it is an agreement."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.domain import Stance
from quizzes.domain import Outcome
from quizzes.judge import judge
from tests.books import SCHOOLS, a_book_where, the_book_of
from tests.quizzes.examples import QUIZ, all_items

RULE = "vriendschap.leerling-medewerker"
ALL_ITEMS = all_items()


def _judged(item_id: str, answer: dict[str, Any], school: str = "agora") -> Any:
    return judge(QUIZ, QUIZ.item(item_id), answer, the_book_of(school))


def test_a_fact_is_right_at_each_school() -> None:
    assert {_judged("half-bekend", {"choice": "vragen"}, school).outcome for school in SCHOOLS} == {Outcome.FOLLOWS}


@pytest.mark.parametrize("stance", list(Stance))
def test_a_teamleider_may_choose_any_stance_and_the_item_still_works(stance: Stance) -> None:
    verdict = judge(QUIZ, QUIZ.item("a-school"), {"choice": "ja"}, a_book_where(RULE, stance))
    assert (verdict.outcome is Outcome.TALK) == (stance is Stance.NIET_GEREGELD)


def test_silence_is_never_permission_in_any_item_of_any_lesson() -> None:
    for _quiz, item in ALL_ITEMS:
        if item.by_stance:
            assert item.by_stance[Stance.NIET_GEREGELD].talk, item.id


def test_the_keys_of_at_least_forty_items_differ_between_the_five_schools() -> None:
    books = [the_book_of(school) for school in SCHOOLS]
    differing = [item.id for _quiz, item in ALL_ITEMS if len({str(item.right_answers(book)) for book in books}) > 1]
    assert len(differing) >= 40


@given(st.data())
def test_whatever_a_pupil_answers_at_whatever_school_the_count_adds_up(data: st.DataObject) -> None:
    quiz, item = data.draw(st.sampled_from(ALL_ITEMS))
    book = the_book_of(data.draw(st.sampled_from(SCHOOLS)))
    verdict = judge(quiz, item, item.imagined(data.draw(st.randoms(use_true_random=False)), data.draw(st.floats(0, 1)), book), book)
    assert 0 <= verdict.right <= verdict.total <= max(1, len(verdict.parts))
    assert verdict.outcome.is_scored == (verdict.total > 0)
    if verdict.outcome is Outcome.FOLLOWS:
        assert verdict.right == verdict.total


@pytest.mark.parametrize("school", SCHOOLS)
def test_every_scored_item_can_be_answered_rightly_at_every_school(school: str) -> None:
    book = the_book_of(school)
    for _quiz, item in ALL_ITEMS:
        right = item.right_answers(book)
        assert right is None or right, f"{item.id} has no right answer at {school}"
