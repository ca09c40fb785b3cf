"""A full disk, a read-only disk, a server that is killed: no false word that something was kept, and nothing kept is lost."""

from __future__ import annotations

import http.client
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from app import create_app
from common.database import db
from quizzes.models import Answer
from tests.conftest import database_kind, settings_for
from tests.page import address, check_page, client_of, csrf_of
from tests.people import PASSWORD, a_mentor, a_pupil, a_school, an_answer_id, with_password
from tests.process import ServerProcess
from tests.world import UNIT, World, a_world, finish, first_screen

on_sqlite = pytest.mark.skipif(database_kind() != "sqlite", reason="this is about the file that SQLite writes")
TYPED = "Ik vraag het eerst aan mijn zus."
PUPILS = 8


def _question(world: World) -> str:
    key = first_screen("open")
    finish(world.pupil, world.school_class, but=key)
    return address("lessons.answer_screen", unit=UNIT, screen=key)


def _kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Answer)) or 0


class Connections:
    """Says something to every connection of the app as it is used, until it is told to say something else."""

    def __init__(self) -> None:
        self._statement: Callable[[Any], str] | None = None

    def say(self, statement: Callable[[Any], str]) -> None:
        db.session.rollback()
        self._statement = statement

    def heard(self, connection: Any, _record: Any, _proxy: Any) -> None:
        if self._statement:
            connection.execute(self._statement(connection))
            connection.commit()


@pytest.fixture
def connections(app: Flask) -> Iterator[Connections]:
    found = Connections()
    event.listen(db.engine, "checkout", found.heard)
    yield found
    event.remove(db.engine, "checkout", found.heard)
    db.session.rollback()
    db.engine.dispose()


def _no_room(connection: Any) -> str:
    pages: int = connection.execute("PRAGMA page_count").fetchone()[0]
    return f"PRAGMA max_page_count = {pages}"


def _give_back_free_pages() -> None:
    """What earlier tests deleted left room inside the file of SQLite; a disk is full only when that is used up too."""
    db.session.rollback()
    if database_kind() == "sqlite":
        connection = db.engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM")
        finally:
            connection.close()


READ_ONLY_POSTGRES = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"
READ_ONLY_SQLITE = "PRAGMA query_only = ON", "PRAGMA query_only = OFF"
NO_WRITING, WRITING = READ_ONLY_SQLITE if database_kind() == "sqlite" else READ_ONLY_POSTGRES
FULL = pytest.param(_no_room, "PRAGMA max_page_count = 1073741823", id="full", marks=on_sqlite)
READ_ONLY = pytest.param(lambda _connection: NO_WRITING, WRITING, id="read-only")


@pytest.mark.parametrize(("statement", "undo"), [FULL, READ_ONLY])
def test_a_disk_that_takes_nothing_is_told_keeps_what_was_typed_and_works_again_by_itself(
    connections: Connections, statement: Callable[[Any], str], undo: str
) -> None:
    world = a_world()
    url, client = _question(world), client_of(world.pupil)
    token = csrf_of(client)
    _give_back_free_pages()
    refused, taken = None, 0
    connections.say(statement)
    for number in range(400):
        body = {"csrf_token": token, "antwoord_id": an_answer_id(), "tekst": f"{TYPED} {number} {'x' * 900}"}
        response = client.post(url, data=body)
        if response.status_code != 302:
            refused = response, body
            break
        taken += 1
    assert refused is not None, "the disk was never full"
    response, body = refused
    check_page(response)
    assert response.status_code == 503
    assert "bewaard worden" in response.text
    assert "is bewaard" not in response.text
    assert body["tekst"] in response.text, "what was typed stands on the page, to be sent again"
    assert body["antwoord_id"] in response.text
    assert client.get("/lessen").status_code == 200, "reading goes on"
    assert _kept() == taken, "what was confirmed is there, what was refused is not"
    connections.say(lambda _connection: undo)
    assert client.post(url, data=body).status_code == 302, "writing goes on without a restart"
    assert _kept() == taken + 1


def test_no_secret_is_put_on_the_page_of_a_full_disk(connections: Connections) -> None:
    mentor = with_password(a_mentor(a_school()))
    client = client_of(None)
    connections.say(lambda _connection: NO_WRITING)
    response = client.post("/medewerkers", data={"csrf_token": csrf_of(client), "email": mentor.email, "wachtwoord": PASSWORD})
    assert response.status_code == 503
    assert PASSWORD not in response.text


def test_a_database_that_does_not_answer_gives_a_page_in_dutch(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when who is looking cannot be read: the page of the fault asks the database nothing."""

    def gone(*_args: object, **_more: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    client = client_of(a_world().pupil)
    monkeypatch.setattr(app.login_manager, "_user_callback", gone)  # type: ignore[attr-defined]
    response = client.get("/lessen")
    check_page(response)
    assert response.status_code == 503
    assert "Even niet bereikbaar" in response.text
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


# ---- kill -9 ----


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    found = ServerProcess(tmp_path)
    yield found
    found.kill()


@on_sqlite
def test_kill_9_loses_no_answer_that_was_confirmed_and_doubles_none(server: ServerProcess, tmp_path: Path) -> None:
    file = tmp_path / "netjes.db"
    server.start()
    app = create_app(settings_for(f"sqlite:///{file}"))
    with app.app_context():
        pupils, url = _a_class_at_a_question()
        db.session.remove()
        db.engine.dispose()
    confirmed: list[list[str]] = [[] for _ in pupils]
    stop = threading.Event()

    def answer(number: int) -> None:
        cookie, token = pupils[number]
        for _ in range(2000):
            answer_id = an_answer_id()
            try:
                status, _page = server.ask("POST", url, cookie, {"csrf_token": token, "antwoord_id": answer_id, "tekst": TYPED})
            except (OSError, http.client.HTTPException):
                return
            if status == 302:
                confirmed[number].append(answer_id)
            if stop.is_set():
                return

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(PUPILS)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 30
    while sum(map(len, confirmed)) < 150 and time.monotonic() < until:
        time.sleep(0.01)
    server.kill()
    stop.set()
    for thread in threads:
        thread.join(timeout=30)
    told = [answer_id for own in confirmed for answer_id in own]
    assert len(told) >= 50, "too few answers to say anything"

    server.start()
    assert _rows(file, "SELECT count(*) FROM answer")[0][0] >= len(told)
    times_kept = dict(_rows(file, "SELECT answer_id, count(*) FROM answer GROUP BY answer_id"))
    assert [answer_id for answer_id in told if times_kept.get(answer_id) != 1] == []
    assert set(times_kept.values()) == {1}
    assert _rows(file, "PRAGMA integrity_check") == [("ok",)]
    cookie, token = pupils[0]
    assert server.ask("GET", "/lessen", cookie)[0] == 200, "the sign-in outlived it"
    again = {"csrf_token": token, "antwoord_id": confirmed[0][-1], "tekst": TYPED}
    assert server.ask("POST", url, cookie, again)[0] == 302, "sent once more it is confirmed once more"
    assert _rows(file, f"SELECT count(*) FROM answer WHERE answer_id = '{confirmed[0][-1]}'") == [(1,)]
    totals = dict(_rows(file, "SELECT pupil_id, count(*) FROM unit_progress GROUP BY pupil_id"))
    assert set(totals.values()) == {1}


def _a_class_at_a_question() -> tuple[list[tuple[str, str]], str]:
    """A class that stands at an open question: a cookie and a token each, and the address to answer to."""
    world = a_world()
    key, pupils = first_screen("open"), []
    for _ in range(PUPILS):
        pupil = a_pupil(world.school_class)
        finish(pupil, world.school_class, but=key)
        client = client_of(pupil)
        token = csrf_of(client)
        cookie = client.get_cookie("netjes")
        assert cookie is not None
        pupils.append((cookie.value, token))
    return pupils, address("lessons.answer_screen", unit=UNIT, screen=key)


def _rows(file: Path, statement: str) -> list[Any]:
    connection = sqlite3.connect(file, timeout=20)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@on_sqlite
def test_sixty_connections_that_dawdle_do_not_stop_a_class(server: ServerProcess) -> None:
    server.start()
    began = (
        b"POST /aanmelden HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\ncode=",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Halfway: ",
    )
    slow = []
    try:
        for number in range(60):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            connection.sendall(began[number % 2])
            slow.append(connection)
        answers = [server.ask("GET", "/")[0] for _ in range(10)]
    finally:
        for connection in slow:
            connection.close()
    assert answers == [200] * 10
