"""How much room a text takes on paper, roughly and rather too much: for sheets that must be one page. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from math import ceil

# In widths of an ordinary small letter: signs of other scripts and pictures are square, and some letters are wider than others.
SQUARE, CAPITAL = 2.4, 1.5
BROAD = {**dict.fromkeys("MW@…—%", 2.25), "m": 1.9, "w": 1.7}
# What is left empty at the end of lines, because words stay whole.
FILLED = 0.95


def width_of(text: str) -> float:
    """How wide a text is on one line, in ordinary letters."""
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if ord(sign) > 0xFFFF or unicodedata.east_asian_width(sign) in ("W", "F"):
        return SQUARE
    return BROAD.get(sign) or (CAPITAL if sign.isupper() else 1.0)


def lines_of(text: str, letters: float) -> int:
    """On how many lines a text stands when so many ordinary letters go on one."""
    return max(1, ceil(width_of(text) / max(1.0, letters * FILLED)))


def largest_that_fits(sizes: Sequence[float], room: float, height: Callable[[float], float]) -> int:
    """The place of the largest size (they come large to small) at which what is set is no higher than the room; else the last."""
    return next((place for place, size in enumerate(sizes) if height(size) <= room), len(sizes) - 1)


def height_of_list(texts: Iterable[str], letters: float, line: float, gap: float) -> float:
    """A list of texts under each other: its lines, and a gap after each."""
    return sum(lines_of(text, letters) * line + gap for text in texts)
