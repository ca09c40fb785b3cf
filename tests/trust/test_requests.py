"""Every request: a token and an own origin for what is sent, safe headers on what comes back, no road out of the app."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from access.guards import viewer_or_none
from common.database import Base, db
from common.forms import own_path
from common.web import CSP
from tests.page import address, client_of, csrf_of, visit
from tests.people import PASSWORD, a_beheerder, a_class, a_mentor, a_pupil, a_school, with_password
from tests.world import World, a_world, routes

OPENED_BY = ("pupil", "mentor", "teamleider", "operator")
FOREIGN = (
    {"Origin": "https://elders.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.elders.example"},
    {"Origin": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
)
ROADS_OUT = (
    "//elders.example", "/\\elders.example", "\\\\elders.example", "https://elders.example", "http:elders.example", "javascript:alert(1)",
    "/\t/elders.example", "/\n/elders.example", "\t//elders.example", " //elders.example", "///elders.example", "/\x00/elders.example",
    "elders.example", "/\u2028/elders.example", "/" + "a" * 600, "",
)  # fmt: skip


def test_every_form_without_a_token_or_with_a_wrong_one_is_refused(app: Flask) -> None:
    world = a_world()
    clients, of_another = _clients(world), csrf_of(client_of(world.classmate))
    for rule in routes(app, "POST"):
        url = address(rule.endpoint, **world.values(rule))
        for who, client in clients.items():
            for data in ({}, {"csrf_token": of_another}):
                response = client.post(url, data=data)
                assert response.status_code == 400, f"{rule.endpoint} took {data} of {who}"


def _clients(world: World) -> dict[str, FlaskClient]:
    return {who: client_of(world.who(who)) for who in ("guest", *OPENED_BY)}


@pytest.mark.parametrize("token", ["", "x" * 90, "\x00", "é", "a.b.c", "[]"])
def test_an_odd_token_is_refused(app: Flask, token: str) -> None:
    client = client_of(a_world().pupil)
    csrf_of(client)
    assert client.post("/uitloggen", data={"csrf_token": token}).status_code == 400


def test_a_token_is_of_one_session(app: Flask) -> None:
    world = a_world()
    of_another = csrf_of(client_of(world.pupil))
    response = client_of(world.mentor).post("/uitloggen", data={"csrf_token": of_another})
    assert response.status_code == 400


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_from_another_site_is_refused_even_with_a_token(app: Flask, headers: dict[str, str]) -> None:
    world = a_world()
    client = client_of(world.mentor)
    token = csrf_of(client)
    for rule in routes(app, "POST"):
        url = address(rule.endpoint, **world.values(rule))
        response = client.post(url, data={"csrf_token": token}, headers=headers)
        assert response.status_code == 400, f"{rule.endpoint} took a form from {headers}"


def test_a_form_from_the_own_site_is_taken(app: Flask) -> None:
    client = client_of(a_world().pupil)
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/uitloggen", data={"csrf_token": csrf_of(client)}, headers=headers).status_code == 302


def test_a_get_writes_nothing_but_a_line_in_the_log_book(app: Flask) -> None:
    """Everything that is kept is the same before and after: a visit leaves no trace in the lessons."""
    world = a_world()
    clients, before = _clients(world), _kept()
    for rule in routes(app, "GET"):
        for client in clients.values():
            client.get(address(rule.endpoint, **world.values(rule)))
        assert _kept() == before, rule.endpoint


def _kept() -> dict[str, list[tuple[object, ...]]]:
    db.session.rollback()
    # A sign-in of the test itself, the day of it, and lines in the log book are not the page's doing.
    own = {"sign_in", "audit_event"}
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if column.name != "last_sign_in_on"]
        if table.name not in own:
            found[table.name] = sorted(tuple(map(repr, row)) for row in db.session.execute(select(*columns)))
    return found


# ---- headers ----


def _every_answer(app: Flask, world: World) -> Iterator[tuple[str, TestResponse]]:
    for who, client in _clients(world).items():
        for rule in routes(app, "GET"):
            yield f"{rule.endpoint} as {who}", client.get(address(rule.endpoint, **world.values(rule)))
    guest = client_of(None)
    yield "404", guest.get("/niet-hier")
    yield "405", guest.delete("/")
    yield "400", guest.post("/aanmelden")
    yield "413", guest.post("/aanmelden", data=b"x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    yield "a foreign host", guest.get("/", headers={"Host": "elders.example"})
    yield "a static file", guest.get("/static/css/pupil.css")
    yield "no static file", guest.get("/static/css/../../config.py")
    yield "HEAD", guest.head("/")
    yield "OPTIONS", guest.options("/")


def test_every_answer_carries_the_headers_that_keep_it_safe(app: Flask) -> None:
    policy = "; ".join(f"{name} {value}" for name, value in CSP.items())
    for what, response in _every_answer(app, a_world()):
        headers = response.headers
        assert headers.get("Content-Security-Policy") == policy, what
        assert headers.get("X-Content-Type-Options") == "nosniff", what
        assert headers.get("Referrer-Policy") == "same-origin", what
        assert "camera=()" in headers.get("Permissions-Policy", ""), what
        assert headers.get("Cross-Origin-Opener-Policy") == "same-origin", what
        assert headers.get("X-Frame-Options") == "DENY", what
        assert "Access-Control-Allow-Origin" not in headers, what
        # The service worker holds nothing of anybody and is asked for anew each time; so it may be compared instead of sent.
        wanted = "no-cache" if what.startswith("lessons.service_worker") else "no-store"
        assert what == "a static file" or headers.get("Cache-Control") == wanted, what
        assert "Server" not in headers or "Python" not in headers["Server"], what


def test_no_inline_code_is_ever_allowed() -> None:
    assert "unsafe" not in str(CSP)
    assert CSP["default-src"] == "'none'"
    assert set(CSP.values()) == {"'none'", "'self'"}


def test_static_files_are_kept_by_their_hash_for_a_year(app: Flask) -> None:
    page = visit(None, "accounts.start")
    hashed = page.text.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client_of(None).get(hashed).headers["Cache-Control"]


def test_faults_have_a_page_of_their_own_in_dutch_with_a_number_and_a_way_back(app: Flask) -> None:
    guest = client_of(None)
    for status, response in (
        (404, guest.get("/niet-hier")),
        (405, guest.delete("/")),
        (400, guest.post("/aanmelden")),
        (413, guest.post("/aanmelden", data=b"x" * 3_000_000, content_type="application/x-www-form-urlencoded")),
    ):
        assert response.status_code == status
        assert '<html lang="nl"' in response.text
        assert 'href="/"' in response.text
        number = response.text.lower().partition("nummer")[2][:80]
        assert any(sign.isdigit() for sign in number), f"{status} tells no number: {number}"
        for word in ("Traceback", "sqlalchemy", "werkzeug", "Werkzeug", "sqlite", "SELECT "):
            assert word not in response.text


# ---- where requests may come from and go to ----


@pytest.mark.parametrize(
    "host", ["elders.example", "elders.example:8000", "localhost.elders.example", "", "localhost:80@elders.example", "[::2]", "a b", "é.nl"]
)
def test_a_foreign_host_is_refused(app: Flask, host: str) -> None:
    response = client_of(None).get("/", headers={"Host": host.encode().decode("latin-1")})
    assert response.status_code == 400
    assert "elders.example" not in response.text


def test_the_own_host_is_served_on_any_port(app: Flask) -> None:
    for host in ("localhost", "localhost:8123", "127.0.0.1:9", "LOCALHOST"):
        assert client_of(None).get("/", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_or_scheme_is_not_believed_without_a_proxy(app: Flask) -> None:
    world = a_world()
    response = client_of(None).get("/klassen", headers={"X-Forwarded-Host": "elders.example", "X-Forwarded-Proto": "https"})
    assert "elders.example" not in response.headers["Location"]
    assert world.school


@pytest.mark.parametrize("road", ROADS_OUT, ids=ascii)
def test_no_road_leads_out_of_the_app(app: Flask, road: str) -> None:
    assert own_path(road) is None
    mentor = with_password(a_mentor(a_school()))
    client = client_of(None)
    data = {"csrf_token": csrf_of(client), "email": mentor.email, "wachtwoord": PASSWORD, "verder": road}
    response = client.post("/medewerkers", data=data)
    assert (response.status_code, response.headers["Location"]) == (302, "/klassen")
    assert "elders.example" not in _links(client.get("/hulp", query_string={"terug": road}).text)
    assert "elders.example" not in _links(client.get("/medewerkers", query_string={"verder": road}).text)


def _links(html: str) -> str:
    return " ".join(part.split('"')[0] for name in ("href=", "action=", "value=") for part in html.split(f'{name}"')[1:])


def test_an_own_path_is_followed_after_signing_in(app: Flask) -> None:
    mentor = with_password(a_mentor(a_school()))
    client = client_of(None)
    assert client.get("/klassen").headers["Location"] == "/medewerkers?verder=/klassen"
    data = {"csrf_token": csrf_of(client), "email": mentor.email, "wachtwoord": PASSWORD, "verder": "/docent/lessen?spoor=primair"}
    assert client.post("/medewerkers", data=data).headers["Location"] == "/docent/lessen?spoor=primair"


def test_the_second_step_carries_an_own_path_only(app: Flask) -> None:
    beheerder = with_password(a_beheerder(a_school()))
    client = client_of(None)
    data = {"csrf_token": csrf_of(client), "email": beheerder.email, "wachtwoord": PASSWORD, "verder": "//elders.example"}
    assert client.post("/medewerkers", data=data).headers["Location"] == "/medewerkers/code"
    with client.session_transaction() as session:
        assert session["halfway"]["onward"] is None


def test_nobody_is_signed_in_by_a_cookie_of_their_own_making(app: Flask) -> None:
    pupil = a_pupil(a_class(a_school()))
    for made in ("x", pupil.id, "", 7, None, ["a"], {"a": 1}, "\ud800"):
        client = client_of(None)
        with client.session_transaction() as session:
            session["_user_id"] = made
        response = client.get("/lessen")
        assert response.status_code == 302, made
    with app.test_request_context():
        assert viewer_or_none() is None
