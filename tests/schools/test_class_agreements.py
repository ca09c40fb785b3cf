"""What a class agrees on: its mentor keeps the list, its pupils read it, everybody else finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from accounts.models import Person
from common.audit import AuditEvent
from common.clock import now
from common.database import db, new_id
from schools import actions
from schools.domain import LONGEST_AGREEMENT, MOST_AGREEMENTS
from schools.models import ClassAgreement, School, SchoolClass
from schools.present import POSTER_SIZES, class_title, poster_size
from tests.page import address, post, send, visit
from tests.page import client_of as browser_of
from tests.people import a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider

pytestmark = pytest.mark.usefixtures("app")
FIRST, SECOND, THIRD = "Eerst vragen, dan pas filmen.", "Na acht uur sturen we niks meer.", "Stop is stop."


@pytest.fixture
def school() -> School:
    return a_school("tjongeling")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, name="Groep 7")


@pytest.fixture
def mentor(school: School, school_class: SchoolClass) -> Person:
    return a_mentor(school, of=[school_class])


def texts(school_class: SchoolClass) -> list[str]:
    db.session.rollback()
    found = select(ClassAgreement).where(ClassAgreement.class_id == school_class.id).order_by(ClassAgreement.position)
    return [one.text for one in db.session.scalars(found)]


def agreed(school_class: SchoolClass, *sentences: str) -> dict[str, str]:
    """The class agrees on these; the key of each."""
    for text in sentences:
        assert actions.add_class_agreement(school_class, text, now(), actor_id=new_id())
    db.session.commit()
    return {one.text: one.id for one in db.session.scalars(select(ClassAgreement).where(ClassAgreement.class_id == school_class.id))}


# ---- keeping the list ----


def test_an_empty_list_says_how_to_begin_and_prints_no_empty_poster(mentor: Person, school_class: SchoolClass) -> None:
    page = visit(mentor, "schools.class_agreements", class_id=school_class.id)
    assert "Jullie hebben nog niets afgesproken" in page.text
    assert "Maak een poster" not in page.text
    assert visit(mentor, "schools.class_agreements_poster", class_id=school_class.id).status_code == 302


def test_what_the_class_agrees_on_is_added_changed_and_taken_off_after_a_yes(mentor: Person, school_class: SchoolClass) -> None:
    post(mentor, "schools.class_agreement_add", {"tekst": FIRST}, class_id=school_class.id)
    one = db.session.scalars(select(ClassAgreement)).one()
    where = {"class_id": school_class.id, "agreement_id": one.id}
    assert FIRST in visit(mentor, "schools.class_agreement_edit", **where).text
    assert post(mentor, "schools.class_agreement_change", {"tekst": SECOND}, **where).status_code == 302
    assert texts(school_class) == [SECOND]
    refused = post(mentor, "schools.class_agreement_remove", {}, **where)
    assert refused.status_code == 422
    assert "Zet eerst een vinkje" in refused.text
    assert texts(school_class) == [SECOND]
    post(mentor, "schools.class_agreement_remove", {"zeker": "1"}, **where)
    assert texts(school_class) == []


def test_the_order_changes_one_place_at_a_time_and_stops_at_the_ends(mentor: Person, school_class: SchoolClass) -> None:
    ids = agreed(school_class, FIRST, SECOND, THIRD)

    def move(text: str, way: str) -> list[str]:
        post(mentor, "schools.class_agreement_move", {"naar": way}, class_id=school_class.id, agreement_id=ids[text])
        return texts(school_class)

    assert move(THIRD, "omhoog") == [FIRST, THIRD, SECOND]
    assert move(FIRST, "omhoog") == [FIRST, THIRD, SECOND]
    assert move(FIRST, "opzij") == [FIRST, THIRD, SECOND]
    assert move(FIRST, "omlaag") == [THIRD, FIRST, SECOND]
    assert move(SECOND, "omlaag") == [THIRD, FIRST, SECOND]


def test_a_new_agreement_comes_last_also_after_one_was_taken_off(mentor: Person, school_class: SchoolClass) -> None:
    ids = agreed(school_class, FIRST, SECOND)
    post(mentor, "schools.class_agreement_remove", {"zeker": "1"}, class_id=school_class.id, agreement_id=ids[FIRST])
    post(mentor, "schools.class_agreement_add", {"tekst": THIRD}, class_id=school_class.id)
    assert texts(school_class) == [SECOND, THIRD]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Vul in"), (" \u202e\u0000 ", "Vul in"), ("x" * (LONGEST_AGREEMENT + 1), "te lang: 201 tekens"), (FIRST.upper(), "staat er al")],
)
def test_an_agreement_that_cannot_be_kept_stays_in_the_field(mentor: Person, school_class: SchoolClass, typed: str, said: str) -> None:
    agreed(school_class, FIRST)
    response = post(mentor, "schools.class_agreement_add", {"tekst": typed}, class_id=school_class.id)
    assert response.status_code == 422
    assert said in response.text
    assert typed.strip(" \u202e\x00") in response.text
    assert "Fout:" in response.text
    assert texts(school_class) == [FIRST]


def test_an_agreement_may_be_changed_to_the_same_words_but_not_to_those_of_another(mentor: Person, school_class: SchoolClass) -> None:
    ids = agreed(school_class, FIRST, SECOND)
    where = {"class_id": school_class.id, "agreement_id": ids[FIRST]}
    assert post(mentor, "schools.class_agreement_change", {"tekst": FIRST.lower()}, **where).status_code == 302
    refused = post(mentor, "schools.class_agreement_change", {"tekst": SECOND}, **where)
    assert refused.status_code == 422
    assert texts(school_class) == [FIRST.lower(), SECOND]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "🎉" * 100, "x" * LONGEST_AGREEMENT, "يسأل أولا", "先问再拍", "=1+1", "'\"; --"]
)
def test_any_script_and_any_sign_is_kept_as_it_was_typed_and_harms_no_page(mentor: Person, school_class: SchoolClass, text: str) -> None:
    post(mentor, "schools.class_agreement_add", {"tekst": text}, class_id=school_class.id)
    assert texts(school_class) == [text]
    for endpoint in ("schools.class_agreements", "schools.class_agreements_poster"):
        assert "<script>alert" not in visit(mentor, endpoint, class_id=school_class.id).text
    assert "<script>alert" not in visit(a_pupil(school_class), "lessons.home").text


def test_a_line_break_becomes_a_space(mentor: Person, school_class: SchoolClass) -> None:
    post(mentor, "schools.class_agreement_add", {"tekst": "Stop\r\nis stop."}, class_id=school_class.id)
    assert texts(school_class) == ["Stop is stop."]


def test_the_list_stops_at_twelve_and_says_so(mentor: Person, school_class: SchoolClass) -> None:
    agreed(school_class, *(f"Afspraak {number}" for number in range(MOST_AGREEMENTS)))
    assert "De lijst is vol" in visit(mentor, "schools.class_agreements", class_id=school_class.id).text
    refused = post(mentor, "schools.class_agreement_add", {"tekst": FIRST}, class_id=school_class.id)
    assert refused.status_code == 422
    assert "De lijst is vol" in refused.text
    assert len(texts(school_class)) == MOST_AGREEMENTS


# ---- who may ----

DOORS: dict[str, Callable[[str, str], tuple[str, dict[str, str]]]] = {
    "add": lambda class_id, _one: (address("schools.class_agreement_add", class_id=class_id), {"tekst": "Van een ander"}),
    "change": lambda class_id, one: (
        address("schools.class_agreement_change", class_id=class_id, agreement_id=one), {"tekst": "Van een ander"},
    ),
    "move": lambda class_id, one: (address("schools.class_agreement_move", class_id=class_id, agreement_id=one), {"naar": "omlaag"}),
    "remove": lambda class_id, one: (address("schools.class_agreement_remove", class_id=class_id, agreement_id=one), {"zeker": "1"}),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_only_the_own_mentor_writes(school: School, school_class: SchoolClass, door: str) -> None:
    ids = agreed(school_class, FIRST, SECOND)
    colleague = a_mentor(school, of=[a_class(school)])
    others = {a_pupil(school_class): 403, a_teamleider(school): 403, a_beheerder(school): 403, colleague: 404, a_mentor(school): 404}
    for person, status in others.items():
        url, fields = DOORS[door](school_class.id, ids[FIRST])
        assert send(browser_of(person), url, fields).status_code == status
    assert texts(school_class) == [FIRST, SECOND]


def test_an_agreement_of_another_class_is_not_found_in_the_address_of_the_own_class(
    mentor: Person, school: School, school_class: SchoolClass
) -> None:
    other = a_class(school)
    theirs = agreed(other, FIRST)[FIRST]
    where = {"class_id": school_class.id, "agreement_id": theirs}
    assert visit(mentor, "schools.class_agreement_edit", **where).status_code == 404
    for endpoint in ("schools.class_agreement_change", "schools.class_agreement_move", "schools.class_agreement_remove"):
        assert post(mentor, endpoint, {"tekst": "x", "naar": "omhoog", "zeker": "1"}, **where).status_code == 404
    assert texts(other) == [FIRST]


def test_a_mentor_of_another_school_finds_nothing(school_class: SchoolClass) -> None:
    agreed(school_class, FIRST)
    stranger = a_mentor(a_school("agora"))
    for endpoint in ("schools.class_agreements", "schools.class_agreements_poster"):
        assert visit(stranger, endpoint, class_id=school_class.id).status_code == 404


@pytest.mark.parametrize("class_id", ["1", "x" * 32, "%00", "9" * 40, "../.."])
def test_an_address_that_is_no_class_is_not_there(mentor: Person, class_id: str) -> None:
    assert browser_of(mentor).get(f"/klassen/{class_id}/afspraken").status_code == 404


def test_pupils_of_the_class_read_them_and_those_of_another_class_do_not(school: School, school_class: SchoolClass) -> None:
    agreed(school_class, FIRST)
    assert FIRST in visit(a_pupil(school_class), "lessons.home").text
    assert FIRST not in visit(a_pupil(a_class(school)), "lessons.home").text


def test_who_moves_to_another_class_reads_the_agreements_of_that_class(school: School, school_class: SchoolClass) -> None:
    other = a_class(school)
    agreed(school_class, FIRST)
    agreed(other, SECOND)
    pupil = a_pupil(school_class)
    actions.move_pupil(pupil, other, actor_id=new_id())
    db.session.commit()
    page = visit(pupil, "lessons.home").text
    assert SECOND in page
    assert FIRST not in page


# ---- what stays ----


def test_the_log_book_tells_that_the_list_changed_and_not_what_it_says(mentor: Person, school_class: SchoolClass) -> None:
    post(mentor, "schools.class_agreement_add", {"tekst": FIRST}, class_id=school_class.id)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "klasafspraken-gewijzigd")).one()
    assert (event.actor_id, event.on_id) == (mentor.id, school_class.id)


def test_with_the_class_its_agreements_go(school_class: SchoolClass) -> None:
    agreed(school_class, FIRST, SECOND)
    actions.delete_class(school_class, actor_id=new_id())
    db.session.commit()
    assert db.session.scalars(select(ClassAgreement)).all() == []


# ---- the poster ----


def test_the_poster_shows_the_class_and_each_agreement_with_its_number(mentor: Person, school_class: SchoolClass) -> None:
    agreed(school_class, FIRST, SECOND)
    page = visit(mentor, "schools.class_agreements_poster", class_id=school_class.id).text
    assert "Groep 7" in page
    assert page.index(FIRST) < page.index(SECOND)


def test_the_more_there_is_to_read_the_smaller_the_letters_of_the_poster() -> None:
    few, many = poster_size([FIRST]), poster_size([f"{number} {'woord ' * 33}"[:LONGEST_AGREEMENT] for number in range(MOST_AGREEMENTS)])
    assert few == 0
    assert few < poster_size([FIRST] * 6) < many < len(POSTER_SIZES)


def test_a_class_is_called_as_one_says_it() -> None:
    assert [class_title(name) for name in ("2b", "Groep 7", "Unit 3")] == ["Klas 2b", "Groep 7", "Unit 3"]
