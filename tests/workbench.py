"""A lesson with an item of every type in it: the shipped one, and after it the examples of docs/item-types.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import current_app

from lessons.domain import Block, ItemBlock, Step
from lessons.library import Lesson, Library
from quizzes.domain import Item
from tests.quizzes.examples import all_items, documented

SHIPPED = "vriendschapsverzoek-{track}"


def workbench(track: str, items: list[Item] | None = None) -> Lesson:
    """The shipped lesson of a track with these items (else one of every type that is not in it) as a last step."""
    shipped: Lesson = _library().lessons[SHIPPED.format(track=track)]
    there = {item.kind for item in shipped.quiz.items if item.use == "lesson"}
    added = _missing(there) if items is None else items
    blocks = tuple(Block("opgave", item.id, ItemBlock(), 1) for item in added)
    unit = replace(shipped.unit, steps=(*shipped.unit.steps, Step("werkbank", "Werkbank", blocks, 1)))
    quiz = shipped.quiz.model_copy(update={"items": (*shipped.quiz.items, *added)})
    return replace(shipped, unit=unit, quiz=quiz, _screens={})


def _missing(there: set[str]) -> list[Item]:
    found = dict(documented())
    for _quiz, item in all_items():
        if item.use == "lesson":
            found.setdefault(item.kind, item)
    return [item for kind, item in found.items() if kind not in there]


def _library() -> Library:
    found: Library = current_app.extensions["library"]
    return found


@contextmanager
def with_workbench(track: str) -> Iterator[Lesson]:
    """The app gives the workbench instead of the shipped lesson, as long as this lasts."""
    before = _library()
    lesson = workbench(track)
    current_app.extensions["library"] = Library({**before.lessons, lesson.slug: lesson})
    try:
        yield lesson
    finally:
        current_app.extensions["library"] = before
