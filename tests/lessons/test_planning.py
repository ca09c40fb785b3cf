"""A mentor gives lessons to the class in an order and on days; pupils see what is next, and every lesson stays open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from accounts.models import Person
from common.clock import now
from common.database import db, new_id
from common.days import day_in, day_words
from lessons import agenda
from lessons.models import UnitProgress
from lessons.queries import library
from schools.models import PlannedUnit, School, SchoolClass
from schools.planning import fingerprint, keep_plan, plan_of
from tests.page import post, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider

pytestmark = pytest.mark.usefixtures("app")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 12, 1, 12, tzinfo=AMSTERDAM)
TODAY = date(2026, 12, 1)
ASK, BULLY, FRIEND, GROUP = (f"{theme}-primair" for theme in ("toestemming", "pesten", "vriendschapsverzoek", "groepsapp"))


@pytest.fixture
def school() -> School:
    return a_school("tjongeling")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, name="Groep 7")


@pytest.fixture
def mentor(school: School, school_class: SchoolClass) -> Person:
    return a_mentor(school, of=[school_class])


def save(who: Person, school_class: SchoolClass, *rows: tuple[str, str], doe: str = "bewaar", seen: str | None = None) -> TestResponse:
    """Send the form with these units and what stands in their date fields."""
    db.session.rollback()
    data: MultiDict[str, Any] = MultiDict([("les", unit) for unit, _day in rows])
    data.update({f"datum:{unit}": day for unit, day in rows})
    data.update({"doe": doe, "gezien": fingerprint(plan_of(school_class.id)) if seen is None else seen})
    return post(who, "lessons.class_plan_save", {key: data.getlist(key) for key in data}, class_id=school_class.id)


def plan(school_class: SchoolClass) -> list[tuple[str, date | None]]:
    db.session.rollback()
    return plan_of(school_class.id)


def planned(school_class: SchoolClass, *rows: tuple[str, date | None]) -> None:
    keep_plan(school_class, rows, now(), actor_id=new_id())
    db.session.commit()


def done(pupil: Person, unit: str, *, finished: bool = True) -> None:
    db.session.add(
        UnitProgress(
            school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, unit=unit, last_screen="", done=[], screens_total=9,
            started_at=now(), seen_at=now(), finished_at=now() if finished else None,
        )
    )  # fmt: skip
    db.session.commit()


def order_on(page: str) -> list[str]:
    """The lessons in the order in which the home of a pupil links to them."""
    places = {unit: page.rfind(f'class="unit" href="/lessen/{unit}"') for unit in (ASK, BULLY, FRIEND, GROUP)}
    return sorted(places, key=lambda unit: places[unit])


# ---- the form ----


def test_a_class_without_a_plan_says_that_pupils_see_the_usual_order(mentor: Person, school_class: SchoolClass) -> None:
    page = visit(mentor, "lessons.class_plan", class_id=school_class.id).text
    assert "Nog niets gepland" in page
    assert "gewone volgorde" in page


def test_a_mentor_plans_lessons_in_an_order_with_and_without_a_day(mentor: Person, school_class: SchoolClass) -> None:
    with time_machine.travel(NOON, tick=False):
        assert save(mentor, school_class, (GROUP, "2026-12-03"), (ASK, "")).status_code == 302
        page = visit(mentor, "lessons.class_plan", class_id=school_class.id).text
    assert plan(school_class) == [(GROUP, date(2026, 12, 3)), (ASK, None)]
    assert "donderdag 3 december" in page
    assert "nog geen dag" in page


@pytest.mark.parametrize(
    ("button", "then"),
    [
        (f"omhoog:{BULLY}", [BULLY, ASK]),
        (f"omlaag:{ASK}", [BULLY, ASK]),
        (f"omhoog:{ASK}", [ASK, BULLY]),
        (f"weg:{ASK}", [BULLY]),
        (f"erbij:{GROUP}", [ASK, BULLY, GROUP]),
        (f"erbij:{ASK}", [ASK, BULLY]),
        ("alles", [ASK, BULLY, FRIEND, GROUP]),
        ("op-datum", [BULLY, ASK]),
        ("erbij:../../etc", [ASK, BULLY]),
        ("onzin", [ASK, BULLY]),
    ],
)
def test_every_button_keeps_the_whole_form(mentor: Person, school_class: SchoolClass, button: str, then: list[str]) -> None:
    with time_machine.travel(NOON, tick=False):
        assert save(mentor, school_class, (ASK, ""), (BULLY, "4-12-2026"), doe=button).status_code == 302
    assert [unit for unit, _day in plan(school_class)] == then
    assert dict(plan(school_class)).get(BULLY) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31-2-2026", "geen datum"),
        ("volgende week", "geen datum"),
        ("2026-11-30", "al voorbij"),
        ("2206-12-03", "Klopt het jaar?"),
        ("0-0-0000", "geen datum"),
    ],
)
def test_a_day_that_cannot_be_is_told_at_its_field_and_everything_typed_stays(
    mentor: Person, school_class: SchoolClass, typed: str, said: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        page = save(mentor, school_class, (ASK, "3-12-2026"), (BULLY, typed))
    assert page.status_code == 422
    assert said in page.text
    assert f'href="#datum:{BULLY}"' in page.text
    assert f'type="text" value="{typed}"' in page.text
    assert 'type="date" value="2026-12-03"' in page.text
    assert plan(school_class) == []


def test_a_day_that_went_by_stays_where_it_stood(mentor: Person, school_class: SchoolClass) -> None:
    planned(school_class, (ASK, date(2026, 11, 19)))
    with time_machine.travel(NOON, tick=False):
        assert save(mentor, school_class, (ASK, "2026-11-19"), (BULLY, "2026-12-03")).status_code == 302
        assert save(mentor, school_class, (ASK, "2026-11-20"), (BULLY, "2026-12-03")).status_code == 422
    assert plan(school_class) == [(ASK, date(2026, 11, 19)), (BULLY, date(2026, 12, 3))]


def test_colleagues_do_not_overwrite_each_other_unseen(mentor: Person, school_class: SchoolClass, school: School) -> None:
    second = a_mentor(school, of=[school_class])
    seen = fingerprint([])
    with time_machine.travel(NOON, tick=False):
        save(second, school_class, (FRIEND, ""))
        page = save(mentor, school_class, (ASK, "3-12-2026"), seen=seen)
        assert page.status_code == 422
        assert "Een collega veranderde deze planning" in page.text
        assert 'value="2026-12-03"' in page.text
        assert plan(school_class) == [(FRIEND, None)]
        assert save(mentor, school_class, (ASK, "3-12-2026")).status_code == 302
    assert plan(school_class) == [(ASK, date(2026, 12, 3))]


def test_strange_and_double_lessons_in_the_form_are_left_out(mentor: Person, school_class: SchoolClass) -> None:
    save(mentor, school_class, (ASK, ""), ("groepsapp-voortgezet", ""), ("bestaat-niet", ""), (ASK, ""))
    assert plan(school_class) == [(ASK, None)]


def test_a_lesson_that_is_gone_is_told_to_the_mentor_and_not_shown_to_pupils(mentor: Person, school_class: SchoolClass) -> None:
    planned(school_class, ("verdwenen-primair", date(2026, 12, 3)), (GROUP, None))
    assert "Eén les uit deze planning bestaat niet meer" in visit(mentor, "lessons.class_plan", class_id=school_class.id).text
    assert "verdwenen" not in visit(a_pupil(school_class), "lessons.home").text
    save(mentor, school_class, (GROUP, ""))
    assert plan(school_class) == [(GROUP, None)]


def test_days_that_do_not_follow_the_order_are_told(mentor: Person, school_class: SchoolClass) -> None:
    planned(school_class, (ASK, date(2027, 1, 7)), (BULLY, date(2026, 12, 3)))
    with time_machine.travel(NOON, tick=False):
        assert "De dagen lopen niet gelijk met de volgorde" in visit(mentor, "lessons.class_plan", class_id=school_class.id).text
        save(mentor, school_class, (ASK, "2027-01-07"), (BULLY, "2026-12-03"), doe="op-datum")
    assert [unit for unit, _day in plan(school_class)] == [BULLY, ASK]


def test_the_teamleider_sees_and_keeps_the_plans_of_the_school(school: School, school_class: SchoolClass) -> None:
    teamleider, other = a_teamleider(school), a_class(a_school("compass"), name="Groep 8 van ver")
    planned(school_class, (ASK, date(2026, 11, 19)), (GROUP, date(2026, 12, 3)))
    with time_machine.travel(NOON, tick=False):
        page = visit(teamleider, "lessons.list_plans").text
        assert "Donderdag 3 december" in page
        assert other.name not in page
        assert save(teamleider, school_class, (ASK, "")).status_code == 302
    assert plan(school_class) == [(ASK, None)]


def test_a_plan_goes_with_its_class(school_class: SchoolClass) -> None:
    planned(school_class, (ASK, None))
    db.session.delete(school_class)
    db.session.commit()
    assert db.session.query(PlannedUnit).count() == 0


# ---- what pupils see ----


def test_pupils_see_what_is_next_and_when_with_the_other_lessons_below(school_class: SchoolClass) -> None:
    planned(school_class, (GROUP, date(2026, 12, 3)), (BULLY, None))
    with time_machine.travel(NOON, tick=False):
        page = visit(a_pupil(school_class), "lessons.home").text
    assert "Donderdag 3 december" in page
    assert "Dit doet jouw klas" in page
    assert "Ook te doen" in page
    assert order_on(page) == [GROUP, BULLY, ASK, FRIEND]
    assert page.index("Ook te doen") < page.index(f'class="unit" href="/lessen/{ASK}"')


def test_without_a_plan_pupils_see_all_lessons_in_the_usual_order(school_class: SchoolClass) -> None:
    page = visit(a_pupil(school_class), "lessons.home").text
    assert "Alle lessen" in page
    assert order_on(page) == [ASK, BULLY, FRIEND, GROUP]


def test_a_pupil_goes_on_with_what_is_begun_and_reads_what_the_class_does_next(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    planned(school_class, (GROUP, date(2026, 12, 3)))
    done(pupil, ASK, finished=False)
    with time_machine.travel(NOON, tick=False):
        page = visit(pupil, "lessons.home").text
    assert page.index(f'/lessen/{ASK}"') < page.index("Daarna met de klas:")
    assert "Donderdag 3 december: " in page


def test_on_the_day_itself_the_lesson_of_the_class_comes_first_also_after_signing_in(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    planned(school_class, (GROUP, TODAY))
    done(pupil, ASK, finished=False)
    with time_machine.travel(NOON, tick=False):
        assert visit(pupil, "lessons.resume").headers["Location"] == "/lessen"
        page = visit(pupil, "lessons.home").text
        assert page.index(f'/lessen/{GROUP}"') < page.index(f'/lessen/{ASK}"')
        assert "Vandaag" in page
        done(pupil, GROUP)
        assert "Vandaag" not in visit(pupil, "lessons.home").text


def test_a_plan_shuts_no_lesson(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    planned(school_class, (GROUP, date(2027, 6, 1)))
    for unit in (ASK, GROUP):
        assert visit(pupil, "lessons.show_unit", unit=unit, follow=True).status_code == 200


def test_after_a_lesson_the_next_one_is_the_next_of_the_plan(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    planned(school_class, (FRIEND, None), (ASK, None))
    done(pupil, FRIEND)
    following = library().lessons[ASK].unit.title
    assert f"Je volgende les is ‘{following}’" in visit(pupil, "lessons.show_end", unit=FRIEND).text


# ---- days in words ----


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY, "Vandaag"),
        (TODAY + timedelta(days=1), "Morgen"),
        (date(2026, 12, 3), "Donderdag 3 december"),
        (date(2026, 11, 19), "Was op donderdag 19 november"),
        (date(2028, 2, 29), "Dinsdag 29 februari 2028"),
        (None, ""),
    ],
)
def test_a_day_is_told_as_one_says_it(day: date | None, words: str) -> None:
    assert agenda.when_words(day, TODAY) == words


@pytest.mark.parametrize(
    "text", ["2026-12-03", "3-12-2026", "03/12/2026", "3.12.2026", "3 december 2026", "do 3 dec 2026", " 3 DEC. 2026 "]
)
def test_a_day_may_be_written_in_several_ways(text: str) -> None:
    assert day_in(text) == date(2026, 12, 3)


@pytest.mark.parametrize("text", ["", "3-12", "3-12-26", "12-31-2026", "2026-02-29", "3 foo 2026", "٣-١٢-٢٠٢٦x", "9" * 40, "1-1-99999"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_in(text) is None


def test_march_has_two_short_names() -> None:
    assert day_in("1 mrt 2027") == day_in("1 maart 2027") == date(2027, 3, 1)
    assert day_words(date(2027, 3, 1), TODAY) == "maandag 1 maart"
