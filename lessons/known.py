"""What a pupil knows now: the agreements that were taught, what became right between start and end, and words. Pure.

Everything here is about one pupil and measured against that pupil alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lessons.domain import Block
from lessons.library import Lesson
from lessons.present import said
from protocols.domain import RuleBook
from quizzes.domain import Outcome
from schools.present import ShownRule, shown_rule

# What a pupil's first answers came to in a unit, per moment and item: {"starter": {"a-ja": Outcome.FOLLOWS}}.
Checked = Mapping[str, Mapping[str, Outcome]]


@dataclass(frozen=True)
class Growth:
    """The goals of a unit in the pupil's words: right now and not at the start, right both times, and not yet."""

    grown: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    later: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.grown or self.kept or self.later)


@dataclass(frozen=True)
class Taught:
    """What a unit brought so far: each agreement with its sentence, and the words that were explained."""

    rules: tuple[tuple[ShownRule, str], ...]
    words: tuple[tuple[str, str], ...]


def growth(lesson: Lesson, checked: Checked) -> Growth:
    """Then and now per goal. The two checks ask the same goals with other questions; a goal that was asked once is left out."""
    found: dict[str, list[str]] = {"grown": [], "kept": [], "later": []}
    for goal in lesson.unit.meta.goals:
        then, now = (_is_right(lesson, goal.id, checked.get(moment, {})) for moment in ("starter", "closing"))
        if now is False:
            found["later"].append(goal.text)
        elif now and then is not None:
            found["kept" if then else "grown"].append(goal.text)
    return Growth(**{kind: tuple(texts) for kind, texts in found.items()})


def _is_right(lesson: Lesson, goal: str, outcomes: Mapping[str, Outcome]) -> bool | None:
    """Whether every scored answer about a goal was right; None when there is none."""
    about = {item.id for item in lesson.quiz.items if item.goal == goal}
    scored = [outcome.is_right for item, outcome in outcomes.items() if item in about and outcome.is_scored]
    return all(scored) if scored else None


def taught(lesson: Lesson, book: RuleBook, done: Collection[str] | None, half: int) -> Taught:
    """What the pages that were done taught, by the agreements of today. done None: all of it."""
    blocks = _blocks(lesson, done, half)
    rules = dict.fromkeys(block.id for block in blocks if block.kind == "regel")
    words = dict.fromkeys(block.id for block in blocks if block.kind == "woord")
    meanings = {word.word: word.meaning for word in lesson.unit.meta.words}
    return Taught(
        rules=tuple((shown_rule(book, key, lesson.unit.track), said(lesson, key, book)) for key in rules),
        words=tuple((word, meanings[word]) for word in words if word in meanings),
    )


def _blocks(lesson: Lesson, done: Collection[str] | None, half: int) -> list[Block]:
    if done is None:
        return list(lesson.unit.blocks)
    pieces = [piece for screen in lesson.screens(half) if screen.key in done for piece in screen.pieces]
    return [piece for piece in pieces if isinstance(piece, Block)]


def intention_screen(lesson: Lesson, half: int) -> str | None:
    """The page on which the intention is written, to change it; None when the school took it out of the lesson."""
    return next((screen.key for screen in lesson.screens(half) if screen.kind == "intentie"), None)


def next_lesson(lessons: Sequence[Lesson], finished: Collection[str], after: str) -> Lesson | None:
    """The first unit after this one that is not finished, else the first before it; None when all are."""
    slugs = [lesson.slug for lesson in lessons]
    place = slugs.index(after) + 1 if after in slugs else 0
    return next((lesson for lesson in [*lessons[place:], *lessons[:place]] if lesson.slug not in finished), None)
