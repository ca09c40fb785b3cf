"""A whole class at once: the mentor's phone, the board and three pupils, each in a browser of its own. Runs on both databases."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.models import Person
from classroom import actions
from classroom.domain import Kind, Phase, Spot, beats
from classroom.models import LiveSession
from common.clock import now
from common.database import db
from lessons.library import Lesson
from tests.browser.conftest import Open
from tests.people import a_class, a_mentor, a_pupil, a_school

pytestmark = pytest.mark.both_databases
UNIT = "vriendschapsverzoek-primair"
BOARD = {"width": 1366, "height": 768}


@pytest.fixture
def live(app: Flask) -> tuple[LiveSession, Person, list[Person], Any]:
    """A class that stands at a question, with devices; its mentor, three pupils and the question."""
    school = a_school("tjongeling")
    school_class = a_class(school)
    mentor = a_mentor(school, of=[school_class])
    lesson: Lesson = app.extensions["library"].get(UNIT)
    beat = next(one for one in beats(lesson) if one.kind is Kind.VOTE and Phase.AGAIN in one.phases)
    session = LiveSession(
        school_id=school.id, class_id=school_class.id, unit=UNIT, join_code="BCDFGHJ", beat=beat.key, phase="stem", path=[],
        opened_at=now(), moved_at=now(), with_devices=True,
    )  # fmt: skip
    db.session.add(session)
    db.session.commit()
    return session, mentor, [a_pupil(school_class, name) for name in ("Quinten", "Noëlle", "Łucja-Ğeorgette")], beat


def _move(session: LiveSession, beat: Any, phase: Phase) -> None:
    db.session.rollback()
    found = db.session.get(LiveSession, session.id)
    assert found is not None
    actions.move_to(found, Spot(beat.key, phase), now())
    db.session.commit()


def _vote(page: Page, number: int) -> None:
    page.locator("#keuze label").nth(number).click()
    page.get_by_role("button", name=re.compile("^Stem")).click()
    expect(page.get_by_text("Je stem is bewaard.").first).to_be_visible()


def test_three_pupils_vote_and_the_board_and_the_mentor_see_how_many_but_not_who(open_as: Open, live: Any) -> None:
    session, mentor, pupils, _beat = live
    board = open_as(mentor, f"/bord/{session.id}", BOARD)
    lead = open_as(mentor, f"/klassen/{session.class_id}/les/{session.id}/bediening")
    screens = [open_as(pupil, f"/live/{session.id}") for pupil in pupils]
    for number, screen in enumerate(screens):
        _vote(screen, number % 2)
    expect(board.get_by_text("3 keer gestemd").first).to_be_attached()
    expect(lead.get_by_text("3 keer gestemd").first).to_be_attached()
    for page in (board, lead):
        for pupil in pupils:
            assert pupil.display_name not in page.content()


def test_when_the_mentor_goes_on_every_screen_follows(open_as: Open, live: Any) -> None:
    session, mentor, pupils, beat = live
    board = open_as(mentor, f"/bord/{session.id}", BOARD)
    screens = [open_as(pupil, f"/live/{session.id}") for pupil in pupils]
    for screen in screens:
        _vote(screen, 0)
    board.locator("[data-on]").click()
    for screen in screens:
        expect(screen.get_by_text("Kijk op het bord").first).to_be_visible()
    board.locator("[data-on]").click()
    for screen in screens:
        expect(screen.get_by_text("Stem nu nog een keer").first).to_be_visible()
        _vote(screen, 1)
    expect(board.get_by_text("3 keer gestemd").first).to_be_attached()
    board.locator("[data-on]").click()
    expect(board.locator(".votes")).to_contain_text(beat.options[1][1])


def test_a_pupil_who_reloads_or_comes_late_is_back_with_the_own_vote(open_as: Open, live: Any) -> None:
    session, _mentor, pupils, _beat = live
    screen = open_as(pupils[0], f"/live/{session.id}")
    _vote(screen, 1)
    screen.reload()
    expect(screen.locator("#keuze input").nth(1)).to_be_checked()
    expect(screen.get_by_text("Je stem is bewaard.").first).to_be_visible()
    late = open_as(pupils[1], "/lessen")
    late.get_by_role("button", name="Doe mee").click()
    expect(late).to_have_url(re.compile(f"/live/{session.id}$"))


def test_what_a_pupil_has_picked_and_not_sent_survives_when_the_screen_is_drawn_anew(open_as: Open, live: Any) -> None:
    session, _mentor, pupils, beat = live
    screen = open_as(pupils[0], f"/live/{session.id}")
    screen.locator("#keuze label").nth(1).click()
    _move(session, beat, Phase.TALK)
    expect(screen.get_by_text("Kijk op het bord").first).to_be_visible()
    _move(session, beat, Phase.VOTE)
    expect(screen.locator("#keuze input").first).not_to_be_checked()
    screen.locator("#keuze label").nth(1).click()
    db.session.rollback()
    found = db.session.get(LiveSession, session.id)
    assert found is not None
    actions.count_hands(found, beat.key, 1, beat.options[0][0], 1, now())  # the mentor counts a hand of somebody without a device
    db.session.commit()
    screen.wait_for_timeout(4500)
    expect(screen.locator("#keuze input").nth(1)).to_be_checked()


def test_a_device_that_scanned_the_code_votes_along_without_a_name(open_as: Open, live: Any) -> None:
    session, mentor, _pupils, _beat = live
    board = open_as(mentor, f"/bord/{session.id}", BOARD)
    guest = open_as(None, f"/meedoen/{session.join_code}")
    guest.get_by_role("button", name="Alleen meestemmen").click()
    _vote(guest, 0)
    expect(board.get_by_text("1 keer gestemd").first).to_be_attached()


def test_a_pupil_votes_without_javascript(open_as: Open, live: Any) -> None:
    session, _mentor, pupils, _beat = live
    screen = open_as(pupils[0], f"/live/{session.id}", java_script_enabled=False)
    _vote(screen, 0)


def test_a_pupil_votes_with_the_keyboard_alone(open_as: Open, live: Any) -> None:
    session, _mentor, pupils, _beat = live
    screen = open_as(pupils[0], f"/live/{session.id}")
    screen.locator("#keuze input").first.focus()
    screen.keyboard.press("Space")
    screen.keyboard.press("Enter")
    expect(screen.get_by_text("Je stem is bewaard.").first).to_be_visible()
