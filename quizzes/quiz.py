"""A quiz file: all items of one unit, its two equal checks and its chat scenario, frozen."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from protocols.domain import Stance, Track
from quizzes.domain import Frozen, Item, Key, RuleKey, Text
from quizzes.scenario import Scenario
from quizzes.types import AnyItem


class Notes(Frozen):
    """Sentences that the app itself adds to an explanation, in the words of the track."""

    derived: Text
    talk: Text
    fair: Text


class Forms(Frozen):
    A: tuple[Key, ...] = Field(min_length=1)
    B: tuple[Key, ...] = Field(min_length=1)


class Halves(Frozen):
    half_1: Literal["A", "B"]
    half_2: Literal["A", "B"]


class Checks(Frozen):
    """The starter and closing check: two equal forms, swapped between the halves of a class."""

    forms: Forms
    pairs: tuple[tuple[Key, Key], ...]
    starter: Halves
    closing: Halves


class Quiz(Frozen):
    """All items and the chat scenario of one unit."""

    schema_name: Literal["netjes-quiz/1"] = Field(alias="schema")
    theme: Key
    track: Track
    revision: int = Field(ge=1)
    notes: Notes
    checks: Checks
    rule_texts: dict[RuleKey, dict[Stance, Text]]
    items: tuple[AnyItem, ...] = Field(min_length=1)
    scenario: Scenario

    def item(self, item_id: str) -> Item:
        """The item with this id. Raises KeyError when there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def check_items(self, moment: Literal["starter", "closing"], half: int) -> list[Item]:
        """The items of the starter or closing check for one half (1 or 2) of the class."""
        form = getattr(getattr(self.checks, moment), f"half_{half}")
        return [self.item(key) for key in getattr(self.checks.forms, form)]
