"""Inzage: everything of one pupil, and nothing of anyone else."""

from __future__ import annotations

import json
import random

import pytest
from markupsafe import escape
from sqlalchemy import select

import demo_history
from accounts.models import Person
from common.audit import AuditEvent
from common.clock import now
from common.database import Base, db
from lessons.library import load_library
from lessons.models import Intention, UnitProgress
from progress.dossier import TABLES
from quizzes.models import Answer, ScenarioEvent
from schools.models import School, SchoolClass
from tests.page import visit
from tests.people import a_beheerder, a_class, a_pupil, a_school, signed_in

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def school() -> School:
    return a_school("tjongeling")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, name="7B")


@pytest.fixture
def pupil(school_class: SchoolClass) -> Person:
    """A pupil among classmates who all did something."""
    for number in range(8):
        a_pupil(school_class, f"Kind {number}")
    demo_history.write(school_class.id, random.Random(5), now())
    db.session.commit()
    busiest = select(Intention.pupil_id).order_by(Intention.written_at.desc()).limit(1)
    found = db.session.scalars(select(Person).where(Person.id == db.session.scalar(busiest))).one()
    signed_in(found)
    return found


def test_the_page_shows_the_answers_in_words(school: School, school_class: SchoolClass, pupil: Person) -> None:
    page = visit(a_beheerder(school), "admin.class_pupil_dossier", class_id=school_class.id, pupil_id=pupil.id)
    assert page.status_code == 200
    assert "Antwoorden" in page.text
    assert "keuzes in het gesprek" in page.text
    assert "Voornemen" in page.text
    assert str(pupil.secret_hash) not in page.text
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what == "inzage")).one().on_id == pupil.id


def test_the_file_holds_every_answer_of_this_pupil_and_no_other(school: School, school_class: SchoolClass, pupil: Person) -> None:
    ids = {"class_id": school_class.id, "pupil_id": pupil.id}
    response = visit(a_beheerder(school), "admin.class_pupil_export", kind="json", **ids)
    data = json.loads(response.text)
    for table, key in ((Answer, "antwoorden"), (ScenarioEvent, "gesprek")):
        kept = len(db.session.scalars(select(table.id).where(table.pupil_id == pupil.id)).all())
        assert kept > 0
        assert sum(len(unit[key]) for unit in data["lessen"]) == kept
    assert data["leerling"]["Naam"] == pupil.display_name
    assert data["aanmeldingen"]
    others = set(db.session.scalars(select(Person.display_name).where(Person.class_id == school_class.id))) - {pupil.display_name}
    rest = set(db.session.scalars(select(Person.id))) - {pupil.id}
    assert not [name for name in others | rest if name in response.text]
    assert pupil.display_name not in response.headers["Content-Disposition"]


def test_the_page_tells_which_questions_of_earlier_came_back(school: School, school_class: SchoolClass, pupil: Person) -> None:
    came = [row for row in db.session.scalars(select(UnitProgress).where(UnitProgress.pupil_id == pupil.id)) if row.review]
    assert came
    came[0].review = [came[0].review[0], "pesten-primair/weg"]
    db.session.commit()
    page = visit(a_beheerder(school), "admin.class_pupil_dossier", class_id=school_class.id, pupil_id=pupil.id).text
    unit, _, item = came[0].review[0].partition("/")
    assert escape(load_library().lessons[unit].quiz.item(item).question) in page
    assert "een vraag die er nu niet meer is (weg)" in page
    assert "Vragen van eerder aan het begin" in page


def test_the_table_holds_the_same(school: School, school_class: SchoolClass, pupil: Person) -> None:
    ids = {"class_id": school_class.id, "pupil_id": pupil.id}
    lines = visit(a_beheerder(school), "admin.class_pupil_export", kind="csv", **ids).get_data(as_text=True).splitlines()
    kept = len(db.session.scalars(select(Answer.id).where(Answer.pupil_id == pupil.id)).all())
    assert len(lines) > kept
    assert lines[0].startswith("\ufeffOnderdeel;")


def test_a_pupil_without_answers_has_a_page_too(school: School, school_class: SchoolClass) -> None:
    fresh = a_pupil(school_class, "Nieuw")
    assert (
        "Nog geen antwoorden" in visit(a_beheerder(school), "admin.class_pupil_dossier", class_id=school_class.id, pupil_id=fresh.id).text
    )


def test_no_table_with_something_of_a_pupil_is_forgotten() -> None:
    holds = {"person"}
    for table in Base.metadata.sorted_tables:
        columns = {column.name for column in table.columns if any(key.column.table.name == "person" for key in column.foreign_keys)}
        if columns - {"author_id", "opened_by_id"} and table.name != "mentorship":
            holds.add(table.name)
    assert holds == TABLES
