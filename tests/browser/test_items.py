"""Every type of item, in both tracks: with the keyboard alone, and by clicks in a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from accounts.models import Person
from common.database import db
from quizzes.models import Answer
from tests.browser.conftest import Console
from tests.browser.walk import BY_CLICKS, ITEMS, WORDS, at_screen, check_button
from tests.people import a_class, a_pupil, a_school

Be = Callable[[Person], None]
TRACKS = ("primair", "voortgezet")
FARTHEST = 60


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _press in range(FARTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached with Tab")


def mark_with_keys(page: Page, fields: Locator) -> None:
    tab_to(page, fields.first)
    page.keyboard.press("Space")


def one_with_keys(page: Page) -> None:
    """Into the group with Tab, the second one with an arrow."""
    fields = page.locator("main form input[type=radio]")
    tab_to(page, fields.first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(fields.nth(1)).to_be_checked()


def sort_with_keys(page: Page) -> None:
    cards = page.locator("[data-card]")
    for number in range(cards.count()):
        mark_with_keys(page, cards.nth(number).locator("input"))
        button = page.locator("[data-next]")
        if button.is_visible():
            tab_to(page, button)
            page.keyboard.press("Enter")


def order_with_keys(page: Page) -> None:
    rows = page.locator(".order__row")
    first = rows.first.locator("[data-text]").inner_text()
    down = rows.first.locator("[data-down]")
    tab_to(page, down)
    page.keyboard.press("Enter")
    expect(rows.nth(1).locator("[data-text]")).to_have_text(first)
    expect(rows.nth(1).locator("[data-down]")).to_be_focused()
    expect(page.locator("[data-ordering-status]")).to_contain_text("plek 2")


def match_with_keys(page: Page) -> None:
    pairs = page.locator(".match__pair")
    for number in range(pairs.count()):
        mark_with_keys(page, pairs.nth(number).locator("input"))


def several_with_keys(page: Page) -> None:
    mark_with_keys(page, page.locator("main form input[type=checkbox]"))


def write_with_keys(page: Page) -> None:
    tab_to(page, page.locator("textarea"))
    page.keyboard.type(WORDS)


WITH_KEYS: dict[str, Callable[[Page], None]] = {
    "one-choice": one_with_keys, "several-choices": several_with_keys, "sort": sort_with_keys, "order": order_with_keys,
    "match": match_with_keys, "mark": several_with_keys, "scale": one_with_keys, "open": write_with_keys,
}  # fmt: skip


@pytest.fixture(params=TRACKS)
def pupil(request: pytest.FixtureRequest, be: Be) -> Person:
    someone = a_pupil(a_class(a_school(), request.param), "Sami")
    be(someone)
    return someone


def explained_and_stored(page: Page, pupil: Person) -> Answer:
    """The explanation is there, with its verdict in words, and the answer is stored once."""
    expect(page).to_have_url(re.compile(r"/uitleg$"))
    expect(page.locator(".feedback__head")).to_be_visible()
    db.session.rollback()
    return db.session.scalars(select(Answer).where(Answer.pupil_id == pupil.id)).one()


@pytest.mark.parametrize("kind", ITEMS)
def test_a_pupil_answers_with_the_keyboard_alone(page: Page, pupil: Person, kind: str) -> None:
    page.goto(at_screen(pupil, kind))
    WITH_KEYS[kind](page)
    tab_to(page, check_button(page))
    page.keyboard.press("Enter")
    answer = explained_and_stored(page, pupil)
    expect(page.locator("[data-focus]")).to_be_focused()
    if kind == "open":
        assert answer.value == {"text": WORDS}


@pytest.mark.browser_context_args(java_script_enabled=False)
@pytest.mark.parametrize("kind", ITEMS)
def test_a_pupil_answers_without_javascript(page: Page, pupil: Person, kind: str) -> None:
    page.goto(at_screen(pupil, kind))
    BY_CLICKS[kind](page)
    check_button(page).click()
    answer = explained_and_stored(page, pupil)
    if kind == "open":
        expect(page.locator(".wrote")).to_have_text(WORDS)
        assert answer.value == {"text": WORDS}


@pytest.mark.parametrize("kind", sorted(set(ITEMS) - {"order", "sort"}))
def test_an_empty_answer_says_what_is_missing(page: Page, be: Be, kind: str, console: Console) -> None:
    console.expect("422")
    someone = a_pupil(a_class(a_school(), "voortgezet"))
    be(someone)
    page.goto(at_screen(someone, kind))
    check_button(page).click()
    expect(page).to_have_title(re.compile(r"^Fout:"))
    expect(page.locator(".alert--bad")).to_be_focused()
    page.locator(".alert--bad a").click()
    expect(page.locator("main form")).to_be_visible()


def test_sorting_shows_one_card_at_a_time_and_checks_after_the_last(page: Page, be: Be) -> None:
    someone = a_pupil(a_class(a_school(), "primair"))
    be(someone)
    page.goto(at_screen(someone, "sort"))
    cards = page.locator("[data-card]")
    expect(check_button(page)).to_be_hidden()
    for number in range(cards.count()):
        expect(page.locator("[data-card][data-state=now]")).to_have_count(1)
        cards.nth(number).locator("label").first.click()
        if number + 1 < cards.count():
            page.get_by_role("button", name="Volgend kaartje").click()
    expect(page.get_by_role("button", name="Volgend kaartje")).to_be_hidden()
    cards.first.click()
    cards.first.locator("label").nth(1).click()
    check_button(page).click()
    expect(page).to_have_url(re.compile(r"/uitleg$"))
