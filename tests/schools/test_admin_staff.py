"""The beheerder's staff, the schools of an installation, and the log book."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from access.domain import Role
from accounts.models import Person, SignIn
from common import audit
from common.audit import AuditEvent
from common.database import db
from schools.models import Mentorship, School
from tests.page import client_of, post, send, visit
from tests.people import PASSWORD, a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider, signed_in, with_password

pytestmark = pytest.mark.usefixtures("app")
NEW = {"naam": "Noor Bakker", "email": "Noor@School.NL", "rol": "mentor"}


@pytest.fixture
def school() -> School:
    return a_school("agora")


@pytest.fixture
def beheerder(school: School) -> Person:
    return with_password(a_beheerder(school))


def again(person: Person) -> Person:
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.id == person.id).execution_options(populate_existing=True)).one()


def shown_password(page: str) -> str:
    found = re.search(r'class="once">([^<]+)<', page)
    assert found, page
    return found[1]


def test_a_new_member_of_staff_signs_in_with_the_password_that_was_shown_once(school: School, beheerder: Person) -> None:
    response = post(beheerder, "admin.staff_add", NEW)
    password = shown_password(response.text)
    assert response.headers["Cache-Control"] == "no-store"
    assert password not in visit(beheerder, "admin.list_staff").text
    made = db.session.scalars(select(Person).where(Person.email == "noor@school.nl")).one()
    assert (made.role, made.school_id, made.must_change_secret) == (Role.MENTOR, school.id, True)
    assert password not in str(made.secret_hash)
    entered = send(client_of(None), "/medewerkers", {"email": "noor@school.nl", "wachtwoord": password})
    assert entered.status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"naam": ""},
        {"naam": "x" * 41},
        {"email": "noor"},
        {"email": ""},
        {"rol": "pupil"},
        {"rol": "god"},
        {"rol": ""},
        {"email": "er@al.nl"},
    ],
)
def test_an_account_that_cannot_be_is_refused_and_what_was_typed_stays(school: School, beheerder: Person, wrong: dict[str, str]) -> None:
    mentor = a_mentor(school)
    mentor.email = "er@al.nl"
    db.session.commit()
    count = db.session.scalar(select(func.count()).select_from(Person))
    response = post(beheerder, "admin.staff_add", {**NEW, **wrong})
    assert response.status_code == 422
    assert "Noor Bakker" in response.text or "naam" in wrong
    assert db.session.scalar(select(func.count()).select_from(Person)) == count


def test_what_is_no_field_of_the_form_is_not_read(school: School, beheerder: Person) -> None:
    elsewhere = a_school("compass")
    post(beheerder, "admin.staff_add", {**NEW, "school_id": elsewhere.id, "runs_installation": "1", "is_active": "0", "id": "x"})
    made = db.session.scalars(select(Person).where(Person.email == "noor@school.nl")).one()
    assert (made.school_id, made.runs_installation, made.is_active) == (school.id, False, True)


def test_a_new_beheerder_asks_the_own_password(beheerder: Person) -> None:
    fields = {**NEW, "rol": "beheerder"}
    assert post(beheerder, "admin.staff_add", fields).status_code == 422
    assert post(beheerder, "admin.staff_add", {**fields, "wachtwoord": "fout"}).status_code == 422
    assert shown_password(post(beheerder, "admin.staff_add", {**fields, "wachtwoord": PASSWORD}).text)


def test_an_account_that_is_shut_is_out_at_once(school: School, beheerder: Person) -> None:
    mentor = a_mentor(school, of=[a_class(school)])
    client = client_of(mentor)
    assert client.get("/klassen").status_code == 302
    post(beheerder, "admin.staff_access", {"toegang": "uit"}, person_id=mentor.id)
    assert "/medewerkers" in client.get("/klassen").headers["Location"]
    assert not again(mentor).is_active
    assert db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.person_id == mentor.id)) == 0
    post(beheerder, "admin.staff_access", {"toegang": "aan"}, person_id=mentor.id)
    assert again(mentor).is_active
    assert post(beheerder, "admin.staff_access", {}, person_id=mentor.id).status_code == 422


def test_another_role_works_in_the_session_that_is_open(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    mentor = a_mentor(school, of=[school_class])
    client = client_of(mentor)
    assert post(beheerder, "admin.staff_role", {"rol": "teamleider"}, person_id=mentor.id).status_code == 422
    fields = {"rol": "teamleider", "wachtwoord": PASSWORD}
    assert post(beheerder, "admin.staff_role", fields, person_id=mentor.id).status_code == 302
    assert client.get("/klassen").status_code == 403
    assert db.session.scalar(select(func.count()).select_from(Mentorship)) == 0
    assert post(beheerder, "admin.staff_role", {"rol": "pupil", "wachtwoord": PASSWORD}, person_id=mentor.id).status_code == 422


def test_a_lost_password_is_replaced_and_a_lost_phone_too(school: School, beheerder: Person) -> None:
    other = a_beheerder(school)
    signed_in(other)
    response = post(beheerder, "admin.staff_password", {"wachtwoord": PASSWORD, "tweede-stap": "1"}, person_id=other.id)
    assert shown_password(response.text)
    found = again(other)
    assert (found.must_change_secret, found.totp_secret) == (True, None)
    assert db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.person_id == other.id)) == 0
    assert post(beheerder, "admin.staff_password", {"wachtwoord": "fout"}, person_id=other.id).status_code == 422


def test_nobody_shuts_the_own_account_or_changes_the_own_role(beheerder: Person) -> None:
    for endpoint, fields in (("staff_access", {"toegang": "uit"}), ("staff_role", {"rol": "mentor"}), ("staff_password", {})):
        response = post(beheerder, f"admin.{endpoint}", {**fields, "wachtwoord": PASSWORD}, person_id=beheerder.id)
        assert response.status_code == 403
    assert "Dit ben jij" in visit(beheerder, "admin.staff_show", person_id=beheerder.id).text


def test_a_beheerder_cannot_climb_over_who_runs_the_installation(school: School, beheerder: Person) -> None:
    operator = with_password(a_beheerder(school, runs_installation=True))
    for endpoint in ("staff_access", "staff_role", "staff_password"):
        fields = {"toegang": "uit", "rol": "mentor", "wachtwoord": PASSWORD}
        assert post(beheerder, f"admin.{endpoint}", fields, person_id=operator.id).status_code == 403
    other = a_beheerder(school, runs_installation=True)
    assert post(operator, "admin.staff_role", {"rol": "mentor", "wachtwoord": PASSWORD}, person_id=other.id).status_code == 302
    assert not again(other).runs_installation


def test_a_pupil_is_no_member_of_staff(school: School, beheerder: Person) -> None:
    pupil = a_pupil(a_class(school))
    assert visit(beheerder, "admin.staff_show", person_id=pupil.id).status_code == 404
    assert visit(beheerder, "admin.staff_show", person_id="x'--").status_code == 404


# ---- schools ----


def test_the_operator_makes_a_school_with_its_first_beheerder(school: School) -> None:
    operator = a_beheerder(school, runs_installation=True)
    fields = {"naam": "De Linde", "protocol": "compass", "beheerder": "Bo", "email": "bo@linde.nl"}
    page = post(operator, "admin.school_add", fields).text
    assert shown_password(page)
    made = db.session.scalars(select(School).where(School.name == "De Linde")).one()
    first = db.session.scalars(select(Person).where(Person.school_id == made.id)).one()
    assert (made.protocol, made.is_demo, first.role, first.runs_installation) == ("compass", False, Role.BEHEERDER, False)
    assert "De Linde" in visit(operator, "admin.list_schools").text


@pytest.mark.parametrize("wrong", [{"naam": ""}, {"protocol": "eigen"}, {"beheerder": ""}, {"email": "bo"}])
def test_a_school_that_cannot_be_is_refused_whole(school: School, wrong: dict[str, str]) -> None:
    operator = a_beheerder(school, runs_installation=True)
    fields = {"naam": "De Linde", "protocol": "compass", "beheerder": "Bo", "email": "bo@linde.nl", **wrong}
    response = post(operator, "admin.school_add", fields)
    assert response.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(School)) == 1


# ---- the log book ----


def test_the_log_book_tells_who_did_what_and_only_of_the_own_school(school: School, beheerder: Person) -> None:
    elsewhere = a_school("compass")
    school_class = a_class(school, name="7A")
    audit.note("klas-gewijzigd", school.id, beheerder.id, school_class.id)
    audit.note("klas-gewijzigd", elsewhere.id, a_beheerder(elsewhere).id, a_class(elsewhere, name="Elders").id)
    audit.note("leerling-verwijderd", school.id, beheerder.id, "f" * 32)
    db.session.commit()
    page = visit(beheerder, "admin.show_audit").text
    assert "Klas gewijzigd" in page
    assert "7A" in page
    assert beheerder.display_name in page
    assert "Elders" not in page
    assert "verwijderd" in page


def test_the_log_book_is_paged(school: School, beheerder: Person) -> None:
    for _ in range(120):
        audit.note("uitvoer", school.id, beheerder.id, "logboek")
    db.session.commit()
    assert "Bladzijde 1 van 3" in visit(beheerder, "admin.show_audit").text
    assert "Bladzijde 3 van 3" in visit(beheerder, "admin.show_audit", bladzijde=3).text
    for strange in ("0", "-1", "99", "9" * 30, "x", "²", ""):
        assert visit(beheerder, "admin.show_audit", bladzijde=strange).status_code == 200


def test_the_log_book_goes_out_as_a_file_without_formulas(school: School, beheerder: Person) -> None:
    teamleider = a_teamleider(school)
    teamleider.display_name = "=1+1"
    audit.note("hulp-gewijzigd", school.id, teamleider.id)
    db.session.commit()
    response = visit(beheerder, "admin.export_audit")
    assert "'=1+1" in response.get_data(as_text=True)
    assert ";=1+1" not in response.get_data(as_text=True)
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what == "uitvoer")).one().actor_id == beheerder.id
