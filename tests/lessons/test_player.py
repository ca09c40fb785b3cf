"""A pupil takes a lesson: answers are kept once, explained by the own school, and nothing is lost on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from accounts.models import Person
from common.clock import now
from common.database import db
from lessons.models import Intention, UnitProgress
from lessons.queries import progress_in
from protocols import actions as rule_actions
from protocols.domain import Change, Stance
from quizzes.models import Answer, ScenarioEvent
from tests.page import Browser, address, check_page, client_of, csrf_of, post, send, visit
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider, an_answer_id

pytestmark = pytest.mark.usefixtures("app")
UNIT = "vriendschapsverzoek-primair"
RULE = "vriendschap.leerling-medewerker"


def _a_pupil_at(protocol: str, track: str = "primair") -> Person:
    return a_pupil(a_class(a_school(protocol), track))


def _screen(screen: str) -> str:
    return address("lessons.show_screen", unit=UNIT, screen=screen)


def _answer(client: Browser, screen: str, answer_id: str | None = None, **fields: Any) -> TestResponse:
    return send(client, _screen(screen), {"antwoord_id": answer_id or an_answer_id(), **fields})


def _walk_to(client: Browser, pupil: Person, stop: str) -> None:
    """Do every screen before this one, each in the simplest way."""
    page = client.get(address("lessons.show_unit", unit=UNIT), follow_redirects=True)
    for _step in range(120):
        check_page(page)
        if page.request.path.endswith(f"/stap/{stop}"):
            return
        page = _do(client, page)
    raise AssertionError(f"never came to {stop}")


def _do(client: Browser, page: TestResponse) -> TestResponse:
    """Fill in the first of everything and send it, as a hasty pupil would."""
    if page.request.path.endswith("/uitleg"):
        onward = re.findall(r'<a class="btn push[^"]*" href="([^"]+)"', page.text) or re.findall(r'href="([^"]+)">Verder', page.text)
        return client.get(onward[-1], follow_redirects=True)
    text = re.sub(r"<template.*?</template>", "", page.text, flags=re.DOTALL)  # what a script may put there later
    fields: MultiDict[str, str] = MultiDict()
    for match in re.finditer(r"<input([^>]*)>", text):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', match[1]))
        if found.get("type") in ("hidden", "checkbox") or (found.get("type") == "radio" and found["name"] not in fields):
            fields.add(found["name"], found["value"])
    if 'name="tekst"' in text:
        fields["tekst"] = "mijn oma, want zij luistert"
    if 'name="klaar"' in text:
        fields["klaar"] = "1"
    fields["csrf_token"] = csrf_of(client)
    action = re.search(r'<form class="sheet[^>]*action="([^"]+)"', page.text)
    assert action, page.request.path
    return client.post(action[1].split("#")[0], data=fields, follow_redirects=True)


def test_a_new_pupil_sees_all_lessons_and_where_to_begin() -> None:
    page = visit(_a_pupil_at("tjongeling"), "lessons.home")
    assert "Wie laat jij erbij?" in page.text
    assert "nog niet begonnen" in page.text


def test_a_pupil_sees_only_lessons_of_the_own_track() -> None:
    pupil = _a_pupil_at("agora", "voortgezet")
    assert visit(pupil, "lessons.show_unit", unit=UNIT).status_code == 404
    assert visit(pupil, "lessons.show_unit", unit="bestaat-niet").status_code == 404


def test_a_hasty_pupil_walks_through_the_whole_lesson_and_gets_to_the_end() -> None:
    pupil = _a_pupil_at("tjongeling")
    client = client_of(pupil)
    _walk_to(client, pupil, "eind-2")
    page = client.post(_screen("eind-2"), data={"csrf_token": csrf_of(client)}, follow_redirects=True)
    check_page(page)
    assert "Klaar met deze les" in page.text
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    assert progress.finished_at is not None
    assert (progress.starter_total, progress.closing_total) == (4, 4)


def test_opening_a_page_stores_nothing() -> None:
    pupil = _a_pupil_at("agora")
    visit(pupil, "lessons.show_unit", unit=UNIT, follow=True)
    assert db.session.scalar(select(func.count()).select_from(UnitProgress)) == 0


def test_an_answer_is_explained_by_the_rule_of_the_own_school() -> None:
    for protocol, words in (("tjongeling", "privé geen online vriend"), ("ichthus", "alleen onder een ")):
        pupil = _a_pupil_at(protocol)
        client = client_of(pupil)
        _walk_to(client, pupil, "sami-en-juf-noor")
        _answer(client, "sami-en-juf-noor", keuze="mag-van-school-niet")
        page = visit(pupil, "lessons.show_feedback", client=client, unit=UNIT, screen="sami-en-juf-noor")
        assert words in page.text


def test_where_the_protocol_is_silent_the_pupil_is_asked_to_talk_and_nothing_is_scored() -> None:
    pupil = _a_pupil_at("compass")
    client = client_of(pupil)
    _walk_to(client, pupil, "sami-en-juf-noor")
    _answer(client, "sami-en-juf-noor", keuze="niet-aardig")
    page = visit(pupil, "lessons.show_feedback", client=client, unit=UNIT, screen="sami-en-juf-noor")
    assert "Hier praat je over" in page.text
    assert "Dat is nog geen ja" in page.text


def test_a_starter_question_gives_no_verdict_away() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "a-kring")
    response = _answer(client, "a-kring", keuze="weet-niet")
    assert response.headers["Location"].endswith("/stap/a-school")
    assert visit(pupil, "lessons.show_feedback", client=client, unit=UNIT, screen="a-kring").status_code == 404


def test_the_same_answer_sent_twice_is_stored_once_and_confirmed_twice() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "a-kring")
    answer_id = an_answer_id()
    first = _answer(client, "a-kring", answer_id, keuze="weet-niet")
    second = _answer(client, "a-kring", answer_id, keuze="weet-niet")
    assert (first.status_code, second.status_code) == (302, 302)
    assert db.session.scalar(select(func.count()).where(Answer.pupil_id == pupil.id)) == 1
    progress = progress_in(pupil.id, UNIT)
    assert progress is not None
    assert progress.starter_total == 1


def test_trying_again_is_kept_but_the_first_answer_measures() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "half-bekend")
    _answer(client, "half-bekend", keuze="ja")
    _answer(client, "half-bekend", keuze="vragen")
    rows = db.session.scalars(select(Answer).where(Answer.item == "half-bekend").order_by(Answer.is_first.desc())).all()
    assert [(row.is_first, row.outcome) for row in rows] == [(True, "nog-niet"), (False, "past")]


def test_an_answer_keeps_the_stance_by_which_it_was_judged_when_the_school_changes_the_rule() -> None:
    pupil = _a_pupil_at("tjongeling")
    client = client_of(pupil)
    _walk_to(client, pupil, "sami-en-juf-noor")
    _answer(client, "sami-en-juf-noor", keuze="mag-van-school-niet")
    school = pupil.school_id
    leader = a_teamleider(a_school())
    rule_actions.change_rule(school, Change(RULE, Stance.MAG, None, None, ()), author_id=leader.id, at=now(), seen=0)
    db.session.commit()
    page = visit(pupil, "lessons.show_feedback", client=client, unit=UNIT, screen="sami-en-juf-noor")
    assert "Klopt" in page.text
    assert "de afspraak daarna veranderd" in page.text
    row = db.session.scalars(select(Answer).where(Answer.item == "sami-en-juf-noor")).one()
    assert row.stances == {RULE: "mag-niet"}


@pytest.mark.parametrize("fields", [{}, {"keuze": "onzin"}, {"keuze": ""}, {"keuzes": "weet-niet"}])
def test_a_missing_or_foreign_choice_is_asked_for_again(fields: dict[str, str]) -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "a-kring")
    response = _answer(client, "a-kring", **fields)
    assert response.status_code == 422
    assert "Kies een antwoord" in response.text
    assert "Fout:" in response.text


def test_half_sorted_cards_stay_where_they_were_laid() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "mag-of-niet")
    response = _answer(client, "mag-of-niet", **{"kaart:nee-zeggen": "mag"})
    assert response.status_code == 422
    assert re.search(r'name="kaart:nee-zeggen" value="mag" checked', response.text)


def test_moving_a_step_with_a_button_stores_nothing_yet() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "op-volgorde")
    fields = MultiDict([("volgorde", key) for key in ("later", "stop", "foto", "blok")])
    fields["omhoog:stop"] = "1"
    fields["antwoord_id"], fields["csrf_token"] = an_answer_id(), csrf_of(client)
    response = client.post(_screen("op-volgorde"), data=fields)
    assert response.status_code == 200
    order = re.findall(r'name="volgorde" value="(\w+)"', response.text)
    assert order == ["stop", "later", "foto", "blok"]
    assert db.session.scalar(select(func.count()).where(Answer.item == "op-volgorde")) == 0


def test_a_reflection_that_is_too_long_is_kept_on_the_page() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "open-jouw-kring")
    response = _answer(client, "open-jouw-kring", tekst="a" * 1001)
    assert response.status_code == 422
    assert "a" * 1001 in response.text


def test_a_pupil_cannot_jump_ahead_to_the_closing_questions() -> None:
    pupil = _a_pupil_at("agora")
    response = visit(pupil, "lessons.show_screen", unit=UNIT, screen="b-kring")
    assert response.headers["Location"].endswith("/stap/begin")


def test_a_pupil_goes_on_exactly_where_the_last_device_stopped() -> None:
    pupil = _a_pupil_at("agora")
    _walk_to(client_of(pupil), pupil, "drie-kringen")
    page = visit(pupil, "lessons.resume", client=client_of(pupil), follow=True)
    assert page.request.path == _screen("drie-kringen")


def test_half_way_through_a_chat_another_device_goes_on_in_the_same_chat() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "een-verzoek-van-fenna")
    _answer(client, "een-verzoek-van-fenna", knoop="n01-verzoek", keuze="ja", nummer="0")
    page = visit(pupil, "lessons.resume", client=client_of(pupil), follow=True)
    assert "Mag ik het nummer van Mei?" in page.text


def test_the_same_chat_choice_sent_twice_is_one_choice() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "een-verzoek-van-fenna")
    answer_id = an_answer_id()
    for _twice in range(2):
        _answer(client, "een-verzoek-van-fenna", answer_id, knoop="n01-verzoek", keuze="ja", nummer="0")
    assert db.session.scalar(select(func.count()).where(ScenarioEvent.pupil_id == pupil.id)) == 1


def test_a_chat_page_that_was_behind_changes_nothing_and_shows_where_the_chat_is() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "een-verzoek-van-fenna")
    _answer(client, "een-verzoek-van-fenna", knoop="n01-verzoek", keuze="ja", nummer="0")
    _answer(client, "een-verzoek-van-fenna", knoop="n01-verzoek", keuze="vragen", nummer="0")
    rows = db.session.scalars(select(ScenarioEvent).where(ScenarioEvent.pupil_id == pupil.id)).all()
    assert [row.choice for row in rows] == ["ja"]


def test_one_step_back_in_the_chat_is_kept_as_part_of_the_path() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "een-verzoek-van-fenna")
    _answer(client, "een-verzoek-van-fenna", knoop="n01-verzoek", keuze="ja", nummer="0")
    _answer(client, "een-verzoek-van-fenna", terug="1", nummer="1")
    page = visit(pupil, "lessons.show_screen", client=client, unit=UNIT, screen="een-verzoek-van-fenna")
    assert "Dit is mijn nieuwe account" in page.text
    assert db.session.scalar(select(func.count()).where(ScenarioEvent.pupil_id == pupil.id)) == 2


def test_an_intention_is_kept_in_the_pupils_own_words_after_the_chosen_beginning() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "mijn-plan")
    send(client, _screen("mijn-plan"), {"begin": "0", "tekst": "mijn zus"})
    kept = db.session.scalars(select(Intention).where(Intention.pupil_id == pupil.id)).one()
    assert kept.text == "Krijg ik een gek verzoek, dan vraag ik eerst mijn zus"


def test_an_empty_intention_is_asked_for_again_and_the_chosen_beginning_stays() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "mijn-plan")
    response = send(client, _screen("mijn-plan"), {"begin": "1", "tekst": "  "})
    assert response.status_code == 422
    assert 'value="1" checked' in response.text


def test_a_pupil_who_signs_in_again_after_the_session_ended_finds_every_answer() -> None:
    pupil = _a_pupil_at("agora")
    client = client_of(pupil)
    _walk_to(client, pupil, "wie")
    with time_machine.travel(now() + timedelta(minutes=31)):
        assert visit(pupil, "lessons.show_screen", client=client, unit=UNIT, screen="wie").headers["Location"] == "/"
        page = visit(pupil, "lessons.resume", client=client_of(pupil), follow=True)
        assert page.request.path == _screen("wie")


def test_a_mentor_looks_along_as_a_pupil_and_nothing_is_stored() -> None:
    school = a_school("agora")
    mentor = a_mentor(school)
    client = client_of(mentor)
    page = visit(mentor, "lessons.preview_screen", client=client, unit=UNIT, screen="half-bekend")
    assert "Er wordt niets bewaard" in page.text
    answered = post(
        mentor, "lessons.try_screen", {"antwoord_id": an_answer_id(), "keuze": "ja"}, client=client, unit=UNIT, screen="half-bekend"
    )
    assert "Nog niet" in answered.text
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 0
    assert db.session.scalar(select(func.count()).select_from(UnitProgress)) == 0


def test_a_mentor_plays_the_chat_without_leaving_a_trace() -> None:
    mentor = a_mentor(a_school("agora"))
    client = client_of(mentor)
    response = post(
        mentor,
        "lessons.try_screen",
        {"knoop": "n01-verzoek", "keuze": "ja", "nummer": "0"},
        client=client,
        unit=UNIT,
        screen="een-verzoek-van-fenna",
    )
    page = client.get(response.headers["Location"].split("#")[0])
    check_page(page)
    assert "Mag ik het nummer van Mei?" in page.text
    assert db.session.scalar(select(func.count()).select_from(ScenarioEvent)) == 0


def test_the_mentor_page_has_everything_to_give_the_lesson() -> None:
    page = visit(a_mentor(a_school("compass")), "lessons.show_mentor_page", unit=UNIT)
    for heading in ("Doel", "Tijd per stap", "Zonder apparaten", "Printblad", "Brief voor thuis"):
        assert heading in page.text
