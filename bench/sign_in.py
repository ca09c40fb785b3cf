"""A class of 30 signing in at the same moment, against what two cores can hash; and answers of others meanwhile.

python -m bench.sign_in
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

from flask import session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from accounts.models import Person
from accounts.secrets import hash_secret
from app import create_app
from bench.answers import SCREEN, UNIT, a_class
from bench.load import Post, at_once, environment, free_port, new_answer_id, served
from common.database import db
from config import Settings


def hashes_per_second(data: Path, seconds: float = 4.0) -> float:
    """What two threads can hash with the profile for pupils, on an idle machine."""
    app = create_app(Settings.from_environment(environment(data, 1)))
    done = [0, 0]
    end = time.monotonic() + seconds

    def one(number: int) -> None:
        with app.app_context():
            while time.monotonic() < end:
                hash_secret("pictures", "kat-boom-vis")
                done[number] += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def at_the_door(data: Path) -> list[tuple[str, str]]:
    """The cookie and CSRF token of each pupil who has chosen a name and now gives the secret."""
    app = create_app(Settings.from_environment(environment(data, 1)))
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    found = []
    with app.app_context():
        hashed = hash_secret("pictures", "kat-boom-vis")
        pupils = db.session.scalars(select(Person).where(Person.role == "pupil")).all()
        for pupil in pupils:
            pupil.secret_hash = hashed
        db.session.commit()
        ids = [(pupil.class_id, pupil.id) for pupil in pupils]
        db.engine.dispose()
    for class_id, pupil_id in ids:
        with app.test_request_context():
            token = generate_csrf()
            cookie = signer.dumps({"class": class_id, "pupil": pupil_id, "csrf_token": session["csrf_token"]})
        found.append((f"{app.config['SESSION_COOKIE_NAME']}={cookie}", token))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=6.0)
    seconds = min(options.parse_args().seconds, 60.0)
    with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder:
        data, port = Path(folder), free_port()
        answering = a_class(data, 60)
        doors = at_the_door(data)[:30]
        hashes = hashes_per_second(data)

        def sign_in(number: int) -> Post:
            cookie, token = doors[number]
            pictures = [("gekozen", "kat"), ("gekozen", "boom"), ("plaatje", "vis")]
            return Post("/aanmelden/geheim", cookie, [("csrf_token", token), *pictures])

        def answer(number: int) -> Post:
            cookie, token = answering[30 + number]
            fields = [("csrf_token", token), ("antwoord_id", new_answer_id()), ("keuze", "vragen")]
            return Post(f"/lessen/{UNIT}/stap/{SCREEN}", cookie, fields)

        with served([sys.executable, "-m", "flask", "--app", "app", "serve"], port, environment(data, port)):
            alone = at_once(port, 5, seconds, answer, (302,))
            signing = at_once(port, 30, seconds, sign_in, (302,))
            meanwhile = []
            other = threading.Thread(target=lambda: meanwhile.append(at_once(port, 5, seconds, answer, (302,))))
            other.start()
            at_once(port, 30, seconds, sign_in, (302,))
            other.join()
    print(signing.line("30 pupils signing in"))
    print(f"two cores hash {hashes:.0f}/s: ratio {signing.per_second / hashes:.2f} (aim: at least 0.7)")
    print(alone.line("answers of 5 others, alone"))
    print(meanwhile[0].line("answers of 5 others, meanwhile"))
    print(f"slower by {meanwhile[0].p50 / alone.p50:.1f}x at p50 (aim: at most 2x)")


if __name__ == "__main__":
    main()
