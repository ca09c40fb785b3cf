"""Answers per second: 30 pupils at once on the app, against a bare Flask route with the same durable insert, in one run.

python -m bench.answers [--pupils 30] [--seconds 8]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from flask.sessions import SecureCookieSessionInterface

from bench.load import Figures, Post, at_once, environment, free_port, new_answer_id, served

UNIT, SCREEN = "vriendschapsverzoek-primair", "half-bekend"


def a_class(data: Path, pupils: int, *, begun: bool = True) -> list[tuple[str, str]]:
    """A school with a class in a fresh database; the cookie and CSRF token of each pupil, who has come as far as the item,
    or has not begun."""
    from flask_migrate import upgrade  # noqa: PLC0415
    from flask_wtf.csrf import generate_csrf  # noqa: PLC0415

    from accounts import actions  # noqa: PLC0415
    from app import create_app  # noqa: PLC0415
    from common.clock import now  # noqa: PLC0415
    from common.database import db  # noqa: PLC0415
    from config import Settings  # noqa: PLC0415
    from lessons.models import UnitProgress  # noqa: PLC0415
    from schools.models import School, SchoolClass  # noqa: PLC0415

    app = create_app(Settings.from_environment(environment(data, 1)))
    lesson = app.extensions["library"].lessons[UNIT]
    done = [screen.key for screen in lesson.screens(1)]
    browsers = []
    with app.app_context():
        upgrade()
        school = School(name="Meetschool", protocol="tjongeling", is_demo=False, created_at=now())
        db.session.add(school)
        db.session.flush()
        school_class = SchoolClass(
            school_id=school.id, name="7", year_group="groep 7", track="primair", code="AAAAAAA", secret_kind="pictures", created_at=now()
        )  # fmt: skip
        db.session.add(school_class)
        db.session.flush()
        tokens = []
        for number in range(pupils):
            pupil = actions.add_pupil(school.id, school_class.id, f"Leerling {number}", "pictures", now(), half=1)
            tokens.append(actions.begin_sign_in(pupil, now()))
            if not begun:
                continue
            db.session.add(
                UnitProgress(
                    school_id=school.id,
                    class_id=school_class.id,
                    pupil_id=pupil.id,
                    unit=UNIT,
                    last_screen=SCREEN,
                    done=done,
                    started_at=now(),
                    seen_at=now(),
                )
            )
        db.session.commit()
        db.engine.dispose()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    for token in tokens:
        with app.test_request_context():
            from flask import session  # noqa: PLC0415

            csrf = generate_csrf()
            cookie = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": session["csrf_token"]})
        browsers.append((f"{app.config['SESSION_COOKIE_NAME']}={cookie}", csrf))
    return browsers


def of_the_app(data: Path, pupils: int, seconds: float) -> Figures:
    browsers, port = a_class(data, pupils), free_port()

    def make(number: int) -> Post:
        cookie, csrf = browsers[number]
        fields = [("csrf_token", csrf), ("antwoord_id", new_answer_id()), ("keuze", "vragen")]
        return Post(f"/lessen/{UNIT}/stap/{SCREEN}", cookie, fields)

    with served([sys.executable, "-m", "flask", "--app", "app", "serve"], port, environment(data, port)):
        return at_once(port, pupils, seconds, make, (302,))


def of_the_bare_route(data: Path, pupils: int, seconds: float) -> Figures:
    port = free_port()
    env = {**environment(data, port), "BARE_DATABASE": str(data / "bare.db")}
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "48", "--host", "127.0.0.1",
        "--port", str(port), "--factory", "--log-level", "error", "bench.bare:create_app",
    ]  # fmt: skip

    def make(number: int) -> Post:
        return Post("/answer", f"pupil={number}", [("antwoord_id", new_answer_id()), ("keuze", "vragen")])

    with served(command, port, env):
        return at_once(port, pupils, seconds, make, (302,))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pupils", type=int, default=30)
    options.add_argument("--seconds", type=float, default=8.0)
    asked = options.parse_args()
    pupils, seconds = min(asked.pupils, 200), min(asked.seconds, 60.0)
    with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder:
        bare = of_the_bare_route(Path(folder), pupils, seconds)
        ours = of_the_app(Path(folder), pupils, seconds)
    print(bare.line("bare Flask, one durable insert"))
    print(ours.line("Netjes, one answer"))
    print(f"ratio {ours.per_second / bare.per_second:.2f} (aim: at least 0.3) · p99/p50 {ours.p99 / ours.p50:.1f} (aim: at most 5)")


if __name__ == "__main__":
    main()
