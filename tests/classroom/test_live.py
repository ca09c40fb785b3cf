"""Pupils take part with their own devices: they come in, vote without being seen, and get back in after anything."""

from __future__ import annotations

from typing import Any

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select

from classroom import actions
from classroom.domain import Kind, Phase, Spot, beats
from classroom.models import LiveSession, LiveVote, Participant
from classroom.queries import counts_of, devices_in, mark_of
from common.clock import now
from common.database import db
from tests.page import address, client_of, csrf_of, send, visit
from tests.people import a_pupil
from tests.world import UNIT, World, a_world

pytestmark = pytest.mark.usefixtures("app")


def _voting(world: World, phase: Phase = Phase.VOTE) -> Any:
    """The lesson of the world stands at its first question."""
    lesson = current_app.extensions["library"].get(UNIT)
    beat = next(one for one in beats(lesson) if one.kind is Kind.VOTE and Phase.AGAIN in one.phases)
    actions.move_to(world.session, Spot(beat.key, phase), now())
    db.session.commit()
    return beat


def _vote(client: FlaskClient, session: LiveSession, beat: Any, option: str, phase: Phase = Phase.VOTE) -> Any:
    return send(client, address("classroom.vote", session_id=session.id), {"keuze": option, "plek": f"{beat.key}|{phase.value}"})


def test_a_pupil_sees_on_home_that_the_class_is_in_a_lesson_and_comes_in() -> None:
    world = a_world()
    client = client_of(world.pupil)
    assert "Doe mee" in visit(world.pupil, "lessons.home", client=client).text
    response = send(client, address("classroom.join_own"), {})
    assert response.location.endswith(f"/live/{world.session.id}")
    assert devices_in(world.session) == 1


def test_without_a_lesson_on_the_board_there_is_nothing_to_join() -> None:
    world = a_world()
    world.session.with_devices = False
    db.session.commit()
    client = client_of(world.pupil)
    assert "Doe mee" not in visit(world.pupil, "lessons.home", client=client).text
    assert send(client, address("classroom.join_own"), {}).location.endswith("/lessen")


def test_each_pupil_has_one_vote_and_may_change_it_while_the_vote_is_open() -> None:
    world = a_world()
    beat = _voting(world)
    first, second = [key for key, _text in beat.options][:2]
    one, other = client_of(world.pupil), client_of(world.classmate)
    for client, option in ((one, first), (other, first), (one, second)):
        assert _vote(client, world.session, beat, option).status_code == 302
    assert counts_of(world.session, beat.key) == {(1, first): 1, (1, second): 1}


def test_the_second_vote_stands_beside_the_first() -> None:
    world = a_world()
    beat = _voting(world)
    first, second = [key for key, _text in beat.options][:2]
    client = client_of(world.pupil)
    _vote(client, world.session, beat, first)
    _voting(world, Phase.AGAIN)
    _vote(client, world.session, beat, second, Phase.AGAIN)
    assert counts_of(world.session, beat.key) == {(1, first): 1, (2, second): 1}


def test_no_row_tells_which_pupil_voted_and_the_same_pupil_has_another_name_in_another_lesson() -> None:
    world = a_world()
    beat = _voting(world)
    _vote(client_of(world.pupil), world.session, beat, beat.options[0][0])
    voter = db.session.scalars(select(LiveVote.voter)).one()
    assert world.pupil.id not in voter
    again = LiveSession(
        school_id=world.school.id, class_id=world.school_class.id, unit=UNIT, join_code="CDFGHJ", beat=beat.key, phase="stem", path=[],
        opened_at=now(), moved_at=now(), with_devices=True,
    )  # fmt: skip
    db.session.add(again)
    db.session.commit()
    _vote(client_of(world.pupil), again, beat, beat.options[0][0])
    assert len(set(db.session.scalars(select(LiveVote.voter)))) == 2


def test_the_pupil_is_told_who_sees_a_vote_and_that_it_was_kept() -> None:
    world = a_world()
    beat = _voting(world)
    client = client_of(world.pupil)
    page = visit(world.pupil, "classroom.show_live", client=client, session_id=world.session.id).text
    assert "Niemand ziet wat jij stemt" in page
    assert "Je stem is bewaard" not in page
    _vote(client, world.session, beat, beat.options[0][0])
    assert "Je stem is bewaard" in visit(world.pupil, "classroom.show_live", client=client, session_id=world.session.id).text


def test_a_pupil_who_comes_late_or_reloads_is_where_the_class_is() -> None:
    world = a_world()
    beat = _voting(world)
    late = a_pupil(world.school_class)
    for _turn in range(2):
        assert beat.ballot.question in visit(late, "classroom.show_live", session_id=world.session.id).text.replace("&#39;", "'")


def test_a_vote_that_comes_after_the_vote_was_closed_is_not_counted_and_says_so() -> None:
    world = a_world()
    beat = _voting(world)
    client = client_of(world.pupil)
    _voting(world, Phase.TALK)
    _vote(client, world.session, beat, beat.options[0][0])
    assert counts_of(world.session, beat.key) == {}
    assert "al dicht" in visit(world.pupil, "classroom.show_live", client=client, session_id=world.session.id).text


@pytest.mark.parametrize("option", ["", "x", "\x00", "é" * 500, "1; DROP TABLE live_vote"])
def test_an_answer_that_is_not_there_is_asked_for_again(option: str) -> None:
    world = a_world()
    beat = _voting(world)
    _vote(client_of(world.pupil), world.session, beat, option)
    assert db.session.scalar(select(func.count()).select_from(LiveVote)) == 0


def test_a_pupil_of_another_class_finds_no_lesson_there() -> None:
    world = a_world()
    beat = _voting(world)
    assert visit(world.colleagues_pupil, "classroom.show_live", session_id=world.session.id).status_code == 404
    assert _vote(client_of(world.colleagues_pupil), world.session, beat, beat.options[0][0]).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(LiveVote)) == 0


def test_the_code_on_the_board_lets_a_device_vote_along_without_a_name_and_nothing_else() -> None:
    world = a_world()
    beat = _voting(world)
    guest = client_of(None)
    assert visit(None, "classroom.show_live", client=guest, session_id=world.session.id).status_code == 302
    page = visit(None, "classroom.show_join", client=guest, code=world.session.join_code).text
    assert "Alleen meestemmen" in page
    send(guest, address("classroom.join_with_code", code=world.session.join_code), {})
    assert _vote(guest, world.session, beat, beat.options[0][0]).status_code == 302
    assert counts_of(world.session, beat.key) == {(1, beat.options[0][0]): 1}
    assert visit(None, "lessons.home", client=guest).status_code == 302
    assert "eigen les" not in visit(None, "classroom.show_live", client=guest, session_id=world.session.id).text


def test_a_code_of_a_lesson_that_ended_or_never_was_is_not_found() -> None:
    world = a_world()
    assert visit(None, "classroom.show_join", code="ZZZZZZZ").status_code == 404
    actions.end_lesson(world.session, now())
    db.session.commit()
    assert visit(None, "classroom.show_join", code=world.session.join_code).status_code == 404


def test_a_guest_of_one_lesson_is_nobody_in_another() -> None:
    world, other = a_world(), a_world()
    guest = client_of(None)
    send(guest, address("classroom.join_with_code", code=world.session.join_code), {})
    assert visit(None, "classroom.show_live", client=guest, session_id=other.session.id).status_code == 302


def test_nothing_new_is_answered_with_nothing_and_votes_of_others_wake_no_pupil() -> None:
    world = a_world()
    beat = _voting(world)
    client, url = client_of(world.pupil), address("classroom.live_now", session_id=world.session.id)
    mark = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": mark}).status_code == 304
    before = mark_of(world.session)
    _vote(client_of(world.classmate), world.session, beat, beat.options[0][0])
    assert client.get(url, headers={"If-None-Match": mark}).status_code == 304
    db.session.expire_all()
    assert mark_of(world.session) != before, "the board does see that somebody voted"
    _voting(world, Phase.TALK)
    assert client.get(url, headers={"If-None-Match": mark}).status_code == 200


def test_after_the_lesson_the_screen_says_so_and_the_own_lesson_is_a_click_away() -> None:
    world = a_world()
    actions.end_lesson(world.session, now())
    db.session.commit()
    page = visit(world.pupil, "classroom.show_live", session_id=world.session.id).text
    assert "De les is klaar" in page
    assert f"/lessen/{UNIT}" in page


def test_the_board_shows_the_way_in_as_address_and_as_picture_and_counts_who_came() -> None:
    world = a_world()
    send(client_of(world.pupil), address("classroom.join_own"), {})
    page = visit(world.mentor, "classroom.show_board", session_id=world.session.id).text
    assert f"/meedoen/{world.session.join_code}" in page
    assert "<svg" in page
    assert "1 apparaat doet mee" in page


def test_a_vote_by_script_gets_the_part_back_with_the_vote_in_it() -> None:
    world = a_world()
    beat = _voting(world)
    client = client_of(world.pupil)
    response = client.post(
        address("classroom.vote", session_id=world.session.id), headers={"Netjes-Send": "1"},
        data={"csrf_token": csrf_of(client), "keuze": beat.options[1][0], "plek": f"{beat.key}|stem"},
    )  # fmt: skip
    assert response.status_code == 200
    assert "Je stem is bewaard" in response.text
    assert db.session.scalar(select(func.count()).select_from(Participant)) == 1
