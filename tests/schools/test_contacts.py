"""Help at the school: what teamleider and beheerder keep, pupils see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.models import Person
from common.clock import now
from common.database import db
from schools.models import School, SchoolContact
from tests.page import post, visit
from tests.people import a_beheerder, a_class, a_pupil, a_school, a_teamleider

pytestmark = pytest.mark.usefixtures("app")
CARLA = {"naam": "Carla", "taak": "vertrouwenspersoon", "waar": "kamer 3, dinsdag"}


@pytest.fixture
def school() -> School:
    return a_school("agora")


@pytest.fixture
def teamleider(school: School) -> Person:
    return a_teamleider(school)


def names() -> list[str]:
    db.session.rollback()
    return [one.name for one in db.session.scalars(select(SchoolContact).order_by(SchoolContact.position))]


def test_an_empty_list_says_what_pupils_see_now(teamleider: Person) -> None:
    assert "Er staat nog niemand bij" in visit(teamleider, "admin.show_contacts").text


def test_who_is_added_stands_on_the_page_of_the_pupils(school: School, teamleider: Person) -> None:
    assert post(teamleider, "admin.contact_add", CARLA).status_code == 302
    page = visit(a_pupil(a_class(school)), "schools.show_help").text
    assert "Carla" in page
    assert "kamer 3, dinsdag" in page


@pytest.mark.parametrize("wrong", [{"naam": ""}, {"taak": ""}, {"waar": ""}, {"naam": "x" * 61}, {"waar": "x" * 161}])
def test_a_person_that_pupils_could_not_find_is_refused(teamleider: Person, wrong: dict[str, str]) -> None:
    response = post(teamleider, "admin.contact_add", {**CARLA, **wrong})
    assert response.status_code == 422
    assert "vertrouwenspersoon" in response.text or "taak" in wrong
    assert names() == []


def test_the_order_changes_one_place_at_a_time(school: School, teamleider: Person) -> None:
    for name in ("Carla", "Idris", "Noor"):
        post(teamleider, "admin.contact_add", {**CARLA, "naam": name})
    ids = {one.name: one.id for one in db.session.scalars(select(SchoolContact))}
    post(teamleider, "admin.contact_move", {"naar": "omhoog"}, contact_id=ids["Noor"])
    assert names() == ["Carla", "Noor", "Idris"]
    post(teamleider, "admin.contact_move", {"naar": "omhoog"}, contact_id=ids["Carla"])
    post(teamleider, "admin.contact_move", {"naar": "elders"}, contact_id=ids["Carla"])
    assert names() == ["Carla", "Noor", "Idris"]
    post(a_beheerder(school), "admin.contact_move", {"naar": "omlaag"}, contact_id=ids["Carla"])
    assert names() == ["Noor", "Carla", "Idris"]


def test_a_person_is_changed_and_taken_off_after_a_yes(teamleider: Person) -> None:
    post(teamleider, "admin.contact_add", CARLA)
    contact = db.session.scalars(select(SchoolContact)).one()
    post(teamleider, "admin.contact_change", {**CARLA, "naam": "Mevrouw Tjon"}, contact_id=contact.id)
    assert names() == ["Mevrouw Tjon"]
    assert post(teamleider, "admin.contact_remove", {}, contact_id=contact.id).status_code == 422
    assert names() == ["Mevrouw Tjon"]
    post(teamleider, "admin.contact_remove", {"zeker": "1"}, contact_id=contact.id)
    assert names() == []


def test_a_list_of_half_a_year_ago_asks_to_be_looked_at(teamleider: Person) -> None:
    post(teamleider, "admin.contact_add", CARLA)
    contact = db.session.scalars(select(SchoolContact)).one()
    contact.checked_at = now() - timedelta(days=200)
    db.session.commit()
    assert "langer dan een half jaar niet nagekeken" in visit(teamleider, "admin.show_contacts").text
    post(teamleider, "admin.contact_confirm")
    assert "langer dan een half jaar niet nagekeken" not in visit(teamleider, "admin.show_contacts").text
