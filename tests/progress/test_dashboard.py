"""What misleads a class, which agreements it does not know, and what could be next: counted by hand. Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from lessons.library import Lesson, load_library
from progress.dashboard import Because, Plan, RuleKnown, agreements_of, enough, goals_of, most_misleading, next_lessons, rules_known
from progress.domain import First, Growth, State, UnitOfClass
from protocols.domain import Change, RuleBook, Stance, rule_book
from protocols.parse import load_corpus
from quizzes.domain import Counting, Item, Outcome
from quizzes.judge import judge

AT = datetime(2026, 3, 10, 10, 0)
TODAY = date(2026, 3, 10)
LESSON = load_library().lessons["vriendschapsverzoek-primair"]
RULE = "vriendschap.leerling-medewerker"
NO_GROWTH = Growth(0, 0, 0, 0, 0, 0, 0, 0)


def a_book() -> RuleBook:
    return rule_book(load_corpus(), "tjongeling")


def item_on(rule: str) -> Item:
    """A choice in the lesson that stands as a whole on this rule."""
    return next(item for item in LESSON.quiz.items if item.rule == rule and item.use == "lesson" and item.counting is Counting.CHOICES)


def wrong_options(item: Item, book: RuleBook) -> list[str]:
    good = item.right_answers(book) or []
    return [option.id for option in item.options if option.id not in good]  # type: ignore[attr-defined]


def gave(item: Item, value: object, book: RuleBook, pupil: str = "sami", *, moment: str = "lesson", lesson: Lesson = LESSON) -> First:
    verdict = judge(lesson.quiz, item, value, book)  # type: ignore[arg-type]
    return First(pupil, lesson.slug, item.id, moment, verdict.outcome, verdict.right, verdict.total, json.dumps(value),
                 json.dumps(dict(verdict.stances)), AT)  # fmt: skip


def chose(item: Item, options: list[str], book: RuleBook, **more: str) -> list[First]:
    """A pupil for each option."""
    return [gave(item, {"choice": option}, book, f"p{n}", **more) for n, option in enumerate(options)]  # type: ignore[arg-type]


# ---- what misleads ----


def test_the_question_that_misleads_most_names_the_wrong_option_that_drew_most() -> None:
    book, item = a_book(), item_on(RULE)
    good = (item.right_answers(book) or [])[0]
    first, second = wrong_options(item, book)[:2]
    (worst,) = most_misleading([LESSON], chose(item, [first, first, first, second, good], book), 5, book)
    assert (worst.unit, worst.summary.item, worst.summary.drawn and worst.summary.drawn.id) == (LESSON.slug, item.id, first)
    assert worst.summary.drawn is not None
    assert (worst.summary.drawn.count, worst.summary.answered) == (3, 5)


def test_at_most_three_questions_are_told_the_worst_first() -> None:
    book = a_book()
    items = [item for item in LESSON.quiz.items if item.counting is Counting.CHOICES and item.use == "lesson" and item.right_answers(book)][
        :4
    ]
    rows = []
    for number, item in enumerate(items):
        good, wrong = (item.right_answers(book) or [])[0], wrong_options(item, book)[0]
        rows += chose(item, [wrong] * (number + 2) + [good] * (8 - number), book)
    told = most_misleading([LESSON], rows, 10, book)
    assert [one.summary.item for one in told] == [item.id for item in reversed(items)][:3]


def test_what_only_one_pupil_had_wrong_misleads_nobody() -> None:
    book, item = a_book(), item_on(RULE)
    assert most_misleading([LESSON], chose(item, [wrong_options(item, book)[0]], book), 3, book) == ()


def test_a_question_that_few_of_the_class_reached_is_not_told() -> None:
    book, item = a_book(), item_on(RULE)
    wrong = wrong_options(item, book)[0]
    assert most_misleading([LESSON], chose(item, [wrong] * 3, book), 24, book) == ()
    assert len(most_misleading([LESSON], chose(item, [wrong] * 6, book), 24, book)) == 1


def test_what_was_asked_at_the_start_does_not_mislead() -> None:
    book, item = a_book(), item_on(RULE)
    assert most_misleading([LESSON], chose(item, [wrong_options(item, book)[0]] * 3, book, moment="starter"), 3, book) == ()


@pytest.mark.parametrize(("pupils", "needed"), [(0, 2), (3, 2), (8, 2), (9, 3), (24, 6), (30, 8)])
def test_a_quarter_of_the_class_is_enough_and_never_fewer_than_two(pupils: int, needed: int) -> None:
    assert enough(pupils) == needed


# ---- agreements ----


def test_an_agreement_is_right_of_total_over_all_that_is_bound_to_it() -> None:
    book, item = a_book(), item_on(RULE)
    good, wrong = (item.right_answers(book) or [])[0], wrong_options(item, book)[0]
    known = {one.rule: one for one in rules_known([LESSON], chose(item, [good, wrong, wrong, wrong], book), 4, book)}
    assert (known[RULE].right, known[RULE].total, known[RULE].is_known) == (1, 4, False)
    assert known[RULE].items == ((LESSON.slug, item.id),)


def test_a_card_with_a_rule_of_its_own_counts_for_that_rule_alone() -> None:
    book = a_book()
    sort = next(item for item in LESSON.quiz.items if item.kind == "sort")
    bound = {one.rule: one for one in sort.bound() if one.part}
    value = sort.imagined(Random(1), 1.0, book)
    known = {one.rule: one for one in rules_known([LESSON], [gave(sort, value, book, "a"), gave(sort, value, book, "b")], 2, book)}
    scored = {rule for rule, one in bound.items() if one.right(book) is not None}
    assert set(known) == scored
    assert all((one.right, one.total) == (2, 2) and one.is_known for one in known.values())


def test_answers_that_were_weighed_by_another_stance_tell_nothing_of_the_agreement_of_today() -> None:
    book, item = a_book(), item_on(RULE)
    rows = chose(item, [wrong_options(item, book)[0]] * 3, book)
    other = Stance.MAG if book.stance_on(RULE) is not Stance.MAG else Stance.MAG_NIET
    changed = book.with_change(Change(RULE, other, None, None, ()))
    assert rules_known([LESSON], rows, 3, changed) == ()
    fresh = chose(item, [wrong_options(item, changed)[0]] * 3, changed)
    (one,) = rules_known([LESSON], [*rows, *fresh], 3, changed)
    assert (one.right, one.total, one.earlier) == (0, 3, 3)


def test_what_was_answered_before_the_lesson_says_nothing_of_what_is_known() -> None:
    book, item = a_book(), item_on(RULE)
    assert rules_known([LESSON], chose(item, [wrong_options(item, book)[0]] * 4, book, moment="starter"), 4, book) == ()


def test_a_class_knows_an_agreement_from_two_of_three() -> None:
    assert RuleKnown(RULE, 2, 3, 0, ()).is_known
    assert not RuleKnown(RULE, 13, 20, 0, ()).is_known


def test_an_answer_whose_wording_is_gone_counts_for_no_part() -> None:
    book = a_book()
    sort = next(item for item in LESSON.quiz.items if item.kind == "sort")
    rows = [First(pupil, LESSON.slug, sort.id, "lesson", Outcome.DIFFERS, 0, 4, '{"weg": true}', "{}", AT) for pupil in ("a", "b")]
    assert rules_known([LESSON], rows, 2, book) == ()


# ---- a good next lesson ----


def unit(name: str, *, done: int = 0, busy: int = 0, of: int = 24) -> UnitOfClass:
    counts = {State.DONE: done, State.BUSY: busy, State.STUCK: 0, State.NOT_YET: of - done - busy, State.OUTSIDE: 0}
    return UnitOfClass(name, counts, NO_GROWTH)


def advised(*units: UnitOfClass, plans: tuple[Plan, ...] = (), rules: tuple[RuleKnown, ...] = ()) -> list[tuple[str, Because]]:
    about = {"toestemming": frozenset({"a"}), "pesten": frozenset({"b"}), "groepsapp": frozenset({"b", "c"})}
    return [(one.unit, one.because) for one in next_lessons(units, plans, rules, about, TODAY)]


def test_what_the_mentor_planned_comes_first() -> None:
    plans = (Plan("groepsapp", TODAY + timedelta(days=3)),)
    assert advised(unit("toestemming", done=24), unit("pesten"), unit("groepsapp"), plans=plans)[0] == ("groepsapp", Because.PLANNED)


def test_what_was_planned_and_is_done_is_no_advice_any_more() -> None:
    plans = (Plan("toestemming", TODAY),)
    assert advised(unit("toestemming", done=20, busy=4), unit("pesten"), plans=plans)[0] == ("pesten", Because.NEXT)


def test_a_day_that_went_by_is_told() -> None:
    plans = (Plan("pesten", TODAY - timedelta(days=3)),)
    assert advised(unit("toestemming", done=24), unit("pesten"), plans=plans)[0] == ("pesten", Because.LATE)


def test_a_lesson_that_the_class_is_in_the_middle_of_is_finished_first() -> None:
    assert advised(unit("toestemming", done=12, busy=9), unit("pesten"))[0] == ("toestemming", Because.FINISH)


def test_when_half_has_not_begun_that_is_said() -> None:
    (first, _second) = next_lessons([unit("toestemming", done=10), unit("pesten")], (), (), {}, TODAY)
    assert (first.because, first.count, first.of) == (Because.BEGIN, 14, 24)


def test_a_lesson_about_what_the_class_does_not_know_goes_before_the_next_in_the_row() -> None:
    found = advised(unit("toestemming", done=24), unit("pesten"), unit("groepsapp"), rules=(RuleKnown("c", 5, 24, 0, ()),))
    assert found == [("groepsapp", Because.RULE), ("pesten", Because.NEXT)]


def test_two_who_were_ahead_do_not_make_a_lesson_begun() -> None:
    assert advised(unit("toestemming", done=24), unit("pesten", done=2)) == [("pesten", Because.NEXT)]


def test_when_all_is_done_the_class_talks_once_more_about_what_it_does_not_know() -> None:
    rules = (RuleKnown("b", 5, 24, 0, ()),)
    assert advised(unit("toestemming", done=24), unit("pesten", done=24), rules=rules) == [("pesten", Because.TALK)]
    assert advised(unit("toestemming", done=24), unit("pesten", done=24)) == []


def test_a_class_without_pupils_gets_no_advice() -> None:
    assert advised(unit("toestemming", of=0)) == []


def test_every_lesson_says_what_it_is_about_and_every_item_serves_a_goal() -> None:
    for lesson in load_library().lessons.values():
        assert agreements_of(lesson)
        goals = {goal.id for goal in lesson.unit.meta.goals}
        assert {goal for (slug, _item), goal in goals_of([lesson]).items() if slug == lesson.slug} <= goals


def test_a_planned_lesson_says_which_agreement_it_is_about() -> None:
    plans, rules = (Plan("pesten", TODAY),), (replace(RuleKnown("b", 5, 24, 0, ()), total=24),)
    first = next_lessons([unit("toestemming", done=24), unit("pesten")], plans, rules, {"pesten": frozenset({"b"})}, TODAY)[0]
    assert (first.because, first.rule) == (Because.PLANNED, "b")
