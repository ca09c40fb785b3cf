"""Every type of item. A new one is a module here, a template in templates/lessons/types, and a test; see docs/item-types.md."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quizzes.domain import Item
from quizzes.types.compose import Compose
from quizzes.types.mark import Mark
from quizzes.types.match import Match
from quizzes.types.one_choice import OneChoice
from quizzes.types.open_text import Open
from quizzes.types.order import Order
from quizzes.types.scale import Scale
from quizzes.types.settings import Settings
from quizzes.types.several_choices import SeveralChoices
from quizzes.types.sort import Sort
from quizzes.types.spot import SpotTheFake

__all__ = ["TYPES", "AnyItem", "name_of"]

AnyItem = Annotated[
    OneChoice | SeveralChoices | Sort | Order | Match | Mark | Scale | Open | Compose | Settings | SpotTheFake, Field(discriminator="type")
]
_CLASSES: tuple[type[Item], ...] = (OneChoice, SeveralChoices, Sort, Order, Match, Mark, Compose, Settings, SpotTheFake, Scale, Open)


def name_of(kind: type[Item]) -> str:
    """A type as it stands in a file, for instance "one-choice"."""
    return str(kind.model_fields["type"].annotation.__args__[0])  # type: ignore[union-attr]


TYPES: dict[str, type[Item]] = {name_of(kind): kind for kind in _CLASSES}
