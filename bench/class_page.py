"""The class page of a mentor: with one class of 30, with 3,000 pupils in the school, and with 1,000,000 stored answers.

python -m bench.class_page [--rounds 60]
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import insert

from accounts import actions
from accounts.models import Person
from accounts.secrets import draw_class_code
from app import create_app
from bench.load import environment
from common.clock import now
from common.database import db, new_id
from config import Settings
from lessons.models import UnitProgress
from quizzes.models import Answer
from schools.models import Mentorship, School, SchoolClass

UNITS = ("toestemming-primair", "pesten-primair", "vriendschapsverzoek-primair", "groepsapp-primair")
ANSWERS_EACH = 334  # of 3,000 pupils: just over a million
BATCH = 20_000


def a_class(school: School, number: int) -> SchoolClass:
    made = SchoolClass(
        id=new_id(), school_id=school.id, name=f"7-{number}", year_group="groep 7", track="primair", code=draw_class_code(),
        secret_kind="pictures", created_at=now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def thirty_pupils(school_class: SchoolClass) -> list[str]:
    """A full class in which everybody is somewhere in two lessons."""
    pupils = [
        actions.add_pupil(school_class.school_id, school_class.id, f"Leerling {n:02d}", "pictures", now(), half=1 + n % 2)
        for n in range(30)
    ]
    for pupil, unit in itertools.product(pupils, UNITS[:2]):
        db.session.add(
            UnitProgress(
                school_id=pupil.school_id,
                class_id=school_class.id,
                pupil_id=pupil.id,
                unit=unit,
                last_screen="wie",
                done=["begin"],
                screens_total=33,
                lesson_right=4,
                lesson_total=6,
                started_at=now(),
                seen_at=now(),
            )
        )
    db.session.flush()
    return [pupil.id for pupil in pupils]


def a_million_answers(pupils: list[tuple[str, str, str]]) -> int:
    """ANSWERS_EACH answers of each (school, class, pupil), in batches."""
    rows = (
        {
            "id": new_id(), "school_id": school, "class_id": school_class, "pupil_id": pupil, "answer_id": new_id(),
            "unit": UNITS[n % 4], "item": f"opgave-{n % 20}", "moment": "lesson", "value": {"choice": "a"}, "outcome": "past",
            "right": 1, "total": 1, "stances": {}, "item_version": "1-00000000", "is_first": n < 80, "answered_at": now(),
        }
        for school, school_class, pupil in pupils
        for n in range(ANSWERS_EACH)
    )  # fmt: skip
    stored = 0
    while batch := list(itertools.islice(rows, BATCH)):
        db.session.execute(insert(Answer), batch)
        db.session.commit()
        stored += len(batch)
    return stored


def timed(app: Flask, token: str, path: str, rounds: int) -> tuple[float, float]:
    """Median and 95th percentile of a page, in milliseconds of this process."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    times = []
    for number in range(rounds + 5):
        began = time.perf_counter()
        response = client.get(path)
        took = (time.perf_counter() - began) * 1000
        assert response.status_code == 200, response.status_code
        if number >= 5:
            times.append(took)
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=60)
    rounds = max(20, min(options.parse_args().rounds, 500))
    with tempfile.TemporaryDirectory(prefix="netjes-bench-") as folder:
        app = create_app(Settings.from_environment(environment(Path(folder), 1)))
        with app.app_context():
            from flask_migrate import upgrade  # noqa: PLC0415

            upgrade()
            school = School(name="Meetschool", protocol="tjongeling", is_demo=False, created_at=now())
            db.session.add(school)
            db.session.flush()
            first = a_class(school, 0)
            mentor = Person(school_id=school.id, role="mentor", display_name="Mentor", email="mentor@meet.example", created_at=now())
            db.session.add(mentor)
            db.session.flush()
            db.session.add(Mentorship(class_id=first.id, person_id=mentor.id, school_id=school.id))
            everyone = [(school.id, first.id, pupil) for pupil in thirty_pupils(first)]
            token, path = actions.begin_sign_in(mentor, now()), f"/klassen/{first.id}"
            db.session.commit()
        figures = {"30 pupils": timed(app, token, path, rounds)}
        with app.app_context():
            for number in range(1, 100):
                school = db.session.scalars(db.select(School)).one()
                other = a_class(school, number)
                everyone += [(school.id, other.id, pupil) for pupil in thirty_pupils(other)]
            db.session.commit()
        figures["3,000 pupils"] = timed(app, token, path, rounds)
        with app.app_context():
            stored = a_million_answers(everyone)
        figures[f"3,000 pupils, {stored:,} answers"] = timed(app, token, path, rounds)
        with app.app_context():
            db.engine.dispose()
    base = figures["30 pupils"][0]
    for name, (median, p95) in figures.items():
        print(f"class page, {name:<34} p50 {median:6.1f}   p95 {p95:6.1f} ms   {median / base:4.2f}x (aim: within 2x)")


if __name__ == "__main__":
    main()
