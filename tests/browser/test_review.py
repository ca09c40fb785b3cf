"""Questions of earlier at the start of a lesson: done, skipped and half skipped, with and without JavaScript, and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from accounts.models import Person
from common.database import db
from lessons.library import Lesson
from quizzes.models import Answer
from tests.browser.walk import check_button, do_screen, finish_weeks_ago, shipped_lessons, walk_on
from tests.people import a_class, a_pupil, a_school

Be = Callable[[Person], None]
TRACKS = ("primair", "voortgezet")

without_javascript = pytest.mark.browser_context_args(java_script_enabled=False)


def offered(page: Page, be: Be, track: str) -> tuple[Person, Lesson]:
    """A pupil who did the first lesson three weeks ago opens the second."""
    first, second, *_ = shipped_lessons(track)
    pupil = a_pupil(a_class(a_school("agora"), track))
    finish_weeks_ago(pupil, first)
    be(pupil)
    page.goto("/lessen")
    page.get_by_role("link", name=second.unit.title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eerst even ophalen")
    return pupil, second


def fetch_two_and_skip_the_rest(page: Page, be: Be, track: str) -> None:
    pupil, lesson = offered(page, be, track)
    page.get_by_role("button", name="Begin met ophalen").click()
    for number in (1, 2):
        expect(page.locator(".cover__count")).to_have_text(re.compile(rf"^Ophalen {number} van \d$"))
        do_screen(page)
        check_button(page).click()
        expect(page.locator(".feedback__head")).to_be_visible()
        page.get_by_role("link", name="Verder").click()
    page.get_by_role("button", name="Sla het ophalen over").click()
    expect(page.locator(".cover__count")).to_have_text(re.compile(r"^Stap 1 van \d+$"))
    expect(page).to_have_url(re.compile(f"/{lesson.slug}/stap/{lesson.screens(1)[0].key}$"))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Answer.pupil_id == pupil.id, Answer.moment == "review")) == 2


@pytest.mark.parametrize("track", TRACKS)
def test_a_pupil_does_two_questions_of_earlier_and_skips_the_rest(page: Page, be: Be, track: str) -> None:
    fetch_two_and_skip_the_rest(page, be, track)


@without_javascript
@pytest.mark.parametrize("track", TRACKS)
def test_a_pupil_does_two_questions_of_earlier_and_skips_the_rest_without_javascript(page: Page, be: Be, track: str) -> None:
    fetch_two_and_skip_the_rest(page, be, track)


def test_enter_checks_the_answer_and_does_not_skip(page: Page, be: Be) -> None:
    offered(page, be, "voortgezet")
    page.get_by_role("button", name="Begin met ophalen").press("Enter")
    page.locator("main form input[type=radio]").first.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".feedback__head")).to_be_visible()
    expect(page.locator(".cover__count")).to_have_text(re.compile("^Ophalen 1 van"))


def test_who_skips_them_all_begins_at_once_and_is_not_asked_again(page: Page, be: Be) -> None:
    _pupil, lesson = offered(page, be, "primair")
    page.get_by_role("button", name="Sla over").click()
    expect(page.locator(".cover__count")).to_have_text(re.compile("^Stap 1 van"))
    walk_on(page)
    page.goto(f"/lessen/{lesson.slug}")
    expect(page.locator(".cover__count")).to_be_visible()
