"""The commands that make schools, classes and staff: what went wrong stands in one plain line, with exit code 1."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models import Person
from accounts.secrets import secret_fits
from common.database import db
from schools.models import School, SchoolClass
from tests.commands.test_demo import run


def test_a_school_is_made_and_listed(app: Flask) -> None:
    assert "nog geen school" in run(app, "school", "list")[1]
    assert run(app, "school", "add", "De Linde", "--protocol", "compass")[0] == 0
    code, output = run(app, "school", "list")
    assert code == 0
    assert "De Linde" in output
    assert "compass" in output


def test_a_class_is_made_with_a_code(app: Flask) -> None:
    run(app, "school", "add", "De Linde", "--protocol", "agora")
    code, output = run(app, "class", "add", "De Linde", "7A", "--year-group", "groep 7")
    made = db.session.scalars(select(SchoolClass)).one()
    assert code == 0
    assert made.code in output
    assert (made.track, made.secret_kind) == ("primair", "pictures")
    assert run(app, "class", "add", "De Linde", "2c", "--year-group", "klas 2", "--secret", "pin")[0] == 0


def test_staff_get_a_first_password_that_is_told_once(app: Flask) -> None:
    run(app, "school", "add", "De Linde", "--protocol", "agora")
    code, output = run(app, "staff", "add", "De Linde", "--role", "mentor", "--name", "Noor", "--email", "Noor@Linde.nl")
    made = db.session.scalars(select(Person)).one()
    assert code == 0
    assert secret_fits("password", made.secret_hash, output.strip().rpartition(" ")[2])
    assert (made.email, made.must_change_secret, made.runs_installation) == ("noor@linde.nl", True, False)


def test_the_beheerder_of_the_installation_is_made_by_command(app: Flask) -> None:
    run(app, "school", "add", "De Linde", "--protocol", "agora")
    assert run(app, "installation", "beheerder", "De Linde", "--name", "Bo", "--email", "bo@linde.nl")[0] == 0
    made = db.session.scalars(select(Person)).one()
    assert (made.role, made.runs_installation) == ("beheerder", True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("school", "add"), "Vul in: de naam van de school"),
        (("school", "add", "X", "--protocol", "eigen"), "agora, liudger"),
        (("class", "add", "Elders", "7A", "--year-group", "groep 7"), "Er is geen school 'Elders'"),
        (("class", "add", "De Linde", "7A", "--year-group", "groep 9"), "Kies een leerjaar"),
        (("class", "add", "De Linde", "2c", "--year-group", "klas 2", "--secret", "pictures"), "Kies hoe leerlingen inloggen"),
        (("staff", "add", "De Linde", "--role", "leerling", "--name", "Noor", "--email", "noor@linde.nl"), "Kies een rol"),
        (("staff", "add", "De Linde", "--role", "mentor", "--name", "Noor", "--email", "noor"), "geen volledig e-mailadres"),
        (("installation", "beheerder", "De Linde"), "Vul in: de naam"),
    ],
)
def test_what_cannot_be_is_said_in_plain_dutch(app: Flask, arguments: tuple[str, ...], said: str) -> None:
    run(app, "school", "add", "De Linde", "--protocol", "agora")
    code, output = run(app, *arguments)
    assert code == 1
    assert said in output
    assert "Error" not in output
    assert db.session.scalar(select(func.count()).select_from(School)) == 1
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_two_schools_of_one_name_are_told_apart_by_id(app: Flask) -> None:
    for _ in range(2):
        run(app, "school", "add", "De Linde", "--protocol", "agora")
    code, output = run(app, "class", "add", "De Linde", "7A", "--year-group", "groep 7")
    assert code == 1
    assert "2 scholen" in output
    school_id = db.session.scalars(select(School.id)).first() or ""
    assert run(app, "class", "add", school_id, "7A", "--year-group", "groep 7")[0] == 0
