"""A unit: one lesson as a chain of steps, and the screens through which a pupil walks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from markupsafe import Markup
from pydantic import Field

from protocols.domain import Stance, Track
from quizzes.domain import Frozen, Key, RuleKey, Text
from quizzes.play import Position
from quizzes.quiz import Quiz

MENTOR_SECTIONS = ("doel", "vooraf", "tijd", "vragen", "stemmen", "gevoelig", "zonder", "printblad", "thuis")


# ---- front matter ----


class Goal(Frozen):
    id: Key
    text: Text


class TaughtRules(Frozen):
    taught: tuple[RuleKey, ...] = ()
    asked: tuple[RuleKey, ...] = ()
    cited: tuple[RuleKey, ...] = ()


class KerndoelItem(Frozen):
    id: str
    label: Text


class Kerndoelen(Frozen):
    edition: str
    note: Text
    items: tuple[KerndoelItem, ...]


class Competences(Frozen):
    edition: str
    items: tuple[str, ...]


class Word(Frozen):
    """A difficult word. from: rule tells that only a school's condition uses it."""

    word: Text
    plural: Text | None = None
    meaning: Text
    source: Literal["rule"] | None = Field(default=None, alias="from")

    def stands_in(self, text: str) -> bool:
        """Whether the word or its plural occurs as a word of its own."""
        forms = [re.escape(form) for form in (self.word, self.plural) if form]
        return re.search(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", text, re.IGNORECASE) is not None


class FrontMatter(Frozen):
    schema_name: Literal["netjes-lesson/1"] = Field(alias="schema")
    theme: Key
    track: Track
    year_groups: tuple[Text, ...]
    title: Text
    subtitle: Text
    minutes: Annotated[int, Field(ge=5, le=60)]
    revision: Annotated[int, Field(ge=1)]
    goals: tuple[Goal, ...] = Field(min_length=1)
    rules: TaughtRules
    kerndoelen: Kerndoelen
    competences: Competences
    words: tuple[Word, ...] = ()


class MentorFrontMatter(Frozen):
    schema_name: Literal["netjes-mentor/1"] = Field(alias="schema")
    theme: Key
    track: Track
    minutes: int
    minutes_unplugged: int
    revision: int
    rules: tuple[RuleKey, ...] = ()
    vote: Key


# ---- blocks ----


class RuleBlock(Frozen):
    """ "Zo is het op jouw school": the rule in the pupil's own rule book, with a reason per stance."""

    intro: Text
    reason: dict[Stance, Text]


class WordBlock(Frozen):
    example: Text


class FactBlock(Frozen):
    """A fact, with its source and the day it was checked where it can grow old."""

    text: Text
    checked_on: date | None = None
    source: Text | None = None


class ThinkBlock(Frozen):
    text: Text


class ItemBlock(Frozen):
    check: Literal["starter", "closing"] | None = None


class ScenarioBlock(Frozen):
    pass


class HelpBlock(Frozen):
    intro: Text
    school_first: Literal[True]
    routes: tuple[str, ...]


class TalkBlock(Frozen):
    mode: Literal["stem-praat-stem"]
    question: Text
    options: tuple[Text, ...] = Field(min_length=2, max_length=5)
    talk: Text


class IntentionBlock(Frozen):
    lead: Text
    starters: tuple[Text, ...] = Field(min_length=2, max_length=5)
    notice: Text


BLOCKS: dict[str, type[Frozen]] = {
    "regel": RuleBlock,
    "woord": WordBlock,
    "weetje": FactBlock,
    "denk": ThinkBlock,
    "opgave": ItemBlock,
    "scenario": ScenarioBlock,
    "hulp": HelpBlock,
    "gesprek": TalkBlock,
    "intentie": IntentionBlock,
}
ON_A_READING_SCREEN = frozenset({"regel", "woord", "weetje", "denk", "hulp"})


@dataclass(frozen=True)
class Prose:
    """A run of Markdown. html is clean and safe to show."""

    text: str
    html: Markup
    line: int


@dataclass(frozen=True)
class Block:
    """One fenced block: what kind, its id (a rule key, item id, word or own name) and its fields."""

    kind: str
    id: str
    data: Any
    line: int


Piece = Prose | Block


@dataclass(frozen=True)
class Step:
    key: str
    title: str
    pieces: tuple[Piece, ...]
    line: int

    @property
    def blocks(self) -> Iterator[Block]:
        return (piece for piece in self.pieces if isinstance(piece, Block))


@dataclass(frozen=True)
class Unit:
    """A theme in a track, as read from one Markdown file. version names the wording that was shown."""

    meta: FrontMatter
    steps: tuple[Step, ...]
    version: str
    text: str

    @property
    def slug(self) -> str:
        return f"{self.meta.theme}-{self.meta.track.value}"

    @property
    def track(self) -> Track:
        return self.meta.track

    @property
    def title(self) -> str:
        return self.meta.title

    @property
    def blocks(self) -> Iterator[Block]:
        return (block for step in self.steps for block in step.blocks)

    @property
    def taught(self) -> list[str]:
        return list(dict.fromkeys(block.id for block in self.blocks if block.kind == "regel"))


@dataclass(frozen=True)
class MentorPage:
    meta: MentorFrontMatter
    sections: tuple[Step, ...]

    def section(self, key: str) -> Step:
        return next(section for section in self.sections if section.key == key)


# ---- screens ----

# How the keys of the questions begin that come back before the first step; no page of a lesson may be called so.
REVIEW_KEY = "ophalen-"


@dataclass(frozen=True)
class Screen:
    """One page of the player. kind: lees, opgave, scenario, gesprek or intentie.

    moment tells which measure an item belongs to: starter, lesson, closing or review. origin is the Lesson from which an item
    of earlier comes back (moment review), by whose texts it is judged and explained; of every other screen it is None.
    """

    key: str
    kind: str
    step: int
    title: str
    pieces: tuple[Piece, ...] = ()
    item: Any = None
    moment: str = "lesson"
    block: Block | None = None
    is_first_of_step: bool = False
    origin: Any = None


def screens(unit: Unit, quiz: Quiz, half: int) -> list[Screen]:
    """The pages of a unit for a pupil in one half (1 or 2) of the class, in order. Keys are unique in a unit."""
    found: list[Screen] = []
    for number, step in enumerate(unit.steps):
        pages = list(_pages_of(step, number, quiz, half))
        found += [
            Screen(p.key, p.kind, p.step, p.title, p.pieces, p.item, p.moment, p.block, is_first_of_step=n == 0)
            for n, p in enumerate(pages)
        ]
    return found


def _pages_of(step: Step, number: int, quiz: Quiz, half: int) -> Iterator[Screen]:
    reading: list[Piece] = []
    told = 0
    for piece in [*step.pieces, None]:
        reads_on = isinstance(piece, Prose) or (isinstance(piece, Block) and piece.kind in ON_A_READING_SCREEN)
        if piece is not None and reads_on:
            reading.append(piece)
            continue
        if reading:
            told += 1
            yield Screen(step.key if told == 1 else f"{step.key}-{told}", "lees", number, step.title, tuple(reading))
            reading = []
        if isinstance(piece, Block):
            yield from _pages_of_block(piece, step, number, quiz, half)


def _pages_of_block(block: Block, step: Step, number: int, quiz: Quiz, half: int) -> Iterator[Screen]:
    if block.kind == "opgave" and block.data.check:
        for item in quiz.check_items(block.data.check, half):
            yield Screen(item.id, "opgave", number, step.title, item=item, moment=block.data.check, block=block)
    elif block.kind == "opgave":
        yield Screen(block.id, "opgave", number, step.title, item=quiz.item(block.id), block=block)
    else:
        yield Screen(block.id, block.kind, number, step.title, block=block)


def words_on(unit: Unit, texts: Iterable[str]) -> list[Word]:
    """The difficult words that occur in what is shown, in the order of the lesson's own list."""
    shown = "\n".join(texts)
    return [word for word in unit.meta.words if word.stands_in(shown)]


@dataclass(frozen=True)
class ScenarioView:
    """A chat scenario as a pupil sees it now."""

    screen: Screen
    position: Position
