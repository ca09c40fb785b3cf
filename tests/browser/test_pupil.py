"""Journey 1: a pupil signs in, takes a lesson, leaves, and comes back exactly there. With and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete, func, select

from accounts.models import Person, SignIn
from common.database import db
from lessons.models import UnitProgress
from quizzes.models import Answer
from schools.models import SchoolClass
from tests.browser.conftest import Console
from tests.browser.walk import WORDS, at_screen, chat_on, check_button, do_screen, finish_lesson, shipped_lessons, walk_on
from tests.people import a_class, a_pupil, a_school

Be = Callable[[Person], None]
PICTURES = ("kat", "boom", "vis")
PIN = "2864"

without_javascript = pytest.mark.browser_context_args(java_script_enabled=False)


def a_class_with(track: str, protocol: str = "agora") -> tuple[SchoolClass, Person]:
    """A class in which Sami has a secret that this file knows, and Vera sits beside Sami."""
    school_class = a_class(a_school(protocol), track)
    pupil = a_pupil(school_class, "Sami", secret="-".join(PICTURES) if track == "primair" else PIN)
    a_pupil(school_class, "Vera")
    return school_class, pupil


def sign_in(page: Page, school_class: SchoolClass) -> None:
    page.goto("/")
    page.get_by_label("Klascode").fill(school_class.code.lower())
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Sami").click()
    if school_class.track == "primair":
        for picture in PICTURES:
            page.get_by_role("button", name=picture, exact=True).click()
    else:
        page.get_by_label("Pincode").fill(PIN)
        page.get_by_role("button", name="Naar binnen").click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()


def begin_and_come_back(page: Page, track: str) -> None:
    school_class, _pupil = a_class_with(track)
    sign_in(page, school_class)
    expect(page).to_have_url(re.compile(r"/lessen$"))
    page.locator("main a", has_text="Begin").first.click()
    for _screen in range(4):
        walk_on(page)
    here = page.url
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_label("Klascode")).to_be_visible()
    sign_in(page, school_class)
    expect(page).to_have_url(here)


@pytest.mark.parametrize("track", ["primair", "voortgezet"])
def test_a_pupil_comes_back_exactly_where_they_were(page: Page, track: str) -> None:
    begin_and_come_back(page, track)


@without_javascript
@pytest.mark.parametrize("track", ["primair", "voortgezet"])
def test_a_pupil_comes_back_exactly_where_they_were_without_javascript(page: Page, track: str) -> None:
    begin_and_come_back(page, track)


def test_three_pictures_are_wiped_one_by_one(page: Page) -> None:
    school_class, _pupil = a_class_with("primair")
    page.goto("/")
    page.get_by_label("Klascode").fill(school_class.code)
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Sami").click()
    page.get_by_role("button", name="zon", exact=True).click()
    expect(page.locator(".slot--full")).to_have_count(1)
    expect(page.locator("[data-status]")).to_have_text("1 van 3 gekozen")
    page.get_by_role("button", name="Wis").click()
    expect(page.locator(".slot--full")).to_have_count(0)
    for picture in PICTURES:
        page.get_by_role("button", name=picture, exact=True).click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()


def test_wrong_pictures_are_told_and_nothing_else(page: Page, console: Console) -> None:
    console.expect("422")
    school_class, _pupil = a_class_with("primair")
    page.goto("/")
    page.get_by_label("Klascode").fill(school_class.code)
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Sami").click()
    for picture in ("zon", "zon", "zon"):
        page.get_by_role("button", name=picture, exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Kijk goed op je kaartje")
    expect(page).to_have_title(re.compile("^Fout:"))


# ---- a whole lesson ----


def take_the_first_lesson(page: Page, be: Be, track: str) -> None:
    _class, pupil = a_class_with(track)
    be(pupil)
    lesson = shipped_lessons(track)[0]
    page.goto(f"/lessen/{lesson.slug}")
    for _screen in range(150):
        if page.url.endswith("/klaar"):
            break
        walk_on(page)
    expect(page.locator("h1")).to_have_text("Klaar met deze les")
    db.session.rollback()
    progress = db.session.scalars(select(UnitProgress).where(UnitProgress.pupil_id == pupil.id)).one()
    assert progress.finished_at is not None


def test_a_whole_lesson_of_primair(page: Page, be: Be) -> None:
    take_the_first_lesson(page, be, "primair")


@without_javascript
def test_a_whole_lesson_of_voortgezet_without_javascript(page: Page, be: Be) -> None:
    take_the_first_lesson(page, be, "voortgezet")


# ---- the chat ----


def play_to_an_ending_and_try_again(page: Page, be: Be, track: str) -> None:
    _class, pupil = a_class_with(track)
    be(pupil)
    page.goto(at_screen(pupil, "scenario"))
    chat_on(page, choices=30)
    expect(page.get_by_role("heading", name="Zo kan het ook aflopen")).to_be_visible()
    page.get_by_role("button", name="Probeer dit moment anders").first.click()
    expect(page.get_by_role("button", name="Doe dit")).to_be_visible()
    chat_on(page, choices=30, which=1)
    expect(page.get_by_role("heading", name="Zo kan het ook aflopen")).to_be_visible()
    page.locator("button[name=klaar]").first.click()
    expect(page).not_to_have_url(re.compile("#nu"))


@pytest.mark.parametrize("track", ["primair", "voortgezet"])
def test_the_chat_to_an_ending_and_a_moment_tried_differently(page: Page, be: Be, track: str) -> None:
    play_to_an_ending_and_try_again(page, be, track)


@without_javascript
def test_the_chat_without_javascript(page: Page, be: Be) -> None:
    play_to_an_ending_and_try_again(page, be, "voortgezet")


# ---- a device that others use too ----


def test_after_signing_out_the_back_button_shows_nothing(page: Page, be: Be) -> None:
    _class, pupil = a_class_with("primair")
    be(pupil)
    page.goto(at_screen(pupil, "open"))
    page.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_label("Klascode")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Klascode")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Sami")
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_what_was_typed_survives_a_reload_and_is_shown_to_nobody_else(page: Page, be: Be) -> None:
    school_class, sami = a_class_with("voortgezet")
    vera = db.session.scalars(select(Person).where(Person.class_id == school_class.id, Person.display_name == "Vera")).one()
    be(sami)
    address = at_screen(sami, "open")
    page.goto(address)
    page.locator("textarea").press_sequentially("Niet voor Vera")
    page.reload()
    expect(page.locator("textarea")).to_have_value("Niet voor Vera")
    at_screen(vera, "open")
    be(vera)
    page.goto(address)
    expect(page.locator("textarea")).to_have_value("")
    assert "Niet voor Vera" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_answers_wait_for_the_wifi_and_arrive_once(page: Page, be: Be, console: Console) -> None:
    console.expect("ERR_INTERNET_DISCONNECTED")
    console.expect("fetching the script")  # the service worker, when the network went first
    _class, pupil = a_class_with("primair")
    be(pupil)
    page.goto(at_screen(pupil, "one-choice"))
    page.context.set_offline(True)
    do_screen(page)
    check_button(page).click()
    line = page.locator("[data-module=offline]")
    expect(line).to_contain_text("Je antwoorden staan op dit apparaat")
    check_button(page).click()
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/uitleg$"))
    assert _answers(pupil) == 1


def test_a_server_that_cannot_store_now_is_asked_again(page: Page, be: Be, console: Console) -> None:
    console.expect("503")
    _class, pupil = a_class_with("primair")
    be(pupil)
    page.goto(at_screen(pupil, "one-choice"))
    tries: list[str] = []

    def full_disk_at_first(route: Route) -> None:
        tries.append(route.request.method)
        if len(tries) == 1:
            route.fulfill(status=503, body="vol")
        else:
            route.continue_()

    page.route("**/stap/**", lambda route: full_disk_at_first(route) if route.request.method == "POST" else route.continue_())
    do_screen(page)
    check_button(page).click()
    expect(page.locator("[data-module=offline]")).to_contain_text("Bewaren lukt nog niet")
    check_button(page).click()
    expect(page).to_have_url(re.compile("/uitleg$"))
    assert _answers(pupil) == 1


def test_who_was_signed_out_meanwhile_reads_so_and_loses_nothing(page: Page, be: Be) -> None:
    _class, pupil = a_class_with("voortgezet")
    be(pupil)
    page.goto(at_screen(pupil, "one-choice"))
    do_screen(page)
    db.session.execute(delete(SignIn))
    db.session.commit()
    check_button(page).click()
    expect(page.locator("[data-module=offline]")).to_contain_text("Je bent niet meer aangemeld")
    page.get_by_role("link", name="Naar aanmelden").click()
    expect(page.get_by_label("Klascode")).to_be_visible()
    assert _answers(pupil) == 0
    be(pupil)
    page.goto("/verder")
    expect(page).to_have_url(re.compile("/uitleg$"))
    assert _answers(pupil) == 1


def test_a_finished_lesson_can_be_read_again(page: Page, be: Be) -> None:
    _class, pupil = a_class_with("primair")
    finish_lesson(pupil, shipped_lessons("primair")[0])
    be(pupil)
    page.goto("/lessen")
    page.locator("main a", has_text=shipped_lessons("primair")[0].unit.title).first.click()
    page.get_by_role("link", name="Lees de les terug").click()
    expect(page).to_have_url(re.compile("/stap/"))


def _answers(pupil: Person) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Answer).where(Answer.pupil_id == pupil.id)) or 0
