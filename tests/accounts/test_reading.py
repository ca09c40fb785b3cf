"""How a pupil likes to read: kept with the pupil, on every device, and shown to nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from accounts.models import Person
from accounts.reading import SETTINGS, attributes, chosen, unusual
from common.database import db
from schools.models import School, SchoolClass
from tests.page import client_of, post, visit
from tests.people import a_beheerder, a_class, a_mentor, a_pupil, a_school

LARGE = {"tekst": "grootst", "ruimte": "ruimer", "letter": "leesletter", "kleuren": "donker", "tempo": "rustig"}
USUAL = {one.key: one.usual for one in SETTINGS}


def html_tag(response: TestResponse) -> str:
    found = re.search(r"<html[^>]*>", response.text)
    assert found
    return found[0]


def kept(pupil: Person) -> dict[str, str] | None:
    return db.session.scalars(select(Person.reading).where(Person.id == pupil.id)).one()


@pytest.fixture
def school(app: Flask) -> School:
    return a_school()


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school)


def test_what_a_pupil_chose_holds_on_every_page_and_device(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    assert post(pupil, "accounts.keep_reading", {**LARGE, "terug": "/afspraken"}).location == "/afspraken"
    for endpoint in ("lessons.home", "schools.show_agreements", "schools.show_help", "accounts.show_reading"):
        tag = html_tag(visit(pupil, endpoint))
        for name in ('data-text="grootst"', 'data-space="ruimer"', 'data-face="leesletter"', 'data-theme="donker"', 'data-pace="rustig"'):
            assert name in tag, endpoint


def test_who_chose_nothing_reads_as_usual(school_class: SchoolClass) -> None:
    tag = html_tag(visit(a_pupil(school_class), "lessons.home"))
    assert tag == '<html lang="nl" data-skin="primair">'


def test_only_what_differs_from_the_usual_is_kept(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    post(pupil, "accounts.keep_reading", {**USUAL, "tekst": "groter", "terug": ""})
    assert kept(pupil) == {"tekst": "groter"}
    post(pupil, "accounts.keep_reading", {**USUAL, "terug": ""})
    assert kept(pupil) == {}


def test_the_voice_changes_only_its_pace(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    post(pupil, "accounts.keep_reading", {**LARGE, "terug": ""})
    post(pupil, "accounts.keep_reading", {"tempo": "vlot"})
    assert kept(pupil) == {**LARGE, "tempo": "vlot"}
    assert "Bewaard" not in visit(pupil, "lessons.home").text


def test_the_page_shows_what_was_chosen_and_where_it_leads_back_to(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    post(pupil, "accounts.keep_reading", {**LARGE, "terug": ""})
    page = visit(pupil, "accounts.show_reading", terug="/afspraken").text
    assert re.findall(r'name="(\w+)" value="(\w+)" checked', page) == list(LARGE.items())
    assert '<input type="hidden" name="terug" value="/afspraken">' in page


def test_every_page_of_a_pupil_leads_to_the_settings_and_back(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    for endpoint, path in (("lessons.home", "/lessen"), ("schools.show_agreements", "/afspraken"), ("schools.show_help", "/hulp")):
        assert f'href="/zo-lees-ik?terug={path}"' in visit(pupil, endpoint).text


@pytest.mark.parametrize("onward", ["//kwaad.example", "https://kwaad.example", "/\\kwaad.example", "", "lessen"])
def test_the_way_back_never_leads_elsewhere(school_class: SchoolClass, onward: str) -> None:
    pupil = a_pupil(school_class)
    assert post(pupil, "accounts.keep_reading", {**LARGE, "terug": onward}).location == "/"
    assert "kwaad" not in visit(pupil, "accounts.show_reading", terug=onward).text


@pytest.mark.parametrize("key", list(LARGE))
@pytest.mark.parametrize("value", ["", "enorm", "GROOTST", "groter\x00", "a" * 5000, '"><b>'])
def test_a_choice_that_does_not_exist_is_told_and_nothing_changes(school_class: SchoolClass, key: str, value: str) -> None:
    pupil = a_pupil(school_class)
    post(pupil, "accounts.keep_reading", {"tekst": "groter"})
    response = post(pupil, "accounts.keep_reading", {**LARGE, key: value})
    assert response.status_code == 422
    assert "<title>Fout:" in response.text
    assert f'href="#{key}"' in response.text
    assert kept(pupil) == {"tekst": "groter"}


def test_fields_that_are_no_setting_are_not_kept(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    post(pupil, "accounts.keep_reading", {"tekst": "groter", "role": "mentor", "half": "2", "reading": "{}"})
    assert kept(pupil) == {"tekst": "groter"}
    assert db.session.scalars(select(Person.role).where(Person.id == pupil.id)).one() == "pupil"


def test_another_pupil_on_the_same_device_reads_as_usual(school_class: SchoolClass) -> None:
    one, other = a_pupil(school_class), a_pupil(school_class)
    post(one, "accounts.keep_reading", {**LARGE, "terug": ""})
    assert "data-text" not in html_tag(visit(other, "lessons.home"))
    assert kept(other) is None


def test_after_signing_out_the_front_door_looks_as_usual(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    client = client_of(pupil)
    post(pupil, "accounts.keep_reading", {**LARGE, "terug": ""}, client=client)
    post(pupil, "accounts.sign_out", client=client)
    assert html_tag(visit(None, "accounts.start", client=client)) == '<html lang="nl" data-skin="voortgezet">'


def test_a_mentor_sees_nothing_of_it(school: School, school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    post(pupil, "accounts.keep_reading", {**LARGE, "terug": ""})
    mentor = a_mentor(school, of=[school_class])
    pages = [visit(mentor, "progress.show_class", class_id=school_class.id)]
    pages += [visit(mentor, "progress.show_pupil", class_id=school_class.id, pupil_id=pupil.id)]
    for response in pages:
        assert not [word for word in ("leesletter", "grootst", "ruimer") if word in response.text]
        assert "data-text" not in html_tag(response)


def test_inzage_shows_it(school: School, school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    ids: dict[str, Any] = {"class_id": school_class.id, "pupil_id": pupil.id}
    beheerder = a_beheerder(school)
    assert visit(beheerder, "admin.class_pupil_export", kind="json", **ids).get_json()["leerling"]["Leest het liefst"] == "gewoon"
    post(pupil, "accounts.keep_reading", {"letter": "leesletter", "tekst": "groter"})
    assert "tekst: groter, letter: leesletter" in visit(beheerder, "admin.class_pupil_dossier", **ids).text


def test_the_reading_letters_are_fetched_only_by_who_chose_them(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    assert "leesletter" not in visit(pupil, "lessons.home").text
    post(pupil, "accounts.keep_reading", {"letter": "leesletter"})
    preloaded = re.findall(r'<link rel="preload" href="/static/fonts/([a-z0-9-]+)', visit(pupil, "lessons.home").text)
    assert preloaded == ["leesletter-400"]


def test_a_choice_of_long_ago_that_no_longer_exists_does_no_harm(school_class: SchoolClass) -> None:
    pupil = a_pupil(school_class)
    db.session.execute(
        update(Person).where(Person.id == pupil.id).values(reading={"tekst": "reusachtig", "geur": "fris", "letter": "leesletter"})
    )
    db.session.commit()
    assert html_tag(visit(pupil, "lessons.home")) == '<html lang="nl" data-skin="primair" data-face="leesletter">'


@given(st.dictionaries(st.text(max_size=10) | st.sampled_from(list(LARGE)), st.text(max_size=10) | st.sampled_from([*LARGE.values()])))
def test_whatever_is_kept_only_known_choices_come_out(kept_before: dict[str, str]) -> None:
    for one in SETTINGS:
        assert chosen(kept_before)[one.key] in one.choices
    assert chosen(unusual(kept_before)) == chosen(kept_before)
    assert set(attributes(kept_before)) <= {one.attribute for one in SETTINGS}
