"""The pages of a class: what a mentor sees of it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import event, insert, select

from accounts.models import Person
from common.clock import now
from common.database import db, new_id
from lessons.library import Lesson, Library
from lessons.models import UnitProgress
from lessons.queries import lessons_for
from quizzes.models import Answer
from schools.models import School, SchoolClass
from tests.page import client_of, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider
from tests.progress.played import UNIT, answer, play_whole, right, the_book, the_lesson, wrong_choice

pytestmark = pytest.mark.usefixtures("app")

# Who looks, the class, its pupils, running totals, first answers, what mentors did, groups, plans, the texts of the school, and until when
# a substitute sees the class.
MOST_STATEMENTS = 10


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that were sent to the database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def a_class_with_mentor(*names: str) -> tuple[School, SchoolClass, Person, list[Person]]:
    school = a_school("tjongeling")
    school_class = a_class(school, "primair", name="7B")
    pupils = [a_pupil(school_class, name, secret="kat-boom-vis") for name in names]
    return school, school_class, a_mentor(school, of=[school_class]), pupils


def get_stuck(pupil: Person, school: School) -> None:
    lesson, book = the_lesson(school), the_book(school)
    choices = [item for item in lesson.quiz.items if item.type == "one-choice" and item.use == "lesson" and item.right_answers(book)]
    for item in choices[:3]:
        answer(pupil, school, item.id, wrong_choice(item, book))


def test_a_mentor_with_one_class_is_taken_to_it() -> None:
    _school, school_class, mentor, _pupils = a_class_with_mentor("Sami")
    assert visit(mentor, "progress.list_classes").location.endswith(f"/klassen/{school_class.id}")


def test_a_mentor_without_a_class_reads_who_will_change_that() -> None:
    page = visit(a_mentor(a_school()), "progress.list_classes").text
    assert "Je hebt nog geen klas" in page


def test_the_list_says_per_class_in_words_what_asks_attention() -> None:
    school, first, mentor, pupils = a_class_with_mentor("Sami", "Mei")
    second = a_class(school, mentor=mentor, name="8A")
    a_pupil(second, "Roos")
    get_stuck(pupils[0], school)
    play_whole(pupils[1], school)
    page = visit(mentor, "progress.list_classes").text
    assert "1 leerling loopt vast" in page
    assert "1 van 2 klaar met" in page
    assert "Nog niemand is begonnen." in page
    assert first.name in page


def test_a_mentor_sees_who_is_stuck_and_why() -> None:
    school, school_class, mentor, pupils = a_class_with_mentor("Sami", "Mei")
    get_stuck(pupils[0], school)
    page = visit(mentor, "progress.show_class", class_id=school_class.id).text
    assert "Wie heeft hulp nodig" in page
    assert "Vastgelopen in ‘Wie laat jij erbij?’. Drie keer achter elkaar nog niet goed" in page
    assert page.index("Drie keer achter elkaar") < page.index("<table")
    assert "loopt vast, net begonnen" in page


def test_pupils_with_the_same_reason_share_a_line() -> None:
    school, school_class, mentor, pupils = a_class_with_mentor("Ali", "Bo", "Cas", "Dee", "Eva")
    for pupil in pupils[:3]:
        play_whole(pupil, school)
    page = visit(mentor, "progress.show_class", class_id=school_class.id).text
    assert page.count("Nog niet begonnen met ‘Wie laat jij erbij?’, terwijl de helft klaar is.") == 1
    assert "<b>2 leerlingen</b>" in page


def test_the_table_shows_every_pupil_in_every_lesson_of_the_track() -> None:
    school, school_class, mentor, pupils = a_class_with_mentor("Sami", "Mei", "Roos")
    play_whole(pupils[0], school)
    play_whole(pupils[1], school, stop_at="op-volgorde")
    page = visit(mentor, "progress.show_class", class_id=school_class.id).text
    assert page.count("nog niet</span>") >= 1
    assert "Wie laat jij erbij?" in page
    assert "Accepteren of laten staan?" not in page
    for count, state in ((1, "klaar"), (1, "bezig"), (0, "loopt vast"), (1, "nog niet")):
        assert f"Aantal: {state}</th>" in page
        assert f"<td>{count}</td>" in page


def test_a_class_without_pupils_says_so() -> None:
    _school, school_class, mentor, _pupils = a_class_with_mentor()
    assert "Er zitten nog geen leerlingen in deze klas" in visit(mentor, "progress.show_class", class_id=school_class.id).text


def test_a_class_that_has_not_begun_points_to_the_cards() -> None:
    school = a_school()
    school_class = a_class(school)
    a_pupil(school_class, "Sami")
    page = visit(a_mentor(school, of=[school_class]), "progress.show_class", class_id=school_class.id).text
    assert "De klas is nog niet begonnen" in page
    assert "1 leerling heeft nog geen inlogkaartje" in page


def test_a_name_with_signs_does_no_harm() -> None:
    school, school_class, mentor, pupils = a_class_with_mentor("<b>Zoë</b> & co", "אבא", "M" * 40)
    get_stuck(pupils[0], school)
    page = visit(mentor, "progress.show_class", class_id=school_class.id).text
    assert "&lt;b&gt;Zoë&lt;/b&gt; &amp; co" in page
    assert "<bdi>אבא</bdi>" in page


HIDDEN_PAGES = [
    ("progress.show_class", {}),
    ("progress.show_unit", {"unit": UNIT}),
    ("progress.export_class", {"kind": "csv"}),
    ("progress.export_class", {"kind": "xlsx"}),
    ("progress.export_unit", {"unit": UNIT, "kind": "csv"}),
    ("progress.show_cards", {}),
]


@pytest.mark.parametrize(("endpoint", "more"), HIDDEN_PAGES)
def test_a_mentor_does_not_see_a_colleagues_class(endpoint: str, more: dict[str, str]) -> None:
    school, school_class, _mentor, _pupils = a_class_with_mentor("Sami")
    colleague = a_mentor(school, of=[a_class(school)])
    assert visit(colleague, endpoint, class_id=school_class.id, **more).status_code == 404


@pytest.mark.parametrize(("endpoint", "more"), HIDDEN_PAGES)
def test_a_mentor_of_another_school_finds_nothing(endpoint: str, more: dict[str, str]) -> None:
    _school, school_class, _mentor, _pupils = a_class_with_mentor("Sami")
    stranger = a_class_with_mentor("Roos")[2]
    assert visit(stranger, endpoint, class_id=school_class.id, **more).status_code == 404


@pytest.mark.parametrize("endpoint", ["progress.show_pupil", "progress.show_answers"])
def test_a_pupil_of_another_class_is_not_there(endpoint: str) -> None:
    school, school_class, mentor, _pupils = a_class_with_mentor("Sami")
    other = a_pupil(a_class(school), "Roos")
    more = {"unit": UNIT} if endpoint == "progress.show_answers" else {}
    assert visit(mentor, endpoint, class_id=school_class.id, pupil_id=other.id, **more).status_code == 404


def test_a_teamleider_and_a_pupil_are_refused() -> None:
    school, school_class, _mentor, pupils = a_class_with_mentor("Sami")
    for person in (a_teamleider(school), pupils[0]):
        assert visit(person, "progress.show_class", class_id=school_class.id).status_code == 403


@pytest.mark.parametrize("odd", ["0", "x" * 5000, "%F0%9F%98%80", "-1", "9" * 30, "..", "'; drop table person"])
def test_odd_addresses_are_not_found(odd: str) -> None:
    _school, school_class, mentor, pupils = a_class_with_mentor("Sami")
    client = client_of(mentor)
    for path in (f"/klassen/{odd}", f"/klassen/{school_class.id}/lessen/{odd}", f"/klassen/{school_class.id}/leerlingen/{odd}",
                 f"/klassen/{school_class.id}/leerlingen/{pupils[0].id}/lessen/{odd}", f"/klassen/{odd}/uitvoer.csv"):  # fmt: skip
        assert client.get(path).status_code in (404, 308), path


def test_a_lesson_of_the_other_track_is_not_there() -> None:
    _school, school_class, mentor, _pupils = a_class_with_mentor("Sami")
    assert visit(mentor, "progress.show_unit", class_id=school_class.id, unit="vriendschapsverzoek-voortgezet").status_code == 404


def statements_of_the_class_page(pupils: int, units: int = 1) -> list[str]:
    """The statements of the page of a class in which everybody answered in so many lessons."""
    school, school_class, mentor, made = a_class_with_mentor(*(f"Leerling {n}" for n in range(pupils)))
    lessons = lessons_for(school.id, "primair")[:units]
    for pupil in made:
        for lesson in lessons:
            asked = next(item for item in lesson.quiz.items if item.use == "lesson" and item.rule)
            answer(pupil, school, asked.id, right(asked, the_book(school)), unit=lesson.slug)
    client, address = client_of(mentor), f"/klassen/{school_class.id}"
    with counted() as seen:
        assert client.get(address).status_code == 200
    return [line for line in seen if line.startswith("SELECT")]


def test_the_class_page_asks_as_much_of_the_database_for_3_pupils_as_for_30() -> None:
    few, many = statements_of_the_class_page(3), statements_of_the_class_page(30)
    assert len(few) == len(many) <= MOST_STATEMENTS
    assert len([line for line in many if "FROM answer" in line]) == 1


def test_the_class_page_asks_as_much_of_the_database_for_1_lesson_as_for_8(eight_lessons: None) -> None:
    assert len(statements_of_the_class_page(3, units=1)) == len(statements_of_the_class_page(3, units=8)) <= MOST_STATEMENTS


@pytest.fixture
def eight_lessons() -> Iterator[None]:
    """The lessons of primair twice, the second time as other themes."""
    shipped = current_app.extensions["library"]
    found = dict(shipped.lessons)
    for theme, lesson in zip(("privacy", "telefoon", "blijvend", "ruzie"), shipped.of_track("primair"), strict=True):
        meta = lesson.unit.meta.model_copy(update={"theme": theme})
        twin = Lesson(replace(lesson.unit, meta=meta), lesson.quiz, lesson.mentor)
        found[twin.slug] = twin
    current_app.extensions["library"] = Library(found)
    yield
    current_app.extensions["library"] = shipped


def test_the_pages_stay_cheap_in_a_school_with_many_answers() -> None:
    """The indexes carry the class page and the unit page: no table is read from end to end."""
    school, school_class, mentor, _pupils = a_class_with_mentor("Sami", "Mei")
    other = a_class(school)
    others = [a_pupil(other) for _number in range(20)]
    rows = [
        {"id": new_id(), "school_id": school.id, "class_id": other.id, "pupil_id": pupil.id, "answer_id": new_id(), "unit": UNIT,
         "item": f"item-{number}", "moment": "lesson", "value": {}, "outcome": "past", "right": 1, "total": 1, "stances": {},
         "item_version": "1", "is_first": True, "answered_at": now()}
        for pupil in others for number in range(50)
    ]  # fmt: skip
    db.session.execute(insert(Answer), rows)
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        first = select(Answer.id).where(Answer.class_id.in_(["x"]), Answer.unit.in_(["a", "b"]), Answer.is_first, Answer.moment != "review")
        wanted = first.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {wanted}")
        assert "USING INDEX ix_answer_class_unit (class_id=? AND unit=? AND is_first=?)" in " ".join(str(row) for row in plan)
    assert "Sami" in visit(mentor, "progress.show_class", class_id=school_class.id).text


def test_looking_writes_nothing() -> None:
    school, school_class, mentor, pupils = a_class_with_mentor("Sami")
    play_whole(pupils[0], school, at=now() - timedelta(days=2))
    before = [(row.seen_at, row.done) for row in db.session.scalars(select(UnitProgress))]
    for endpoint, more in (("show_class", {}), ("show_unit", {"unit": UNIT}), ("show_pupil", {"pupil_id": pupils[0].id})):
        visit(mentor, f"progress.{endpoint}", class_id=school_class.id, **more)
    db.session.expire_all()
    assert [(row.seen_at, row.done) for row in db.session.scalars(select(UnitProgress))] == before
