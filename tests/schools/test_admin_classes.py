"""The beheerder's classes and pupils."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from accounts.models import Person, SignIn
from common.audit import AuditEvent
from common.clock import now
from common.database import db
from lessons.models import Intention, UnitProgress
from schools.models import Mentorship, School, SchoolClass
from tests.page import client_of, post, visit
from tests.people import PASSWORD, a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider, signed_in, with_password

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def school() -> School:
    return a_school("agora")


@pytest.fixture
def beheerder(school: School) -> Person:
    return with_password(a_beheerder(school))


def pupil_names(school_class: SchoolClass | str) -> list[str]:
    class_id = school_class if isinstance(school_class, str) else school_class.id
    db.session.rollback()
    return sorted(db.session.scalars(select(Person.display_name).where(Person.class_id == class_id)))


def logged(what: str) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.what == what)) or 0


def test_an_empty_school_says_what_to_do_first(beheerder: Person) -> None:
    page = visit(beheerder, "admin.show_school").text
    assert "Maak de klassen." in page
    assert "Klaar voor de eerste les?" in page
    assert "Er zijn nog geen klassen" in visit(beheerder, "admin.list_classes").text


def test_a_school_that_is_ready_says_so(school: School, beheerder: Person) -> None:
    a_teamleider(school)
    school_class = a_class(school)
    a_mentor(school, of=[school_class])
    a_pupil(school_class)
    post(beheerder, "admin.contact_add", {"naam": "Carla", "taak": "vertrouwenspersoon", "waar": "kamer 3"})
    assert "De school is klaar voor de lessen" in visit(beheerder, "admin.show_school").text


def test_a_school_gets_another_name(school: School, beheerder: Person) -> None:
    assert post(beheerder, "admin.change_school", {"naam": "De Linde"}).status_code == 302
    assert post(beheerder, "admin.change_school", {"naam": ""}).status_code == 422
    db.session.rollback()
    assert db.session.get_one(School, school.id).name == "De Linde"


@pytest.mark.parametrize(
    ("year", "asked", "track", "kind"),
    [("groep 7", "", "primair", "pictures"), ("klas 2", "", "voortgezet", "word"), ("klas 1", "pin", "voortgezet", "pin")],
)
def test_a_class_gets_its_track_from_the_year_group(beheerder: Person, year: str, asked: str, track: str, kind: str) -> None:
    response = post(beheerder, "admin.class_add", {"naam": "7A", "leerjaar": year, "inlog": asked})
    assert response.status_code == 302
    made = db.session.scalars(select(SchoolClass)).one()
    assert (made.name, made.track, made.secret_kind) == ("7A", track, kind)
    assert len(made.code) == 7


@pytest.mark.parametrize(
    "fields",
    [
        {"naam": "", "leerjaar": "groep 7"},
        {"naam": "x" * 21, "leerjaar": "groep 7"},
        {"naam": "7B", "leerjaar": "groep 9"},
        {"naam": "7B", "leerjaar": "klas 1", "inlog": "pictures"},
        {"naam": "7a", "leerjaar": "groep 7"},
    ],
)
def test_a_class_that_cannot_be_is_refused_and_what_was_typed_stays(school: School, beheerder: Person, fields: dict[str, str]) -> None:
    a_class(school, name="7A")
    response = post(beheerder, "admin.class_add", fields)
    assert response.status_code == 422
    assert "<title>Fout:" in response.text
    assert f'value="{fields["naam"]}"' in response.text
    assert db.session.scalar(select(func.count()).select_from(SchoolClass)) == 1


def test_a_class_keeps_its_track_when_it_changes(school: School, beheerder: Person) -> None:
    school_class = a_class(school, name="7A")
    fields = {"naam": "8A", "leerjaar": "groep 8", "inlog": "word"}
    assert post(beheerder, "admin.class_change", fields, class_id=school_class.id).status_code == 302
    assert post(beheerder, "admin.class_change", {**fields, "leerjaar": "klas 1"}, class_id=school_class.id).status_code == 422
    db.session.rollback()
    assert db.session.get_one(SchoolClass, school_class.id).year_group == "groep 8"


def test_a_new_code_replaces_the_old_one(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    before = school_class.code
    post(beheerder, "admin.class_code", class_id=school_class.id)
    db.session.rollback()
    assert db.session.get_one(SchoolClass, school_class.id).code != before
    assert logged("klascode-vernieuwd") == 1


def test_only_mentors_of_the_own_school_can_be_chosen(school: School, beheerder: Person) -> None:
    school_class, mentor, stranger = a_class(school), a_mentor(school), a_mentor(a_school("compass"))
    chosen = {"mentor": [mentor.id, stranger.id, a_teamleider(school).id, "\x00"]}
    assert post(beheerder, "admin.class_mentors", chosen, class_id=school_class.id).status_code == 302
    assert list(db.session.scalars(select(Mentorship.person_id))) == [mentor.id]
    post(beheerder, "admin.class_mentors", {}, class_id=school_class.id)
    assert list(db.session.scalars(select(Mentorship.person_id))) == []


def test_who_is_no_longer_a_mentor_of_the_class_sees_it_no_more(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    mentor = a_mentor(school, of=[school_class])
    assert visit(mentor, "progress.show_class", class_id=school_class.id).status_code == 200
    post(beheerder, "admin.class_mentors", {}, class_id=school_class.id)
    assert visit(mentor, "progress.show_class", class_id=school_class.id).status_code == 404


# ---- a list of names ----


def test_a_list_is_shown_first_and_then_kept_whole(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    text = "Sami\nŁukasz;de Vries\nMei"
    preview = post(beheerder, "admin.class_add_names", {"namen": text}, class_id=school_class.id)
    assert preview.status_code == 200
    assert "Zet 3 leerlingen in de klas" in preview.text
    assert pupil_names(school_class) == []
    post(beheerder, "admin.class_add_names", {"namen": text, "stap": "bewaar"}, class_id=school_class.id)
    assert pupil_names(school_class) == ["Mei", "Sami", "Łukasz"]
    assert sorted(db.session.scalars(select(Person.half).where(Person.class_id == school_class.id))) == [1, 1, 2]
    assert "Łukasz" in visit(beheerder, "admin.class_show", class_id=school_class.id).text


@pytest.mark.parametrize(
    "text", ["", "Sami\nSami", "Sami\n" + "x" * 41, "Mei\nRoos", "\n".join(f"Kind {n}" for n in range(201)), "x" * 30_000]
)
def test_one_wrong_row_keeps_the_whole_list_out(school: School, beheerder: Person, text: str) -> None:
    school_class = a_class(school)
    a_pupil(school_class, "Roos")
    response = post(beheerder, "admin.class_add_names", {"namen": text, "stap": "bewaar"}, class_id=school_class.id)
    assert response.status_code == 422
    assert pupil_names(school_class) == ["Roos"]


def test_two_hundred_names_fit(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    text = "\n".join(f"Kind {n}" for n in range(200))
    assert post(beheerder, "admin.class_add_names", {"namen": text, "stap": "bewaar"}, class_id=school_class.id).status_code == 302
    assert len(pupil_names(school_class)) == 200


# ---- a pupil ----


def test_a_pupil_gets_another_name_but_not_one_of_the_class(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    pupil, _other = a_pupil(school_class, "Sami"), a_pupil(school_class, "Mei")
    ids = {"class_id": school_class.id, "pupil_id": pupil.id}
    assert post(beheerder, "admin.class_pupil_rename", {"naam": "mei"}, **ids).status_code == 422
    assert post(beheerder, "admin.class_pupil_rename", {"naam": ""}, **ids).status_code == 422
    assert post(beheerder, "admin.class_pupil_rename", {"naam": "Şevval"}, **ids).status_code == 302
    assert pupil_names(school_class) == ["Mei", "Şevval"]


def test_the_name_of_a_pupil_stands_in_no_title(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    pupil = a_pupil(school_class, "Xanthippe")
    for endpoint in ("class_pupil", "class_pupil_remove", "class_pupil_dossier"):
        page = visit(beheerder, f"admin.{endpoint}", class_id=school_class.id, pupil_id=pupil.id)
        assert "Xanthippe" not in page.text.partition("</title>")[0]


def with_history(pupil: Person) -> None:
    row = {"school_id": pupil.school_id, "class_id": pupil.class_id, "pupil_id": pupil.id, "unit": "pesten-primair"}
    db.session.add(UnitProgress(**row, done=[], started_at=now(), seen_at=now()))
    db.session.add(Intention(**row, text="Ik vraag het eerst aan Zonnestraal.", written_at=now()))
    db.session.commit()


def test_a_pupil_moves_with_everything_that_was_done(school: School, beheerder: Person) -> None:
    here, there, secondary = a_class(school), a_class(school), a_class(school, "voortgezet")
    pupil = a_pupil(here, "Sami")
    with_history(pupil)
    ids = {"class_id": here.id, "pupil_id": pupil.id}
    elsewhere = a_class(a_school("compass"))
    for wrong in (secondary.id, elsewhere.id, here.id, "", "\x00"):
        assert post(beheerder, "admin.class_pupil_move", {"klas": wrong}, **ids).status_code == 422
    assert post(beheerder, "admin.class_pupil_move", {"klas": there.id}, **ids).status_code == 302
    assert pupil_names(there) == ["Sami"]
    assert list(db.session.scalars(select(UnitProgress.class_id))) == [there.id]


def test_a_pupil_is_deleted_only_with_the_own_password(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    pupil = a_pupil(school_class, "Sami")
    with_history(pupil)
    signed_in(pupil)
    ids = {"class_id": school_class.id, "pupil_id": pupil.id}
    for wrong in ("", "verkeerd", PASSWORD.upper()):
        response = post(beheerder, "admin.class_pupil_delete", {"wachtwoord": wrong}, **ids)
        assert response.status_code == 422
        assert not wrong or wrong not in response.text
    assert pupil_names(school_class) == ["Sami"]
    assert post(beheerder, "admin.class_pupil_delete", {"wachtwoord": PASSWORD}, **ids).status_code == 302
    assert pupil_names(school_class) == []
    for table in (UnitProgress, Intention):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.person_id == ids["pupil_id"])) == 0
    assert logged("leerling-verwijderd") == 1


def test_wrong_passwords_make_the_account_wait(school: School, beheerder: Person) -> None:
    school_class = a_class(school)
    ids = {"class_id": school_class.id, "pupil_id": a_pupil(school_class).id}
    browser = client_of(beheerder)
    for _ in range(5):
        post(None, "admin.class_pupil_delete", {"wachtwoord": "verkeerd wachtwoord"}, client=browser, **ids)
    response = post(None, "admin.class_pupil_delete", {"wachtwoord": PASSWORD}, client=browser, **ids)
    assert response.status_code == 422
    assert "Even wachten" in response.text


def test_nothing_of_a_deleted_pupil_is_left_on_disk(school: School, beheerder: Person) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the files of PostgreSQL are not ours to read")
    school_class = a_class(school)
    pupil = a_pupil(school_class, "Quirijntje")
    with_history(pupil)
    files = list(_files())
    assert any(b"Quirijntje" in file for file in files)
    post(beheerder, "admin.class_pupil_delete", {"wachtwoord": PASSWORD}, class_id=school_class.id, pupil_id=pupil.id)
    assert not any(word in file for file in _files() for word in (b"Quirijntje", b"Zonnestraal"))


def _files() -> list[bytes]:
    from pathlib import Path

    path = Path(str(db.engine.url.database))
    return [file.read_bytes() for file in path.parent.glob(f"{path.name}*")]


def test_a_class_goes_with_all_its_pupils(school: School, beheerder: Person) -> None:
    leaving, staying = a_class(school), a_class(school)
    with_history(a_pupil(leaving, "Sami"))
    a_pupil(staying, "Mei")
    going = leaving.id
    assert post(beheerder, "admin.class_delete", {"wachtwoord": "fout"}, class_id=going).status_code == 422
    assert post(beheerder, "admin.class_delete", {"wachtwoord": PASSWORD}, class_id=going).status_code == 302
    assert pupil_names(going) == []
    assert pupil_names(staying) == ["Mei"]
    assert logged("klas-verwijderd") == 1
