"""Where a live lesson is, with everything that a screen needs to draw it: the beat and phase, the chat so far, and what is voted on now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from classroom import domain
from classroom.domain import LOOKS, VOTING, Beat, Counts, Kind, Phase, Poll, Spot
from classroom.models import LiveSession
from classroom.queries import counts_of
from common.fitting import lines_of
from lessons.chat_present import Line, moments_shown
from lessons.library import Lesson
from lessons.queries import lesson_for
from protocols.domain import RuleBook
from quizzes.play import Event, Moment, Position, play
from quizzes.scenario import ChoiceNode, ScenarioChoice
from schools.present import ShownRule, shown_rule

# A page of the chat holds so many lines of so many letters.
CHAT_LINES, CHAT_LETTERS = 9.0, 46.0
# What opens a piece of the talk and never stands alone at the foot of a page.
OPENINGS = ("day", "chat", "back")


@dataclass
class Stage:
    """A live lesson as it is now, by the agreements of one school."""

    session: LiveSession
    lesson: Lesson
    book: RuleBook

    # ---- the chat ----

    @cached_property
    def position(self) -> Position:
        """Where the class is in the chat. Choices that are no longer in the text end it there."""
        return play(self.lesson.quiz.scenario, [Event("choose", node, choice) for node, choice in self.session.path], self.book)

    @cached_property
    def made(self) -> list[list[str]]:
        """The choices that still hold."""
        return [[moment.node, moment.choice.id] for moment in self.position.moments if moment.choice]

    @cached_property
    def chat_pages(self) -> list[list[Line]]:
        """What happened since the last choice, that choice with what it came to included, in pages that fit the board."""
        scenario, moments = self.lesson.quiz.scenario, self.position.moments
        chosen = [number for number, moment in enumerate(moments) if moment.choice]
        start = chosen[-1] if chosen else 0
        lines = [line for moment in moments_shown(scenario, moments)[start:] for line in moment["lines"]]
        if chosen:  # what was said before the choice stood on the board just now
            before = [*moments[:start], replace(moments[start], choice=None)]
            lines = lines[len(moments_shown(scenario, before)[start]["lines"]) :]
        return _chat_pages(lines) if chosen else [[], *_chat_pages(lines)]  # at the start first who and what, alone

    @cached_property
    def chat_rules(self) -> list[ShownRule]:
        """The agreements that the story followed on the way, each once."""
        scenario = self.lesson.quiz.scenario
        ending = scenario.endings[self.position.ending] if self.position.ending else None
        keys = [moment.rule for moment in self.position.moments if moment.rule] + ([ending.rule] if ending and ending.rule else [])
        return [shown_rule(self.book, key, self.lesson.unit.track) for key in dict.fromkeys(keys)]

    @property
    def chat_choices(self) -> tuple[ScenarioChoice, ...]:
        node = self.lesson.quiz.scenario.nodes.get(self.position.node or "")
        return node.choices if isinstance(node, ChoiceNode) else ()

    @property
    def chat_moment(self) -> Moment | None:
        return self.position.moments[-1] if self.position.moments else None

    # ---- beat and phase ----

    @cached_property
    def beats(self) -> list[Beat]:
        found = domain.beats(self.lesson)
        if not any(beat.kind is Kind.CHAT for beat in found):
            return found
        return domain.with_chat(found, len(self.chat_pages), is_over=self.position.is_over, has_rule=bool(self.chat_rules))

    @property
    def stored(self) -> Spot:
        phase = self.session.phase
        return Spot(self.session.beat, Phase(phase) if phase in set(Phase) else Phase.LOOK)

    @cached_property
    def place(self) -> tuple[int, int]:
        return domain.place_of(self.beats, self.stored)

    @property
    def number(self) -> int:
        return self.place[0]

    @property
    def beat(self) -> Beat:
        return self.beats[self.number]

    @property
    def phase(self) -> Phase:
        return self.beat.phases[self.place[1]]

    @property
    def spot(self) -> Spot:
        return Spot(self.beat.key, self.phase)

    @property
    def is_ended(self) -> bool:
        return self.session.ended_at is not None

    @property
    def following(self) -> Spot | None:
        """Where "on" leads; None at the end, and where only a choice leads on."""
        if domain.waits_for_choice(self.beat, self.phase):
            return None
        after = domain.onward(self.beats, self.spot)
        return None if after == self.spot else after

    @property
    def look(self) -> int:
        """Which page of what is said in the chat."""
        return LOOKS.index(self.phase) if self.phase in LOOKS else 0

    # ---- voting ----

    @cached_property
    def poll(self) -> Poll | None:
        """What can be voted on now; None when nothing is."""
        if self.beat.kind is Kind.CHAT and self.phase is Phase.VOTE and self.position.node:
            key = domain.chat_poll(self.beat, len(self.made), self.position.node)
            return Poll(key, domain.FIRST, "", tuple((choice.id, choice.text) for choice in self.chat_choices))
        if self.beat.ballot and self.phase in VOTING:
            return Poll(self.beat.key, VOTING[self.phase], self.beat.ballot.question, self.beat.options)
        return None

    @cached_property
    def counts(self) -> Counts:
        """The votes on what is on the board, per round and answer."""
        key = self.poll.key if self.poll else self.beat.key
        return counts_of(self.session, key) if self.poll or self.beat.ballot else {}

    @property
    def voted(self) -> int:
        """How many votes there are in this round."""
        return domain.voted(self.counts, self.poll.turn) if self.poll else 0


def stage_of(session: LiveSession, book: RuleBook) -> Stage | None:
    """The lesson of a session as it is at its school; None when the lesson is no longer there."""
    lesson = lesson_for(session.school_id, session.unit)
    return Stage(session, lesson, book) if lesson else None


def _chat_pages(lines: list[Line]) -> list[list[Line]]:
    """The lines in pages that fit the board, no more than there are phases for; the last page takes what is left."""
    found: list[list[Line]] = []
    filled = CHAT_LINES
    for group in _groups(lines):
        height = sum(map(_height, group))
        if not found or (filled + height > CHAT_LINES and len(found) < len(LOOKS) - 1):
            found.append([])
            filled = 0.0
        found[-1] += group
        filled += height
    return found or [[]]


def _groups(lines: list[Line]) -> list[list[Line]]:
    """Each line with what opens it: the day, the move to another talk, what comes back."""
    found: list[list[Line]] = []
    for line in lines:
        if found and found[-1][-1]["kind"] in OPENINGS:
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _height(line: Line) -> float:
    """About how many lines a part of the talk takes on the board."""
    if line["kind"] in OPENINGS:
        return 1.2
    text = " ".join(filter(None, [line.get("text"), (line.get("voice") or {}).get("transcript"), (line.get("photo") or {}).get("alt")]))
    height = lines_of(text, CHAT_LETTERS) + 0.7
    if line["kind"] == "request":
        return height + 3 + len(line["request"].facts) / 2
    return height + (3.5 if line.get("photo") else 0.0)
