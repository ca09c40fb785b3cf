"""Answers on the printed sheet, typed over in signs: every item of every lesson, there and back."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from lessons.library import load_library
from quizzes.domain import Item
from quizzes.paper import Unread, answer_in, as_typed, how_to_type, pattern_of, signs_of
from tests.books import the_book_of

pytestmark = pytest.mark.usefixtures("app")
ITEMS = [(lesson.slug, item) for lesson in load_library().lessons.values() for item in lesson.quiz.items]
TYPED = [(slug, item) for slug, item in ITEMS if item.on_paper() is not None]


def an_item(kind: str) -> Item:
    return next(item for _slug, item in TYPED if item.kind == kind)


@pytest.mark.parametrize(("slug", "item"), TYPED, ids=[f"{slug}/{item.id}" for slug, item in TYPED])
def test_an_answer_typed_over_is_the_answer_itself(slug: str, item: Item) -> None:
    book, chance = the_book_of("agora"), Random(f"{slug}{item.id}")
    keys = item.on_paper()
    assert keys is not None
    for knows in (0.0, 0.5, 1.0):
        value = item.imagined(chance, knows, book)
        text = as_typed(item, value)
        assert answer_in(item, text.lower()) == _sorted(item, value)
        assert re.fullmatch(pattern_of(keys), text)
        assert re.fullmatch(pattern_of(keys), ", ".join(text))
    assert how_to_type(keys)


def _sorted(item: Item, value: dict[str, Any]) -> dict[str, Any]:
    """What a form makes of it: ticked parts come in the order of the item."""
    from quizzes.paper import _Pairs

    return item.read(_Pairs(item.sent(value))).value


def test_own_words_are_not_typed_over() -> None:
    item = next(item for _slug, item in ITEMS if item.kind == "open")
    assert item.on_paper() is None
    with pytest.raises(Unread, match="eigen woorden"):
        answer_in(item, "A")


@pytest.mark.parametrize("text", ["", "Z", "AB", "1", "?", "Á", "🙂", "A" * 40])
def test_what_cannot_be_one_choice_is_told(text: str) -> None:
    with pytest.raises(Unread):
        answer_in(an_item("one-choice"), text)


def test_each_card_needs_its_letter() -> None:
    item = an_item("sort")
    keys = item.on_paper()
    assert keys is not None
    with pytest.raises(Unread, match=f"Typ {len(keys.rows)} letters"):
        answer_in(item, "A" * (len(keys.rows) - 1))
    with pytest.raises(Unread, match="“Z” staat niet op het blad"):
        answer_in(item, "Z" * len(keys.rows))
    assert answer_in(item, " ".join("A" * len(keys.rows))) == answer_in(item, "a" * len(keys.rows))


def test_an_order_has_each_number_once() -> None:
    item = an_item("order")
    keys = item.on_paper()
    assert keys is not None
    signs = signs_of(keys)
    assert set(answer_in(item, signs[::-1])["order"]) == set(keys.rows[0][1])
    for wrong in (signs[:-1], signs[0] * len(signs), signs + "9", "ABCD"):
        with pytest.raises(Unread, match="elk één keer"):
            answer_in(item, wrong)


def test_an_opinion_is_a_number_and_no_letter() -> None:
    item = an_item("scale")
    assert answer_in(item, "1") == {"value": 0}
    with pytest.raises(Unread):
        answer_in(item, "A")


def test_several_crosses_may_come_in_any_order_and_double() -> None:
    item = an_item("several-choices")
    assert answer_in(item, "C, A a") == answer_in(item, "AC")
