"""An item of every type: from the shipped lessons, and for the types shown in docs/item-types.md the example there."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from common.yaml_source import Source
from lessons.library import load_library
from quizzes.domain import Frozen, Item
from quizzes.quiz import Quiz
from quizzes.types import TYPES, AnyItem

PAGE = Path(__file__).resolve().parents[2] / "docs" / "item-types.md"
BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


# A quiz that the tests of the types know by heart.
QUIZ: Quiz = load_library().lessons["vriendschapsverzoek-primair"].quiz


class _Items(Frozen):
    items: tuple[AnyItem, ...]


@lru_cache(maxsize=1)
def documented() -> dict[str, Item]:
    """The examples of docs/item-types.md, by type."""
    text = "items:\n" + "".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    source = Source("docs/item-types.md", text)
    found = source.parse(_Items)
    assert found is not None, source.problems
    return {item.kind: item for item in found.items}


@lru_cache(maxsize=1)
def all_items() -> list[tuple[Quiz, Item]]:
    """Every item there is, each with a quiz to judge it by."""
    lessons = list(load_library().lessons.values())
    return [*((one.quiz, item) for one in lessons for item in one.quiz.items), *((lessons[0].quiz, item) for item in documented().values())]


def of_kind(kind: str) -> list[tuple[Quiz, Item]]:
    found = [(quiz, item) for quiz, item in all_items() if item.kind == kind]
    assert found, f"no item of type {kind} anywhere"
    return found


KINDS = tuple(TYPES)
