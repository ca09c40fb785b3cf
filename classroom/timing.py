"""The minutes that the mentor page plans for each step: the table under "Tijd per stap". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lessons.domain import Piece, Prose

ROW = re.compile(r"^\|(?P<step>[^|]+)\|\s*(?P<minutes>\d{1,3})\s*\|(?P<what>[^|]*)\|", re.MULTILINE)


@dataclass(frozen=True)
class Planned:
    """So many minutes for a step, and what the mentor does."""

    step: str
    minutes: int
    what: str


def planned(pieces: Iterable[Piece]) -> list[Planned]:
    """Every row of the table that names a step and minutes."""
    text = "\n".join(piece.text for piece in pieces if isinstance(piece, Prose))
    return [Planned(row["step"].strip(), int(row["minutes"]), row["what"].strip()) for row in ROW.finditer(text)]
