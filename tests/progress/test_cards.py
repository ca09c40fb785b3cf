"""Secrets of pupils: drawn by the system, shown once on a card, and written in the log book without the secret."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from accounts.models import Person, SignIn
from accounts.secrets import PICTURES, secret_fits
from common.audit import AuditEvent
from common.database import db
from schools.models import School, SchoolClass
from tests.page import post, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, signed_in

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def school() -> School:
    return a_school("tjongeling")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, "primair", name="7B")


@pytest.fixture
def mentor(school: School, school_class: SchoolClass) -> Person:
    return a_mentor(school, of=[school_class])


def again(person: Person) -> Person:
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.id == person.id).execution_options(populate_existing=True)).one()


def renewed() -> list[str]:
    return [row.on_id for row in db.session.scalars(select(AuditEvent).where(AuditEvent.what == "geheim-vernieuwd"))]


def secrets_on(page: str) -> list[str]:
    return ["-".join(re.findall(r"secrets/(\w+)\.\w+\.svg", card)) for card in page.split('class="login-card"')[1:]]


def test_a_new_secret_is_shown_once_and_works(school_class: SchoolClass, mentor: Person) -> None:
    pupil = a_pupil(school_class, "Sami", secret="kat-boom-vis")
    signed_in(pupil)
    response = post(mentor, "progress.renew_secret", class_id=school_class.id, pupil_id=pupil.id)
    assert response.headers["Cache-Control"] == "no-store"
    (secret,) = secrets_on(response.text)
    assert set(secret.split("-")) <= set(PICTURES)
    assert secret_fits("pictures", again(pupil).secret_hash, secret)
    assert not secret_fits("pictures", again(pupil).secret_hash, "kat-boom-vis") or secret == "kat-boom-vis"
    assert db.session.scalars(select(SignIn).where(SignIn.person_id == pupil.id)).all() == []
    assert renewed() == [pupil.id]


def test_a_new_secret_ends_the_wait_after_wrong_tries(school_class: SchoolClass, mentor: Person) -> None:
    pupil = a_pupil(school_class, "Sami", secret="kat-boom-vis")
    pupil.wrong_tries = 9
    db.session.commit()
    post(mentor, "progress.renew_secret", class_id=school_class.id, pupil_id=pupil.id)
    assert (again(pupil).wrong_tries, again(pupil).wait_until) == (0, None)


def test_the_card_numbers_the_pictures_and_leads_to_the_front_door(school_class: SchoolClass, mentor: Person) -> None:
    pupil = a_pupil(school_class, "Zoë & Co")
    page = post(mentor, "progress.renew_secret", class_id=school_class.id, pupil_id=pupil.id).text
    assert [int(number) for number in re.findall(r'class="pics__no" aria-hidden="true">(\d)<', page)] == [1, 2, 3]
    assert school_class.code in page
    assert "Zoë &amp; Co" in page
    assert "<svg" in page
    assert "style=" not in page


@pytest.mark.parametrize(("kind", "looks", "word"), [("pin", r"^\d{4}$", "Pincode"), ("word", r"^[a-z]+\d\d$", "Geheim woord")])
def test_secondary_pupils_get_a_pin_or_a_word(school: School, mentor: Person, kind: str, looks: str, word: str) -> None:
    school_class = a_class(school, "voortgezet", mentor=mentor)
    school_class.secret_kind = kind
    db.session.commit()
    pupil = a_pupil(school_class, "Noor")
    page = post(mentor, "progress.renew_secret", class_id=school_class.id, pupil_id=pupil.id).text
    secret = re.findall(r"<code>([^<]+)</code>", page)[-1]
    assert re.match(looks, secret)
    assert word in page
    assert secret_fits(kind, again(pupil).secret_hash, secret)


def test_the_page_says_who_has_no_card_yet(school_class: SchoolClass, mentor: Person) -> None:
    a_pupil(school_class, "Sami", secret="kat-boom-vis")
    a_pupil(school_class, "Mei")
    page = visit(mentor, "progress.show_cards", class_id=school_class.id).text
    assert "1 van de 2 leerlingen heeft nog geen kaartje" in page
    assert "<bdi>Mei</bdi>." in page


def test_cards_for_those_without_leave_the_others_alone(school_class: SchoolClass, mentor: Person) -> None:
    sami, mei = a_pupil(school_class, "Sami", secret="kat-boom-vis"), a_pupil(school_class, "Mei")
    page = post(mentor, "progress.make_cards", {"wie": "zonder"}, class_id=school_class.id).text
    assert page.count('class="login-card"') == 1
    assert secret_fits("pictures", again(sami).secret_hash, "kat-boom-vis")
    assert again(mei).secret_hash
    assert renewed() == [mei.id]


def test_cards_for_some(school_class: SchoolClass, mentor: Person) -> None:
    sami, mei, roos = (a_pupil(school_class, name, secret="kat-boom-vis") for name in ("Sami", "Mei", "Roos"))
    page = post(mentor, "progress.make_cards", {"wie": "gekozen", "leerling": [sami.id, roos.id]}, class_id=school_class.id).text
    assert page.count('class="login-card"') == 2
    assert secret_fits("pictures", again(mei).secret_hash, "kat-boom-vis")
    assert sorted(renewed()) == sorted([sami.id, roos.id])


def test_choosing_nobody_is_told_beside_the_field(school_class: SchoolClass, mentor: Person) -> None:
    a_pupil(school_class, "Sami")
    response = post(mentor, "progress.make_cards", {"wie": "gekozen"}, class_id=school_class.id)
    assert response.status_code == 422
    assert "Kies ten minste één leerling." in response.text
    assert "<title>Fout:" in response.text


def test_everybody_needs_a_second_yes(school_class: SchoolClass, mentor: Person) -> None:
    sami = a_pupil(school_class, "Sami", secret="kat-boom-vis")
    response = post(mentor, "progress.make_cards", {"wie": "iedereen"}, class_id=school_class.id)
    assert response.status_code == 422
    assert secret_fits("pictures", again(sami).secret_hash, "kat-boom-vis")
    assert post(mentor, "progress.make_cards", {"wie": "iedereen", "zeker": "1"}, class_id=school_class.id).status_code == 200
    assert renewed() == [sami.id]


@pytest.mark.parametrize("data", [{}, {"wie": "alle"}, {"wie": "gekozen", "leerling": "x" * 300}, {"wie": "gekozen", "leerling": "\x00"}])
def test_odd_input_makes_no_cards(school_class: SchoolClass, mentor: Person, data: dict[str, str]) -> None:
    a_pupil(school_class, "Sami")
    assert post(mentor, "progress.make_cards", data, class_id=school_class.id).status_code == 422
    assert renewed() == []


def test_the_pupils_of_a_colleague_keep_their_secret(school: School, school_class: SchoolClass, mentor: Person) -> None:
    other = a_class(school)
    roos = a_pupil(other, "Roos", secret="kat-boom-vis")
    assert post(mentor, "progress.renew_secret", class_id=other.id, pupil_id=roos.id).status_code == 404
    assert post(mentor, "progress.renew_secret", class_id=school_class.id, pupil_id=roos.id).status_code == 404
    post(mentor, "progress.make_cards", {"wie": "gekozen", "leerling": roos.id}, class_id=school_class.id)
    assert post(mentor, "progress.make_cards", {"wie": "iedereen", "zeker": "1"}, class_id=other.id).status_code == 404
    assert secret_fits("pictures", again(roos).secret_hash, "kat-boom-vis")


def test_no_secret_stands_in_the_log_book(school_class: SchoolClass, mentor: Person) -> None:
    pupil = a_pupil(school_class, "Sami")
    (secret,) = secrets_on(post(mentor, "progress.renew_secret", class_id=school_class.id, pupil_id=pupil.id).text)
    for row in db.session.scalars(select(AuditEvent)):
        assert secret not in f"{row.what} {row.on_id}"
        assert "Sami" not in f"{row.what} {row.on_id}"
