"""The filter that stands in an address: what it takes, what it refuses, and what days it means. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from common.clock import SCHOOL_TIME
from progress.filters import Filter, Period, days_of, read_filter
from schools.domain import Group

TODAY = date(2026, 11, 24)
TABLE = Group("a" * 32, "Tafel 1", frozenset({"sami"}))

pytestmark = pytest.mark.usefixtures("app")


def read(today: date = TODAY, **asked: str) -> Filter:
    return read_filter(asked, ["pesten-primair"], [TABLE], today)


def test_without_anything_all_is_shown() -> None:
    found = read()
    assert not found.is_on
    assert (found.args, found.problems) == ({}, ())


def test_what_was_chosen_stands_in_the_address() -> None:
    asked = {"les": "pesten-primair", "groep": TABLE.id, "periode": "eigen", "van": "2026-10-01", "tot": "2026-10-31"}
    found = read(**asked)
    assert found.args == asked
    assert found.looking(TODAY, SCHOOL_TIME).members == TABLE.members


@pytest.mark.parametrize(
    ("today", "period", "first", "last"),
    [
        (date(2026, 11, 24), Period.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 12, 31), Period.MONTH, date(2026, 12, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), Period.MONTH, date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 11, 24), Period.TERM, date(2026, 8, 1), date(2027, 1, 31)),
        (date(2027, 1, 31), Period.TERM, date(2026, 8, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), Period.TERM, date(2027, 2, 1), date(2027, 7, 31)),
        (date(2026, 8, 1), Period.YEAR, date(2026, 8, 1), date(2027, 7, 31)),
        (date(2026, 7, 31), Period.YEAR, date(2025, 8, 1), date(2026, 7, 31)),
        (date(2026, 7, 31), Period.ALL, None, None),
    ],
)
def test_a_period_holds_today(today: date, period: Period, first: date | None, last: date | None) -> None:
    assert days_of(period, today) == (first, last)


@pytest.mark.parametrize("zone", [SCHOOL_TIME, ZoneInfo("Europe/Amsterdam")])
def test_a_day_begins_at_midnight_at_school_in_summer_and_in_winter(zone: ZoneInfo) -> None:
    looking = read(periode="eigen", van="2026-10-25", tot="2026-10-25").looking(TODAY, zone)
    assert (looking.begins, looking.ends) == (datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 23))


def test_own_days_may_be_open_at_one_side() -> None:
    looking = read(periode="eigen", van="2026-11-01").looking(TODAY, SCHOOL_TIME)
    assert looking.begins is not None
    assert looking.ends is None
    assert looking.is_now


def test_a_period_that_is_over_is_not_now() -> None:
    assert not read(periode="eigen", tot="2026-11-01").looking(TODAY, SCHOOL_TIME).is_now


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"les": "bestaat-niet"}, "les"),
        ({"groep": "b" * 32}, "groep"),
        ({"groep": "'; drop table person"}, "groep"),
        ({"periode": "eeuw"}, "periode"),
        ({"periode": "eigen"}, "van"),
        ({"periode": "eigen", "van": "31-02-2026"}, "van"),
        ({"periode": "eigen", "van": "2026-02-31"}, "van"),
        ({"periode": "eigen", "van": "0001-01-01"}, "van"),
        ({"periode": "eigen", "tot": "9999-12-31"}, "tot"),
        ({"periode": "eigen", "van": "2026-11-02", "tot": "2026-11-01"}, "tot"),
        ({"les": "x" * 5000}, "les"),
        ({"periode": "\x00"}, "periode"),
    ],
)
def test_what_is_not_there_is_left_out_with_a_word(asked: dict[str, str], field: str) -> None:
    found = read(**asked)
    assert [problem.id for problem in found.problems] == [field]
    assert not found.is_on
