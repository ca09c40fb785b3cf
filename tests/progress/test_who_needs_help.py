"""Who needs help, and why: read from the running totals alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from progress.domain import Going, NeedsHelp, Pupil, Stage, State, Why, growth_of, summarise, who_needs_help

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
