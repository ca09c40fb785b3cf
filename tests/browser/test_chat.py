"""The chat in real Chromium: it plays on without pages, by finger, by key and without wifi, and is the same talk that the server knows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from accounts.models import Person
from common.database import db
from lessons.library import Lesson
from quizzes.models import ScenarioEvent
from tests.browser.conftest import Console
from tests.browser.walk import shipped_lessons, stand_at
from tests.people import a_class, a_pupil, a_school

Be = Callable[[Person], None]
PATIENCE = 30.0
UIL = "pesten-primair"
THEMES = ("toestemming", "pesten", "vriendschapsverzoek", "groepsapp")
EVERY = [f"{theme}-{track}" for track in ("primair", "voortgezet") for theme in THEMES]
TO_THE_END = (
    "n01-eerste-uil:apart", "n03-apart:steun", "n02-nummer-negen:stil", "n04-klassenapp:sturen", "n06-rond:wachten", "n08-aylin:vanzelf",
    "n12-oehoe:eerlijk", "n13-lege-plek:spelen", "n14-steen:wachten",
)  # fmt: skip
# What stands in the talk: every line with its kind, without what hangs at a difficult word.
TALK = """
(list) => [...list.children].map((line) => {
  const copy = line.cloneNode(true);
  copy.querySelectorAll("[popover], svg").forEach((part) => part.remove());
  return `${copy.className}: ${copy.textContent.replace(/\\s+/g, " ").trim()}`;
})
"""


def lesson_named(slug: str) -> Lesson:
    return next(one for track in ("primair", "voortgezet") for one in shipped_lessons(track) if one.slug == slug)


def at_the_chat(page: Page, be: Be, slug: str = UIL, protocol: str = "tjongeling") -> Person:
    """A pupil opens the chat of a lesson, having done all before it."""
    lesson = lesson_named(slug)
    pupil = a_pupil(a_class(a_school(protocol), lesson.unit.track.value))
    be(pupil)
    page.goto(stand_at(pupil, lesson, lesson.quiz.scenario.id))
    expect(page.locator(".phone__scroll[data-live]")).to_be_visible()
    return pupil


def choose(page: Page, *steps: str) -> None:
    """Make these choices by finger; each is done when the next question is there."""
    number = page.locator("main form input[name=nummer]").first
    for step in steps:
        before = int(number.input_value())
        page.locator(f"#keuze label:has(input[value={step.partition(':')[2]}])").click()
        page.get_by_role("button", name="Doe dit").click()
        expect(number).to_have_value(str(before + 1))


def stored(pupil: Person, count: int) -> list[tuple[int, str]]:
    """What the server has, once that is so many: (number, node:choice or kind)."""
    until = time.monotonic() + PATIENCE
    rows: Sequence[ScenarioEvent] = []
    while time.monotonic() < until:
        db.session.rollback()
        rows = db.session.scalars(select(ScenarioEvent).where(ScenarioEvent.pupil_id == pupil.id).order_by(ScenarioEvent.number)).all()
        if len(rows) >= count:
            break
        time.sleep(0.1)
    return [(row.number, f"{row.node}:{row.choice}" if row.kind == "choose" else row.kind) for row in rows]


def to_the_end(page: Page) -> None:
    with page.expect_event("load"):
        page.get_by_role("button", name="Naar het einde").click()


def talk(page: Page, where: str = "[data-chat] ol.chat") -> list[str]:
    lines: list[str] = page.locator(where).evaluate(TALK)
    return lines


# ---- playing on ----


def test_the_chat_plays_to_its_ending_without_loading_a_page(page: Page, be: Be) -> None:
    pupil = at_the_chat(page, be)
    loads: list[str] = []
    page.on("load", lambda one: loads.append(one.url))
    choose(page, *TO_THE_END)
    expect(page.get_by_role("heading", name="Hier eindigt het gesprek.")).to_be_focused()
    assert loads == []
    assert stored(pupil, len(TO_THE_END)) == list(enumerate(TO_THE_END))
    to_the_end(page)
    expect(page.get_by_role("heading", name="Nog niet gezegd")).to_be_visible()
    expect(page.get_by_text("Dit kwam later terug:").first).to_be_visible()


@pytest.mark.parametrize("slug", EVERY)
@pytest.mark.parametrize("which", [0, -1])
def test_the_talk_in_the_browser_is_the_talk_of_the_server(page: Page, be: Be, slug: str, which: int) -> None:
    at_the_chat(page, be, slug, "agora")
    for _choice in range(30):
        if page.get_by_role("button", name="Naar het einde").is_visible():
            break
        labels = page.locator("#keuze label")
        # Every so many choices the one in the middle, so that a chat that comes round ends.
        place = which % labels.count() if _choice % 5 < 4 else labels.count() // 2
        number = page.locator("main form input[name=nummer]").first
        before = int(number.input_value())
        labels.nth(place).click()
        page.get_by_role("button", name="Doe dit").click()
        expect(number).to_have_value(str(before + 1))
    here, bar = talk(page), page.locator("[data-bar]").inner_text()
    if page.get_by_role("button", name="Naar het einde").is_visible():
        to_the_end(page)
        page.locator(".talk-again summary").click()
        assert talk(page, ".talk-again ol.chat") == here
        assert page.locator(".talk-again .phone__bar").inner_text() == bar


def test_a_choice_that_comes_back_is_told_with_the_day_and_the_talk_it_comes_in(page: Page, be: Be) -> None:
    at_the_chat(page, be)
    choose(page, *TO_THE_END[:6])
    expect(page.locator(".chat__back")).to_have_text(re.compile(r"Dit komt door wat je eerder koos:\s+De uil in de klassenapp zetten\."))
    expect(page.locator(".phone__title bdi")).to_have_text("Roos")
    expect(page.locator(".chat__day").last).to_have_text("Vrijdag")
    expect(page.locator("[data-fact=doorgestuurd]")).to_be_visible()
    expect(page.locator("[data-fact=meegedaan]")).to_be_hidden()


def test_a_message_is_sent_and_then_read_in_words(page: Page, be: Be) -> None:
    at_the_chat(page, be)
    choose(page, "n01-eerste-uil:apart")
    expect(page.locator(".ticks").first).to_have_text("Gelezen")
    choose(page, "n03-apart:steun")
    expect(page.locator(".ticks").last).to_have_text("Verstuurd")


def test_one_step_back_takes_the_talk_back_and_the_server_knows(page: Page, be: Be) -> None:
    pupil = at_the_chat(page, be)
    choose(page, "n01-eerste-uil:apart")
    before = talk(page)
    choose(page, "n03-apart:steun")
    page.get_by_role("button", name="Een stap terug").click()
    assert talk(page) == before
    expect(page.get_by_role("heading", name="Wat doet Dayo?")).to_be_focused()
    choose(page, "n03-apart:geloven")
    assert stored(pupil, 4)[2:] == [(2, "back"), (3, "n03-apart:geloven")]
    page.reload()
    expect(page.locator("main form input[name=nummer]").first).to_have_value("4")


def test_choosing_nothing_is_told_at_once_and_nothing_is_sent(page: Page, be: Be) -> None:
    pupil = at_the_chat(page, be)
    page.get_by_role("button", name="Doe dit").click()
    expect(page.get_by_text("Kies wat er gebeurt.")).to_be_visible()
    expect(page.locator("#keuze input").first).to_be_focused()
    assert stored(pupil, 0) == []


def test_by_keyboard_alone_from_the_first_question_to_the_end(page: Page, be: Be) -> None:
    pupil = at_the_chat(page, be)
    for step in TO_THE_END:
        page.locator("#vraag").focus()
        page.keyboard.press("Tab")
        choice = step.partition(":")[2]
        for _key in range(6):
            page.keyboard.press("Space")
            if page.evaluate("document.activeElement.value") == choice:
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#vraag")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Naar het einde"
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nog niet gezegd")).to_be_visible()
    assert stored(pupil, len(TO_THE_END)) == list(enumerate(TO_THE_END))


# ---- pauses ----


SEEN = """
() => {
  globalThis.typed = [];
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((line) => {
    if (line.matches?.(".msg--typing")) { typed.push(line.textContent.trim()); }
  }))).observe(document.querySelector("ol.chat"), { childList: true });
}
"""


def test_with_reduced_motion_nobody_is_typing(page: Page, be: Be) -> None:
    at_the_chat(page, be)
    page.evaluate(SEEN)
    choose(page, "n01-eerste-uil:apart")
    assert page.evaluate("typed") == []


@pytest.mark.browser_context_args(reduced_motion="no-preference")
def test_otherwise_somebody_is_typing_first_and_a_tap_skips_the_wait(page: Page, be: Be) -> None:
    at_the_chat(page, be)
    page.evaluate(SEEN)
    choose(page, "n01-eerste-uil:apart")
    assert set(page.evaluate("typed")) == {"Roos typt …"}
    expect(page.locator(".msg--typing")).to_have_count(0)


# ---- small, and back ----


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 640})
def test_on_a_small_phone_nothing_sticks_out_and_the_new_lines_are_in_sight(page: Page, be: Be) -> None:
    at_the_chat(page, be)
    choose(page, *TO_THE_END[:4])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight < 3 * innerHeight + document.querySelector('.scene form').offsetHeight")
    expect(page.locator(".phone")).to_be_in_viewport()
    expect(page.locator(".chat__did").last).to_be_in_viewport()
    more, last = page.get_by_text("Er staat meer"), page.locator("ol.chat > li").last
    expect(last).not_to_be_in_viewport()
    expect(more).to_be_visible()
    for _screen in range(4):
        more.dispatch_event("click")  # not by finger: it hides as soon as there is no more
    expect(last).to_be_in_viewport()
    expect(more).to_be_hidden()


def test_a_reload_in_the_middle_goes_on_in_the_middle(page: Page, be: Be) -> None:
    pupil = at_the_chat(page, be)
    choose(page, *TO_THE_END[:3])
    before = talk(page)
    stored(pupil, 3)
    page.reload()
    expect(page.locator("main form input[name=nummer]").first).to_have_value("3")
    assert talk(page) == before
    choose(page, *TO_THE_END[3:5])
    assert stored(pupil, 5) == list(enumerate(TO_THE_END[:5]))


def test_another_tab_that_was_behind_is_shown_how_it_stands(page: Page, be: Be, context: BrowserContext) -> None:
    pupil = at_the_chat(page, be)
    other = context.new_page()
    other.goto(page.url)
    choose(page, "n01-eerste-uil:apart")
    stored(pupil, 1)
    with other.expect_event("load"):
        choose_late(other, "lachen")
    expect(other.locator("main form input[name=nummer]").first).to_have_value("1")
    assert stored(pupil, 1) == [(0, "n01-eerste-uil:apart")]


def choose_late(page: Page, choice: str) -> None:
    page.locator(f"#keuze label:has(input[value={choice}])").click()
    page.get_by_role("button", name="Doe dit").click()


# ---- without wifi ----


def test_without_wifi_the_chat_goes_on_to_its_ending_and_all_of_it_arrives_once(
    page: Page, be: Be, context: BrowserContext, console: Console
) -> None:
    console.expect("ERR_INTERNET_DISCONNECTED")
    pupil = at_the_chat(page, be)
    choose(page, *TO_THE_END[:2])
    stored(pupil, 2)
    context.set_offline(True)
    choose(page, *TO_THE_END[2:])
    page.get_by_role("button", name="Naar het einde").click()
    expect(page.get_by_role("heading", name="Nog niet gezegd")).to_be_visible()
    expect(page.get_by_text("Er is nu geen wifi. Jouw weg door het gesprek zie je later")).to_be_visible()
    assert len(stored(pupil, 2)) == 2
    context.set_offline(False)
    assert stored(pupil, len(TO_THE_END)) == list(enumerate(TO_THE_END))
    page.reload()
    expect(page.get_by_role("heading", name="Jouw weg met Dayo")).to_be_visible()


# ---- without JavaScript, and on paper ----


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_every_choice_is_a_page_and_the_talk_is_whole(page: Page, be: Be) -> None:
    lesson = lesson_named(UIL)
    pupil = a_pupil(a_class(a_school("tjongeling"), "primair"))
    be(pupil)
    page.goto(stand_at(pupil, lesson, lesson.quiz.scenario.id))
    for step in TO_THE_END:
        page.locator(f"#keuze input[value={step.partition(':')[2]}]").check(force=True)
        with page.expect_event("load"):
            page.keyboard.press("Enter")  # the key does what the button does, and is no step back
    expect(page.get_by_role("heading", name="Nog niet gezegd")).to_be_visible()
    assert stored(pupil, len(TO_THE_END)) == list(enumerate(TO_THE_END))
    expect(page.locator(".drawings use, [data-end]")).to_have_count(0)


def test_in_print_the_talk_is_a_plain_list_with_names(page: Page, be: Be) -> None:
    at_the_chat(page, be)
    choose(page, *TO_THE_END)
    to_the_end(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    lines = page.locator(".talk-again ol.chat > li")
    expect(lines.first).to_be_visible()
    own = page.locator(".talk-again .msg--me .msg__from").first
    assert own.evaluate("node => node.getBoundingClientRect().width") > 10
    expect(page.locator(".talk-again ol.chat .face").first).to_be_hidden()
