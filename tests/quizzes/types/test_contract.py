"""What every type of item keeps to, shown on every item of every lesson and on the examples of docs/item-types.md."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from flask import current_app
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from protocols.domain import RuleBook, Stance
from protocols.parse import load_corpus
from quizzes.domain import Counting, Item, Outcome
from quizzes.judge import judge
from quizzes.parse import quiz_faults
from quizzes.quiz import Quiz
from quizzes.types import TYPES
from tests.books import SCHOOLS, the_book_of
from tests.quizzes.examples import KINDS, all_items, documented, of_kind

ROOT = Path(__file__).resolve().parents[3]
AN_ITEM = st.sampled_from(all_items())
A_BOOK = st.sampled_from(SCHOOLS).map(the_book_of)
A_CHANCE = st.randoms(use_true_random=False)


@pytest.mark.parametrize("kind", KINDS)
def test_a_type_is_one_module_one_template_and_one_test(kind: str) -> None:
    module = TYPES[kind].__module__.rpartition(".")[2]
    assert (ROOT / "quizzes" / "types" / f"{module}.py").is_file()
    template = (ROOT / "templates" / "lessons" / "types" / f"{kind}.html").read_text(encoding="utf-8")
    assert "{% macro task(" in template
    assert "{% macro printed(" in template
    assert ("{% macro answered(" in template) == (TYPES[kind].look is not Item.look)
    assert (ROOT / "tests" / "quizzes" / "types" / f"test_{module}.py").is_file()


def test_every_type_stands_in_the_page_that_shows_them() -> None:
    page = (ROOT / "docs" / "item-types.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in page and f"### {kind}:" not in page] == []


def test_the_examples_of_the_page_have_no_fault() -> None:
    quiz = all_items()[0][0]
    with_examples = quiz.model_copy(update={"items": (*quiz.items, *documented().values())})
    assert list(quiz_faults(with_examples, load_corpus())) == []


@given(AN_ITEM, A_CHANCE, st.floats(0, 1), A_BOOK)
def test_an_answer_goes_through_a_form_and_comes_back_the_same(
    one: tuple[Quiz, Item], chance: Random, knows: float, book: RuleBook
) -> None:
    _quiz, item = one
    value = item.imagined(chance, knows, book)
    found = item.read(MultiDict(item.sent(value)))
    assert (found.value, found.problems, found.moved) == (value, [], None)


@given(AN_ITEM, A_CHANCE, A_BOOK)
def test_who_knows_all_has_all_right_at_every_school(one: tuple[Quiz, Item], chance: Random, book: RuleBook) -> None:
    quiz, item = one
    verdict = judge(quiz, item, item.imagined(chance, 1.0, book), book)
    assert verdict.right == verdict.total
    assert verdict.outcome in ((Outcome.FOLLOWS, Outcome.TALK) if item.is_scored else (Outcome.NONE,))


@given(AN_ITEM, A_CHANCE, st.floats(0, 1), A_BOOK)
def test_every_part_that_was_chosen_says_why_and_what_can_be_done(
    one: tuple[Quiz, Item], chance: Random, knows: float, book: RuleBook
) -> None:
    quiz, item = one
    for part in judge(quiz, item, item.imagined(chance, knows, book), book).chosen:
        assert part.why, (item.id, part.id)
        assert part.now or item.kind in ("order", "match", "mark"), (item.id, part.id)


@given(AN_ITEM, A_CHANCE, st.floats(0, 1), A_BOOK)
def test_judging_twice_comes_to_the_same_and_an_answer_is_plain_data(
    one: tuple[Quiz, Item], chance: Random, knows: float, book: RuleBook
) -> None:
    quiz, item = one
    value = item.imagined(chance, knows, book)
    assert json.loads(json.dumps(value)) == value
    assert judge(quiz, item, value, book) == judge(quiz, item, value, book)
    assert item.said(value)


@given(AN_ITEM, A_CHANCE, st.sampled_from(Stance), A_BOOK)
def test_silence_of_a_school_makes_nothing_right_or_wrong(one: tuple[Quiz, Item], chance: Random, stance: Stance, book: RuleBook) -> None:
    quiz, item = one
    bounds = list(item.bound())
    for bound in bounds:
        ruling = bound.by_stance[stance]
        assert ruling.talk or ruling.right
        assert ruling.talk or stance is not Stance.NIET_GEREGELD
    silent = {bound.part for bound in bounds if bound.right(book) is None}
    verdict = judge(quiz, item, item.imagined(chance, 0.5, book), book)
    for part in verdict.parts:
        if part.id in silent or None in silent:
            assert part.outcome is Outcome.TALK


@given(AN_ITEM, A_BOOK, st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.lists(st.text(max_size=8)), max_size=4))
def test_an_answer_to_something_else_is_told_apart_and_never_counted(
    one: tuple[Quiz, Item], book: RuleBook, value: dict[str, object]
) -> None:
    quiz, item = one
    try:
        verdict = judge(quiz, item, value, book)
    except (KeyError, IndexError, TypeError, StopIteration):
        return
    assert not item.is_scored
    assert verdict.total == 0


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("kind", KINDS)
def test_on_paper_everything_stands_that_there_is_to_choose(kind: str) -> None:
    for _quiz, item in of_kind(kind)[:3]:
        with current_app.test_request_context():
            page = current_app.jinja_env.from_string(
                "{% from 'lessons/task.html' import printed %}{{ printed(item, item.fields({}, 'x')) }}"
            ).render(item=item)
        assert "<input" not in page
        assert "<button" not in page
        for text in _choices(item):
            assert text in page, (item.id, text)


def _choices(item: Item) -> list[str]:
    """The first words of everything that a pupil can choose, as far as HTML leaves them alone."""
    if item.counting is Counting.WORDS:
        return []
    chance, book = Random(1), the_book_of("agora")
    said = [line for _ in range(6) for line in item.said(item.imagined(chance, chance.random(), book))]
    parts = [part.strip() for line in said for part in line.split(" → ")]
    return [part.split(". ", 1)[-1].split("'")[0].split('"')[0].split("&")[0][:25] for part in parts]


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_asked_in_a_lesson_of_both_tracks(kind: str) -> None:
    tracks = {quiz.track.value for quiz, item in of_kind(kind) if item is not documented().get(kind)}
    assert tracks == {"primair", "voortgezet"}
