"""Who needs help, and why: read from the running totals alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from progress.domain import First, Going, Known, Looking, NeedsHelp, Pupil, Reason, Stage, State, Why, growth_of, summarise, who_needs_help
from quizzes.domain import Outcome
from schools.domain import Care, CareState

NOW = datetime(2026, 3, 10, 10, 0)
UNITS = ["toestemming", "pesten"]
SAMI, MEI, ROOS, TYGO = (Pupil(name.lower(), name, 1, has_card=True) for name in ("Sami", "Mei", "Roos", "Tygo"))
CLASS = [MEI, ROOS, SAMI, TYGO]


def going(pupil: Pupil, unit: str = "toestemming", *, days_ago: int = 1, **changes: object) -> Going:
    at = NOW - timedelta(days=days_ago)
    plain = Going(pupil.id, unit, 5, 10, 2, 4, 0, 0, 0, at, at, None)
    return replace(plain, **changes)  # type: ignore[arg-type]


def finished(pupil: Pupil, unit: str = "toestemming", *, days_ago: int = 1, start: int = 2, end: int = 4) -> Going:
    at = NOW - timedelta(days=days_ago)
    return going(pupil, unit, days_ago=days_ago, screens_done=10, starter_right=start, closing_right=end, closing_total=4, finished_at=at)


def helped(*goings: Going, pupils: list[Pupil] = CLASS) -> tuple[NeedsHelp, ...]:
    return who_needs_help(pupils, UNITS, goings, NOW)


def test_three_wrong_in_a_row_is_stuck() -> None:
    (one,) = helped(going(SAMI, wrong_in_a_row=3))
    assert (one.pupil, one.reasons[0].why, one.reasons[0].count) == (SAMI, Why.STUCK, 3)


def test_two_wrong_in_a_row_is_just_learning() -> None:
    assert helped(going(SAMI, wrong_in_a_row=2)) == ()


def test_who_finished_is_no_longer_stuck() -> None:
    assert finished(SAMI).state is State.DONE
    assert replace(finished(SAMI), wrong_in_a_row=5).state is State.DONE


def test_a_closing_check_that_went_badly_is_told() -> None:
    (one,) = helped(finished(SAMI, end=1))
    assert (one.reasons[0].why, one.reasons[0].count, one.reasons[0].of) == (Why.LOW, 1, 4)


def test_half_right_at_the_end_is_not_told() -> None:
    assert helped(finished(SAMI, end=2)) == ()


def test_a_bad_closing_check_of_two_months_ago_is_over() -> None:
    assert helped(finished(SAMI, days_ago=60, end=0)) == ()


def test_weeks_without_anything_in_the_middle_of_a_lesson_is_told_in_weeks() -> None:
    (one,) = helped(going(SAMI, days_ago=22), going(MEI), going(ROOS), going(TYGO))
    assert (one.pupil, one.reasons[0].why, one.reasons[0].count) == (SAMI, Why.IDLE, 3)


def test_after_a_holiday_nobody_is_late() -> None:
    assert helped(*(going(pupil, days_ago=30) for pupil in CLASS)) == ()


def test_who_did_another_lesson_yesterday_is_not_idle() -> None:
    assert helped(going(SAMI, days_ago=22), going(SAMI, "pesten"), going(MEI), going(ROOS), going(TYGO)) == ()


def test_not_begun_while_half_the_class_is_ready() -> None:
    found = helped(finished(MEI), finished(ROOS), going(TYGO))
    assert [(one.pupil, one.reasons[0].why) for one in found] == [(SAMI, Why.BEHIND)]


def test_not_begun_is_fine_while_others_are_busy() -> None:
    assert helped(finished(MEI), going(ROOS)) == ()


def test_a_pupil_without_a_card_is_told_as_such() -> None:
    without = replace(SAMI, has_card=False)
    found = helped(finished(MEI), finished(ROOS), finished(TYGO), pupils=[MEI, ROOS, without, TYGO])
    assert [one.reasons[0].why for one in found] == [Why.NO_CARD]


def test_nothing_is_said_of_a_class_that_has_not_begun() -> None:
    assert helped(pupils=[replace(pupil, has_card=False) for pupil in CLASS]) == ()


def test_the_most_pressing_comes_first_and_equals_stand_by_name() -> None:
    found = helped(finished(TYGO, end=0), going(SAMI, wrong_in_a_row=3), going(ROOS, wrong_in_a_row=3), going(MEI, wrong_in_a_row=6))
    assert [one.pupil.name for one in found] == ["Mei", "Roos", "Sami", "Tygo"]


def test_rows_of_who_left_or_of_another_track_are_not_counted() -> None:
    gone = Pupil("weg", "Weg", 1, has_card=True)
    summary = summarise(CLASS, UNITS, [finished(gone), finished(SAMI, "les-van-vroeger"), finished(SAMI)], NOW)
    assert summary.units[0].counts == {State.DONE: 1, State.BUSY: 0, State.STUCK: 0, State.NOT_YET: 3, State.OUTSIDE: 0}
    assert summary.units[1].counts[State.NOT_YET] == 4


def test_an_empty_class_has_an_empty_summary() -> None:
    summary = summarise([], UNITS, [], NOW)
    assert not summary.has_begun
    assert summary.needs_help == ()


def test_how_far_somebody_is_in_words() -> None:
    assert [going(SAMI, screens_done=n).stage for n in (1, 5, 9)] == [Stage.BEGUN, Stage.HALFWAY, Stage.NEARLY]


def test_growth_is_of_those_who_did_both_checks() -> None:
    half_way = going(MEI, closing_right=1, closing_total=2, starter_total=4)
    growth = growth_of([finished(SAMI, start=1, end=4), finished(ROOS, start=3, end=3), finished(TYGO, start=4, end=2), half_way])
    assert (growth.pupils, growth.start_right, growth.start_total, growth.end_right, growth.end_total) == (3, 8, 12, 9, 12)
    assert (growth.more, growth.same, growth.less) == (1, 1, 1)


def test_growth_counts_only_pairs_so_where_a_rule_changed_in_between_the_pupil_is_left_out() -> None:
    one_was_only_talked_about = replace(finished(MEI, start=2, end=3), closing_total=3)
    nothing_was_scored = replace(finished(ROOS, start=0, end=0), starter_total=0, closing_total=0)
    growth = growth_of([finished(SAMI, start=1, end=4), one_was_only_talked_about, nothing_was_scored])
    assert (growth.pupils, growth.start_total, growth.end_total) == (1, 4, 4)


def test_under_eight_pupils_there_is_no_percentage() -> None:
    assert not growth_of([finished(pupil) for pupil in CLASS]).allows_percent
    assert growth_of([finished(pupil) for pupil in CLASS * 2]).allows_percent


# ---- what the mistakes are about ----

GOALS = {("toestemming", f"vraag-{n}"): "filmen" if n < 6 else "ja" for n in range(9)}


def first(pupil: Pupil, number: int, outcome: Outcome = Outcome.DIFFERS, *, hours_ago: int = 24, moment: str = "lesson") -> First:
    at = NOW - timedelta(hours=hours_ago)
    return First(pupil.id, "toestemming", f"vraag-{number}", moment, outcome, int(outcome.is_right), 1, "{}", "{}", at)


def known_of(*firsts: First, cares: tuple[Care, ...] = ()) -> Known:
    return Known(firsts, GOALS, cares)


def reasons(pupil: Pupil, *goings: Going, known: Known) -> list[Reason]:
    return [reason for one in who_needs_help(CLASS, UNITS, goings, NOW, known) if one.pupil == pupil for reason in one.reasons]


def test_who_is_stuck_is_told_with_the_goal_that_most_mistakes_are_about() -> None:
    answers = [first(SAMI, 1, hours_ago=5), first(SAMI, 2, hours_ago=4), first(SAMI, 7, hours_ago=3)]
    (one,) = reasons(SAMI, going(SAMI, wrong_in_a_row=3), known=known_of(*answers))
    assert (one.why, one.goal) == (Why.STUCK, "filmen")


def test_mistakes_of_all_sorts_are_about_nothing_in_particular() -> None:
    (one,) = reasons(SAMI, going(SAMI, wrong_in_a_row=3), known=known_of(first(SAMI, 1), first(SAMI, 7)))
    assert one.goal == ""


def test_four_wrong_answers_about_one_goal_are_told_also_when_not_in_a_row() -> None:
    answers = [first(SAMI, n) for n in range(4)] + [first(SAMI, 4, Outcome.FOLLOWS)]
    (one,) = reasons(SAMI, going(SAMI), known=known_of(*answers))
    assert (one.why, one.count, one.goal) == (Why.MISTAKES, 4, "filmen")


def test_as_many_right_as_half_of_the_wrong_ones_is_just_learning() -> None:
    answers = [first(SAMI, n) for n in range(4)] + [first(SAMI, n, Outcome.FOLLOWS) for n in (4, 5)]
    assert reasons(SAMI, going(SAMI), known=known_of(*answers)) == []


def test_what_was_wrong_before_the_lesson_is_no_mistake() -> None:
    assert reasons(SAMI, going(SAMI), known=known_of(*(first(SAMI, n, moment="starter") for n in range(5)))) == []


# ---- what a mentor did about it ----


def care(state: CareState, *, hours_ago: int, why: Why = Why.STUCK, unit: str = "toestemming") -> Care:
    return Care(SAMI.id, why.value, unit, state, "Even gezien.", "Bas", NOW - timedelta(hours=hours_ago))


STUCK = going(SAMI, wrong_in_a_row=4)
OTHERS = (going(MEI), going(ROOS), going(TYGO))


@pytest.mark.parametrize("state", [CareState.SEEN, CareState.SPOKEN, CareState.DONE])
def test_what_was_taken_up_leaves_the_list(state: CareState) -> None:
    summary = summarise(CLASS, UNITS, [STUCK], NOW, known_of(first(SAMI, 1), cares=(care(state, hours_ago=2),)))
    assert summary.needs_help == ()
    assert [(one.pupil, one.reason.why) for one in summary.handled] == [(SAMI, Why.STUCK)]


def test_after_done_one_new_mistake_brings_it_back() -> None:
    (one,) = reasons(SAMI, STUCK, known=known_of(first(SAMI, 1, hours_ago=1), cares=(care(CareState.DONE, hours_ago=2),)))
    assert (one.is_back, one.fresh, one.is_handled) == (True, 1, False)


def test_after_seen_it_takes_two_new_mistakes() -> None:
    seen = care(CareState.SEEN, hours_ago=2)
    assert reasons(SAMI, STUCK, known=known_of(first(SAMI, 1, hours_ago=1), cares=(seen,)))[0].is_handled
    assert not reasons(SAMI, STUCK, known=known_of(first(SAMI, 1, hours_ago=1), first(SAMI, 2, hours_ago=1), cares=(seen,)))[0].is_handled


def test_right_answers_do_not_bring_it_back() -> None:
    answers = [first(SAMI, n, Outcome.FOLLOWS, hours_ago=1) for n in range(3)]
    assert reasons(SAMI, STUCK, known=known_of(*answers, cares=(care(CareState.DONE, hours_ago=2),)))[0].is_handled


def test_silence_comes_back_after_two_more_weeks_of_silence() -> None:
    idle = going(SAMI, days_ago=40)
    for days, handled in ((13, True), (15, False)):
        note = care(CareState.SPOKEN, hours_ago=days * 24, why=Why.IDLE)
        assert reasons(SAMI, idle, *OTHERS, known=known_of(cares=(note,)))[0].is_handled is handled


def test_a_note_is_of_its_own_reason_and_lesson() -> None:
    other = care(CareState.DONE, hours_ago=2, unit="pesten")
    assert not reasons(SAMI, STUCK, known=known_of(cares=(other,)))[0].is_handled


def test_what_was_put_back_stands_in_the_list_with_its_words() -> None:
    (one,) = reasons(SAMI, STUCK, known=known_of(cares=(care(CareState.OPEN, hours_ago=2),)))
    assert not one.is_handled
    assert one.care is not None
    assert (one.care.text, one.is_back) == ("Even gezien.", False)


# ---- what is looked at ----


def test_a_group_is_seen_alone_but_late_is_by_the_whole_class() -> None:
    looking = Looking(members=frozenset({SAMI.id}))
    summary = summarise(CLASS, UNITS, [finished(MEI), finished(ROOS), going(TYGO)], NOW, looking=looking)
    assert summary.pupils == (SAMI,)
    assert [one.reasons[0].why for one in summary.needs_help] == [Why.BEHIND]
    assert summary.units[0].pupils == 1


def test_one_lesson_alone_shows_only_what_is_about_it() -> None:
    summary = summarise(CLASS, UNITS, [STUCK, going(MEI, "pesten", wrong_in_a_row=3)], NOW, looking=Looking(unit="pesten"))
    assert [(one.pupil, one.reasons[0].units) for one in summary.needs_help] == [(MEI, ("pesten",))]
    assert [unit.unit for unit in summary.units] == ["pesten"]


def test_work_outside_the_period_is_neither_done_nor_not_yet() -> None:
    looking = Looking(begins=NOW - timedelta(days=7), ends=NOW)
    summary = summarise(CLASS, UNITS, [finished(SAMI, days_ago=20), finished(MEI, days_ago=2)], NOW, looking=looking)
    counts = summary.units[0].counts
    assert (counts[State.DONE], counts[State.OUTSIDE], counts[State.NOT_YET]) == (1, 1, 2)
    assert summary.state(SAMI.id, "toestemming") is State.OUTSIDE
    assert summary.units[0].growth.pupils == 1


def test_what_is_so_today_is_not_told_of_a_period_that_is_over() -> None:
    rows = [going(SAMI, days_ago=22), *OTHERS]
    assert summarise(CLASS, UNITS, rows, NOW, looking=Looking(is_now=False)).needs_help == ()
    assert len(summarise(CLASS, UNITS, rows, NOW, looking=Looking(is_now=True)).needs_help) == 1
