"""The board and the mentor's own screen in two browsers: keys, clickers, taps, letters that fit, and both following each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from access.domain import Viewer
from accounts.models import Person
from accounts.queries import viewer_of
from classroom import actions
from classroom.domain import Beat, Kind, Phase, beats, first_spot
from classroom.models import LiveSession
from classroom.stage import Stage, stage_of
from common.clock import now
from common.database import db, writing
from lessons.library import load_library
from protocols.queries import rule_book_of
from schools.models import School
from tests.browser.conftest import Console, Open
from tests.browser.test_accessibility import CONTRAST, EVERYTHING, axe_source, beyond, faults, settle
from tests.people import a_class, a_mentor, a_pupil, a_school, signed_in

pytestmark = pytest.mark.both_databases
SIZES = ({"width": 1366, "height": 768}, {"width": 1920, "height": 1080})
SIGNS = re.compile(r"\s+")


@dataclass
class Lesson:
    """A lesson of one class that goes on, with its mentor and the pages that show it."""

    id: str
    class_id: str
    school: School
    mentor: Person

    @property
    def board(self) -> str:
        return f"/bord/{self.id}"

    @property
    def lead(self) -> str:
        return f"/klassen/{self.class_id}/les/{self.id}/bediening"

    @property
    def stage(self) -> Stage:
        db.session.rollback()
        session = db.session.get(LiveSession, self.id, populate_existing=True)
        found = stage_of(session, rule_book_of(self.school.id, self.school.protocol)) if session else None
        assert found is not None
        return found

    def put(self, beat: Beat | str, phase: Phase | None = None, path: list[list[str]] | None = None) -> None:
        """As if the class had come to this beat."""
        key = beat if isinstance(beat, str) else beat.key
        first = next(one for one in self.stage.beats if one.key == key).phases[0]
        with writing():
            session = db.session.get(LiveSession, self.id, populate_existing=True)
            assert session is not None
            session.beat, session.phase, session.version = key, (phase or first).value, session.version + 1
            session.path = path if path is not None else session.path

    def question(self) -> Beat:
        return next(beat for beat in self.stage.beats if len(beat.phases) == 5 and beat.ballot and beat.ballot.bound)


def a_lesson(track: str = "primair", theme: str = "vriendschapsverzoek") -> Lesson:
    school = a_school("tjongeling" if track == "primair" else "liudger")
    school_class = a_class(school, track, name="7A")
    mentor = a_mentor(school, of=[school_class])
    a_pupil(school_class, "Sami")
    lesson = load_library().lessons[f"{theme}-{track}"]
    session = actions.open_lesson(_viewer(mentor), school_class, lesson.slug, first_spot(beats(lesson)), now(), with_devices=False)
    db.session.commit()
    return Lesson(session.id, school_class.id, school, mentor)


def _viewer(person: Person) -> Viewer:
    found = viewer_of(signed_in(person))
    assert found is not None
    return found


def ready(page: Page) -> None:
    """The script has set the letters of the board."""
    expect(page.locator(".board")).to_have_attribute("style", re.compile("--fit"))


# ---- going through a lesson ----


def test_a_mentor_opens_the_board_from_the_lesson_and_goes_on_with_a_clicker(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    page = open_as(lesson.mentor, "/docent/lessen/pesten-primair", viewport=SIZES[0])
    page.get_by_role("link", name=re.compile(r"7A\W+op het bord")).click()
    page.get_by_role("button", name="Open het bord").click()
    ready(page)
    expect(page.locator("h1")).to_have_text(load_library().lessons["pesten-primair"].unit.title)
    page.keyboard.press("PageDown")
    expect(page.locator(".board__mark")).to_have_text("Lees")
    page.keyboard.press("PageUp")
    expect(page.locator(".board__mark")).to_have_text("Welkom")
    for key in ("ArrowRight", "Space"):
        page.keyboard.press(key)
    page.keyboard.press("Home")
    expect(page.locator(".board__mark")).to_have_text("Welkom")


def test_two_presses_of_a_clicker_are_two_steps(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    page = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    ready(page)
    for _press in range(4):
        page.keyboard.press("PageDown")
    expect(page.locator(".board")).to_contain_text(_words(lesson.stage.beats[4]))
    assert lesson.stage.number == 4


def _words(beat: Beat) -> re.Pattern[str]:
    """The first words of a page to read, or the title of what is asked."""
    piece = beat.screen.pieces[0] if beat.kind is Kind.READ and beat.screen else None
    text: str = getattr(piece, "text", None) or beat.title
    return re.compile(r"\s+".join(re.escape(word) for word in text.replace("*", "").split()[:4]))


def test_hands_are_counted_with_keys_and_the_phone_of_the_mentor_shows_for_what(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    beat = lesson.question()
    lesson.put(beat)
    board = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    phone = open_as(lesson.mentor, lesson.lead)
    ready(board)
    board.keyboard.press("2")
    for _hand in range(3):
        board.keyboard.press("+")
    board.keyboard.press("1")
    board.keyboard.press("+")
    board.keyboard.press("-")
    expect(board.locator(".board__count")).to_contain_text("3")
    expect(board.locator(".board output")).to_have_count(0)
    expect(phone.locator(".lead__hands output").nth(1)).to_have_text("3")
    phone.locator(".lead__hands li").first.get_by_role("button", name=re.compile("een hand meer")).click()
    expect(board.locator(".board__count")).to_contain_text("4")
    expect(board.get_by_role("status").filter(has_text="gestemd")).to_have_text("Er is 4 keer gestemd")


def test_vote_talk_vote_again_then_the_shift_then_the_agreement_of_the_school(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    lesson.put(lesson.question())
    phone = open_as(lesson.mentor, lesson.lead)
    board = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    ready(board)
    first, second = (phone.locator(".lead__hands li").nth(number) for number in (0, 1))
    for _hand in range(3):
        first.get_by_role("button", name=re.compile("een hand meer")).click()
    expect(first.locator("output")).to_have_text("3")
    phone.get_by_role("button", name="Sluit de stemming").click()
    expect(board.locator(".board__mark")).to_have_text("Praat")
    phone.locator(".lead__bar").get_by_role("button", name="Stem weer").click()
    expect(board.locator(".board__mark")).to_have_text("Stem weer")
    expect(board.locator(".board__count")).to_contain_text("0")
    for _hand in range(3):
        second.get_by_role("button", name=re.compile("een hand meer")).click()
    expect(second.locator("output")).to_have_text("3")
    phone.get_by_role("button", name="Laat het verschil zien").click()
    expect(board.locator("h1")).to_have_text("Minstens 3 van jullie dachten er na het praten anders over.")
    expect(board.locator(".rule-card")).to_have_count(0)
    board.keyboard.press("PageDown")
    expect(board.locator(".rule-card__head")).to_have_text(f"Zo is het op {lesson.school.name}")
    expect(phone.locator(".lead__where")).to_contain_text("Onze afspraak")


def test_the_class_plays_the_chat_and_the_mentor_taps_what_it_wants(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    chat = next(beat for beat in lesson.stage.beats if beat.kind is Kind.CHAT)
    lesson.put(chat)
    board = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    ready(board)
    while not board.locator(".hand__do").count():
        mark = board.content()
        board.keyboard.press("PageDown")
        expect(board.locator("[data-part]")).not_to_have_text(SIGNS.sub(" ", mark))
        board.wait_for_timeout(150)
    board.keyboard.press("PageDown")
    board.get_by_role("button", name=re.compile("^Doe dit")).first.click()
    expect(board.locator(".board__chat")).to_be_visible()
    assert len(lesson.stage.session.path) == 1
    board.keyboard.press("PageUp")
    expect(board.locator(".hand__do").first).to_be_visible()
    assert lesson.stage.session.path == []


def test_ideas_typed_on_the_phone_appear_on_the_board_and_become_agreements(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    lesson.put(":afspraken")
    board = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    phone = open_as(lesson.mentor, lesson.lead)
    ready(board)
    field = phone.get_by_label("Een idee van de klas")
    field.fill("Wij vragen het eerst")
    field.press("Enter")
    expect(board.locator(".board__ideas li")).to_have_text(["Wij vragen het eerst"])
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    field.fill("Wij zijn nog aan het ty")
    board.keyboard.press("PageDown")
    expect(phone.locator(".lead__phases [aria-current]")).to_have_text("Kies")
    expect(field).to_have_value("Wij zijn nog aan het ty")
    phone.get_by_role("button", name=re.compile(r"^Kies\W+Wij vragen het eerst")).click()
    expect(board.locator(".hand.is-chosen")).to_have_count(1)
    phone.get_by_role("button", name="Bewaar als afspraken van de klas").click()
    expect(phone.locator(".lead__now")).to_contain_text("De klas heeft nu 1 afspraak.")


def test_the_keyboard_stays_where_it_was_when_the_screen_is_drawn_anew(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    lesson.put(lesson.question())
    phone = open_as(lesson.mentor, lesson.lead)
    more = phone.locator(".lead__hands li").nth(1).get_by_role("button", name=re.compile("een hand meer"))
    more.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(".lead__hands output").nth(1)).to_have_text("1")
    expect(more).to_be_focused()


def test_every_beat_can_be_jumped_to_and_the_lesson_closed_and_opened_again(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    phone = open_as(lesson.mentor, lesson.lead)
    phone.get_by_text("Alles in deze les").click()
    phone.locator(".lead__jumps button").last.click()
    expect(phone.locator(".lead__where")).to_contain_text("Klaar")
    phone.locator(".lead__bar").get_by_role("button", name="Sluit de les").click()
    expect(phone.locator("h2").first).to_have_text("De les is gesloten")
    phone.get_by_role("button", name="Ga verder met deze les").click()
    expect(phone.locator(".lead__where")).to_contain_text("Klaar")


# ---- when things go wrong ----


def test_without_a_connection_the_board_says_so_and_goes_on_by_itself(open_as: Open, app: Flask, console: Console) -> None:
    lesson = a_lesson()
    board = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    ready(board)
    console.expect("ERR_FAILED")
    board.route("**/stand", lambda route: route.abort())
    expect(board.get_by_text("Even geen verbinding")).to_be_visible()
    board.unroute("**/stand")
    lesson.put(lesson.question())
    expect(board.locator(".board__mark")).to_have_text("Stem")
    expect(board.get_by_text("Even geen verbinding")).to_be_hidden()


def test_who_is_signed_out_meanwhile_is_sent_to_sign_in(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    board = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    ready(board)
    board.context.clear_cookies()
    expect(board).to_have_url(re.compile("/medewerkers"))


def test_everything_works_without_javascript(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    beat = lesson.question()
    lesson.put(beat)
    phone = open_as(lesson.mentor, lesson.lead, java_script_enabled=False)
    phone.locator(".lead__hands li").first.get_by_role("button", name=re.compile("een hand meer")).click()
    expect(phone.locator(".lead__hands output").first).to_have_text("1")
    board = open_as(lesson.mentor, lesson.board, viewport=SIZES[0], java_script_enabled=False)
    expect(board.locator(".board__count")).to_contain_text("1")
    board.get_by_role("button", name="Sluit de stemming").click()
    expect(board.locator(".board__mark")).to_have_text("Praat")
    phone.get_by_role("link", name="Ververs dit scherm").click()
    expect(phone.locator(".lead__where")).to_contain_text("Praat")
    lesson.put(":afspraken")
    phone.get_by_role("link", name="Ververs dit scherm").click()
    phone.get_by_label("Een idee van de klas").fill("a" * 3)
    phone.get_by_role("button", name="Zet op het bord").click()
    expect(phone.locator(".lead__hands li")).to_have_count(1)


# ---- readable from the back, and for everybody ----


def _spots(lesson: Lesson) -> list[tuple[Beat, Phase]]:
    """One of each kind of screen: the fullest of its kind, so that the others fit as well."""
    fullest: dict[Any, tuple[int, Beat, Phase]] = {}
    for beat in lesson.stage.beats:
        what = (
            getattr(beat.screen.pieces[0], "kind", "proza")
            if beat.kind is Kind.READ and beat.screen
            else beat.item.kind
            if beat.item
            else ""
        )
        size = len(beat.title) + sum(len(text) for _key, text in beat.options)
        for phase in beat.phases:
            key = (beat.kind, what, bool(beat.ballot and beat.ballot.part), phase)
            fullest[key] = max(fullest.get(key, (-1, beat, phase)), (size, beat, phase), key=lambda one: one[0])
    return [(beat, phase) for _size, beat, phase in fullest.values()]


@pytest.mark.parametrize(("track", "theme"), [("primair", "toestemming"), ("voortgezet", "groepsapp")])
def test_nothing_scrolls_on_the_board_and_no_text_gets_small(open_as: Open, app: Flask, track: str, theme: str) -> None:
    lesson = a_lesson(track, theme)
    page = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for beat, phase in _spots(lesson):
            lesson.put(beat, phase)
            page.goto(lesson.board)
            ready(page)
            fit = float(page.evaluate("document.querySelector('.board').style.getPropertyValue('--fit')"))
            over = page.evaluate("document.documentElement.scrollHeight - innerHeight")
            assert over <= 0, (size, beat.key, phase)
            assert fit >= 0.75, (size, beat.key, phase)
            assert beyond(page) <= 0, (size, beat.key, phase)


def test_the_fullest_vote_of_six_long_answers_still_fits(open_as: Open, app: Flask) -> None:
    lesson = a_lesson()
    lesson.put(lesson.question())
    page = open_as(lesson.mentor, lesson.board, viewport=SIZES[0])
    ready(page)
    page.evaluate("""() => {
      const list = document.querySelector(".hands");
      while (list.children.length < 6) { list.append(list.firstElementChild.cloneNode(true)); }
      for (const text of list.querySelectorAll(".hand__text")) { text.textContent = "Een lang antwoord van heel veel woorden ".repeat(4); }
      dispatchEvent(new Event("resize"));
    }""")
    settle(page)
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0


@pytest.mark.parametrize("track", ["primair", "voortgezet"])
def test_axe_finds_nothing_on_the_board_and_in_the_hand_of_the_mentor(open_as: Open, app: Flask, track: str) -> None:
    lesson = a_lesson(track)
    for path in (lesson.board, lesson.lead):
        page = open_as(lesson.mentor, path, viewport=SIZES[0])
        page.evaluate(axe_source())
        for beat, phase in _spots(lesson):
            lesson.put(beat, phase)
            page.goto(path)
            page.evaluate(axe_source())
            assert not faults(page, EVERYTHING), (path, beat.key, phase)
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            settle(page)
            assert not faults(page, CONTRAST), (path, beat.key, phase, "dark")
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
        for width in (320, 360, 820):
            page.set_viewport_size({"width": width, "height": 740})
            settle(page)
            assert beyond(page) <= 0, (path, width)
        page.close()
