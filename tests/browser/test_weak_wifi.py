"""Weak wifi in real Chromium: the network cut half-way, tabs closed, the server killed, a sitting that ran out, a device that is
shared. Nothing is lost, nothing is doubled, nothing is shown or sent for somebody else."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import delete, select, text

from accounts.models import Person, SignIn
from app import create_app
from common.database import db
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.offline_views import app_version
from quizzes.models import Answer
from tests.browser.conftest import Console
from tests.browser.walk import check_button, do_screen, session_cookie, shipped_lessons, stand_at
from tests.conftest import settings_for
from tests.people import a_class, a_mentor, a_pupil, a_school, signed_in
from tests.process import ServerProcess

Be = Callable[[Person], None]
UNIT = "vriendschapsverzoek-primair"
FIRST = "begin"
CUT = (
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION_REFUSED",
    "Failed to fetch",
    "ERR_FAILED",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
    "fetching the script",
)
PATIENCE = 60.0
WHOSE = "() => caches.match('/kept', { cacheName: 'kept' }).then((found) => found ? found.json() : {}).then(({ who }) => who ?? null)"


# All that waits on the device, of whomever.
QUEUED = """() => new Promise((done) => {
  const request = indexedDB.open("netjes");
  request.onsuccess = () => {
    const all = request.result.transaction("queue").objectStore("queue").getAll();
    all.onsuccess = () => done(all.result.filter(Array.isArray).flat());
  };
})"""


@pytest.fixture(autouse=True)
def _without_network_is_meant(console: Console) -> None:
    for part in CUT:
        console.expect(part)


@pytest.fixture
def sami(app: Flask) -> Person:
    return a_pupil(a_class(a_school("tjongeling")), "Sami")


@pytest.fixture
def vera(sami: Person) -> Person:
    classmate = a_pupil(a_class(a_school("tjongeling")), "Vera")
    classmate.class_id, classmate.school_id = sami.class_id, sami.school_id
    db.session.commit()
    return classmate


# ---- what the tests share ----


def _lesson() -> Lesson:
    return next(lesson for lesson in shipped_lessons("primair") if lesson.slug == UNIT)


def _step(key: str) -> str:
    return f"/lessen/{UNIT}/stap/{key}"


def _keys() -> list[str]:
    return [screen.key for screen in _lesson().screens(1)]


def _open_lesson(page: Page, at: str = FIRST, base: str = "") -> None:
    """Open a step and wait until the device keeps the lesson."""
    page.goto(base + _step(at))
    _until(lambda: page.evaluate(WHOSE) is not None)
    _until(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))


def _until(holds: Callable[[], bool]) -> None:
    """Wait for what happens out of sight, with patience for a busy machine."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def _line(page: Page) -> Any:
    return page.locator("[data-module=offline]")


def _go_on(page: Page, *, steps: int) -> list[str]:
    """Do so many steps, each leading to the next one; their keys."""
    done = []
    for _number in range(steps):
        key = page.url.rsplit("/", 1)[1].partition("?")[0]
        onward = page.locator("body").get_attribute("data-onward") or ""
        do_screen(page)
        check_button(page).click()
        expect(page).to_have_url(re.compile(re.escape(onward) + "$"))
        expect(page.locator("h1")).to_be_visible()
        done.append(key)
    return done


def _progress(pupil: Person) -> UnitProgress | None:
    db.session.rollback()
    return db.session.scalars(select(UnitProgress).where(UnitProgress.pupil_id == pupil.id)).one_or_none()


def _done(pupil: Person) -> list[str]:
    progress = _progress(pupil)
    return list(progress.done) if progress else []


def _answered(pupil: Person) -> list[str]:
    """The items that were answered, in the order in which they were stored."""
    db.session.rollback()
    rows = db.session.scalars(select(Answer).where(Answer.pupil_id == pupil.id).order_by(text("rowid"))).all()
    assert len({row.answer_id for row in rows}) == len(rows)
    return [row.item for row in rows]


def _items(keys: list[str]) -> list[str]:
    return [screen.key for screen in _lesson().screens(1) if screen.item is not None and screen.key in keys]


def _arrives(page: Page, pupil: Person, keys: list[str]) -> None:
    """Everything that was done without wifi is stored: once, in order."""
    expect(_line(page)).to_contain_text("Verstuurd. Je antwoorden zijn binnen.", timeout=40_000)
    assert _done(pupil) == keys
    assert _answered(pupil) == _items(keys)


# ---- cut half-way ----


def test_a_lesson_goes_on_without_wifi_and_everything_arrives_once_and_in_order(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    _open_lesson(page)
    done = _go_on(page, steps=1)
    page.context.set_offline(True)
    done += _go_on(page, steps=7)
    expect(_line(page)).to_contain_text("Even geen wifi. Je antwoorden staan op dit apparaat.")
    expect(_line(page)).to_contain_text("Er wachten 7 stappen")
    assert _done(sami) == done[:1]
    page.context.set_offline(False)
    _arrives(page, sami, done)
    _line(page).get_by_text("Lees de uitleg (2)").click()
    _line(page).get_by_role("link", name=re.compile("^Uitleg: ")).first.click()
    expect(page).to_have_url(re.compile("/drie-kringen/uitleg$"))


def test_a_closed_tab_loses_nothing_and_comes_back_where_it_was(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    _open_lesson(page)
    context = page.context
    context.set_offline(True)
    done = _go_on(page, steps=3)
    here = page.url
    page.close()
    again = context.new_page()
    again.goto("/")
    expect(again).to_have_url(here)
    expect(again.locator("h1")).to_be_visible()
    expect(_line(again)).to_contain_text("Er wachten 3 stappen")
    context.set_offline(False)
    _arrives(again, sami, done)


def test_what_was_answered_without_wifi_stands_on_the_kept_page(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    _open_lesson(page)
    _go_on(page, steps=1)
    page.context.set_offline(True)
    _go_on(page, steps=1)
    page.go_back()
    expect(page.locator("#keuze input").first).to_be_checked()


def test_an_answer_whose_confirmation_got_lost_is_stored_once(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    page.goto(_step(FIRST))
    _go_on(page, steps=1)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.post_data or "")
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/stap/**", lose_the_first)
    do_screen(page)
    check_button(page).click()
    expect(page).not_to_have_url(re.compile("/a-kring$"), timeout=40_000)
    assert lost
    _until(lambda: page.evaluate("import('/static/js/modules/queue.js').then((queue) => queue.waiting()).then((all) => !all.length)"))
    assert _answered(sami) == ["a-kring"]


def test_without_wifi_an_answer_that_is_not_complete_is_not_kept_and_the_page_says_what_is_missing(
    page: Page, be: Be, sami: Person
) -> None:
    be(sami)
    stand_at(sami, _lesson(), "drie-kringen")
    _open_lesson(page, "drie-kringen")
    page.context.set_offline(True)
    page.locator(".match__pair label").first.click()
    check_button(page).click()
    expect(_line(page)).to_contain_text("Kies overal iets. Je mist er nog 3.")
    page.goto(_step("half-bekend"))
    check_button(page).click()
    expect(_line(page)).to_contain_text("Kies eerst een antwoord.")
    page.goto(_step("open-jouw-kring"))
    page.locator("textarea").fill("   ")
    check_button(page).click()
    expect(_line(page)).to_contain_text("Schrijf iets op. Een paar woorden is genoeg.")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    assert _answered(sami) == []


def test_two_tabs_send_everything_once_and_in_order(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    _open_lesson(page)
    other = page.context.new_page()
    other.goto(_step(FIRST))
    sent: list[str] = []
    for tab in (page, other):
        tab.on("request", lambda request: sent.append(request.url.rsplit("/", 1)[1]) if request.method == "POST" else None)
    page.context.set_offline(True)
    done = _go_on(page, steps=2)
    other.goto(page.url)
    done += _go_on(other, steps=2)
    sent.clear()
    page.context.set_offline(False)
    _arrives(other, sami, done)
    assert sent == done


# ---- the server killed ----


@pytest.fixture
def killable(tmp_path: Path, context: BrowserContext) -> Iterator[tuple[ServerProcess, Flask]]:
    """A server of its own, with a database of its own, that can be killed."""
    server = ServerProcess(tmp_path)
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'netjes.db'}"))
    with app.app_context():
        yield server, app
        db.session.remove()
        db.engine.dispose()
    server.kill()


def test_a_killed_server_loses_nothing_and_doubles_nothing(killable: tuple[ServerProcess, Flask], context: BrowserContext) -> None:
    server, app = killable
    server.start()  # it makes its tables
    sami = a_pupil(a_class(a_school("tjongeling")), "Sami")
    base = f"http://127.0.0.1:{server.port}"
    cookie = session_cookie(app, {"_user_id": signed_in(sami), "_fresh": True})
    context.add_cookies([{"name": "netjes", "value": cookie, "url": base}])
    page = context.new_page()
    _open_lesson(page, base=base)
    done = _go_on(page, steps=2)
    server.kill()
    done += _go_on(page, steps=3)
    expect(_line(page)).to_contain_text("Er wachten 3 stappen")
    server.start()
    _arrives(page, sami, done)


# ---- a sitting that ran out ----


def test_a_sitting_that_ran_out_keeps_everything_until_the_pupil_signs_in_again(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    _open_lesson(page)
    page.context.set_offline(True)
    done = _go_on(page, steps=4)
    db.session.rollback()
    db.session.execute(delete(SignIn))
    db.session.commit()
    page.context.set_offline(False)
    expect(_line(page)).to_contain_text("Je bent niet meer aangemeld. Je antwoorden staan op dit apparaat.", timeout=40_000)
    page.get_by_role("link", name="Naar aanmelden").click()
    expect(page.get_by_label("Klascode")).to_be_visible()
    assert page.evaluate(WHOSE) is None
    assert _answered(sami) == []
    be(sami)
    page.goto("/verder")
    _arrives(page, sami, done)


# ---- a shared device ----


def test_somebody_else_sees_and_sends_nothing_of_the_one_before(page: Page, be: Be, sami: Person, vera: Person) -> None:
    be(sami)
    _open_lesson(page)
    page.context.set_offline(True)
    done = _go_on(page, steps=3)
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.locator("h1")).to_have_text("Je bent weg van dit apparaat")
    assert page.evaluate(WHOSE) is None
    page.goto(_step(FIRST))
    expect(page.locator("h1")).to_have_text("Je bent weg van dit apparaat")
    expect(page.locator("body")).not_to_contain_text("Sami")

    page.context.set_offline(False)
    expect(page.get_by_label("Klascode")).to_be_visible()
    db.session.rollback()
    assert db.session.scalars(select(SignIn)).all() == []

    be(vera)
    _open_lesson(page)
    assert page.evaluate(WHOSE) == vera.id
    hers = _go_on(page, steps=2)
    expect(_line(page)).to_be_hidden()
    expect(page.locator("body")).not_to_contain_text("Sami")
    assert (_done(sami), _done(vera)) == ([], hers)
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_label("Klascode")).to_be_visible()

    be(sami)
    page.goto("/lessen")
    _arrives(page, sami, done)
    assert _done(vera) == hers


def test_a_page_for_somebody_else_wipes_the_kept_steps_before_it_is_shown(page: Page, be: Be, sami: Person, vera: Person) -> None:
    be(sami)
    _open_lesson(page)
    assert page.evaluate(WHOSE) == sami.id
    be(vera)
    page.goto("/lessen")
    assert page.evaluate(WHOSE) is None
    page.context.set_offline(True)
    page.goto(_step("wie"))
    expect(page.locator("h1")).to_have_text("Deze bladzijde kan nu niet open")
    expect(page.locator("body")).not_to_contain_text("Sami")


def test_no_page_of_staff_and_no_page_of_signing_in_is_kept(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    _open_lesson(page)
    be(a_mentor(a_school("tjongeling")))
    page.goto("/docent/lessen")
    assert page.evaluate(WHOSE) is None
    page.goto(f"/docent/lessen/{UNIT}")
    page.context.clear_cookies()
    page.goto("/")
    found = page.evaluate(
        """async () => {
          const names = await caches.keys();
          const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
          return kept.flat().map((url) => new URL(url).pathname).filter((path) => !path.startsWith("/static/")).sort();
        }"""
    )
    assert found == ["/hulp", "/zonder-wifi", "/zonder-wifi/uitgelogd"]


def test_the_name_of_a_pupil_stands_in_no_storage_of_the_browser(page: Page, be: Be, sami: Person) -> None:
    sami.display_name = "Wiebrigje"
    db.session.commit()
    be(sami)
    _open_lesson(page)
    expect(page.locator("body")).to_contain_text("Wiebrigje")
    page.goto("/lessen")
    page.goto(_step(FIRST))
    page.context.set_offline(True)
    _go_on(page, steps=2)
    expect(page.locator(".who")).to_have_text("jij")
    stored = page.evaluate(
        """async () => {
          const names = await caches.keys();
          const texts = names.map(async (name) => {
            const cache = await caches.open(name);
            return Promise.all((await cache.matchAll()).map((page) => page.text()));
          });
          return JSON.stringify([await Promise.all(texts), { ...sessionStorage }, { ...localStorage }]);
        }"""
    )
    queued = str(page.evaluate(QUEUED))
    assert _step("a-school") in stored
    assert _step("a-kring") in queued
    assert "Wiebrigje" not in stored + queued


def test_what_somebody_left_here_more_than_a_month_ago_is_let_go_of(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    page.goto("/lessen")
    leave = """async (days) => {
      const found = await new Promise((done) => {
        const request = indexedDB.open("netjes");
        request.onsuccess = () => done(request.result);
      });
      const turn = found.transaction("queue", "readwrite");
      for (const each of days) {
        const entry = { id: `${each}`, url: "/lessen/x/stap/y", entries: [], at: Date.now() - each * 86400000 };
        turn.objectStore("queue").put([entry], `${each}`);
      }
      await new Promise((done) => (turn.oncomplete = done));
    }"""
    page.evaluate(leave, [29, 31])
    page.goto("/lessen")
    _until(lambda: [each["id"] for each in page.evaluate(QUEUED)] == ["29"])


def test_signing_out_sends_first_what_waits(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    page.goto(_step(FIRST))
    page.evaluate(
        """async (url) => {
          const { enqueue } = await import("/static/js/modules/queue.js");
          navigator.locks.request("netjes-queue", () => new Promise((done) => setTimeout(done, 1000)));
          await enqueue(url, []);
        }""",
        _step(FIRST),
    )
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_label("Klascode")).to_be_visible()
    assert _done(sami) == [FIRST]


def test_without_https_the_queue_takes_turns_in_another_way(page: Page, be: Be, sami: Person) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    be(sami)
    page.goto(_step(FIRST))
    assert _go_on(page, steps=3) == _done(sami)


# ---- an answer that cannot be kept ----


def test_a_step_that_the_server_refuses_is_put_aside_and_told(page: Page, be: Be, sami: Person, console: Console) -> None:
    console.expect("422")
    be(sami)
    stand_at(sami, _lesson(), "half-bekend")
    page.goto(_step("half-bekend"))
    page.evaluate(
        """async (url) => {
          const { enqueue, newId } = await import("/static/js/modules/queue.js");
          await enqueue(url, [["antwoord_id", newId()], ["keuze", "bestaat-niet-meer"]]);
        }""",
        _step("half-bekend"),
    )
    expect(_line(page)).to_contain_text("De les is veranderd. Dit kon niet bewaard worden.")
    expect(_line(page).get_by_role("link")).to_have_attribute("href", _step("half-bekend"))
    page.reload()
    expect(_line(page)).to_contain_text("De les is veranderd.")
    page.get_by_role("button", name="Begrepen").click()
    expect(_line(page)).to_be_hidden()
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    expect(_line(page)).to_be_hidden()
    assert _answered(sami) == []


def test_a_step_that_lies_ahead_waits_for_the_one_before_it(page: Page, be: Be, sami: Person, console: Console) -> None:
    console.expect("425")
    be(sami)
    page.goto(_step(FIRST))
    page.evaluate(
        """async (url) => {
          const { enqueue, newId } = await import("/static/js/modules/queue.js");
          await enqueue(url, [["antwoord_id", newId()], ["keuze", "ken-hem"]]);
        }""",
        _step("a-kring"),
    )
    expect(_line(page)).to_contain_text("Er wacht nog iets op dit apparaat.")
    assert _done(sami) == []
    check_button(page).click()
    _until(lambda: _done(sami) == [FIRST, "a-kring"])


def test_a_kept_page_with_the_token_of_an_earlier_sitting_sends_all_the_same(page: Page, be: Be, sami: Person, console: Console) -> None:
    console.expect("400")
    be(sami)
    page.goto(_step(FIRST))
    be(sami)  # signed in again in another tab: another session, another token
    check_button(page).click()
    expect(page).to_have_url(re.compile("/a-kring$"))
    assert _done(sami) == [FIRST]


def test_who_is_signed_in_as_somebody_else_in_another_tab_sends_nothing_from_this_one(
    page: Page, be: Be, sami: Person, vera: Person, console: Console
) -> None:
    console.expect("400")
    be(sami)
    page.goto(_step(FIRST))
    be(vera)
    check_button(page).click()
    expect(_line(page)).to_contain_text("Je bent niet meer aangemeld")
    assert (_done(sami), _done(vera)) == ([], [])


# ---- the app itself ----


def test_the_shell_and_the_steps_open_without_wifi_as_they_look_with_it(page: Page, be: Be, sami: Person) -> None:
    be(sami)
    _open_lesson(page)
    page.context.set_offline(True)
    tab = page.context.new_page()
    tab.goto(_step("mag-of-niet"))
    expect(tab.locator("[data-card]").first).to_be_visible()
    expect(tab.locator(".sort[data-live]")).to_be_visible()
    assert tab.evaluate("document.styleSheets[0].cssRules.length > 0 && document.fonts.check('1em Atkinson')")
    broken = tab.evaluate("[...document.images].filter((one) => one.complete && !one.naturalWidth).map((one) => one.src)")
    assert broken == []
    tab.goto("/hulp")
    expect(tab.locator("h1")).to_be_visible()


def test_an_update_of_the_app_replaces_the_shell_and_the_kept_steps(
    page: Page, be: Be, sami: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(sami)
    _open_lesson(page)
    shells = "() => caches.keys().then((names) => names.filter((name) => name.startsWith('shell-')))"
    assert page.evaluate(shells) == [f"shell-{app_version()}"]
    before = page.locator("body").get_attribute("data-steps")
    monkeypatch.setattr("lessons.offline_views.app_version", lambda: "0123456789")
    page.reload()
    _until(lambda: page.evaluate(shells) == ["shell-0123456789"] and page.evaluate(WHOSE) == sami.id)
    assert page.locator("body").get_attribute("data-steps") != before
    page.context.set_offline(True)
    page.goto(_step("wie"))
    expect(page.locator("h1")).to_be_visible()
