"""For when the wifi fails: the steps of a unit in one answer, the service worker, and what the queue on a device is told."""

from __future__ import annotations

import re
from random import Random

import pytest
from flask import current_app, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from accounts.models import Person
from common.database import db
from lessons.library import Library
from lessons.models import UnitProgress
from lessons.offline_views import app_version
from quizzes.models import Answer, ScenarioEvent
from tests.books import the_book_of
from tests.page import Page, address, client_of, csrf_of
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider, an_answer_id
from tests.world import UNIT, a_world, finish, first_screen

pytestmark = pytest.mark.usefixtures("app")
SENT = {"Netjes-Send": "1"}
STEPS = f"/lessen/{UNIT}/stappen.json"


def _a_pupil(protocol: str = "tjongeling", name: str | None = None) -> Person:
    return a_pupil(a_class(a_school(protocol)), name)


def _keys() -> list[str]:
    library: Library = current_app.extensions["library"]
    return [screen.key for screen in library.lessons[UNIT].screens(1)]


def _rows() -> list[int]:
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Answer, ScenarioEvent, UnitProgress)]


# ---- the steps in one answer ----


def test_all_screens_of_a_unit_come_in_one_answer_also_those_ahead() -> None:
    response = client_of(_a_pupil()).get(STEPS)
    assert response.status_code == 200
    assert set(response.json["pages"]) == {f"/lessen/{UNIT}/stap/{key}" for key in _keys()}
    assert all(page.startswith("<!doctype html>") and "data-onward" in page for page in response.json["pages"].values())


def test_each_page_is_whole_and_as_good_as_when_it_is_asked_for_itself() -> None:
    for url, html in client_of(_a_pupil()).get(STEPS).json["pages"].items():
        assert not Page(html).faults(), url


def test_a_kept_page_is_the_page_that_the_server_would_give() -> None:
    pupil = _a_pupil(name="Sami")
    client = client_of(pupil)
    url = f"/lessen/{UNIT}/stap/{_keys()[0]}"
    kept = client.get(STEPS).json["pages"][url]
    assert _without_tokens(kept) == _without_tokens(client.get(url).text)
    assert "csrf_token" in kept


def _without_tokens(html: str) -> str:
    return re.sub(r'"I[\w-]+\.[\w-]{6}\.[\w-]{27}"', '""', re.sub(r'"[0-9a-f]{32}"', '""', html))


def test_the_steps_are_for_one_pupil_and_stay_in_no_cache_of_the_browser() -> None:
    school_class = a_class(a_school("tjongeling"))
    sami, classmate = a_pupil(school_class, "Sami"), a_pupil(school_class, "Wiebrigje")
    response = client_of(sami).get(STEPS)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Netjes-Who"] == sami.id
    assert "Sami" in response.text
    assert "Wiebrigje" not in response.text
    assert classmate.id not in response.text


def test_asking_for_the_steps_writes_nothing() -> None:
    client_of(_a_pupil()).get(STEPS)
    assert _rows() == [0, 0, 0]


def test_what_is_to_be_told_on_the_next_page_waits_for_that_page() -> None:
    client = client_of(_a_pupil())
    with client.session_transaction() as session:
        session["_flashes"] = [("goed", "Je keuze is bewaard.")]
    assert "Je keuze is bewaard." not in client.get(STEPS).text
    assert "Je keuze is bewaard." in client.get("/lessen").text


def test_the_unit_of_another_track_or_of_nowhere_is_not_found() -> None:
    client = client_of(_a_pupil())
    assert client.get("/lessen/vriendschapsverzoek-voortgezet/stappen.json").status_code == 404
    assert client.get("/lessen/bestaat-niet/stappen.json").status_code == 404


@pytest.mark.parametrize("make", [a_mentor, a_teamleider])
def test_staff_get_no_steps_and_their_pages_name_nobody(make) -> None:  # type: ignore[no-untyped-def]
    client = client_of(make(a_school("tjongeling")))
    assert client.get(STEPS).status_code == 403
    page = client.get(f"/docent/lessen/{UNIT}")
    assert page.status_code == 200
    assert "Netjes-Who" not in page.headers
    assert "data-who" not in page.text
    assert "data-steps" not in page.text


def test_a_guest_is_sent_to_the_front_door() -> None:
    assert client_of(None).get(STEPS).headers["Location"] == "/"


def _steps_address(client: FlaskClient) -> str:
    page = client.get(f"/lessen/{UNIT}/stap/{_keys()[0]}").text
    return page.partition('data-steps="')[2].partition('"')[0]


def test_the_address_of_the_steps_changes_with_what_makes_the_pages() -> None:
    world = a_world()
    other_half = a_pupil(world.school_class, half=2)
    first = _steps_address(client_of(world.pupil))
    assert first.startswith(f"{STEPS}?v=")
    assert first == _steps_address(client_of(world.classmate))
    assert first != _steps_address(client_of(other_half))
    assert first != _steps_address(client_of(_a_pupil("compass")))
    world.pupil.reading = {"size": "groot"}
    db.session.commit()
    assert first != _steps_address(client_of(world.pupil))


# ---- the service worker and the calm page ----


def test_the_service_worker_may_speak_for_the_whole_site_and_is_asked_for_each_time() -> None:
    response = client_of(None).get("/sw.js")
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.text.startswith(f'const SHELL = {{"version": "{app_version()}"')
    assert "Set-Cookie" not in response.headers


def test_an_unchanged_service_worker_is_not_sent_again() -> None:
    client = client_of(None)
    etag = client.get("/sw.js").headers["ETag"]
    assert client.get("/sw.js", headers={"If-None-Match": etag}).status_code == 304


def test_every_file_of_the_shell_is_there_under_its_hash_and_is_for_nobody_in_particular() -> None:
    client = client_of(None)
    line = client.get("/sw.js").text.splitlines()[0]
    files = [part for part in line.split('"') if part.startswith("/")]
    assert len(files) > 30
    for file in files:
        response = client.get(file)
        assert response.status_code == 200, file
        assert "immutable" in response.headers["Cache-Control"] or not file.startswith("/static/")
        assert "Netjes-Who" not in response.headers


@pytest.mark.parametrize("endpoint", ["show_without_wifi", "show_signed_out_without_wifi"])
def test_the_calm_page_is_a_good_page(endpoint: str) -> None:
    response = client_of(None).get(address(f"lessons.{endpoint}"))
    assert not Page(response.text).faults()
    assert "wifi" in response.text


# ---- what the queue is told ----


def test_every_answer_says_for_which_pupil_it_is() -> None:
    pupil = _a_pupil()
    client = client_of(pupil)
    first = f"/lessen/{UNIT}/stap/{_keys()[0]}"
    told = [client.get(path).headers.get("Netjes-Who") for path in ("/lessen", "/hulp", "/bestaat-niet", first)]
    told.append(client.post(first, data={"csrf_token": csrf_of(client)}, headers=SENT).headers.get("Netjes-Who"))
    assert told == [pupil.id] * 5
    assert "Netjes-Who" not in client_of(None).get("/").headers


def test_a_step_that_lies_ahead_is_not_taken_for_kept() -> None:
    """A redirect to where the pupil is would tell the queue that the step was stored."""
    client, ahead = client_of(_a_pupil()), first_screen("open")
    data = {"csrf_token": csrf_of(client), "antwoord_id": an_answer_id(), "tekst": "Ik vraag het eerst."}
    assert client.post(f"/lessen/{UNIT}/stap/{ahead}", data=data, headers=SENT).status_code == 425
    assert client.post(f"/lessen/{UNIT}/stap/{ahead}", data=data).status_code == 302
    assert _rows() == [0, 0, 0]


def test_a_step_that_is_gone_from_the_lesson_is_told_as_gone() -> None:
    world = a_world()
    finish(world.pupil, world.school_class, but=first_screen("open"))
    db.session.scalars(select(UnitProgress)).one().last_screen = "vroeger"
    db.session.commit()
    client = client_of(world.pupil)
    token = csrf_of(client)
    assert client.post(f"/lessen/{UNIT}/stap/vroeger", data={"csrf_token": token}, headers=SENT).status_code == 404


def test_a_whole_lesson_without_wifi_arrives_in_order_step_by_step() -> None:
    """What the queue does when the wifi returns: every step posted in order with one token, without opening a page."""
    pupil = _a_pupil()
    client = client_of(pupil)
    token = csrf_of(client)
    keys = _keys()
    until = keys.index(next(key for key in keys if key == first_screen("scenario")))
    for key in keys[:until]:
        response = client.post(f"/lessen/{UNIT}/stap/{key}", data={"csrf_token": token, **_an_answer(key)}, headers=SENT)
        assert response.status_code == 204, key
    db.session.rollback()
    assert db.session.scalars(select(UnitProgress)).one().done == keys[:until]


def _an_answer(key: str) -> dict[str, list[str]]:
    library: Library = current_app.extensions["library"]
    item = next(screen for screen in library.lessons[UNIT].screens(1) if screen.key == key).item
    if item is None:
        return {}
    fields = MultiDict(item.sent(item.imagined(Random(key), 0.5, the_book_of("tjongeling"))))
    return {"antwoord_id": [an_answer_id()], **fields.to_dict(flat=False)}


def test_signing_out_leaves_what_was_not_sent_on_the_device() -> None:
    client = client_of(_a_pupil())
    response = client.post("/uitloggen", data={"csrf_token": csrf_of(client)})
    assert response.headers["Clear-Site-Data"] == '"cache"'


def test_the_address_of_the_service_worker_is_at_the_root() -> None:
    with current_app.test_request_context():
        assert url_for("lessons.service_worker") == "/sw.js"
