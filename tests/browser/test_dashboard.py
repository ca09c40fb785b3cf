"""The journey of a mentor after the lesson: who needs help, a look at the answers, spoken; with and without JavaScript, also on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from schools.models import SchoolClass
from tests.browser.test_staff import Be, with_and_without_javascript
from tests.people import a_class, a_mentor, a_pupil, a_school
from tests.progress.played import play_whole
from tests.progress.test_class_page import get_stuck


def a_class_with_one_stuck() -> tuple[SchoolClass, Person, Person]:
    school = a_school("tjongeling")
    school_class = a_class(school, name="7B")
    sami = a_pupil(school_class, "Sami", secret="kat-boom-vis")
    get_stuck(sami, school)
    play_whole(a_pupil(school_class, "Mei", secret="kat-boom-vis"), school)
    return school_class, a_mentor(school, of=[school_class]), sami


@with_and_without_javascript
@pytest.mark.parametrize("width", [360, 1366])
def test_a_mentor_sees_who_needs_help_looks_and_notes_that_they_spoke(page: Page, be: Be, scripts: bool, width: int) -> None:
    school_class, mentor, sami = a_class_with_one_stuck()
    be(mentor)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/klassen/{school_class.id}")
    help_panel = page.locator("section", has=page.locator("h2#hulp"))
    expect(help_panel).to_contain_text("Vastgelopen in ‘Wie laat jij erbij?’")
    help_panel.get_by_role("link", name=re.compile("Bekijk antwoorden.*Sami")).click()
    expect(page.locator("h1")).to_contain_text("Sami")
    page.get_by_role("link", name="Klas 7B").first.click()
    help_panel.get_by_text("Pak op").click()
    help_panel.get_by_label("Korte aantekening").fill("We lazen de vraag samen.")
    help_panel.get_by_role("button", name="Gesproken").click()
    expect(page.get_by_role("status")).to_contain_text("Opgepakt")
    help_panel.get_by_text("Opgepakt (1)").click()
    expect(help_panel).to_contain_text("We lazen de vraag samen.")
    assert page.evaluate("document.documentElement.scrollWidth") == width, "nothing sticks out sideways"
    help_panel.get_by_role("button", name=re.compile(f"Zet terug.*{sami.display_name}")).click()
    expect(help_panel).not_to_contain_text("Opgepakt (")


def test_a_mentor_makes_a_group_and_looks_at_it_alone(page: Page, be: Be) -> None:
    school_class, mentor, _sami = a_class_with_one_stuck()
    be(mentor)
    page.goto(f"/klassen/{school_class.id}/groepen")
    page.get_by_label("Naam van de groep").fill("Tafel 1")
    page.get_by_label("Mei").check()
    page.get_by_role("button", name="Maak deze groep").click()
    page.goto(f"/klassen/{school_class.id}")
    page.locator(".looking summary").click()
    page.get_by_label("Groep", exact=True).select_option("Tafel 1")
    page.get_by_role("button", name="Toon").click()
    expect(page).to_have_url(re.compile("groep="))
    expect(page.locator(".looking summary")).to_contain_text("Je ziet alleen: Tafel 1")
    expect(page.locator(".progress-matrix tbody")).to_contain_text("Mei")
    expect(page.locator(".progress-matrix tbody")).not_to_contain_text("Sami")


def test_one_click_on_a_figure_leads_to_the_question_it_stands_on(page: Page, be: Be) -> None:
    school = a_school("tjongeling")
    school_class = a_class(school, name="7B")
    for name in ("Ali", "Bo", "Cas"):
        get_stuck(a_pupil(school_class, name, secret="kat-boom-vis"), school)
    be(a_mentor(school, of=[school_class]))
    page.goto(f"/klassen/{school_class.id}")
    first = page.locator(".misled a").first
    question = first.inner_text()
    first.click()
    expect(page.locator("details[open] summary h3", has_text=question).first).to_be_in_viewport()
