"""What an answer comes to: the same for everybody where it is a fact, the school's own where it is an agreement."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.library import load_library
from protocols.domain import Stance
from quizzes.domain import Outcome
from quizzes.judge import judge
from quizzes.quiz import Quiz
from tests.books import SCHOOLS, a_book_where, the_book_of
from tests.quizzes.examples import all_items

QUIZ: Quiz = load_library().lessons["vriendschapsverzoek-primair"].quiz
RULE = "vriendschap.leerling-medewerker"
ALL_ITEMS = all_items()


def _judged(item_id: str, answer: dict[str, Any], school: str = "agora") -> Any:
    return judge(QUIZ, QUIZ.item(item_id), answer, the_book_of(school))


def test_no_follows_the_agreement_where_the_school_says_no() -> None:
    assert _judged("a-school", {"choice": "nee"}, "tjongeling").outcome is Outcome.FOLLOWS
    assert _judged("a-school", {"choice": "ja"}, "tjongeling").outcome is Outcome.DIFFERS


def test_a_condition_follows_the_agreement_where_the_school_has_one_and_no_is_decent_too() -> None:
    assert _judged("a-school", {"choice": "voorwaarde"}, "ichthus").outcome is Outcome.FOLLOWS
    assert _judged("a-school", {"choice": "nee"}, "ichthus").outcome is Outcome.FAIR


def test_where_the_protocol_is_silent_there_is_no_right_or_wrong_and_nothing_is_counted() -> None:
    verdict = _judged("a-school", {"choice": "ja"}, "compass")
    assert verdict.outcome is Outcome.TALK
    assert verdict.total == 0


def test_a_verdict_tells_by_which_stance_it_was_judged() -> None:
    assert dict(_judged("a-school", {"choice": "nee"}, "ichthus").stances) == {RULE: "mag-als"}


def test_the_reason_is_the_rule_of_the_own_school() -> None:
    at_ichthus = _judged("a-school", {"choice": "nee"}, "ichthus").chosen[0].why
    at_agora = _judged("a-school", {"choice": "nee"}, "agora").chosen[0].why
    assert at_ichthus != at_agora
    assert at_agora == QUIZ.rule_texts[RULE][Stance.MAG_NIET]


def test_a_fact_is_right_at_each_school() -> None:
    assert {_judged("half-bekend", {"choice": "vragen"}, school).outcome for school in SCHOOLS} == {Outcome.FOLLOWS}


def test_several_choices_count_each_choice_made_and_left() -> None:
    all_right = _judged("wie-ziet-wat", {"choices": ["bewaren", "doorsturen", "nep-gebruik"]})
    one_missed = _judged("wie-ziet-wat", {"choices": ["bewaren", "doorsturen"]})
    only_wrong = _judged("wie-ziet-wat", {"choices": ["slot"]})
    assert (all_right.outcome, all_right.right, all_right.total) == (Outcome.FOLLOWS, 4, 4)
    assert (one_missed.outcome, one_missed.right) == (Outcome.PARTLY, 3)
    assert (only_wrong.outcome, only_wrong.right) == (Outcome.DIFFERS, 0)


def test_an_order_is_right_when_each_pair_stands_right_whatever_stands_between() -> None:
    good = _judged("op-volgorde", {"order": ["stop", "foto", "blok", "later"]})
    swapped = _judged("op-volgorde", {"order": ["foto", "stop", "blok", "later"]})
    assert good.outcome is Outcome.FOLLOWS
    assert (swapped.outcome, swapped.right) == (Outcome.PARTLY, 2)


def test_matching_counts_pairs() -> None:
    mixed = _judged("drie-kringen", {"pairs": {"echt": "echt", "half": "niet", "niet": "half", "juf": "juf"}})
    assert (mixed.right, mixed.total, mixed.outcome) == (2, 4, Outcome.PARTLY)


def test_marking_counts_what_was_marked_and_what_was_rightly_left() -> None:
    everything = _judged("bericht-markeren", {"marks": ["groet", "spel", "foto", "school", "geheim", "haast", "groetjes"]})
    exact = _judged("bericht-markeren", {"marks": ["foto", "school", "geheim", "haast"]})
    assert exact.outcome is Outcome.FOLLOWS
    assert (everything.right, everything.total) == (4, 7)


def test_a_card_that_the_protocol_does_not_settle_is_laid_apart_and_not_counted() -> None:
    cards = {"nee-zeggen": "mag", "juf-ja": "mag", "vader-meester": "mag", "nummer-door": "niet", "als-fenna": "niet"}
    at_compass = _judged("mag-of-niet", {"cards": cards}, "compass")
    assert [part.id for part in at_compass.parts if part.outcome is Outcome.TALK] == ["juf-ja", "vader-meester"]
    assert at_compass.total == 3


def test_an_opinion_and_a_reflection_are_never_scored() -> None:
    assert _judged("mening-nee-zeggen", {"value": 2}).outcome is Outcome.NONE
    assert _judged("open-jouw-kring", {"text": "mijn oma"}).total == 0


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
