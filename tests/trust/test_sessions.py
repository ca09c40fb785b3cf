"""Sessions on devices that a class shares: a new id each time, ended for real, at the latest after a school day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts import actions
from accounts.models import Person, SignIn
from accounts.secrets import token_hash
from common.database import db
from tests.conftest import another_app, settings_for
from tests.page import client_of, csrf_of, post, send, visit
from tests.people import PASSWORD, a_class, a_mentor, a_pupil, a_school, a_teamleider, with_password

pytestmark = pytest.mark.usefixtures("app")
MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def _a_pupil(name: str = "Sami") -> Person:
    return a_pupil(a_class(a_school(), "voortgezet"), name, secret="7391")


def _enter_as(pupil: Person, secret: str = "7391", client: FlaskClient | None = None) -> FlaskClient:
    """Sign in as a pupil does: code, name, secret."""
    client = client or client_of(None)
    code = db.session.scalar(select(_class_code(pupil)))
    send(client, "/aanmelden", {"code": code})
    send(client, "/aanmelden/naam", {"leerling": pupil.id})
    send(client, "/aanmelden/geheim", {"geheim": secret})
    return client


def _class_code(pupil: Person):  # type: ignore[no-untyped-def]
    from schools.models import SchoolClass

    return select(SchoolClass.code).where(SchoolClass.id == pupil.class_id).scalar_subquery()


def _is_in(client: FlaskClient, page: str = "/lessen") -> bool:
    return client.get(page).status_code == 200


def _token(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session["_user_id"])


def test_every_sign_in_has_an_id_of_its_own_of_which_only_the_hash_is_kept() -> None:
    pupil = _a_pupil()
    first, second = _token(_enter_as(pupil)), _token(_enter_as(pupil))
    assert first != second
    assert len(first) >= 43
    kept = set(db.session.scalars(select(SignIn.id)))
    assert {token_hash(first), token_hash(second)} <= kept
    assert not {first, second} & kept


def test_signing_in_keeps_nothing_that_stood_in_the_cookie_before() -> None:
    pupil = _a_pupil()
    client = client_of(None)
    with client.session_transaction() as session:
        session["planted"], session["_user_id"] = "by somebody else", "x" * 43
    before = csrf_of(client)
    _enter_as(pupil, client=client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "x" * 43
    assert client.post("/uitloggen", data={"csrf_token": before}).status_code == 400


def test_a_cookie_goes_with_the_browser_and_is_read_by_no_script() -> None:
    client = _enter_as(_a_pupil())
    cookie = client.get("/lessen").headers.get("Set-Cookie") or send(client, "/aanmelden", {"code": "x"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_on_tls_the_cookie_is_secure_and_of_this_host_alone(tmp_path) -> None:  # type: ignore[no-untyped-def]
    app = another_app(settings_for(f"sqlite:///{tmp_path / 'tls.db'}", behind_tls=True))
    response = app.test_client().post("/aanmelden", data={"code": "x"}, base_url="https://localhost")
    assert response.status_code == 400
    cookie = app.test_client().get("/", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-netjes=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "max-age=" in app.test_client().get("/", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_signing_out_ends_it_for_real_also_for_who_kept_the_cookie() -> None:
    client = _enter_as(_a_pupil())
    kept = client.get_cookie("netjes")
    assert kept is not None
    out = send(client, "/uitloggen")
    assert '"cache"' in out.headers["Clear-Site-Data"]
    assert not _is_in(client)
    client.set_cookie("netjes", kept.value)
    assert not _is_in(client)
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_a_page_behind_sign_in_is_kept_by_no_browser() -> None:
    assert _enter_as(_a_pupil()).get("/lessen").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", ["pupil", "mentor"])
def test_half_an_hour_of_silence_ends_a_sign_in(role: str) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client, page = _signed_in_as(role)
        clock.shift(timedelta(minutes=29))
        assert _is_in(client, page)
        clock.shift(timedelta(minutes=29))
        assert _is_in(client, page)
        clock.shift(timedelta(minutes=31))
        assert not _is_in(client, page)


@pytest.mark.parametrize("role", ["pupil", "mentor"])
def test_eight_hours_end_a_sign_in_however_busy(role: str) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client, page = _signed_in_as(role)
        for _quarter in range(4 * 8):
            assert _is_in(client, page)
            clock.shift(timedelta(minutes=15))
        assert _is_in(client, page)
        clock.shift(timedelta(minutes=1))
        assert not _is_in(client, page)


def _signed_in_as(role: str) -> tuple[FlaskClient, str]:
    if role == "pupil":
        return client_of(_a_pupil()), "/lessen"
    return client_of(a_mentor(a_school())), "/docent/lessen"


def test_a_new_secret_ends_every_sign_in_of_the_pupil() -> None:
    pupil = _a_pupil()
    clients = [_enter_as(pupil), _enter_as(pupil)]
    mentor = a_mentor(pupil.school_of()) if hasattr(pupil, "school_of") else None
    assert mentor is None
    actions.new_secret(pupil, "pin")
    db.session.commit()
    assert [_is_in(client) for client in clients] == [False, False]


def test_a_mentor_who_renews_a_secret_sends_the_pupil_to_the_front_door() -> None:
    school = a_school()
    school_class = a_class(school, "voortgezet")
    pupil, mentor = a_pupil(school_class, secret="7391"), a_mentor(school, of=[school_class])
    client = _enter_as(pupil)
    post(mentor, "progress.renew_secret", {}, class_id=school_class.id, pupil_id=pupil.id)
    assert not _is_in(client)


def test_whoever_is_switched_off_is_out_at_once() -> None:
    pupil, mentor = _a_pupil(), a_mentor(a_school())
    inside = [(client_of(pupil), "/lessen"), (client_of(mentor), "/docent/lessen")]
    assert all(_is_in(*one) for one in inside)
    pupil.is_active = mentor.is_active = False
    db.session.commit()
    assert not any(_is_in(*one) for one in inside)


def test_another_role_counts_at_once_in_an_open_session() -> None:
    person = a_teamleider(a_school())
    client = client_of(person)
    assert client.get("/redactie").status_code == 200
    person.role = "mentor"
    db.session.commit()
    assert client.get("/redactie").status_code == 403


def test_a_new_password_ends_the_other_sign_ins_and_keeps_this_one() -> None:
    mentor = with_password(a_mentor(a_school()))
    here, elsewhere = client_of(mentor), client_of(mentor)
    send(here, "/account/wachtwoord", {"huidig": PASSWORD, "nieuw": "een heel andere zin 42"})
    assert (_is_in(here, "/account"), _is_in(elsewhere, "/account")) == (True, False)


def test_a_sign_in_outlives_a_restart_of_the_server(app: Flask, database_url: str) -> None:
    client = _enter_as(_a_pupil())
    cookie = client.get_cookie("netjes")
    assert cookie is not None
    restarted = another_app(settings_for(database_url)).test_client()
    restarted.set_cookie("netjes", cookie.value)
    assert restarted.get("/lessen").status_code == 200


def test_a_cookie_signed_with_another_key_opens_nothing(database_url: str) -> None:
    cookie = _enter_as(_a_pupil()).get_cookie("netjes")
    assert cookie is not None
    other = another_app(settings_for(database_url, secret_key="z" * 40)).test_client()
    other.set_cookie("netjes", cookie.value)
    assert other.get("/lessen").status_code == 302


def test_the_next_pupil_on_this_device_sees_nothing_of_the_one_before() -> None:
    school_class = a_class(a_school(), "voortgezet")
    first, second = a_pupil(school_class, "Sami", secret="7391"), a_pupil(school_class, "Noor", secret="7391")
    client = _enter_as(first)
    assert "Sami" in client.get("/lessen").text
    _enter_as(second, client=client)
    page = client.get("/lessen").text
    assert "Noor" in page
    assert "Sami" not in page


def test_old_sign_ins_are_swept_away() -> None:
    pupil = _a_pupil()
    with time_machine.travel(MORNING, tick=False):
        client_of(pupil)
    with time_machine.travel(MORNING + timedelta(hours=9), tick=False):
        client_of(pupil)
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_a_page_behind_sign_in_names_who_is_in_and_the_way_out() -> None:
    page = visit(_a_pupil("Sami"), "lessons.home")
    assert "Sami" in page.text
    assert 'action="/uitloggen"' in page.text
