"""A lesson as a class does it together: one beat at a time on the board, each with its phases. Pure.

A vote is asked twice with a talk in between (vote, talk, vote again); the first count stays hidden until the second is
there, then the shift is shown, and last what the school's own rule book says. docs/decisions/011 tells why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from common.fitting import lines_of
from common.markdown import render
from lessons.domain import Piece, Prose, Screen
from lessons.library import Lesson
from protocols.domain import RuleBook
from quizzes.domain import Ballot, Item

# More hands than any class has; a typing error should not make a bar of a thousand.
MOST_HANDS = 60
FIRST, SECOND = 1, 2
# The beats that are not a screen of the lesson; no screen can be called so.
START, AGREE, END = ":begin", ":afspraken", ":einde"


class Phase(StrEnum):
    LOOK = "kijk"
    LOOK_2 = "kijk-2"
    LOOK_3 = "kijk-3"
    LOOK_4 = "kijk-4"
    VOTE = "stem"
    TALK = "praat"
    AGAIN = "stem-weer"
    SHIFT = "verschil"
    ENDING = "afloop"
    RULE = "afspraak"


VOTING = {Phase.VOTE: FIRST, Phase.AGAIN: SECOND}
ON_ITS_OWN = (Phase.LOOK,)
SHOWN_AFTER = (Phase.LOOK, Phase.RULE)
OPINION = (Phase.VOTE, Phase.TALK, Phase.AGAIN, Phase.SHIFT)
VOTED = (*OPINION, Phase.RULE)
# One card of a pile, one switch of a profile: small things that come by the handful are voted on once.
VOTED_ONCE = (Phase.VOTE, Phase.RULE)
AGREEING = (Phase.LOOK, Phase.VOTE, Phase.RULE)
# A piece of the chat that does not fit on one screen goes over several.
LOOKS = (Phase.LOOK, Phase.LOOK_2, Phase.LOOK_3, Phase.LOOK_4)

# What is read goes on the board in pages of so many lines of so many letters, so that nothing scrolls.
PAGE_LINES, PAGE_LETTERS = 8.0, 46.0
BETWEEN_PARAGRAPHS = 0.6
PARAGRAPHS = re.compile(r"\n\s*\n")


class Kind(StrEnum):
    START = "begin"
    READ = "lees"
    VOTE = "stem"
    TOGETHER = "samen"
    CHAT = "chat"
    PLAN = "plan"
    AGREE = "afspraken"
    END = "einde"


@dataclass(frozen=True)
class Beat:
    """One thing on the board. key is unique in a lesson; ballot is what is voted on; screen is where it comes from."""

    key: str
    kind: Kind
    title: str
    phases: tuple[Phase, ...] = ON_ITS_OWN
    screen: Screen | None = None
    ballot: Ballot | None = None

    @property
    def item(self) -> Item | None:
        return self.screen.item if self.screen else None

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        return self.ballot.options if self.ballot else ()


@dataclass(frozen=True)
class Spot:
    """Where a class is: a beat and a phase in it."""

    beat: str
    phase: Phase


def beats(lesson: Lesson) -> list[Beat]:
    """The whole lesson for the board, in order. The checks of start and end are left out: they measure each pupil alone."""
    found = [Beat(START, Kind.START, lesson.unit.title)]
    for screen in lesson.screens(1):
        if screen.moment == "lesson":
            found += _beats_of(screen, lesson)
    return [*found, Beat(AGREE, Kind.AGREE, "Onze eigen afspraken", AGREEING), Beat(END, Kind.END, "Klaar")]


def _beats_of(screen: Screen, lesson: Lesson) -> list[Beat]:
    if screen.kind == "lees":
        return _reading(screen)
    if screen.kind == "scenario":
        return [Beat(screen.key, Kind.CHAT, lesson.quiz.scenario.title, screen=screen)]
    if screen.kind == "intentie":
        return [Beat(screen.key, Kind.PLAN, screen.title, screen=screen)]
    if screen.kind == "gesprek" and screen.block is not None:
        data = screen.block.data
        ballot = Ballot("", data.question, tuple((str(number), text) for number, text in enumerate(data.options, 1)))
        return [Beat(screen.key, Kind.VOTE, data.question, OPINION, screen, ballot)]
    return _beats_of_item(screen)


def _beats_of_item(screen: Screen) -> list[Beat]:
    item: Item = screen.item
    ballots = item.ballots()
    if not ballots:
        alone = SHOWN_AFTER if item.is_scored else ON_ITS_OWN
        return [Beat(screen.key, Kind.TOGETHER, item.question, alone, screen)]
    return [_vote(screen, item, ballot) for ballot in ballots]


def _vote(screen: Screen, item: Item, ballot: Ballot) -> Beat:
    if ballot.part:
        return Beat(f"{screen.key}:{ballot.part}", Kind.VOTE, ballot.question, VOTED_ONCE, screen, ballot)
    return Beat(screen.key, Kind.VOTE, ballot.question, VOTED if item.is_scored else OPINION, screen, ballot)


# ---- reading, a page at a time ----


def _reading(screen: Screen) -> list[Beat]:
    """A page to read as so many beats as it takes. Paragraphs go together as far as they fit; everything else stands alone."""
    pages = list(_pages(screen.pieces))
    keys = [screen.key if number == 1 else f"{screen.key}:{number}" for number in range(1, len(pages) + 1)]
    return [
        Beat(key, Kind.READ, screen.title, screen=replace(screen, key=key, pieces=pieces)) for key, pieces in zip(keys, pages, strict=True)
    ]


def _pages(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    for piece in pieces:
        if isinstance(piece, Prose):
            for text in _packed([part for part in PARAGRAPHS.split(piece.text) if part.strip()]):
                yield (Prose(text, render(text), piece.line),)
        else:
            yield (piece,)


def _packed(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs put together, as many as fit on a page."""
    found: list[list[str]] = []
    filled = PAGE_LINES
    for text in paragraphs:
        height = lines_of(text, PAGE_LETTERS) + BETWEEN_PARAGRAPHS
        if filled + height > PAGE_LINES:
            found.append([])
            filled = 0.0
        found[-1].append(text)
        filled += height
    return ["\n\n".join(page) for page in found]


# ---- the chat, whose phases follow from the choices made ----


def with_chat(found: Sequence[Beat], looks: int, *, is_over: bool, has_rule: bool) -> list[Beat]:
    """The beats with the phases that the chat has now: as many pages as what was said takes, then the question or how it ends."""
    ends = (Phase.ENDING, Phase.RULE) if has_rule else (Phase.ENDING,)
    phases = (*LOOKS[:looks], *(ends if is_over else (Phase.VOTE,)))
    return [replace(beat, phases=phases) if beat.kind is Kind.CHAT else beat for beat in found]


def waits_for_choice(beat: Beat, phase: Phase) -> bool:
    """Whether the story can only go on by choosing: a clicker pressed once too often must not leave it."""
    return beat.kind is Kind.CHAT and phase is Phase.VOTE


# ---- moving ----


def first_spot(found: Sequence[Beat]) -> Spot:
    return Spot(found[0].key, found[0].phases[0])


def place_of(found: Sequence[Beat], spot: Spot) -> tuple[int, int]:
    """The numbers of the beat and the phase. What is no longer in the lesson (it was changed meanwhile) leads to the start."""
    for number, beat in enumerate(found):
        if beat.key == spot.beat:
            return number, beat.phases.index(spot.phase) if spot.phase in beat.phases else 0
    return 0, 0


def onward(found: Sequence[Beat], spot: Spot) -> Spot:
    """The next phase, else the next beat; at the end it stays."""
    beat, phase = place_of(found, spot)
    if phase + 1 < len(found[beat].phases):
        return Spot(found[beat].key, found[beat].phases[phase + 1])
    after = found[min(beat + 1, len(found) - 1)]
    return spot if after is found[beat] else Spot(after.key, after.phases[0])


def backward(found: Sequence[Beat], spot: Spot) -> Spot:
    """The phase before, else the beat before in its last phase; at the beginning it stays."""
    beat, phase = place_of(found, spot)
    if phase:
        return Spot(found[beat].key, found[beat].phases[phase - 1])
    if not beat:
        return Spot(found[0].key, found[0].phases[0])
    return Spot(found[beat - 1].key, found[beat - 1].phases[-1])


def jump(found: Sequence[Beat], key: str) -> Spot | None:
    """The beginning of any beat; None for one that is not there."""
    return next((Spot(beat.key, beat.phases[0]) for beat in found if beat.key == key), None)


# ---- counting ----


@dataclass(frozen=True)
class Poll:
    """What a class can vote on now: under which key and in which round it is counted, the question and its answers."""

    key: str
    turn: int
    question: str
    options: tuple[tuple[str, str], ...]


def chat_poll(beat: Beat, made: int, node: str) -> str:
    """The key under which is counted what the class wants to do at a moment of the chat; after going back it is another moment."""
    return f"{beat.key}:{made}:{node}"


@dataclass(frozen=True)
class Tally:
    """What was voted on one answer: the first time, the second time, and whether it fits the school's agreement."""

    option: str
    text: str
    first: int
    second: int
    fits: bool | None = None

    @property
    def shift(self) -> int:
        return self.second - self.first


Counts = Mapping[tuple[int, str], int]


def tallies(beat: Beat, counts: Counts, right: Sequence[str] | None) -> list[Tally]:
    """Every answer of a beat with its counts. right: what fits at this school, None where nothing is right or wrong."""
    return [
        Tally(key, text, counts.get((FIRST, key), 0), counts.get((SECOND, key), 0), None if right is None else key in right)
        for key, text in beat.options
    ]


def voted(counts: Counts, which: int) -> int:
    return sum(hands for (turn, _option), hands in counts.items() if turn == which)


def right_at(beat: Beat, book: RuleBook) -> list[str] | None:
    """The answers that fit the agreements of this school; None where the class talks or gives an opinion."""
    return beat.ballot.right(book) if beat.ballot and beat.item is not None and beat.item.is_scored else None


def changed_mind(found: Sequence[Tally]) -> int:
    """How many at least voted otherwise the second time. From counts nobody can tell more: who swapped places leaves no trace."""
    return min(sum(max(0, one.shift) for one in found), sum(max(0, -one.shift) for one in found))


def shows_counts(phase: Phase) -> bool:
    """Whether the counts may be seen by the class: only when the second vote is in."""
    return phase in (Phase.SHIFT, Phase.RULE)
