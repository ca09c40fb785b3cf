"""On paper for the mentor: a lesson plan with everything for the lesson, and a letter for home in plain words."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from markupsafe import escape

from accounts.models import Person
from common.clock import now
from common.database import db, new_id
from lessons import handout
from lessons.library import load_library
from protocols import actions as rule_actions
from protocols.domain import Change, Stance
from schools.models import School, SchoolClass
from schools.planning import keep_plan
from tests.books import SCHOOLS, the_book_of
from tests.page import visit
from tests.people import a_class, a_mentor, a_school, a_teamleider

pytestmark = pytest.mark.usefixtures("app")
UNIT = "vriendschapsverzoek-primair"
RULE = "vriendschap.leerling-medewerker"
LESSONS = sorted(load_library().lessons)


@pytest.fixture
def school() -> School:
    return a_school("tjongeling", name="De Brug")


@pytest.fixture
def school_class(school: School) -> SchoolClass:
    return a_class(school, name="Groep 7")


@pytest.fixture
def mentor(school: School, school_class: SchoolClass) -> Person:
    return a_mentor(school, of=[school_class])


def words_of(page: str) -> str:
    """What can be read on the sheet itself."""
    sheet = page[page.index("<article") : page.index("</article>")]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", sheet)))


def test_the_page_for_the_mentor_leads_to_the_plan_and_the_letter(mentor: Person) -> None:
    page = visit(mentor, "lessons.show_mentor_page", unit=UNIT).text
    assert f'href="/docent/lessen/{UNIT}/lesplan"' in page
    assert f'href="/docent/lessen/{UNIT}/brief"' in page


# ---- the letter ----


@pytest.mark.parametrize("unit", LESSONS)
def test_a_letter_names_the_school_the_lesson_its_agreements_and_where_help_is(unit: str) -> None:
    school = a_school("agora", name="De Brug")
    letter = words_of(visit(a_teamleider(school), "lessons.show_letter", unit=unit).text)
    lesson = load_library().lessons[unit]
    assert "De Brug" in letter
    assert lesson.unit.title in letter
    assert "Beste ouder of verzorger" in letter
    for rule in handout.rules_of(lesson, the_book_of("agora")):
        assert re.sub(r"\s+", " ", rule.question) in letter
        assert not rule.cites or rule.cites[0].label in letter
        assert not rule.law or rule.law in letter
    assert "Kindertelefoon" in letter
    assert "Bron: " in letter
    assert letter.count("Met vriendelijke groet") == 1
    assert "{" not in letter


def test_a_letter_follows_the_school(school: School, mentor: Person) -> None:
    before = words_of(visit(mentor, "lessons.show_letter", unit=UNIT).text)
    rule_actions.change_rule(
        school.id, Change(RULE, Stance.MAG_ALS, "je ouders het weten", None, ()), author_id=mentor.id, at=now(), seen=0
    )
    db.session.commit()
    after = words_of(visit(mentor, "lessons.show_letter", unit=UNIT).text)
    assert "Alleen als je ouders het weten." not in before
    assert "Alleen als je ouders het weten." in after


def test_with_one_class_the_letter_is_for_that_class_and_signed_by_the_mentor(mentor: Person) -> None:
    letter = words_of(visit(mentor, "lessons.show_letter", unit=UNIT).text)
    assert "Groep 7" in letter
    assert mentor.display_name in letter


def test_with_more_classes_one_is_chosen_and_others_are_not_found(school: School, mentor: Person, school_class: SchoolClass) -> None:
    second, colleagues = a_class(school, name="Groep 8", mentor=mentor), a_class(school, name="Groep 6")
    other_track = a_class(school, "voortgezet", name="Klas 1", mentor=mentor)
    page = visit(mentor, "lessons.show_letter", unit=UNIT).text
    assert "Groep" not in words_of(page)
    assert f"klas={second.id}" in page
    assert other_track.id not in page
    assert "Groep 8" in words_of(visit(mentor, "lessons.show_letter", unit=UNIT, klas=second.id).text)
    for hidden in (colleagues.id, other_track.id, "\x00", a_class(a_school()).id):
        assert visit(mentor, "lessons.show_letter", unit=UNIT, klas=hidden).status_code == 404
    assert "Groep" not in words_of(visit(mentor, "lessons.show_letter", unit=UNIT, klas="geen").text)


def test_the_own_text_of_a_letter_loses_its_quotation_and_its_greeting() -> None:
    text = "> Beste ouder,\n>\n> Het ging over groepen.\n>\n> - Wie zit erin?\n>\n> Met vriendelijke groet,\n> {naam}, {school}"
    assert handout.letter_text(text) == "Beste ouder,\n\nHet ging over groepen.\n\n- Wie zit erin?"
    assert handout.letter_text("> Zonder groet") == "Zonder groet"


@pytest.mark.parametrize("protocol", SCHOOLS)
def test_every_answer_of_a_school_is_a_sentence(protocol: str) -> None:
    book = the_book_of(protocol)
    for lesson in load_library().lessons.values():
        for rule in handout.rules_of(lesson, book):
            words = handout.answer_words(rule)
            assert words
            assert words[0].isupper()
            assert words.endswith(".")
            assert "…" not in words


# ---- the plan ----


@pytest.mark.parametrize("unit", LESSONS)
def test_a_lesson_plan_holds_all_that_a_mentor_needs_in_class(unit: str, school: School) -> None:
    lesson = load_library().lessons[unit]
    page = visit(a_teamleider(school), "lessons.show_lesson_plan", unit=unit).text
    plan = words_of(page)
    for key in ("doel", "vooraf", "tijd", "vragen", "stemmen", "gevoelig"):
        assert str(escape(lesson.mentor.section(key).title)) in page
    for goal in lesson.unit.meta.goals:
        assert goal.text in plan
    for item in lesson.unit.meta.kerndoelen.items:
        assert item.label in plan
    assert "Zonder apparaten: " in plan
    assert "Kindertelefoon" in plan
    assert page.count("<table") == 2


def test_the_plan_of_a_class_tells_its_day(mentor: Person, school_class: SchoolClass) -> None:
    keep_plan(school_class, [(UNIT, date(2026, 12, 3))], now(), actor_id=new_id())
    db.session.commit()
    assert "donderdag 3 december 2026" in words_of(visit(mentor, "lessons.show_lesson_plan", unit=UNIT).text)


def test_a_lesson_that_is_not_there_has_no_paper(mentor: Person) -> None:
    for page in ("lessons.show_lesson_plan", "lessons.show_letter"):
        assert visit(mentor, page, unit="bestaat-niet").status_code == 404
