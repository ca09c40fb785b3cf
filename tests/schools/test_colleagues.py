"""A class shared with a colleague: a second mentor for good, and a substitute whose right ends by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from accounts.models import Person
from common.audit import AuditEvent
from common.database import db
from schools import colleagues
from schools.models import Mentorship, School, SchoolClass
from tests.page import address as address_of
from tests.page import client_of, post, send, visit
from tests.people import a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider

pytestmark = pytest.mark.usefixtures("app")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 12, 8, 12, tzinfo=AMSTERDAM)
LAST_DAY = date(2026, 12, 12)


@pytest.fixture
def school() -> School:
    return a_school("tjongeling")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, name="Groep 7")


@pytest.fixture
def mentor(school: School, school_class: SchoolClass) -> Person:
    return a_mentor(school, of=[school_class])


@pytest.fixture
def colleague(school: School) -> Person:
    return a_mentor(school)


def give(who: Person, school_class: SchoolClass, colleague: Person, until: str = "2026-12-12", **more: str) -> int:
    data = {"collega": colleague.id, "tot": until, **more}
    return post(who, "schools.class_colleague_add", data, class_id=school_class.id).status_code


def change(who: Person, school_class: SchoolClass, colleague: Person, **data: str) -> int:
    return post(who, "schools.class_colleague_change", data, class_id=school_class.id, person_id=colleague.id).status_code


def until_of(school_class: SchoolClass, person: Person) -> date | str | None:
    """The last day of somebody in a class; "nothing" without any right on paper."""
    db.session.rollback()
    row = db.session.get(Mentorship, (school_class.id, person.id))
    return "nothing" if row is None else row.until_on


def sees(person: Person, school_class: SchoolClass) -> bool:
    return visit(person, "progress.show_class", class_id=school_class.id).status_code == 200


def logged() -> list[str]:
    db.session.rollback()
    return [one.what for one in db.session.scalars(select(AuditEvent)) if "vervang" in one.what or "mentor" in one.what]


# ---- a substitute ----


def test_a_mentor_lets_a_colleague_replace_up_to_and_including_a_day(mentor: Person, school_class: SchoolClass, colleague: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        assert not sees(colleague, school_class)
        assert give(mentor, school_class, colleague) == 302
        assert until_of(school_class, colleague) == LAST_DAY
        assert sees(colleague, school_class)
        page = visit(mentor, "schools.class_colleagues", class_id=school_class.id).text
    assert "vervangt tot en met zaterdag 12 december" in page
    assert logged() == ["vervanger-gekoppeld"]


@pytest.mark.parametrize(
    ("moment", "still"),
    [
        (datetime(2026, 12, 12, 23, 59, tzinfo=AMSTERDAM), True),
        (datetime(2026, 12, 13, 0, 0, tzinfo=AMSTERDAM), False),
        # In UTC it is the thirteenth only an hour later: the day of the school counts.
        (datetime(2026, 12, 13, 0, 30, tzinfo=AMSTERDAM), False),
    ],
)
def test_the_right_ends_by_itself_at_midnight_in_amsterdam(
    mentor: Person, school_class: SchoolClass, colleague: Person, moment: datetime, still: bool
) -> None:
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, colleague)
    with time_machine.travel(moment, tick=False):
        assert sees(colleague, school_class) is still
        names = [one.person_id for one in colleagues.access_to(school_class.id)]
        assert (colleague.id in names) is still
        assert sees(mentor, school_class)


def test_a_right_that_is_given_or_taken_works_in_a_session_that_is_open(
    mentor: Person, school_class: SchoolClass, colleague: Person
) -> None:
    with time_machine.travel(NOON, tick=False):
        browser, page = client_of(colleague), address_of("progress.show_class", class_id=school_class.id)
        assert browser.get(page).status_code == 404
        give(mentor, school_class, colleague)
        assert browser.get(page).status_code == 200
        assert change(mentor, school_class, colleague, doe="stop") == 302
        assert browser.get(page).status_code == 404
    assert logged() == ["vervanger-gekoppeld", "vervanging-gestopt"]


def test_in_an_open_session_the_right_is_gone_the_day_after(mentor: Person, school_class: SchoolClass, colleague: Person) -> None:
    with time_machine.travel(datetime(2026, 12, 12, 23, 50, tzinfo=AMSTERDAM), tick=False) as clock:
        give(mentor, school_class, colleague)
        browser, page = client_of(colleague), address_of("progress.show_class", class_id=school_class.id)
        assert browser.get(page).status_code == 200
        clock.shift(timedelta(minutes=11))
        assert browser.get(page).status_code == 404


def test_a_last_day_can_be_moved(mentor: Person, school_class: SchoolClass, colleague: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, colleague)
        assert change(mentor, school_class, colleague, doe="verleng", tot="18-12-2026") == 302
        assert until_of(school_class, colleague) == date(2026, 12, 18)
        assert change(mentor, school_class, colleague, doe="verleng", tot="2026-12-18") == 302
    assert logged() == ["vervanger-gekoppeld", "vervanging-verlengd"]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("", "Vul de laatste dag in"),
        ("31-2-2026", "Vul de laatste dag in"),
        ("overmorgen", "Vul de laatste dag in"),
        ("2026-12-07", "Die dag is al voorbij"),
        ("2028-01-01", "langer dan een jaar"),
    ],
)
def test_a_day_that_cannot_be_is_told_and_what_was_typed_is_kept(
    mentor: Person, school_class: SchoolClass, colleague: Person, until: str, said: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        data = {"collega": colleague.id, "tot": until}
        page = post(mentor, "schools.class_colleague_add", data, class_id=school_class.id)
        assert page.status_code == 422
        assert said in page.text
        assert f'value="{until}"' in page.text
        assert f'value="{colleague.id}" selected' in page.text
        give(mentor, school_class, colleague)
        page = post(mentor, "schools.class_colleague_change", {"doe": "verleng", "tot": until}, class_id=school_class.id,
                    person_id=colleague.id)  # fmt: skip
        assert page.status_code == 422
        assert f'href="#tot-{colleague.id}"' in page.text
        assert until_of(school_class, colleague) == LAST_DAY


def test_today_is_a_last_day_too(mentor: Person, school_class: SchoolClass, colleague: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        assert give(mentor, school_class, colleague, "8 december 2026") == 302
        assert sees(colleague, school_class)


def test_who_once_replaced_can_do_so_again(mentor: Person, school_class: SchoolClass, colleague: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, colleague)
    with time_machine.travel(NOON + timedelta(days=60), tick=False):
        assert give(mentor, school_class, colleague, "2027-03-01") == 302
        assert until_of(school_class, colleague) == date(2027, 3, 1)


# ---- who may give, and to whom ----


def test_a_substitute_sees_the_list_but_lends_nothing_on(mentor: Person, school_class: SchoolClass, school: School) -> None:
    substitute, other = a_mentor(school), a_mentor(school)
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, substitute)
        page = visit(substitute, "schools.class_colleagues", class_id=school_class.id)
        assert "Jij vervangt" in page.text
        assert "<select" not in page.text
        assert give(substitute, school_class, other) == 403
        assert change(substitute, school_class, mentor, doe="stop") == 403
        assert change(substitute, school_class, substitute, doe="verleng", tot="2027-01-01") == 403
    assert until_of(school_class, other) == "nothing"
    assert until_of(school_class, substitute) == LAST_DAY


def test_only_mentors_of_the_own_school_can_be_chosen(mentor: Person, school_class: SchoolClass, school: School) -> None:
    strangers = [a_mentor(a_school("compass")), a_teamleider(school), a_beheerder(school), a_pupil(school_class)]
    with time_machine.travel(NOON, tick=False):
        page = visit(mentor, "schools.class_colleagues", class_id=school_class.id).text
        for stranger in strangers:
            assert stranger.id not in page
            assert give(mentor, school_class, stranger) == 422
            assert until_of(school_class, stranger) == "nothing"


def test_whose_account_is_off_cannot_be_chosen_and_is_not_on_the_list(mentor: Person, school_class: SchoolClass, colleague: Person) -> None:
    colleague.is_active = False
    db.session.commit()
    with time_machine.travel(NOON, tick=False):
        assert give(mentor, school_class, colleague) == 422


def test_a_mentor_gives_nothing_for_good(mentor: Person, school_class: SchoolClass, colleague: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        assert give(mentor, school_class, colleague, "", hoelang="vast") == 422
        give(mentor, school_class, colleague)
        change(mentor, school_class, colleague, doe="vast")
    assert until_of(school_class, colleague) == LAST_DAY


def test_who_keeps_the_class_is_no_substitute_of_it(mentor: Person, school_class: SchoolClass, school: School) -> None:
    second = a_mentor(school, of=[school_class])
    with time_machine.travel(NOON, tick=False):
        assert give(mentor, school_class, second) == 422
        change(mentor, school_class, second, doe="verleng", tot="2026-12-12")
    assert until_of(school_class, second) is None


def test_the_beheerder_adds_a_second_mentor_and_makes_a_substitute_stay(
    mentor: Person, school_class: SchoolClass, school: School, colleague: Person
) -> None:
    beheerder, third = a_beheerder(school), a_mentor(school)
    with time_machine.travel(NOON, tick=False):
        assert give(beheerder, school_class, colleague, "", hoelang="vast") == 302
        assert give(mentor, school_class, third) == 302
        assert change(beheerder, school_class, third, doe="vast") == 302
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        assert sees(colleague, school_class)
        assert sees(third, school_class)


# ---- nobody is left outside by accident ----


def test_nobody_takes_the_own_access_away(mentor: Person, school_class: SchoolClass, school: School) -> None:
    a_mentor(school, of=[school_class])
    page = post(mentor, "schools.class_colleague_change", {"doe": "stop"}, class_id=school_class.id, person_id=mentor.id, follow=True)
    assert "Je eigen toegang haal je niet zelf weg" in page.text
    assert until_of(school_class, mentor) is None


def test_a_mentor_does_not_take_another_mentor_away(mentor: Person, school_class: SchoolClass, school: School) -> None:
    second = a_mentor(school, of=[school_class])
    change(mentor, school_class, second, doe="stop")
    assert until_of(school_class, second) is None


def test_the_last_mentor_stays_also_beside_a_substitute(
    mentor: Person, school_class: SchoolClass, school: School, colleague: Person
) -> None:
    beheerder, second = a_beheerder(school), a_mentor(school, of=[school_class])
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, colleague)
        change(beheerder, school_class, second, doe="stop")
        assert until_of(school_class, second) == "nothing"
        change(beheerder, school_class, mentor, doe="stop")
    assert until_of(school_class, mentor) is None


def test_choosing_mentors_leaves_a_substitute_in_peace(
    mentor: Person, school_class: SchoolClass, school: School, colleague: Person
) -> None:
    beheerder = a_beheerder(school)
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, colleague)
        page = visit(beheerder, "admin.class_show", class_id=school_class.id).text
        assert f'value="{colleague.id}" checked' not in page
        post(beheerder, "admin.class_mentors", {"mentor": [mentor.id]}, class_id=school_class.id)
        assert until_of(school_class, colleague) == LAST_DAY
        post(beheerder, "admin.class_mentors", {"mentor": [mentor.id, colleague.id]}, class_id=school_class.id)
        assert until_of(school_class, colleague) is None


def test_the_log_book_names_the_class_and_the_colleague(
    mentor: Person, school_class: SchoolClass, school: School, colleague: Person
) -> None:
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, colleague)
        page = visit(a_beheerder(school), "admin.show_audit").text
    assert "Collega tijdelijk toegang gegeven tot een klas" in page
    assert f"{colleague.display_name}, Groep 7" in page


def test_an_odd_form_changes_nothing(mentor: Person, school_class: SchoolClass, colleague: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, colleague)
        for wanted in ("", "weg", "\x00", "vast"):
            assert change(mentor, school_class, colleague, doe=wanted) == 302
        browser = client_of(mentor)
        assert (
            send(browser, address_of("schools.class_colleagues", class_id=school_class.id) + "/zomaar", {"doe": "stop"}).status_code == 404
        )
    assert until_of(school_class, colleague) == LAST_DAY


def test_a_substitute_reads_calmly_until_when(mentor: Person, school_class: SchoolClass, colleague: Person, school: School) -> None:
    own = a_class(school, name="Groep 8", mentor=colleague)
    with time_machine.travel(NOON, tick=False):
        give(mentor, school_class, colleague)
        assert (
            "Je vervangt in deze klas tot en met zaterdag 12 december"
            in visit(colleague, "progress.show_class", class_id=school_class.id).text
        )
        assert "Je vervangt" not in visit(colleague, "progress.show_class", class_id=own.id).text
        assert "Je vervangt" not in visit(mentor, "progress.show_class", class_id=school_class.id).text
        assert visit(colleague, "progress.list_classes").text.count("Je vervangt hier tot en met") == 1
