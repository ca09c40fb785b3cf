"""Every type of item, in both tracks: with the keyboard alone, and by clicks in a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from accounts.models import Person
from common.database import db
from quizzes.models import Answer
from tests.browser.conftest import Console
from tests.browser.walk import BY_CLICKS, ITEMS, WORDS, at_screen, check_button
from tests.people import a_class, a_pupil, a_school
from tests.workbench import with_workbench

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


def each_with_keys(groups: str) -> Callable[[Page], None]:
    """The first one in each group of rounds, with Tab and the space bar."""

    def answer(page: Page) -> None:
        boxes = page.locator(groups)
        for number in range(boxes.count()):
            mark_with_keys(page, boxes.nth(number).locator("input"))

    return answer


def several_with_keys(page: Page) -> None:
    mark_with_keys(page, page.locator("main form input[type=checkbox]"))


def write_with_keys(page: Page) -> None:
    tab_to(page, page.locator("textarea"))
    page.keyboard.type(WORDS)


WITH_KEYS: dict[str, Callable[[Page], None]] = {
    "one-choice": one_with_keys, "several-choices": several_with_keys, "sort": sort_with_keys, "order": order_with_keys,
    "match": each_with_keys(".match__pair"), "mark": several_with_keys, "scale": one_with_keys, "open": write_with_keys,
    "compose": each_with_keys("[data-slot]"), "settings": each_with_keys(".switch"), "spot": several_with_keys,
}  # fmt: skip


@pytest.fixture(params=TRACKS)
def pupil(request: pytest.FixtureRequest, be: Be, app: Flask) -> Iterator[Person]:
    """A pupil of each track, in a lesson in which every type of item stands."""
    with with_workbench(request.param):
        someone = a_pupil(a_class(a_school(), request.param), "Sami")
        be(someone)
        yield someone


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


PHONE = {"width": 360, "height": 640}
AT_400_PERCENT = {"width": 320, "height": 256}


def nothing_sticks_out(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


@pytest.mark.browser_context_args(viewport=PHONE, has_touch=True, is_mobile=True)
@pytest.mark.parametrize("kind", ITEMS)
def test_a_pupil_answers_with_one_thumb_on_a_phone(page: Page, pupil: Person, kind: str) -> None:
    page.goto(at_screen(pupil, kind))
    nothing_sticks_out(page)
    for target in page.locator("main form :is(label:has(.pick), button):visible").all():
        box = target.bounding_box()
        least = 24 if target.get_attribute("popovertarget") else 43.5  # a word in a sentence is as high as its line
        assert box is None or box["height"] >= least, (kind, target.inner_text(), box)
    BY_CLICKS[kind](page)
    check_button(page).tap()
    explained_and_stored(page, pupil)
    nothing_sticks_out(page)


@pytest.mark.browser_context_args(viewport=AT_400_PERCENT)
@pytest.mark.parametrize("kind", ITEMS)
def test_a_pupil_answers_at_four_hundred_percent(page: Page, pupil: Person, kind: str) -> None:
    page.goto(at_screen(pupil, kind))
    nothing_sticks_out(page)
    BY_CLICKS[kind](page)
    nothing_sticks_out(page)
    check_button(page).click()
    explained_and_stored(page, pupil)
    nothing_sticks_out(page)


def test_the_reply_grows_as_it_is_put_together(page: Page, pupil: Person) -> None:
    page.goto(at_screen(pupil, "compose"))
    reply = page.locator("[data-reply]")
    expect(reply).to_be_hidden()
    words = []
    for slot in page.locator("[data-slot]").all():
        slot.locator("label").last.click()
        words.append(slot.locator("label").last.inner_text())
        expect(reply.locator(".bubble")).to_have_text(" ".join(words))


def test_who_sees_what_follows_the_switches_at_once(page: Page, pupil: Person) -> None:
    page.goto(at_screen(pupil, "settings"))
    things = page.locator("[data-live] .seen__thing")
    expect(things.first).to_have_class(re.compile("is-open"))
    for switch in page.locator(".switch").all():
        switch.locator("label").first.click()
    expect(page.locator("[data-live] .is-open")).to_have_count(0)
    for thing in things.all():
        sees = page.locator(f".switch input[data-switch={thing.get_attribute('data-thing')}]:checked").get_attribute("data-sees")
        seen = thing.get_attribute("data-who") in (sees or "").split()
        expect(thing.locator(".seen__word")).to_have_text("ziet dit" if seen else "ziet dit niet")


@pytest.mark.parametrize("kind", sorted(set(ITEMS) - {"order", "sort"}))
def test_an_empty_answer_says_what_is_missing(page: Page, pupil: Person, kind: str, console: Console) -> None:
    console.expect("422")
    page.goto(at_screen(pupil, kind))
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
