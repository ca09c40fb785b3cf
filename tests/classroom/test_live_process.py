"""A live lesson outlives its server, and several servers show the same lesson: everything goes through the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from accounts.models import Person
from app import create_app
from classroom import actions
from classroom.domain import Kind, Phase, Spot, beats
from common.clock import now
from common.database import db
from tests.conftest import another_app, database_kind, settings_for
from tests.page import address, client_of, csrf_of, send
from tests.process import ServerProcess
from tests.world import UNIT, World, a_world, cookie_of

on_sqlite = pytest.mark.skipif(database_kind() != "sqlite", reason="the server of this test keeps a file of its own")


def _at_a_question(app: Flask, world: World) -> tuple[str, str]:
    """The class stands at its first question: the place and the first answer."""
    found = beats(app.extensions["library"].get(UNIT))
    beat = next(one for one in found if one.kind is Kind.VOTE and Phase.AGAIN in one.phases)
    actions.move_to(world.session, Spot(beat.key, Phase.VOTE), now())
    db.session.commit()
    return f"{beat.key}|{Phase.VOTE.value}", beat.options[0][0]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    found = ServerProcess(tmp_path)
    yield found
    found.kill()


@on_sqlite
def test_after_the_server_was_killed_the_lesson_stands_where_it_was_with_every_vote(server: ServerProcess, tmp_path: Path) -> None:
    server.start()
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'netjes.db'}"))
    with app.app_context():
        world = a_world()
        place, option = _at_a_question(app, world)
        client = client_of(world.pupil)
        token = csrf_of(client)
        pupil = client.get_cookie("netjes")
        assert pupil is not None
        mentor, board, live = cookie_of(app, world.mentor), f"/bord/{world.session.id}", f"/live/{world.session.id}"
        db.session.remove()
        db.engine.dispose()
    assert server.ask("POST", live, pupil.value, {"csrf_token": token, "keuze": option, "plek": place})[0] == 302
    server.kill()
    server.start()
    status, page = server.ask("GET", board, mentor)
    assert status == 200
    assert "Er is 1 keer gestemd" in page
    assert "Je stem is bewaard" in server.ask("GET", live, pupil.value)[1]


def test_two_servers_on_one_database_show_the_same_lesson(app: Flask) -> None:
    world = a_world()
    place, option = _at_a_question(app, world)
    other = another_app(app.config["SETTINGS"])
    vote, stand = address("classroom.vote", session_id=world.session.id), address("classroom.board_now", session_id=world.session.id)
    send(client_of(world.pupil), vote, {"keuze": option, "plek": place})
    mentor_id = world.mentor.id
    with other.app_context():
        mentor = db.session.get(Person, mentor_id)
        assert "Er is 1 keer gestemd" in client_of(mentor).get(stand).text
