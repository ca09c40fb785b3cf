"""Every kind of question takes every kind of answer: right, wrong, half, foreign or mad. None is a fault, none is half stored."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from common.database import db
from lessons.domain import Screen, screens
from protocols.parse import load_corpus
from protocols.queries import rule_book_of
from quizzes.domain import Item
from quizzes.forms import read_answer
from quizzes.judge import judge
from quizzes.models import Answer
from tests.books import the_book_of
from tests.page import address, check_page, client_of, csrf_of
from tests.people import an_answer_id
from tests.quizzes.examples import KINDS, of_kind
from tests.world import UNIT, a_world, finish, lesson

FIELDS = ("keuze", "keuzes", "volgorde", "stukje", "stand", "tekst", "plek", "deel:begin", "knop:account", "antwoord_id")
ODD = ("", "x", "\x00", "\ud800", "-1", "0", "99", "9" * 40, "true", "[]", "ja,nee", "\u202e", "é" * 500, "__proto__", "kaart:a")
Fields = list[tuple[str, str]]


def _good(item: Item, chance: random.Random) -> Fields:
    """A complete answer, right or wrong."""
    return item.sent(item.imagined(chance, chance.random(), the_book_of("agora")))


def _mad(item: Item, chance: random.Random) -> Fields:
    """A good answer with some of it taken away, doubled, mixed up or replaced."""
    good = _good(item, chance)
    names = (
        [name for name, _value in good] + [f"{way}:x" for way in ("kaart", "paar", "omhoog", "omlaag", "deel", "knop")] + ["antwoord_id"]
    )
    values = [*ODD, *(value for _name, value in good)]
    fields = good + [(chance.choice(names), chance.choice(values)) for _ in range(chance.randint(0, 6))]
    chance.shuffle(fields)
    return fields[chance.randint(0, 1) : len(fields) - chance.randint(0, 1)]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("protocol", sorted(load_corpus().protocols))
def test_every_complete_answer_is_judged_and_no_mad_one_breaks_anything(kind: str, protocol: str) -> None:
    chance = random.Random(f"{kind}{protocol}")
    book = rule_book_of("a school without changes of its own", protocol)
    items = of_kind(kind)
    assert items
    for quiz, item in items:
        for _ in range(10):
            form = read_answer(item, MultiDict([("antwoord_id", an_answer_id()), *_good(item, chance)]))
            assert not form.problems
            verdict = judge(quiz, item, form.value, book)
            assert 0 <= verdict.right <= verdict.total
            form = read_answer(item, MultiDict([("antwoord_id", an_answer_id()), *_mad(item, chance)]))
            if not form.problems and not form.moved:
                judge(quiz, item, form.value, book)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.lists(
        st.tuples(
            st.sampled_from(
                ["keuze", "keuzes", "volgorde", "stukje", "stand", "tekst", "plek", "deel:begin", "knop:account", "antwoord_id"]
            ),
            st.text(),
        ),
        max_size=8,
    )
)
def test_whatever_is_typed_is_read_without_a_fault(app: Any, data: list[tuple[str, str]]) -> None:
    for kind in KINDS:
        for _quiz, item in of_kind(kind)[:2]:
            form = read_answer(item, MultiDict(data))
            assert form.problems or form.value


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("kind", KINDS)
def test_a_mad_form_on_the_page_itself_is_stored_whole_or_not_at_all(kind: str) -> None:
    world, chance = a_world(), random.Random(kind)
    screen = _screen_of(kind)
    if screen is None:
        pytest.skip(f"the lesson of this world has no {kind}")
    finish(world.pupil, world.school_class)
    client = client_of(world.pupil)
    token, url = csrf_of(client), address("lessons.answer_screen", unit=UNIT, screen=screen.key)
    stored = 0
    for turn in range(12):
        answer = (_good if turn % 3 == 0 else _mad)(screen.item, chance)
        fields = MultiDict([("csrf_token", token), ("antwoord_id", an_answer_id()), *answer])
        fields = MultiDict([(name, value.replace("\ud800", "\ufffd")) for name, value in fields.items(multi=True)])
        response = client.post(url, data=fields)
        check_page(response)
        assert response.status_code in (200, 302, 422)
        stored += response.status_code == 302
        assert db.session.scalar(select(func.count()).select_from(Answer)) == stored
    assert stored >= 4


def _screen_of(kind: str) -> Screen | None:
    found = [screen for screen in screens(lesson().unit, lesson().quiz, 1) if getattr(screen.item, "type", None) == kind]
    return found[0] if found else None
