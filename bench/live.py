"""A live lesson with devices: 35 pupils whose screens follow the board and who vote at once, in one class and in ten at the same time.

For each: what the server spends (seconds of one core per second) while all screens only follow, how long it takes until all
votes are counted, and whether any request was refused. python -m bench.live [--pupils 35] [--seconds 12]
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.load import LOOPBACK, environment, free_port, served

UNIT = "vriendschapsverzoek-primair"
# As static/js/modules/live.js and board.js ask.
PUPIL_EVERY, BOARD_EVERY = 4.0, 1.0
WARM = 2 * PUPIL_EVERY
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Room:
    """One class in a live lesson: the cookies and tokens of its pupils and its mentor, and the vote that is open."""

    session: str
    place: str
    options: list[str]
    pupils: list[tuple[str, str]]
    mentor: tuple[str, str]
    refused: int = 0
    asked: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, status: int) -> None:
        with self.lock:
            self.asked += 1
            self.refused += status not in (200, 204, 302, 304)


def rooms(data: Path, number: int, pupils: int) -> list[Room]:
    """A school with so many classes, each with a lesson open at its first question."""
    from flask import session as browser_session  # noqa: PLC0415
    from flask.sessions import SecureCookieSessionInterface  # noqa: PLC0415
    from flask_migrate import upgrade  # noqa: PLC0415
    from flask_wtf.csrf import generate_csrf  # noqa: PLC0415

    from accounts import actions as account_actions  # noqa: PLC0415
    from accounts.models import Person  # noqa: PLC0415
    from app import create_app  # noqa: PLC0415
    from classroom.domain import Kind, Phase, beats  # noqa: PLC0415
    from classroom.models import LiveSession  # noqa: PLC0415
    from common.clock import now  # noqa: PLC0415
    from common.database import db  # noqa: PLC0415
    from config import Settings  # noqa: PLC0415
    from schools.models import Mentorship, School, SchoolClass  # noqa: PLC0415

    app = create_app(Settings.from_environment(environment(data, 1)))
    lesson = app.extensions["library"].lessons[UNIT]
    beat = next(one for one in beats(lesson) if one.kind is Kind.VOTE and Phase.AGAIN in one.phases)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None

    def browser(token: str) -> tuple[str, str]:
        with app.test_request_context():
            csrf = generate_csrf()
            value = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": browser_session["csrf_token"]})
        return f"{app.config['SESSION_COOKIE_NAME']}={value}", csrf

    found, tokens = [], []
    with app.app_context():
        upgrade()
        school = School(name="Meetschool", protocol="tjongeling", is_demo=False, created_at=now())
        db.session.add(school)
        db.session.flush()
        for turn in range(number):
            made = SchoolClass(
                school_id=school.id, name=f"7-{turn}", year_group="groep 7", track="primair", code=f"AAAA{turn:03d}",
                secret_kind="pictures", created_at=now(),
            )  # fmt: skip
            mentor = Person(school_id=school.id, role="mentor", display_name=f"Mentor {turn}", secret_kind="password", created_at=now())
            db.session.add_all([made, mentor])
            db.session.flush()
            db.session.add(Mentorship(class_id=made.id, person_id=mentor.id, school_id=school.id))
            live = LiveSession(
                school_id=school.id, class_id=made.id, unit=UNIT, opened_by_id=mentor.id, join_code=f"B{turn:03d}", with_devices=True,
                beat=beat.key, phase=Phase.VOTE.value, path=[], opened_at=now(), moved_at=now(),
            )  # fmt: skip
            db.session.add(live)
            here = [account_actions.add_pupil(school.id, made.id, f"Leerling {n}", "pictures", now(), half=1) for n in range(pupils)]
            db.session.flush()
            signed = [account_actions.begin_sign_in(one, now()) for one in [*here, mentor]]
            tokens.append((live.id, signed))
        db.session.commit()
        db.engine.dispose()
    for live_id, signed in tokens:
        browsers = [browser(token) for token in signed]
        keys = [key for key, _text in beat.options]
        found.append(Room(live_id, f"{beat.key}|{Phase.VOTE.value}", keys, browsers[:-1], browsers[-1]))
    return found


def ask(connection: http.client.HTTPConnection, path: str, cookie: str, mark: str) -> tuple[int, str, bytes]:
    connection.request("GET", path, headers={"Cookie": cookie, **({"If-None-Match": mark} if mark else {})})
    response = connection.getresponse()
    return response.status, response.getheader("ETag") or mark, response.read()


def follow(port: int, room: Room, cookie: str, path: str, every: float, until: float, delay: float) -> None:
    """One screen, as the page asks."""
    connection, mark = http.client.HTTPConnection(LOOPBACK, port, timeout=30), ""
    time.sleep(delay)
    while time.monotonic() < until:
        status, mark, _body = ask(connection, path, cookie, mark)
        room.note(status)
        time.sleep(every)


def spent(pid: int) -> float:
    """Seconds of processor that a process and its children have used."""
    total = 0.0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if entry.parent.name == str(pid) or fields[1] == str(pid):
            total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def while_following(port: int, pid: int, found: list[Room], seconds: float) -> float:
    """Cores in use while all screens only follow. The first seconds, in which every screen draws itself and a fresh server opens its
    connections, are not counted."""
    until = time.monotonic() + seconds + WARM
    threads = []
    for room in found:
        board = threading.Thread(target=follow, args=(port, room, room.mentor[0], f"/bord/{room.session}/stand", BOARD_EVERY, until, 0))
        threads.append(board)
        for number, (cookie, _csrf) in enumerate(room.pupils):
            delay = PUPIL_EVERY * number / len(room.pupils)
            path = f"/live/{room.session}/stand"
            threads.append(threading.Thread(target=follow, args=(port, room, cookie, path, PUPIL_EVERY, until, delay)))
    for thread in threads:
        thread.start()
    time.sleep(WARM)
    before, began = spent(pid), time.monotonic()
    time.sleep(seconds - 0.5)
    used = (spent(pid) - before) / (time.monotonic() - began)
    for thread in threads:
        thread.join()
    return used


def all_vote(port: int, found: list[Room]) -> float:
    """Everybody votes at the same moment; seconds until the board of every class has been told that all are in."""
    gate = threading.Barrier(sum(len(room.pupils) for room in found) + 1)

    def one(room: Room, number: int) -> None:
        cookie, csrf = room.pupils[number]
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
        body = urlencode([("csrf_token", csrf), ("keuze", room.options[number % len(room.options)]), ("plek", room.place)])
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Netjes-Send": "1"}
        gate.wait()
        connection.request("POST", f"/live/{room.session}", body, headers)
        response = connection.getresponse()
        response.read()
        room.note(response.status)

    threads = [threading.Thread(target=one, args=(room, number)) for room in found for number in range(len(room.pupils))]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.monotonic()
    for room in found:
        connection, words = http.client.HTTPConnection(LOOPBACK, port, timeout=30), f"{len(room.pupils)} keer gestemd"
        mark = ""
        while True:
            status, mark, body = ask(connection, f"/bord/{room.session}/stand", room.mentor[0], mark)
            room.note(status)
            if words in body.decode():
                break
            time.sleep(BOARD_EVERY / 20)
    took = time.monotonic() - began
    for thread in threads:
        thread.join()
    return took


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pupils", type=int, default=35)
    options.add_argument("--seconds", type=float, default=12.0)
    asked = options.parse_args()
    pupils, seconds = min(asked.pupils, 60), min(asked.seconds, 60.0)
    for number in (1, 10):
        with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder:
            data, port = Path(folder), free_port()
            found = rooms(data, number, pupils)
            with served([sys.executable, "-m", "flask", "--app", "app", "serve"], port, environment(data, port)) as server:
                used = while_following(port, server.pid, found, seconds)
                took = all_vote(port, found)
            refused, sent = sum(room.refused for room in found), sum(room.asked for room in found)
            print(
                f"{number:2d} class{'es' if number > 1 else '  '} of {pupils}: following {100 * used / number:.1f} % of a core per class "
                f"(aim: 2) · all votes counted after {took:.2f} s, and the board asks every {BOARD_EVERY:.0f} s (aim: 1.5) · "
                f"refused {refused} of {sent}"
            )


if __name__ == "__main__":
    main()
