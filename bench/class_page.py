"""The class page of a mentor: with one class of 30, with 3,000 pupils in the school, and with 1,000,000 stored answers.

The class itself is the same each time: 30 pupils who did three lessons, with the first answers, groups and notes that come with it.

python -m bench.class_page [--rounds 60]
"""

from __future__ import annotations

import argparse
import itertools
import random
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
from lessons.library import load_library
from lessons.models import UnitProgress
from protocols.queries import rule_book_of
from quizzes.judge import judge
from quizzes.models import Answer
from schools.groups import add_group
from schools.models import CareNote, Mentorship, School, SchoolClass

UNITS = ("toestemming-primair", "pesten-primair", "vriendschapsverzoek-primair", "groepsapp-primair")
ANSWERS_EACH = 337  # of the 2,970 others: just over a million
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
    """A full class in which everybody is somewhere in three lessons."""
    pupils = [
        actions.add_pupil(school_class.school_id, school_class.id, f"Leerling {n:02d}", "pictures", now(), half=1 + n % 2)
        for n in range(30)
    ]
    for pupil, unit in itertools.product(pupils, UNITS[:3]):
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


def first_answers(school_class: SchoolClass, pupil_ids: list[str]) -> int:
    """What such a class answered for the first time: every question of three lessons, as somebody might who knows half of it."""
    chance, book, rows = random.Random(1), rule_book_of(school_class.school_id, "tjongeling"), []
    for unit, pupil_id in itertools.product(UNITS[:3], pupil_ids):
        lesson = load_library().lessons[unit]
        asked = [screen for screen in lesson.screens(1) if screen.item is not None and screen.item.is_scored]
        for screen in asked:
            value = screen.item.imagined(chance, 0.5, book)
            verdict = judge(lesson.quiz, screen.item, value, book)
            rows.append(
                {
                    "id": new_id(), "school_id": school_class.school_id, "class_id": school_class.id, "pupil_id": pupil_id,
                    "answer_id": new_id(), "unit": unit, "item": screen.item.id, "moment": screen.moment, "value": value,
                    "outcome": verdict.outcome.value, "right": verdict.right, "total": verdict.total, "stances": dict(verdict.stances),
                    "item_version": "1-00000000", "is_first": True, "answered_at": now(),
                }
            )  # fmt: skip
    db.session.execute(insert(Answer), rows)
    return len(rows)


def notes_and_groups(school_class: SchoolClass, pupil_ids: list[str]) -> None:
    """Two groups, and a note about every third pupil."""
    for name in ("Tafel 1", "Tafel 2"):
        add_group(school_class, name, pupil_ids[::2])
    for pupil_id in pupil_ids[::3]:
        db.session.add(
            CareNote(
                school_id=school_class.school_id, class_id=school_class.id, pupil_id=pupil_id, reason="loopt-vast", unit=UNITS[0],
                state="gesproken", text="Even gesproken.", at=now(),
            )
        )  # fmt: skip


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


def timed(app: Flask, token: str, path: str, rounds: int) -> tuple[float, float, float]:
    """Median and 95th percentile of a page in milliseconds, and the median of what the processor was busy with it."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    times, busy = [], []
    for number in range(rounds + 5):
        began, worked = time.perf_counter(), time.process_time()
        response = client.get(path)
        took, cost = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
        assert response.status_code == 200, response.status_code
        if number >= 5:
            times.append(took)
            busy.append(cost)
    return statistics.median(times), statistics.quantiles(times, n=20)[18], statistics.median(busy)


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
            pupil_ids = thirty_pupils(first)
            own = first_answers(first, pupil_ids)
            notes_and_groups(first, pupil_ids)
            everyone: list[tuple[str, str, str]] = []
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
    base, cheap = figures["30 pupils"][0], figures["30 pupils"][2]
    print(f"the class has {own:,} first answers of its own")
    for name, (median, p95, cost) in figures.items():
        print(
            f"class page, {name:<34} p50 {median:6.1f}   p95 {p95:6.1f} ms   {median / base:4.2f}x (aim: within 2x)"
            f"   processor {cost:5.1f} ms   {cost / cheap:4.2f}x"
        )


if __name__ == "__main__":
    main()
