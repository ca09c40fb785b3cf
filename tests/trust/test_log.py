"""The log of the server tells what went wrong and when, and of nobody who or what."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from common.audit import AuditEvent
from common.database import db
from tests.page import address, client_of, csrf_of, send
from tests.people import PASSWORD, a_class, a_pupil, a_school, with_password
from tests.world import UNIT, a_world, finish, first_screen, routes

NAME = "Zoë Geheimpje"
TYPED = "dit-typte-ik-zelf"


class _Ear(logging.Handler):
    """Every line as the server writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logging.getLogger("netjes").handlers[0].formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def ear(app: Flask) -> Iterator[_Ear]:
    log, ear = logging.getLogger("netjes"), _Ear()
    before = log.level
    log.setLevel(logging.DEBUG)
    log.addHandler(ear)
    yield ear
    log.removeHandler(ear)
    log.setLevel(before)


def test_a_line_tells_the_time_a_number_the_pattern_of_the_route_the_status_and_how_long(ear: _Ear) -> None:
    pupil = a_pupil(a_class(a_school()))
    client_of(pupil).get(f"/lessen/{UNIT}?zoek={TYPED}", headers={"User-Agent": "een toestel van thuis"})
    line = json.loads(ear.lines[-1])
    assert line.keys() == {"time", "id", "method", "route", "status", "ms"}
    assert line["route"] == "/lessen/<string:unit>"
    assert line["time"].endswith("Z")


def test_no_name_no_secret_no_answer_and_no_address_gets_into_the_log(app: Flask, ear: _Ear) -> None:
    school = a_school(name="De Verzonnen School")
    school_class = a_class(school, "voortgezet")
    pupil = a_pupil(school_class, NAME, secret="7391")
    client = client_of(None)
    for url, data in (
        ("/aanmelden", {"code": school_class.code}),
        ("/aanmelden/naam", {"leerling": pupil.id}),
        ("/aanmelden/geheim", {"geheim": "8264"}),
        ("/aanmelden/geheim", {"geheim": "7391"}),
        ("/uitloggen", {}),
    ):
        send(client, url, data)
    world = a_world()
    world.mentor.email = "m.verzonnen@school.test"
    with_password(world.mentor)
    send(client_of(None), "/medewerkers", {"email": "m.verzonnen@school.test", "wachtwoord": PASSWORD})
    send(client_of(None), "/medewerkers", {"email": "m.verzonnen@school.test", "wachtwoord": "verkeerd-wachtwoord"})
    finish(world.pupil, world.school_class)
    screen = address("lessons.answer_screen", unit=UNIT, screen=first_screen("open"))
    send(client_of(world.pupil), screen, {"antwoord_id": "0" * 32, "tekst": TYPED})
    client_of(world.pupil).get(f"/afspraken?zoek={TYPED}", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    client_of(None).get(f"/{TYPED}?naam={NAME}")
    for rule in routes(app, "GET"):
        client_of(world.mentor).get(address(rule.endpoint, **world.values(rule)))
    said = "\n".join(ear.lines)
    assert len(ear.lines) > 40
    secrets = (
        NAME, "Zo\\u00eb", "7391", "8264", TYPED, PASSWORD, "verkeerd-wachtwoord", "m.verzonnen", "Verzonnen School", "198.51.100",
        school_class.code, pupil.id, world.pupil.id, world.pupil.display_name, "Werkzeug", "csrf_token",
    )  # fmt: skip
    assert [secret for secret in secrets if secret in said] == []


def test_a_fault_is_logged_with_its_number_and_without_what_was_typed(app: Flask, ear: _Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError

    world = a_world()
    finish(world.pupil, world.school_class)
    monkeypatch.setattr("lessons.views.quiz_actions.record_answer", breaks)
    url = address("lessons.answer_screen", unit=UNIT, screen=first_screen("open"))
    response = send(client_of(world.pupil), url, {"antwoord_id": "0" * 32, "tekst": TYPED})
    assert response.status_code == 500
    fault = json.loads(ear.lines[-1])
    assert fault["status"] == 500
    assert f"Foutnummer {fault['id']}" in response.text
    assert any('"fault": "RuntimeError"' in line and fault["id"] in line for line in ear.lines)
    assert TYPED not in "\n".join(ear.lines)


def test_a_fault_of_the_database_tells_no_values(app: Flask, ear: _Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that breaks a constraint is named by its constraint, not by what stood in it."""
    world = a_world()

    def twice(*_args: object, **_more: object) -> None:
        for _ in range(2):
            db.session.add(AuditEvent(id=TYPED[:32], school_id="x", actor_id=None, what="x", on_id=TYPED, at=world.pupil.created_at))
        db.session.flush()

    monkeypatch.setattr("lessons.views.actions.continue_or_begin", twice)
    url = address("lessons.answer_screen", unit=UNIT, screen=first_screen("lees"))
    finish(world.pupil, world.school_class)
    assert send(client_of(world.pupil), url).status_code == 500
    said = "\n".join(ear.lines)
    assert "IntegrityError" in said
    assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"]
    assert f"on_id={TYPED}" not in said


def test_a_line_stays_a_line_whatever_is_asked(ear: _Ear) -> None:
    client = client_of(None)
    client.get("/x%0d%0aINJECTED%20line")
    client.open("/", method="GET\\nINJECTED")
    client.get("/", headers={"Host": "localhost", "X-Request-Id": "INJECTED"})
    assert all("\n" not in line and "INJECTED" not in line for line in ear.lines)


def test_the_log_book_holds_ids_and_no_names(app: Flask) -> None:
    world = a_world()
    clients = [client_of(world.who(who)) for who in ("pupil", "mentor", "teamleider", "beheerder")]
    for rule in (*routes(app, "GET"), *routes(app, "POST")):
        for client in clients:
            url = address(rule.endpoint, **world.values(rule))
            if "GET" in (rule.methods or ()):
                client.get(url)
            elif rule.endpoint != "accounts.sign_out":
                client.post(url, data={"csrf_token": csrf_of(client)})
    events = db.session.scalars(select(AuditEvent)).all()
    assert any(event.what == "toegang-geweigerd" for event in events)
    said = " ".join(f"{event.what} {event.on_id} {event.actor_id}" for event in events)
    people = (world.pupil, world.mentor, world.teamleider, world.beheerder, world.classmate)
    assert [person.display_name for person in people if person.display_name in said] == []
    assert "@" not in said
