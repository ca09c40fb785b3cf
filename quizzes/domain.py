"""Items and chat scenarios as they stand in a quiz file, frozen, and what a pupil's answer can come to.

These are pydantic models rather than plain dataclasses, because one description then serves for reading,
checking and using (docs/decisions/002-content-models.md). They know nothing of Flask or the database.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from protocols.domain import Stance

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=60)]
RuleKey = Annotated[str, Field(pattern=r"^[a-z0-9.-]+$", max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=600)]
ByStance = dict[Stance, "Ruling"]


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Outcome(StrEnum):
    """What an answer comes to, measured against the agreements of the pupil's own school."""

    FOLLOWS = "past"
    FAIR = "ook-netjes"
    PARTLY = "deels"
    DIFFERS = "nog-niet"
    TALK = "praten"
    NONE = "geen"

    @property
    def is_scored(self) -> bool:
        return self not in (Outcome.TALK, Outcome.NONE)

    @property
    def is_right(self) -> bool:
        return self in (Outcome.FOLLOWS, Outcome.FAIR)


class Ruling(Frozen):
    """What fits under one stance: right answers, answers that are decent too, or a talk without right or wrong."""

    right: tuple[Key, ...] = ()
    fair: tuple[Key, ...] = ()
    talk: bool = False
    why: Text | None = None


class Option(Frozen):
    """One possible answer with its own explanation in three moves."""

    id: Key
    text: Text
    right: bool = False
    think: Text | None = None
    why: Text | None = None
    now: Text | None = None


class _Item(Frozen):
    id: Key
    use: Literal["check", "lesson", "review"]
    goal: Key
    question: Text
    rule: RuleKey | None = None
    cite_if_ruled: RuleKey | None = None
    talk: Text | None = None
    by_stance: ByStance | None = None

    @property
    def is_scored(self) -> bool:
        return True


class OneChoice(_Item):
    type: Literal["one-choice"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=6)


class SeveralChoices(_Item):
    type: Literal["several-choices"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=8)


class Pile(Frozen):
    id: Key
    text: Text


class Card(Frozen):
    id: Key
    text: Text
    rule: RuleKey | None = None
    by_stance: ByStance | None = None
    right: tuple[Key, ...] = ()
    think: Text | None = None
    why: Text | None = None
    now: Text | None = None


class Sort(_Item):
    type: Literal["sort"]
    bins: tuple[Pile, ...] = Field(min_length=2, max_length=4)
    cards: tuple[Card, ...] = Field(min_length=2, max_length=8)


class OrderStep(Frozen):
    id: Key
    text: Text


class Before(Frozen):
    """The first of the pair must stand somewhere before the second."""

    pair: tuple[Key, Key]
    why: Text
    now: Text | None = None
    think: Text | None = None


class Order(_Item):
    type: Literal["order"]
    steps: tuple[OrderStep, ...] = Field(min_length=3, max_length=8)
    before: tuple[Before, ...] = Field(min_length=1)
    after: Text | None = None


class Pair(Frozen):
    id: Key
    left: Text
    right: Text
    think: Text | None = None
    why: Text
    now: Text | None = None


class Match(_Item):
    type: Literal["match"]
    pairs: tuple[Pair, ...] = Field(min_length=3, max_length=6)


class MarkedMessage(Frozen):
    sender: str = Field(alias="from", min_length=1, max_length=60)
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class MarkRuling(Frozen):
    right: bool
    think: Text | None = None
    why: Text
    now: Text | None = None


class Mark(_Item):
    type: Literal["mark"]
    message: MarkedMessage
    marks: dict[Key, MarkRuling] = Field(min_length=2)


class Scale(_Item):
    type: Literal["scale"]
    scored: Literal[False]
    labels: tuple[Text, ...] = Field(min_length=2, max_length=7)
    after: Text | None = None

    @property
    def is_scored(self) -> bool:
        return False


class Open(_Item):
    type: Literal["open"]
    scored: Literal[False]
    seen_by: Literal["mentor"]
    notice: Text
    after: Text | None = None

    @property
    def is_scored(self) -> bool:
        return False


Item = Annotated[OneChoice | SeveralChoices | Sort | Order | Match | Mark | Scale | Open, Field(discriminator="type")]
ITEM_TYPES = ("one-choice", "several-choices", "sort", "order", "match", "mark", "scale", "open")
