"""What a change touches and how two texts differ: without a database."""

from __future__ import annotations

from functools import lru_cache

from hypothesis import given
from hypothesis import strategies as st

from editor.difference import side_by_side
from editor.domain import TALK, Touch, counts_of, impact_of, units_using
from lessons.library import ROOT, Lesson, read_library
from protocols.domain import Change, RuleBook, Stance, Track, rule_book
from protocols.parse import load_corpus

RULE = "vriendschap.leerling-medewerker"


@lru_cache(maxsize=1)
def lessons() -> list[Lesson]:
    return [lesson for lesson in read_library(ROOT, load_corpus())[0] if lesson.unit.meta.theme == "vriendschapsverzoek"]


def a_book(stance: Stance = Stance.MAG_NIET, condition: str | None = None) -> RuleBook:
    return rule_book(load_corpus(), "agora", [Change(RULE, stance, condition, None, ())])


def both_ways(rule: str) -> tuple[RuleBook, RuleBook]:
    """A rule book in which this is allowed, and one in which it is not."""
    yes, no = (Change(rule, stance, None, None, ()) for stance in (Stance.MAG, Stance.MAG_NIET))
    return rule_book(load_corpus(), "agora", [yes]), rule_book(load_corpus(), "agora", [no])


def test_nothing_changed_touches_nothing() -> None:
    assert impact_of(a_book(), a_book(), lessons()) == []


def test_a_change_names_the_lesson_the_explanation_and_the_question_before_and_after() -> None:
    found = impact_of(a_book(Stance.MAG_NIET), a_book(Stance.MAG), lessons())
    effects = next(lesson for lesson in found if lesson.track is Track.PRIMARY).effects
    assert {Touch.TAUGHT, Touch.QUESTION} <= {effect.touch for effect in effects}
    question = next(effect for effect in effects if effect.touch is Touch.QUESTION)
    assert question.changes
    assert question.before != question.after


def test_what_becomes_unregulated_becomes_something_to_talk_about() -> None:
    found = impact_of(a_book(Stance.MAG_NIET), a_book(Stance.NIET_GEREGELD), lessons())
    questions = [effect for lesson in found for effect in lesson.effects if effect.touch is Touch.QUESTION]
    assert questions
    assert all(effect.after == TALK for effect in questions)


def test_another_condition_alone_keeps_every_right_answer() -> None:
    found = impact_of(a_book(Stance.MAG_ALS, "als het over school gaat"), a_book(Stance.MAG_ALS, "als het licht is"), lessons())
    assert found
    assert counts_of(found).turned == 0
    assert counts_of(found).kept > 0


def test_a_chat_that_follows_the_rule_is_told_in_its_own_words() -> None:
    chats = []
    for rule in load_corpus().rules:
        before, after = both_ways(rule)
        chats += [effect for lesson in impact_of(before, after, lessons()) for effect in lesson.effects if effect.touch is Touch.CHAT]
    assert chats
    assert all(effect.before.strip() and effect.after.strip() for effect in chats)


def test_every_item_bound_to_a_changed_rule_is_in_the_impact() -> None:
    for rule in load_corpus().rules:
        before, after = both_ways(rule)
        found = impact_of(before, after, lessons())
        bound = [item for lesson in lessons() for item in lesson.quiz.items if rule in item.rules()]
        assert bool(bound) <= bool(found)
        assert bool(found) == (rule in units_using(lessons()))


def test_equal_texts_have_no_difference() -> None:
    assert side_by_side("a\nb", "a\nb") == []


def test_a_changed_word_is_marked_on_both_sides() -> None:
    (row,) = side_by_side("de kat zit op de mat", "de hond zit op de mat")
    assert [part.text for part in row.left if part.marked] == ["kat"]
    assert [part.text for part in row.right if part.marked] == ["hond"]


def test_a_line_put_in_between_does_not_shift_its_neighbours() -> None:
    rows = side_by_side("eerste regel hier\ntweede regel daar", "iets heel anders\neerste regel hier!\ntweede regel daar")
    assert [row.kind for row in rows] == ["added", "changed", "same"]


def test_equal_lines_far_from_a_change_are_left_out_and_counted() -> None:
    old = "\n".join(str(number) for number in range(40))
    rows = side_by_side(old, old.replace("20", "twintig"))
    assert [row.left_line for row in rows if row.kind == "gap"] == [17, 16]


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_both_versions_can_be_read_back_from_the_rows(old: str, new: str) -> None:
    rows = side_by_side(old, new)
    if old == new:
        assert rows == []
        return
    left = {row.left_line: "".join(part.text for part in row.left) for row in rows if row.kind != "gap" and row.left_line}
    right = {row.right_line: "".join(part.text for part in row.right) for row in rows if row.kind != "gap" and row.right_line}
    assert all(old.split("\n")[line - 1] == text for line, text in left.items())
    assert all(new.split("\n")[line - 1] == text for line, text in right.items())
    assert list(left) == sorted(left)
    assert list(right) == sorted(right)
