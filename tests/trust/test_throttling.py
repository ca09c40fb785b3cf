"""Guessing a secret: from the fifth wrong try the account waits, longer each time, whoever asks and from wherever."""

from __future__ import annotations

import importlib.util
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import Person
from common.audit import AuditEvent
from common.database import db
from schools.models import SchoolClass
from tests.conftest import another_app, settings_for
from tests.page import client_of, csrf_of, send
from tests.people import PASSWORD, a_beheerder, a_class, a_mentor, a_pupil, a_school, with_password

pytestmark = pytest.mark.usefixtures("app")
MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent
RIGHT, WRONG = "7391", "0001"


def _a_pupil() -> tuple[Person, SchoolClass]:
    school_class = a_class(a_school(), "voortgezet")
    return a_pupil(school_class, secret=RIGHT), school_class


def _at_the_secret(pupil: Person, school_class: SchoolClass) -> FlaskClient:
    client = client_of(None)
    send(client, "/aanmelden", {"code": school_class.code})
    send(client, "/aanmelden/naam", {"leerling": pupil.id})
    return client


def _try(client: FlaskClient, secret: str) -> bool:
    """Whether this secret let the pupil in."""
    return send(client, "/aanmelden/geheim", {"geheim": secret}).status_code == 302


def _wait_of(pupil: Person) -> timedelta | None:
    db.session.rollback()
    until = db.session.scalar(select(Person.wait_until).where(Person.id == pupil.id))
    return until - datetime.now(UTC).replace(tzinfo=None) if until else None


def test_four_wrong_tries_cost_nothing() -> None:
    pupil, school_class = _a_pupil()
    client = _at_the_secret(pupil, school_class)
    assert not any(_try(client, WRONG) for _ in range(4))
    assert _try(client, RIGHT)


def test_the_wait_begins_at_thirty_seconds_and_doubles_to_a_quarter_of_an_hour() -> None:
    pupil, school_class = _a_pupil()
    with time_machine.travel(MORNING, tick=False) as clock:
        client = _at_the_secret(pupil, school_class)
        for _ in range(4):
            _try(client, WRONG)
        waits = []
        for _ in range(8):
            _try(client, WRONG)
            wait = _wait_of(pupil)
            assert wait is not None
            waits.append(wait.total_seconds())
            clock.shift(wait)
        assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_the_right_secret_is_refused_during_the_wait_and_good_after_it() -> None:
    pupil, school_class = _a_pupil()
    with time_machine.travel(MORNING, tick=False) as clock:
        client = _at_the_secret(pupil, school_class)
        for _ in range(5):
            _try(client, WRONG)
        assert not _try(client, RIGHT)
        clock.shift(29)
        assert not _try(client, RIGHT)
        clock.shift(2)
        assert _try(client, RIGHT)
        assert db.session.scalar(select(Person.wrong_tries).where(Person.id == pupil.id)) == 0


def test_tries_during_the_wait_do_not_make_it_longer() -> None:
    pupil, school_class = _a_pupil()
    with time_machine.travel(MORNING, tick=False):
        client = _at_the_secret(pupil, school_class)
        for _ in range(20):
            _try(client, WRONG)
        assert _wait_of(pupil) == timedelta(seconds=30)


def test_the_page_tells_how_long_to_wait() -> None:
    pupil, school_class = _a_pupil()
    with time_machine.travel(MORNING, tick=False):
        client = _at_the_secret(pupil, school_class)
        for _ in range(5):
            _try(client, WRONG)
        assert "Over 30 seconden" in send(client, "/aanmelden/geheim", {"geheim": RIGHT}).text


def test_another_cookie_or_address_opens_no_new_quota(app: Flask) -> None:
    pupil, school_class = _a_pupil()
    for number in range(5):
        client = _at_the_secret(pupil, school_class)
        token = csrf_of(client)
        headers = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        client.post("/aanmelden/geheim", data={"geheim": WRONG, "csrf_token": token}, headers=headers)
    client = _at_the_secret(pupil, school_class)
    response = client.post(
        "/aanmelden/geheim", data={"geheim": RIGHT, "csrf_token": csrf_of(client)}, headers={"X-Forwarded-For": "203.0.113.99"}
    )
    assert response.status_code == 422


def test_the_count_stands_in_the_database_and_outlives_a_restart(database_url: str) -> None:
    pupil, school_class = _a_pupil()
    client = _at_the_secret(pupil, school_class)
    for _ in range(5):
        _try(client, WRONG)
    cookie = client.get_cookie("netjes")
    assert cookie is not None
    restarted = another_app(settings_for(database_url)).test_client()
    restarted.set_cookie("netjes", cookie.value)
    response = restarted.post("/aanmelden/geheim", data={"geheim": RIGHT, "csrf_token": csrf_of(client)})
    assert response.status_code == 422


def test_one_pupil_who_waits_keeps_nobody_else_out() -> None:
    pupil, school_class = _a_pupil()
    other = a_pupil(school_class, secret=RIGHT)
    client = _at_the_secret(pupil, school_class)
    for _ in range(6):
        _try(client, WRONG)
    assert _try(_at_the_secret(other, school_class), RIGHT)


def test_a_class_of_35_signs_in_from_one_address() -> None:
    school_class = a_class(a_school(), "voortgezet")
    pupils = [a_pupil(school_class, secret=RIGHT) for _ in range(35)]
    for pupil in pupils:
        client = _at_the_secret(pupil, school_class)
        assert not _try(client, WRONG)
        assert _try(client, RIGHT)


def test_a_burst_of_guesses_at_once_gets_no_more_tries_than_one_by_one(app: Flask) -> None:
    """Twenty guesses on the way at the same time, the right one among the last: it is too late."""
    pupil, school_class = _a_pupil()
    clients = [_at_the_secret(pupil, school_class) for _ in range(20)]
    tokens = [csrf_of(client) for client in clients]
    pupil_id, together = pupil.id, threading.Barrier(20)
    db.session.rollback()

    def guess(number: int) -> int:
        together.wait(timeout=20)
        secret = f"{number + 1000}"
        data = {"geheim": secret, "csrf_token": tokens[number]}
        return Context().run(clients[number].post, "/aanmelden/geheim", data=data).status_code

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(guess, range(20))) == {422}
    db.session.rollback()
    counted = db.session.scalar(select(Person.wrong_tries).where(Person.id == pupil_id))
    assert counted is not None
    assert counted <= 5, "what came after the fifth was not looked at"


def test_staff_wait_as_pupils_do() -> None:
    mentor = with_password(a_mentor(a_school()))
    client = client_of(None)
    for _ in range(5):
        send(client, "/medewerkers", {"email": mentor.email, "wachtwoord": "een verkeerde zin"})
    assert send(client, "/medewerkers", {"email": mentor.email, "wachtwoord": PASSWORD}).status_code == 422


def test_codes_of_the_second_step_wait_too() -> None:
    beheerder = with_password(a_beheerder(a_school()))
    client = client_of(None)
    send(client, "/medewerkers", {"email": beheerder.email, "wachtwoord": PASSWORD})
    for _ in range(5):
        assert send(client, "/medewerkers/code", {"code": "000000"}).status_code == 422
    assert "Even wachten" in send(client, "/medewerkers/code", {"code": "000000"}).text


def test_the_answer_is_the_same_for_an_unknown_address_and_a_wrong_password() -> None:
    mentor = with_password(a_mentor(a_school()))
    pages = []
    for email in (mentor.email, "niemand.hier@school.test"):
        client = client_of(None)
        response = send(client, "/medewerkers", {"email": email, "wachtwoord": "een verkeerde zin"})
        pages.append((response.status_code, _without_own_words(response.text, email or "")))
    assert pages[0] == pages[1]


def test_an_unknown_address_that_is_tried_often_waits_like_a_known_one() -> None:
    """Else the wait itself would tell who has an account."""
    mentor = with_password(a_mentor(a_school()))
    pages = []
    with time_machine.travel(MORNING, tick=False):
        for email in (mentor.email, "niemand.hier@school.test"):
            client = client_of(None)
            for _ in range(6):
                response = send(client, "/medewerkers", {"email": email, "wachtwoord": "een verkeerde zin"})
            pages.append((response.status_code, _without_own_words(response.text, email or "")))
    assert pages[0] == pages[1]


def _without_own_words(page: str, email: str) -> str:

    return re.sub(r'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="csrf_token"', "", page).replace(email, "")


def test_whoever_never_typed_the_class_code_sees_no_names() -> None:
    pupil, school_class = _a_pupil()
    client = client_of(None)
    send(client, "/aanmelden", {"code": "AAAAAAA"})
    assert client.get("/aanmelden/naam").status_code == 302
    assert send(client, "/aanmelden/naam", {"leerling": pupil.id}).headers["Location"] == "/"
    assert send(client, "/aanmelden/geheim", {"geheim": RIGHT}).headers["Location"] == "/"
    assert school_class.code


def test_a_pupil_of_another_class_is_not_to_be_chosen() -> None:
    pupil, _class = _a_pupil()
    _other, own_class = _a_pupil()
    client = client_of(None)
    send(client, "/aanmelden", {"code": own_class.code})
    assert send(client, "/aanmelden/naam", {"leerling": pupil.id}).status_code == 422
    assert client.get("/aanmelden/geheim").status_code == 302


def test_wrong_tries_stand_in_the_log_book_without_a_name() -> None:
    pupil, school_class = _a_pupil()
    client = _at_the_secret(pupil, school_class)
    for _ in range(6):
        _try(client, WRONG)
    found = dict(db.session.execute(select(AuditEvent.what, func.count()).group_by(AuditEvent.what)).all())  # type: ignore[arg-type]
    assert (found["aanmelden-mislukt"], found["aanmelden-wacht"]) == (4, 1)
    assert {event.on_id for event in db.session.scalars(select(AuditEvent))} == {pupil.id}


def test_many_wrong_class_codes_slow_the_answer_and_lock_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("schools.views.time.sleep", slept.append)
    client = client_of(None)
    token = csrf_of(client)
    for _ in range(70):
        assert client.post("/aanmelden", data={"code": "AAAAAAA", "csrf_token": token}).status_code == 422
    assert slept
    _pupil, school_class = _a_pupil()
    assert client.post("/aanmelden", data={"code": school_class.code, "csrf_token": token}).status_code == 302


@pytest.mark.parametrize("kind", ["pictures", "word", "pin"])
def test_a_drawn_secret_is_hard_enough_and_kept_only_as_a_hash(kind: str) -> None:
    from accounts.secrets import draw_secret, hash_secret, secret_fits

    drawn = {draw_secret(kind) for _ in range(60)}
    assert len(drawn) > 50
    secret = drawn.pop()
    hashed = hash_secret(kind, secret)
    assert secret not in hashed
    assert hashed.startswith("$argon2id$")
    assert secret_fits(kind, hashed, secret)
    assert not secret_fits(kind, hashed, secret + "x")
    assert not secret_fits(kind, None, secret)
    assert not secret_fits(kind, "geen hash", secret)


# ---- the second step of staff ----


def _halfway(beheerder: Person) -> FlaskClient:
    client = client_of(None)
    response = send(client, "/medewerkers", {"email": beheerder.email, "wachtwoord": PASSWORD})
    assert response.headers["Location"] == "/medewerkers/code"
    return client


def test_a_code_of_an_authenticator_fits_in_every_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    beheerder = with_password(a_beheerder(a_school()))
    monkeypatch.setenv("TZ", "Europe/Amsterdam")
    time.tzset()
    try:
        code = pyotp.TOTP(beheerder.totp_secret or "").now()
        assert send(_halfway(beheerder), "/medewerkers/code", {"code": code}).status_code == 302
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_code_works_once() -> None:
    beheerder = with_password(a_beheerder(a_school()))
    with time_machine.travel(MORNING, tick=False):
        code = pyotp.TOTP(beheerder.totp_secret or "").now()
        assert send(_halfway(beheerder), "/medewerkers/code", {"code": code}).status_code == 302
        assert send(_halfway(beheerder), "/medewerkers/code", {"code": code}).status_code == 422


def test_half_a_sign_in_opens_nothing_and_lasts_ten_minutes() -> None:
    beheerder = with_password(a_beheerder(a_school()))
    with time_machine.travel(MORNING, tick=False) as clock:
        client = _halfway(beheerder)
        assert client.get("/beheer").status_code == 302
        clock.shift(timedelta(minutes=11))
        code = pyotp.TOTP(beheerder.totp_secret or "").now()
        assert send(client, "/medewerkers/code", {"code": code}).headers["Location"] == "/medewerkers"


def test_a_first_password_that_expired_lets_nobody_in() -> None:
    mentor = with_password(a_mentor(a_school()))
    mentor.secret_expires_at = datetime(2026, 1, 1)
    db.session.commit()
    assert send(client_of(None), "/medewerkers", {"email": mentor.email, "wachtwoord": PASSWORD}).status_code == 422


def test_somebody_who_is_switched_off_does_not_get_in_with_the_right_password() -> None:
    mentor = with_password(a_mentor(a_school()))
    mentor.is_active = False
    db.session.commit()
    assert send(client_of(None), "/medewerkers", {"email": mentor.email, "wachtwoord": PASSWORD}).status_code == 422


def test_a_real_hash_costs_what_was_chosen() -> None:
    """The tests hash cheaply; this reads the profiles anew, as the app has them."""
    spec = importlib.util.spec_from_file_location("secrets_as_they_are", ROOT / "accounts" / "secrets.py")
    assert spec is not None
    assert spec.loader is not None
    real = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(real)
    assert (real._for_pupils.time_cost, real._for_pupils.memory_cost) == (2, 19456)
    assert real._for_staff.time_cost >= 3
    assert real._for_staff.memory_cost >= 65536
