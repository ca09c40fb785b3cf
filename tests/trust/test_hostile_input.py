"""Odd input from everybody at every door: an answer in Dutch, never a fault of ours, and nothing of others touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from accounts.models import Person
from common.database import Base, db
from tests.house.test_doors import MATRIX, OPEN
from tests.page import address, check_page, client_of, csrf_of
from tests.world import VISITORS, World, a_world, routes

ROOT = Path(__file__).resolve().parent.parent.parent
READS_A_FIELD = re.compile(r"(?:form|source|args|values)\.(?:get|getlist)\(\s*\"([^\"]+)\"|\.(?:read|pick)\(\s*[\w.]+,\s*\"([^\"]+)\"")
ZALGO = "z" + "\u0335\u0322\u0353\u0300" * 40

ODD_VALUES: dict[str, bytes] = {
    "nul": b"a\x00b",
    "lone surrogate": b"\xed\xa0\x80",
    "bad utf-8": b"\xff\xfe\xc3",
    "beyond 64 bits": b"99999999999999999999999",
    "64 bits": b"9223372036854775808",
    "negative": b"-1",
    "not a number": b"NaN",
    "infinite": b"1e999",
    "other digits": "٣²③".encode(),
    "turned round": "\u202edlrow\u2066".encode(),
    "zalgo": ZALGO.encode(),
    "control signs": bytes(range(1, 32)),
    "script": b"<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": b"{{ 7*7 }}{% for x in y %}${7*7}",
    "sql": b"'; DROP TABLE person; --",
    "path": b"../../../../etc/passwd",
    "formula": b"=cmd|' /C calc'!A0",
    "empty": b"",
    "only spaces": "\u00a0\u2003 \t\n".encode(),
    "30 kilobytes": b"a" * 30_000,
    "many lines": b"x\r\n" * 8000,
    "many brackets": b"[" * 20_000,
    "emoji": "👩‍👩‍👧‍👦".encode() * 50,
}
# Of a text this long only a few fields fit in one request.
LONG_FIELDS = ("tekst", "text", "naam", "namen", "email", "wachtwoord", "code", "geheim", "nieuw", "notitie", "voorwaarde")
CUT_OFF = b'--grens\r\nContent-Disposition: form-data; name="tekst"\r\n\r\nhalverw'
ODD_BODIES: dict[str, tuple[str, bytes]] = {
    "ten thousand fields": ("application/x-www-form-urlencoded", b"&".join(b"v%d=1" % n for n in range(10_000))),
    "one field a thousand times": ("application/x-www-form-urlencoded", b"&".join([b"keuze=a"] * 400)),
    "lists for one": ("application/x-www-form-urlencoded", b"keuze[]=a&keuze[b]=c&tekst[0][x]=1&antwoord_id[]=9&kaart:a=x&kaart:a=y"),
    "a megabyte in one field": ("application/x-www-form-urlencoded", b"tekst=" + b"a" * 1_000_000),
    "three megabytes": ("application/x-www-form-urlencoded", b"tekst=" + b"a" * 3_000_000),
    "cut-off multipart": ("multipart/form-data; boundary=grens", CUT_OFF),
    "multipart without a boundary": ("multipart/form-data", CUT_OFF),
    "multipart with a wrong boundary": ("multipart/form-data; boundary=anders", CUT_OFF),
    "a file for a text": (
        "multipart/form-data; boundary=grens",
        b'--grens\r\nContent-Disposition: form-data; name="tekst"; filename="x.txt"\r\n\r\ninhoud\r\n--grens--\r\n',
    ),
    "six hundred parts": (
        "multipart/form-data; boundary=g",
        b"".join(b'--g\r\nContent-Disposition: form-data; name="v%d"\r\n\r\n1\r\n' % n for n in range(600)) + b"--g--\r\n",
    ),
    "json": ("application/json", b'{"keuze": [1, {"a": null}], "tekst": 1e999}'),
    "broken json": ("application/json", b'{"keuze": '),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfet\x00e\x00k\x00s\x00t\x00"),
    "nothing": ("", b""),
    "bytes": ("application/octet-stream", bytes(range(256)) * 10),
}
ODD_PARTS = (
    "%00", "%ED%A0%80", "%FF%FE", "a" * 3000, "..%2f..%2fetc", "%2e%2e", "'%22", "%F0%9F%98%80", "9" * 30, "9223372036854775808", "-1", "0",
    "%3Cscript%3E", "%E2%80%AE", "%0d%0aSet-Cookie:x=1", "%25", "constructor", "__class__", "None", "%C2%A0",
)  # fmt: skip


@lru_cache(maxsize=1)
def _fields() -> tuple[str, ...]:
    """The names of all form fields and parameters that any room reads, found in the code, so that a new one joins by itself."""
    found = {"csrf", "kaart:x", "paar:x", "omhoog:x", "omlaag:x"}
    for file in ROOT.glob("*/*.py"):
        if file.parent.name not in ("tests", "bench"):
            for match in READS_A_FIELD.finditer(file.read_text(encoding="utf-8")):
                found.add(match[1] or match[2])
    return tuple(sorted(found - {"csrf_token"}))


def _who_may(rule: Rule) -> str:
    """Somebody for whom this door is open, a guest if it is open to all."""
    row = MATRIX.get(rule.endpoint, (OPEN,) * len(VISITORS))
    return next(who for who, outcome in zip(VISITORS, row, strict=True) if outcome == OPEN)


def _everything_of(world: World, but: Person | None = None) -> dict[str, list[tuple[str, ...]]]:
    """All rows of a school, without those of one person; what a request could have harmed."""
    db.session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        if "school_id" not in table.columns or table.name == "audit_event":
            continue
        rows = db.session.execute(select(table).where(table.c.school_id == world.school.id)).mappings()
        mine = {"id", "pupil_id", "person_id"} if but else set()
        found[table.name] = sorted(
            tuple(f"{name}={value!r}" for name, value in row.items() if name != "last_sign_in_on")
            for row in rows
            if not any(row.get(name) == (but.id if but else "") for name in mine)
        )
    return found


class _Visits:
    """One browser per visitor, opened when first needed, with its token."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: dict[str, tuple[FlaskClient, str]] = {}

    def of(self, who: str) -> tuple[FlaskClient, str]:
        if who not in self._open:
            client = client_of(self._world.who(who))
            self._open[who] = client, csrf_of(client)
        return self._open[who]

    def post(self, rule: Rule, body: bytes, kind: str = "application/x-www-form-urlencoded") -> None:
        """Send a body to a door; the token goes along in a header. Who was sent out by it comes in again."""
        who = _who_may(rule)
        client, token = self.of(who)
        url = address(rule.endpoint, **self._world.values(rule))
        response = client.post(url, data=body, content_type=kind or None, headers={"X-CSRFToken": token})
        assert response.status_code < 500, f"{rule.endpoint}: {response.status_code}"
        check_page(response)
        if rule.endpoint in ("accounts.sign_out", "accounts.staff_sign_in", "accounts.enter_code", "schools.enter_code"):
            self._open.pop(who)


@pytest.mark.parametrize("value", ODD_VALUES)
def test_an_odd_value_in_every_field_of_every_form(app: Flask, value: str) -> None:
    here, elsewhere = a_world(), a_world("compass")
    before, visits = _everything_of(elsewhere), _Visits(here)
    encoded = quote_from_bytes(ODD_VALUES[value])
    for rule in routes(app, "POST"):
        names = LONG_FIELDS if len(encoded) > 20_000 else _fields()
        visits.post(rule, "&".join(f"{name}={encoded}" for name in names).encode())
    assert _everything_of(elsewhere) == before


@pytest.mark.parametrize("body", ODD_BODIES)
def test_an_odd_body_at_every_form(app: Flask, body: str) -> None:
    here, elsewhere = a_world(), a_world("compass")
    before, visits = _everything_of(elsewhere), _Visits(here)
    kind, data = ODD_BODIES[body]
    for rule in routes(app, "POST"):
        visits.post(rule, data, kind)
    assert _everything_of(elsewhere) == before


def test_odd_input_of_a_pupil_changes_nothing_of_anybody_else(app: Flask) -> None:
    here = a_world()
    before, visits = _everything_of(here, but=here.pupil), _Visits(here)
    for rule in routes(app, "POST"):
        if MATRIX.get(rule.endpoint, (OPEN,) * 7)[1] == OPEN and MATRIX[rule.endpoint][0] != OPEN and rule.endpoint != "accounts.sign_out":
            for value in ODD_VALUES.values():
                encoded = quote_from_bytes(value[:2000])
                visits.post(rule, "&".join(f"{name}={encoded}" for name in _fields()).encode())
    assert _everything_of(here, but=here.pupil) == before


@pytest.mark.parametrize("part", ODD_PARTS, ids=lambda part: part[:20])
def test_an_odd_word_in_every_place_of_every_address(app: Flask, part: str) -> None:
    here = a_world()
    visits = _Visits(here)
    for rule in app.url_map.iter_rules():
        for url in _addresses_with(here, rule, part):
            client, token = visits.of(_who_may(rule))
            if "GET" in (rule.methods or ()):
                response = client.get(url)
                check_page(response)
            else:
                response = client.post(url, headers={"X-CSRFToken": token})
            assert response.status_code < 500, url


def _addresses_with(world: World, rule: Rule, part: str) -> Iterator[str]:
    """The address of a route with an odd word in each of its places in turn."""
    for name in rule.arguments:
        values: dict[str, Any] = {**world.values(rule), name: "ODDWORD"}
        pattern = re.sub(r"<(?:[^:<>]+(?:\([^)]*\))?:)?([a-z_]+)>", lambda match: str(values[match[1]]), rule.rule)  # noqa: B023
        yield pattern.replace("ODDWORD", part)


@pytest.mark.parametrize("value", ODD_VALUES)
def test_an_odd_value_in_every_parameter_of_every_page(app: Flask, value: str) -> None:
    here = a_world()
    visits = _Visits(here)
    query = "&".join(f"{name}={quote_from_bytes(ODD_VALUES[value][:200])}" for name in _fields())
    for rule in routes(app, "GET"):
        client, _token = visits.of(_who_may(rule))
        response = client.get(f"{address(rule.endpoint, **here.values(rule))}?{query}")
        check_page(response)
        assert response.status_code < 500, rule.endpoint
        assert b"<script>alert(1)</script>" not in response.data


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "netjes=" + "x" * 5000},
        {"Cookie": "netjes=.eJw.x.y; =; ;;; netjes"},
        {"Cookie": b"netjes=\xff\xfe".decode("latin-1")},
        {"Accept-Language": "x" * 3000 + ";q=nan"},
        {"Accept-Encoding": "br;q=x, gzip;q=-1, *;q=9"},
        {"Content-Type": "text/html; charset=" + "x" * 200},
        {"Range": "bytes=9-1"},
        {"If-None-Match": "W/" + '"' * 99},
        {"If-Modified-Since": "gisteren"},
        {"Authorization": "Basic =="},
        {"Content-Length": "-5"},
        {"X-Forwarded-For": "x" * 4000},
        {"User-Agent": "\xff"},
        {"Referer": "http://["},
    ],
    ids=lambda headers: f"{next(iter(headers))}: {next(iter(headers.values()))[:12]!r}",
)
def test_odd_headers_are_no_fault_of_ours(app: Flask, headers: dict[str, str]) -> None:
    world = a_world()
    for client in (client_of(None), client_of(world.pupil), client_of(world.mentor)):
        for url in ("/", "/lessen", "/klassen", "/static/css/pupil.css"):
            assert client.get(url, headers=headers).status_code < 500


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "BREW"])
def test_other_methods_are_refused_everywhere(app: Flask, method: str) -> None:
    client = client_of(a_world().mentor)
    for url in ("/", "/lessen", "/klassen", "/uitloggen", "/static/css/pupil.css"):
        assert client.open(url, method=method).status_code in (400, 404, 405)
