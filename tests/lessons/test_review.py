"""Which questions of earlier come back, and when: own mistakes first, at growing intervals, three to five at a time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lessons.domain import Screen
from lessons.library import load_library
from lessons.review import (
    FEWEST,
    INTERVALS,
    MOST,
    Card,
    Earlier,
    Went,
    cards_of,
    done_picks,
    fresh_card,
    how_it_went,
    pick,
    screens_with_review,
)

MONDAY = datetime(2026, 9, 7, 9)


def told(item: str, day: int, *, right: bool, unit: str = "pesten", holds: bool = True, minute: int = 0) -> Earlier:
    return Earlier(unit, item, right, holds, MONDAY + timedelta(days=day, minutes=minute))


def due(answers: list[Earlier], day: int) -> list[str]:
    return pick(cards_of(answers), (MONDAY + timedelta(days=day)).date())


def box_of(*answers: Earlier) -> int:
    (card,) = cards_of(answers)
    return card.box


# ---- the box ----


def test_a_mistake_comes_back_on_the_next_day_with_a_lesson_and_not_on_the_same_day() -> None:
    assert due([told("a", 0, right=False)], 0) == []
    assert due([told("a", 0, right=False)], 1) == ["pesten/a"]


def test_what_was_right_comes_back_after_a_week_then_three_weeks_then_two_months_and_is_then_known() -> None:
    answers, day = [told("a", 0, right=True)], 0
    for days in (7, 21, 60):
        assert due(answers, day + days - 1) == []
        assert due(answers, day + days) == ["pesten/a"]
        day += days
        answers.append(told("a", day, right=True))
    assert due(answers, day + 1000) == []


def test_the_intervals_grow() -> None:
    assert list(INTERVALS) == sorted(set(INTERVALS))


def test_a_mistake_brings_an_item_back_to_the_start_however_well_it_went_before() -> None:
    assert box_of(told("a", 0, right=True), told("a", 7, right=True), told("a", 28, right=False)) == 0


def test_trying_again_on_the_same_day_does_not_count() -> None:
    assert box_of(told("a", 0, right=False), told("a", 0, right=True, minute=1)) == 0
    assert box_of(told("a", 0, right=True), told("a", 0, right=False, minute=1)) == 1


def test_the_order_in_which_answers_are_read_does_not_matter() -> None:
    assert box_of(told("a", 7, right=True), told("a", 0, right=True)) == 2


def test_what_was_weighed_by_an_agreement_that_changed_starts_anew_and_is_no_mistake() -> None:
    (card,) = cards_of([told("a", 0, right=True), told("a", 7, right=True, holds=False)])
    assert (card.box, card.is_mistake) == (0, False)


# ---- what comes back ----


def test_nothing_comes_back_when_nothing_is_due_even_if_much_waits() -> None:
    assert due([told(key, 0, right=True) for key in "abcdefg"], 3) == []


def test_own_mistakes_come_first_also_when_something_else_waits_longer() -> None:
    answers = [told("oud", 0, right=True), told("fout", 40, right=False)]
    assert due(answers, 41) == ["pesten/fout", "pesten/oud"]


def test_among_equals_what_waits_longest_comes_first() -> None:
    answers = [told("later", 2, right=True), told("eerder", 0, right=True)]
    assert due(answers, 30) == ["pesten/eerder", "pesten/later"]


def test_no_more_than_five_come_back_at_once() -> None:
    assert len(due([told(key, 0, right=False) for key in "abcdefgh"], 1)) == 5


def test_one_that_is_due_is_joined_by_the_nearest_so_that_there_are_three() -> None:
    answers = [told("fout", 0, right=False), told("ver", 1, right=True), told("dichtbij", 0, right=True), told("nog", 0, right=True)]
    assert due(answers, 2) == ["pesten/fout", "pesten/dichtbij", "pesten/nog"]


def test_what_was_answered_today_is_not_asked_again_today() -> None:
    answers = [told("fout", 0, right=False), told("net", 1, right=True), told("ook-net", 1, right=False)]
    assert due(answers, 1) == ["pesten/fout"]


def test_the_units_take_turns() -> None:
    answers = [told(key, 0, right=False) for key in "abcd"] + [told("x", 1, right=False, unit="groepsapp")]
    assert due(answers, 2) == ["pesten/a", "groepsapp/x", "pesten/b", "pesten/c", "pesten/d"]


def test_what_a_unit_keeps_for_later_comes_a_week_after_it_was_finished_and_before_what_was_asked_then() -> None:
    cards = [*cards_of([told("gewoon", 0, right=True)]), fresh_card("pesten", "bewaard", MONDAY)]
    assert pick(cards, (MONDAY + timedelta(days=6)).date()) == []
    assert pick(cards, (MONDAY + timedelta(days=7)).date()) == ["pesten/bewaard", "pesten/gewoon"]


ANSWERS = st.lists(
    st.builds(
        told,
        st.sampled_from("abcdefg"), st.integers(0, 90), right=st.booleans(), unit=st.sampled_from(("pesten", "groepsapp", "privacy")),
        holds=st.booleans(), minute=st.integers(0, 300),
    ),
    max_size=60,
)  # fmt: skip


@given(ANSWERS, st.integers(0, 200))
def test_whatever_was_answered_there_come_at_most_five_nothing_twice_and_only_what_was_met_before(answers: list[Earlier], day: int) -> None:
    found = due(answers, day)
    assert len(found) <= MOST
    assert max(Counter(found).values(), default=0) <= 1
    assert set(found) <= {f"{answer.unit}/{answer.item}" for answer in answers}


@given(ANSWERS, st.integers(91, 200))
def test_whatever_was_answered_own_mistakes_come_first_and_nothing_that_is_known_comes(answers: list[Earlier], day: int) -> None:
    by_pick = {card.pick: card for card in cards_of(answers)}
    found = [by_pick[one] for one in due(answers, day)]
    mistakes = [card.is_mistake for card in found]
    assert mistakes == sorted(mistakes, reverse=True)
    assert not any(card.is_known for card in found)
    left = [card for card in by_pick.values() if card not in found and card.is_mistake]
    assert not left or all(mistakes), "a mistake was left out for something else"


@given(ANSWERS, st.integers(91, 200))
def test_when_something_is_due_there_are_three_or_all_there_are(answers: list[Earlier], day: int) -> None:
    there = [card for card in cards_of(answers) if not card.is_known]
    found = due(answers, day)
    is_due = any(card.due_on <= (MONDAY + timedelta(days=day)).date() for card in there)
    assert len(found) >= min(FEWEST, len(there)) if is_due else found == []


@given(st.lists(st.booleans(), max_size=12))
def test_an_item_waits_longer_after_each_right_answer_and_shortest_after_a_mistake(rights: list[bool]) -> None:
    waits = []
    day = 0
    answers = []
    for right in rights:
        answers.append(told("a", day, right=right))
        card: Card = cards_of(answers)[0]
        if card.is_known:
            break
        waits.append((right, (card.due_on - card.last_on).days))
        day += waits[-1][1]
    for (_before, first), (right, then) in pairwise(waits):
        assert then > first if right else then == INTERVALS[0]


# ---- as screens ----


def _own() -> list[Screen]:
    return load_library().lessons["groepsapp-primair"].screens(1)


def test_what_comes_back_stands_before_the_screens_of_the_unit_and_is_judged_by_its_own_lesson() -> None:
    lessons = {"pesten-primair": load_library().lessons["pesten-primair"]}
    item = next(item for item in lessons["pesten-primair"].quiz.items if item.use == "lesson")
    found = screens_with_review(_own(), [f"pesten-primair/{item.id}"], lessons)
    assert [screen.key for screen in found] == ["ophalen-1", *(screen.key for screen in _own())]
    assert (found[0].kind, found[0].moment, found[0].item, found[0].origin) == ("opgave", "review", item, lessons["pesten-primair"])


def test_an_item_or_a_lesson_that_is_gone_is_left_out_and_the_others_keep_their_keys() -> None:
    lesson = load_library().lessons["pesten-primair"]
    item = next(item for item in lesson.quiz.items if item.use == "lesson")
    picks = ["pesten-primair/weg", f"pesten-primair/{item.id}", "nooit-geweest/x", "onzin"]
    found = screens_with_review([], picks, {"pesten-primair": lesson, "nooit-geweest": None})
    assert [screen.key for screen in found] == ["ophalen-2"]


def test_skipping_the_rest_keeps_what_was_done_also_past_an_item_that_is_gone() -> None:
    picks = ["u/a", "u/b", "u/c", "u/d"]
    assert done_picks(picks, []) == []
    assert done_picks(picks, ["ophalen-1", "begin"]) == ["u/a"]
    assert done_picks(picks, ["ophalen-1", "ophalen-3"]) == ["u/a", "u/b", "u/c"]


# ---- how it went ----


def test_how_it_went_counts_the_first_answer_since_the_unit_began() -> None:
    answers = [
        told("a", 0, right=False), told("a", 7, right=True), told("a", 7, right=False, minute=5), told("b", 7, right=False),
        told("c", 7, right=True),
    ]  # fmt: skip
    began = MONDAY + timedelta(days=7)
    assert how_it_went(["pesten/a", "pesten/b"], began, answers) == Went(1, 2, skipped=False)


def test_how_it_went_says_when_it_was_skipped_and_nothing_when_nothing_came_back() -> None:
    assert how_it_went([], MONDAY, []) == Went(0, 0, skipped=True)
    assert how_it_went(None, MONDAY, []) is None
