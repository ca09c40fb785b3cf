"""Planning, paper and colleagues in a real browser: a grid typed by keyboard alone, sheets that stay on their pages, no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Person
from common.clock import today
from common.database import db
from lessons.library import load_library
from lessons.paper import MOMENTS, Column, columns
from lessons.paper_actions import as_pupil, given_answers
from quizzes.actions import record_answer
from quizzes.judge import judge
from schools.models import SchoolClass
from schools.planning import plan_of
from schools.queries import book_of, school_with_id
from tests.browser.conftest import Console
from tests.browser.walk import shipped_lessons
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider, an_answer_id, as_viewer

Be = Callable[[Person], None]
without_javascript = pytest.mark.browser_context_args(java_script_enabled=False)
PHONE = {"width": 360, "height": 740}
A_PAGE = re.compile(rb"/Type\s*/Page\b")
LESSON = load_library().of_track("primair")[2]


@pytest.fixture
def school_class() -> SchoolClass:
    return a_class(a_school("tjongeling"), "primair", name="Groep 7")


@pytest.fixture
def mentor(school_class: SchoolClass) -> Person:
    school = school_with_id(school_class.school_id)
    assert school is not None
    return a_mentor(school, of=[school_class])


def asked(moment: str = "start", half: int = 1) -> list[Column]:
    return columns(LESSON, half, MOMENTS[moment])


def grid(school_class: SchoolClass, moment: str = "start") -> str:
    return f"/klassen/{school_class.id}/lessen/{LESSON.slug}/invoeren?moment={moment}"


def cell(page: Page, pupil: Person, column: Column) -> Locator:
    return page.locator(f'[id="a:{pupil.id}:{column.key}"]')


def kept(pupil: Person) -> dict[str, str]:
    """The choices of a pupil that are stored, by question."""
    db.session.rollback()
    return {item: row.value["choice"] for (_pupil, item, _moment), row in given_answers([pupil.id], LESSON.slug).items()}


def choice(column: Column, sign: str) -> str:
    return column.keys.rows[0][1]["ABCDEF".index(sign)]


# ---- the grid ----


def test_a_mentor_types_a_class_over_by_keyboard_alone(page: Page, be: Be, mentor: Person, school_class: SchoolClass) -> None:
    anna, bas = a_pupil(school_class, "Anna"), a_pupil(school_class, "Bas")
    first, second, *others = asked()
    be(mentor)
    page.goto(grid(school_class))
    expect(page.get_by_text("Pijltjes en Enter")).to_be_visible()
    cell(page, anna, first).focus()
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    expect(cell(page, bas, first)).to_be_focused()
    page.keyboard.type("b")
    page.keyboard.press("Enter")
    expect(cell(page, anna, second)).to_be_focused()
    page.keyboard.type("c")
    page.keyboard.press("ArrowDown")
    expect(cell(page, bas, second)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cell(page, bas, first)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(page, bas, second)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cell(page, anna, second)).to_be_focused()
    page.keyboard.press("Tab")
    expect(cell(page, anna, others[0])).to_be_focused()
    for _row in range(2 * len(others)):
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Bewaar antwoorden")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("3 antwoorden ingevoerd.")
    assert kept(anna) == {first.key: choice(first, "A"), second.key: choice(second, "C")}
    assert kept(bas) == {first.key: choice(first, "B")}
    expect(cell(page, anna, first)).to_have_value("")
    expect(cell(page, anna, first)).to_have_attribute("placeholder", "A")


def test_the_arrows_pass_over_what_a_pupil_did_on_a_device(page: Page, be: Be, mentor: Person, school_class: SchoolClass) -> None:
    anna, bas, cem = (a_pupil(school_class, name) for name in ("Anna", "Bas", "Cem"))
    first, viewer = asked()[0], as_viewer(mentor)
    value = {"choice": choice(first, "B")}
    record_answer(
        as_pupil(bas, viewer, "primair"), LESSON.slug, LESSON.quiz, first.screen.item, "starter", value,
        judge(LESSON.quiz, first.screen.item, value, book_of(viewer)), answer_id=an_answer_id(), at=anna.created_at,
    )  # fmt: skip
    db.session.commit()
    be(mentor)
    page.goto(grid(school_class))
    expect(cell(page, bas, first)).to_have_count(0)
    cell(page, anna, first).focus()
    page.keyboard.press("ArrowDown")
    expect(cell(page, cem, first)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, anna, first)).to_be_focused()


def test_a_slip_is_told_at_its_cell_and_put_right(page: Page, be: Be, mentor: Person, school_class: SchoolClass, console: Console) -> None:
    console.expect("422")
    anna, bas = a_pupil(school_class, "Anna"), a_pupil(school_class, "Bas")
    first = asked()[0]
    be(mentor)
    page.goto(grid(school_class))
    cell(page, anna, first).fill("A")
    cell(page, bas, first).fill("Q")
    page.get_by_role("button", name="Bewaar antwoorden").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name=re.compile("^Bas, vraag")).click()
    expect(cell(page, bas, first)).to_be_focused()
    expect(cell(page, bas, first)).to_have_attribute("aria-invalid", "true")
    expect(cell(page, anna, first)).to_have_value("A")
    cell(page, bas, first).fill("C")
    page.get_by_role("button", name="Bewaar antwoorden").click()
    expect(page.get_by_role("status")).to_contain_text("2 antwoorden ingevoerd.")
    assert kept(bas) == {first.key: choice(first, "C")}


@without_javascript
def test_the_grid_works_without_javascript(page: Page, be: Be, mentor: Person, school_class: SchoolClass, console: Console) -> None:
    console.expect("422")
    anna = a_pupil(school_class, "Anna")
    first, second, *_others = asked()
    be(mentor)
    page.goto(grid(school_class))
    expect(page.get_by_text("Pijltjes en Enter")).to_be_hidden()
    cell(page, anna, first).fill("Q")
    cell(page, anna, second).fill("b")
    page.get_by_role("button", name="Bewaar antwoorden").click()
    expect(page.get_by_role("alert")).to_contain_text("staat niet op het blad")
    expect(cell(page, anna, second)).to_have_value("b")
    cell(page, anna, first).fill("a")
    cell(page, anna, first).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 antwoorden ingevoerd.")
    cell(page, anna, first).fill("-")
    page.get_by_role("button", name="Bewaar antwoorden").click()
    expect(page.get_by_role("status")).to_contain_text("1 antwoord teruggenomen.")
    assert kept(anna) == {second.key: choice(second, "B")}


def test_on_a_phone_the_names_stay_in_sight_and_the_page_does_not_slide(
    page: Page, be: Be, mentor: Person, school_class: SchoolClass
) -> None:
    pupil = a_pupil(school_class, "Alexandria-Josephine van der")
    be(mentor)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(grid(school_class, "les"))
    last = cell(page, pupil, asked("les")[-1])
    last.focus()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    name = page.get_by_role("rowheader", name="Alexandria").bounding_box()
    field = last.bounding_box()
    assert name is not None
    assert field is not None
    assert 0 <= name["x"] < PHONE["width"]
    assert field["x"] >= name["x"] + name["width"] - 1


# ---- planning ----


def plan_by_hand(page: Page, be: Be, mentor: Person, school_class: SchoolClass) -> None:
    first, second, *_rest = shipped_lessons("primair")
    day = today() + timedelta(days=9)
    be(mentor)
    page.goto(f"/klassen/{school_class.id}/planning")
    page.get_by_role("button", name="Zet alle lessen op de planning").click()
    page.get_by_role("button", name=re.compile(f"^Haal eraf.*{re.escape(first.unit.title)}")).click()
    field = page.get_by_label(f"Dag van {second.unit.title}")
    field.fill(day.isoformat())
    # Enter in a field keeps the plan; it moves nothing.
    field.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("De planning is bewaard.")
    units = [lesson.slug for lesson in shipped_lessons("primair")][1:]
    db.session.rollback()
    assert plan_of(school_class.id) == [(units[0], day), *((unit, None) for unit in units[1:])]
    page.get_by_role("button", name=f"Omlaag: {second.unit.title}").click()
    expect(page).to_have_url(re.compile("#les-"))
    db.session.rollback()
    assert [unit for unit, _day in plan_of(school_class.id)][:2] == [units[1], units[0]]


def test_a_mentor_plans_by_buttons_and_dates(page: Page, be: Be, mentor: Person, school_class: SchoolClass) -> None:
    plan_by_hand(page, be, mentor, school_class)


@without_javascript
def test_a_mentor_plans_without_javascript(page: Page, be: Be, mentor: Person, school_class: SchoolClass) -> None:
    plan_by_hand(page, be, mentor, school_class)


@without_javascript
def test_a_class_is_lent_and_taken_back_without_javascript(page: Page, be: Be, mentor: Person, school_class: SchoolClass) -> None:
    school = school_with_id(school_class.school_id)
    assert school is not None
    colleague = a_mentor(school)
    be(mentor)
    page.goto(f"/klassen/{school_class.id}/collega")
    page.get_by_label("Collega", exact=True).select_option(colleague.id)
    page.get_by_label("Laatste dag").fill((today() + timedelta(days=4)).isoformat())
    page.get_by_role("button", name="Geef toegang").click()
    expect(page.get_by_role("status")).to_contain_text("ziet deze klas tot en met")
    be(colleague)
    page.goto("/klassen")
    expect(page.locator("h1")).to_have_text("Groep 7")
    expect(page.get_by_text("Je vervangt in deze klas tot en met")).to_be_visible()
    be(mentor)
    page.goto(f"/klassen/{school_class.id}/collega")
    page.get_by_role("button", name=re.compile("^Stop nu")).click()
    expect(page.get_by_role("status")).to_contain_text("ziet deze klas nu niet meer")


# ---- paper ----


@pytest.mark.parametrize("protocol", ["agora", "tjongeling"])
def test_each_letter_is_one_sheet_and_each_plan_two(page: Page, be: Be, protocol: str) -> None:
    be(a_teamleider(a_school(protocol)))
    sheets = {}
    for lesson in [*shipped_lessons("primair"), *shipped_lessons("voortgezet")]:
        for paper in ("brief", "lesplan"):
            page.goto(f"/docent/lessen/{lesson.slug}/{paper}")
            sheets[lesson.slug, paper] = len(A_PAGE.findall(page.pdf(prefer_css_page_size=True)))
    assert {key: count for key, count in sheets.items() if count > (1 if key[1] == "brief" else 2)} == {}
