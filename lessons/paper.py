"""Which questions of a unit can be typed over from the printed sheet, where they stand on it, and what that means for how far
a pupil is. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lessons.domain import Screen
from lessons.library import Lesson
from quizzes.domain import OnPaper

# The moments of a lesson as an address says them.
MOMENTS = {"start": "starter", "les": "lesson", "eind": "closing"}
# A form may hold 500 fields (common/web.py); some are not answers.
MOST_CELLS = 480


@dataclass(frozen=True)
class Column:
    """One question that can be typed over. number is the one that it has on the sheet."""

    number: int
    screen: Screen
    keys: OnPaper

    @property
    def key(self) -> str:
        return str(self.screen.item.id)


def columns(lesson: Lesson, half: int, moment: str) -> list[Column]:
    """The questions of one moment on the sheet of one half of the class; own words are not typed over."""
    asked = [screen for screen in lesson.screens(half) if screen.item is not None]
    numbered = [(number, screen, screen.item.on_paper()) for number, screen in enumerate(asked, 1)]
    return [Column(number, screen, keys) for number, screen, keys in numbered if keys is not None and screen.moment == moment]


def paper_id(pupil_id: str, unit: str, item: str, moment: str) -> str:
    """The answer id of what was typed over: the same each time, so that it is stored once and known for what it is."""
    return hashlib.sha256(f"papier/{pupil_id}/{unit}/{item}/{moment}".encode()).hexdigest()[:32]


def pupils_per_page(most_columns: int) -> int:
    return max(1, MOST_CELLS // max(1, most_columns))


def done_on_paper(screens: Sequence[Screen], done: Collection[str], answered: Collection[tuple[str, str]]) -> list[str]:
    """The screens that are done, in order, now that these questions (item, moment) have an answer.

    What cannot be typed over (reading, the chat, talking, own words) counts as done up to the last question with an answer,
    and all of it once every question has one: the class did it together.
    """
    typed_over = [screen.item is not None and screen.item.on_paper() is not None for screen in screens]
    has_answer = [can and (screen.item.id, screen.moment) in answered for can, screen in zip(typed_over, screens, strict=True)]
    everything = any(typed_over) and has_answer == typed_over
    last = max((place for place, has in enumerate(has_answer) if has), default=-1)
    return [
        screen.key
        for place, screen in enumerate(screens)
        if (has_answer[place] if typed_over[place] else everything or place < last or screen.key in done)
    ]
