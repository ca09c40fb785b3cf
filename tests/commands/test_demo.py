"""The demo: the same five schools every time, and never beside a real one."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

import demo
from accounts.models import Person
from accounts.secrets import password_faults, secret_fits
from common.clock import today
from common.database import db
from lessons.certificate import earned_at
from lessons.models import UnitProgress
from lessons.queries import lessons_for, progress_of
from protocols.parse import load_corpus
from quizzes.models import Answer, ScenarioEvent
from schools.domain import LONGEST_AGREEMENT, MOST_AGREEMENTS
from schools.models import Mentorship, School, SchoolClass
from schools.planning import plans_of
from schools.queries import class_agreements_of, contacts_of
from tests.page import client_of, send
from tests.people import a_school


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(arguments))
    db.session.rollback()
    return result.exit_code, result.output


@pytest.fixture
def made(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The demo, with one real hash for each kind of secret: hashing two hundred takes a while and is tested elsewhere."""
    kept: dict[str, str] = {}
    real = demo.hash_secret
    monkeypatch.setattr(demo, "hash_secret", lambda kind, secret: kept.setdefault(kind, real(kind, secret)))
    assert run(app, "demo")[0] == 0
    return app


def test_the_plan_is_the_same_every_time_and_nobody_is_there_twice() -> None:
    schools = demo.plan()
    assert demo.accounts(schools) == demo.accounts(demo.plan())
    assert [school.protocol for school in schools] == list(load_corpus().protocols)
    codes = [one.code for school in schools for one in school.classes]
    assert len(set(codes)) == len(codes) == 10
    for school in schools:
        for one in school.classes:
            names = [pupil.name.casefold() for pupil in one.pupils]
            assert len(set(names)) == len(names) >= 22
            assert all(len(pupil.name) <= 40 for pupil in one.pupils)
            assert one.track in load_corpus().protocols[school.protocol].levels
            halves = Counter(pupil.half for pupil in one.pupils)
            assert abs(halves[1] - halves[2]) <= 1
        for person in school.staff:
            assert password_faults(person.password, person.email) == []


def every_class_has_a_plan_and_one_a_substitute() -> None:
    plans = plans_of(list(db.session.scalars(select(SchoolClass.id))))
    assert all(any(day and day > today() for _unit, day in plan) for plan in plans.values())
    assert db.session.scalars(select(Mentorship.until_on).where(Mentorship.until_on > today())).one()


def test_the_demo_has_five_schools_with_everybody_in_them_and_tells_the_accounts(made: Flask) -> None:
    assert db.session.scalar(select(func.count()).select_from(School).where(School.is_demo)) == 5
    assert db.session.scalar(select(func.count()).select_from(SchoolClass)) == 10
    assert db.session.scalar(select(func.count()).select_from(Mentorship)) == 11
    every_class_has_a_plan_and_one_a_substitute()
    roles = Counter(db.session.scalars(select(Person.role)))
    assert (roles["beheerder"], roles["teamleider"], roles["mentor"]) == (5, 5, 10)
    assert all(contacts_of(school_id) for school_id in db.session.scalars(select(School.id)))
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.runs_installation)) == 1
    assert not db.session.scalar(select(func.count()).select_from(Person).where(Person.must_change_secret))
    has_a_history()
    every_class_agreed_on_something()
    tells_the_accounts(made)


def has_a_history() -> None:
    """Two classes did some weeks of lessons, in which somebody is stuck and somebody has not begun."""
    classes = set(db.session.scalars(select(UnitProgress.class_id)))
    assert classes == {demo.id_of("tjongeling", "Groep 7"), demo.id_of("liudger", "1b")}
    for class_id in classes:
        rows = db.session.scalars(select(UnitProgress).where(UnitProgress.class_id == class_id)).all()
        finished = Counter(row.pupil_id for row in rows if row.finished_at)
        assert sum(count >= 2 for count in finished.values()) >= 8
        assert any(row.wrong_in_a_row >= 4 and not row.finished_at for row in rows)
        assert any(0 < len(row.done) < row.screens_total for row in rows)
        assert any(row.review for row in rows), "somebody did questions of earlier"
        assert any(row.review == [] for row in rows), "somebody skipped them"
        pupils = set(db.session.scalars(select(Person.id).where(Person.class_id == class_id, Person.role == "pupil")))
        assert pupils - {row.pupil_id for row in rows}
        outcomes = set(db.session.scalars(select(Answer.outcome).where(Answer.class_id == class_id)))
        assert {"past", "nog-niet", "geen"} <= outcomes
        assert db.session.scalar(select(func.count()).select_from(ScenarioEvent).where(ScenarioEvent.class_id == class_id))


def every_class_agreed_on_something() -> None:
    """In words of its own; and in each track somebody has done all lessons."""
    lists = {class_id: [one.text for one in class_agreements_of(class_id)] for class_id in db.session.scalars(select(SchoolClass.id))}
    assert all(3 <= len(texts) <= MOST_AGREEMENTS for texts in lists.values())
    assert len({tuple(texts) for texts in lists.values()}) == 10
    assert all(len(text) <= LONGEST_AGREEMENT for texts in lists.values() for text in texts)
    tracks = set()
    for pupil in db.session.scalars(select(Person).where(Person.role == "pupil")):
        track = db.session.get_one(SchoolClass, pupil.class_id).track
        finished = {slug: row.finished_at for slug, row in progress_of(pupil.id).items()}
        tracks |= {track} if earned_at(lessons_for(pupil.school_id, track), finished) else set()
    assert tracks == {"primair", "voortgezet"}


def tells_the_accounts(made: Flask) -> None:
    """As JSON and as a table."""
    code, output = run(made, "demo", "--accounts", "--json")
    assert code == 0
    found = json.loads(output)
    keys = {"school", "protocol", "role", "class", "class_code", "track", "name", "secret_kind", "secret", "email", "password"}
    assert all(one.keys() == keys for one in found)
    assert {one["role"] for one in found} == {"leerling", "mentor", "teamleider", "beheerder"}
    assert all(one["secret"] and one["class_code"] and not one["password"] for one in found if one["role"] == "leerling")
    assert all(one["password"] and one["email"] and not one["secret"] for one in found if one["role"] != "leerling")
    code, table = run(made, "demo", "--accounts")
    assert code == 0
    assert all(one["name"] in table for one in found)


def test_made_again_it_has_the_same_people_and_what_is_told_lets_them_in(app: Flask) -> None:
    assert run(app, "demo")[0] == 0
    before, answers = set(db.session.scalars(select(Person.id))), db.session.scalar(select(func.count()).select_from(Answer))
    assert run(app, "demo")[0] == 0
    assert set(db.session.scalars(select(Person.id))) == before
    assert db.session.scalar(select(func.count()).select_from(Answer)) == answers
    found = json.loads(run(app, "demo", "--accounts", "--json")[1])
    beheerder = next(one for one in found if one["role"] == "beheerder")
    entered = send(client_of(None), "/medewerkers", {"email": beheerder["email"], "wachtwoord": beheerder["password"]}, follow=True)
    assert "/beheer" in entered.request.path
    for kind in ("pictures", "word", "pin"):
        one = next(one for one in found if one["secret_kind"] == kind)
        school_class = db.session.scalars(select(SchoolClass).where(SchoolClass.code == one["class_code"])).one()
        pupil = db.session.scalars(select(Person).where(Person.class_id == school_class.id, Person.display_name == one["name"])).one()
        assert secret_fits(kind, pupil.secret_hash, one["secret"])


def test_without_a_demo_no_accounts_are_told(app: Flask) -> None:
    code, output = run(app, "demo", "--accounts", "--json")
    assert code == 1
    assert "flask --app app demo" in output
    assert "[" not in output


def test_a_real_school_keeps_the_demo_out(app: Flask) -> None:
    a_school("agora", "Een echte school")
    code, output = run(app, "demo")
    assert code == 1
    assert len(output.strip().splitlines()) == 1
    assert "echte school" in output
    assert db.session.scalars(select(School.name)).all() == ["Een echte school"]
    assert run(app, "demo", "--if-empty")[0] == 0
    assert db.session.scalars(select(School.name)).all() == ["Een echte school"]
