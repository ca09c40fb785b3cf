"""An answer that was confirmed is there, once, however it was sent."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from common.database import db
from lessons.models import UnitProgress
from quizzes.models import Answer, ScenarioEvent
from tests.page import address, client_of, csrf_of
from tests.people import a_class, a_pupil, a_school, an_answer_id
from tests.world import UNIT, World, a_world, finish, first_screen

pytestmark = pytest.mark.usefixtures("app")
AT_ONCE = 8


def _kept(answer_id: str | None = None) -> int:
    db.session.rollback()
    found = select(func.count()).select_from(Answer)
    return db.session.scalar(found.where(Answer.answer_id == answer_id) if answer_id else found) or 0


def _all_at_once(clients: list[FlaskClient], url: str, bodies: list[dict[str, str]]) -> list[int]:
    """Send every body at the same moment, each from a browser of its own; what each was told."""
    db.session.rollback()
    gate = threading.Barrier(len(clients))

    def send(number: int) -> int:
        gate.wait(timeout=20)
        return Context().run(clients[number].post, url, data=bodies[number]).status_code

    with ThreadPoolExecutor(len(clients)) as threads:
        return list(threads.map(send, range(len(clients))))


def _at_an_open_question(world: World) -> str:
    key = first_screen("open")
    finish(world.pupil, world.school_class, but=key)
    return address("lessons.answer_screen", unit=UNIT, screen=key)


def test_one_answer_sent_at_once_from_eight_tabs_is_kept_once_and_confirmed_eight_times() -> None:
    world = a_world()
    url, answer_id = _at_an_open_question(world), an_answer_id()
    clients = [client_of(world.pupil) for _ in range(AT_ONCE)]
    bodies = [{"csrf_token": csrf_of(client), "antwoord_id": answer_id, "tekst": "Ik vraag het eerst."} for client in clients]
    assert _all_at_once(clients, url, bodies) == [302] * AT_ONCE
    assert _kept(answer_id) == 1


def test_eight_answers_at_once_are_all_kept_and_one_of_them_is_the_first() -> None:
    world = a_world()
    url = _at_an_open_question(world)
    clients = [client_of(world.pupil) for _ in range(AT_ONCE)]
    bodies = [{"csrf_token": csrf_of(client), "antwoord_id": an_answer_id(), "tekst": f"Antwoord {n}"} for n, client in enumerate(clients)]
    assert _all_at_once(clients, url, bodies) == [302] * AT_ONCE
    assert _kept() == AT_ONCE
    assert db.session.scalar(select(func.count()).select_from(Answer).where(Answer.is_first)) == 1


def test_a_class_that_begins_together_gets_a_running_total_each() -> None:
    school_class = a_class(a_school())
    pupils = [a_pupil(school_class) for _ in range(AT_ONCE)]
    clients = [client_of(pupil) for pupil in pupils]
    url = address("lessons.answer_screen", unit=UNIT, screen=first_screen("lees"))
    bodies = [{"csrf_token": csrf_of(client)} for client in clients]
    told = _all_at_once(clients, url, bodies)
    assert set(told) == {302}
    db.session.rollback()
    assert sorted(db.session.scalars(select(UnitProgress.pupil_id))) == sorted(pupil.id for pupil in pupils) or _kept() == 0


def test_a_first_screen_finished_twice_at_once_makes_one_total() -> None:
    world = a_world()
    first = _first_of_all()
    clients = [client_of(world.pupil) for _ in range(AT_ONCE)]
    bodies = [{"csrf_token": csrf_of(client), "antwoord_id": an_answer_id(), "keuze": "x"} for client in clients]
    told = _all_at_once(clients, address("lessons.answer_screen", unit=UNIT, screen=first), bodies)
    assert set(told) <= {302, 422}
    db.session.rollback()
    assert (db.session.scalar(select(func.count()).select_from(UnitProgress)) or 0) <= 1


def _first_of_all() -> str:
    from lessons.domain import screens
    from tests.world import lesson

    return screens(lesson().unit, lesson().quiz, 1)[0].key


def test_one_choice_in_the_chat_from_eight_tabs_is_one_choice() -> None:
    world = a_world()
    key = first_screen("scenario")
    finish(world.pupil, world.school_class, but=key)
    url = address("lessons.answer_screen", unit=UNIT, screen=key)
    page = client_of(world.pupil).get(url).text
    node = page.split('name="knoop" value="')[1].split('"')[0]
    choice = page.split('name="keuze" value="')[1].split('"')[0]
    clients = [client_of(world.pupil) for _ in range(AT_ONCE)]
    bodies = [
        {"csrf_token": csrf_of(client), "antwoord_id": an_answer_id(), "nummer": "0", "knoop": node, "keuze": choice} for client in clients
    ]
    assert set(_all_at_once(clients, url, bodies)) == {302}
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ScenarioEvent)) == 1


def test_an_answer_of_another_pupil_with_the_same_id_is_another_answer() -> None:
    world = a_world()
    answer_id = an_answer_id()
    for pupil in (world.pupil, world.classmate):
        key = first_screen("open")
        finish(pupil, world.school_class, but=key)
        client = client_of(pupil)
        data = {"csrf_token": csrf_of(client), "antwoord_id": answer_id, "tekst": "Van mij."}
        assert client.post(address("lessons.answer_screen", unit=UNIT, screen=key), data=data).status_code == 302
    assert _kept(answer_id) == 2
    assert set(db.session.scalars(select(Answer.pupil_id))) == {world.pupil.id, world.classmate.id}


def test_an_answer_id_of_a_strange_shape_is_asked_for_again_and_nothing_typed_is_lost() -> None:
    world = a_world()
    url = _at_an_open_question(world)
    client = client_of(world.pupil)
    for odd in ("", "x", "0" * 31, "0" * 33, "G" * 32, "0" * 31 + "\n", "../" * 10):
        response = client.post(url, data={"csrf_token": csrf_of(client), "antwoord_id": odd, "tekst": "Dit typte ik."})
        assert response.status_code == 422
        assert "Dit typte ik." in response.text
    assert _kept() == 0
