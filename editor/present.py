"""What the editor's pages show: a lesson as a pupil would see it, screen by screen, also when it is half written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from markupsafe import Markup

from common.problems import Problem
from common.reading import NORMS
from lessons import chat_present, present
from lessons.check import reading_problems
from lessons.domain import Block, Piece, Prose, Screen, Step, Unit, screens
from lessons.library import Lesson
from lessons.parse import read_unit
from protocols.domain import RuleBook, Track
from protocols.parse import load_corpus
from quizzes.play import play
from quizzes.scenario import ChoiceNode
from schools.help import help_routes

LONGEST_LINE_SHOWN = 160
MOST_PROBLEMS = 100
MOST_ADVICE = 40
MOST_SCREENS = 120
ONCE = frozenset({"opgave", "scenario", "intentie", "gesprek"})


@dataclass(frozen=True)
class Look:
    """As whom the writer looks: the track (and its skin), the half of the class, light or dark."""

    track: Track
    half: int = 1
    theme: str = "licht"


@dataclass(frozen=True)
class ProblemLine:
    """A problem as the list shows it, with the text of the line it is about."""

    line: int
    column: int
    message: str
    remedy: str
    said: str
    is_advice: bool
    is_first_on_line: bool


@dataclass(frozen=True)
class Checked:
    """A text as it is now: what could be read of it, what stops publishing, and what is advice."""

    text: str
    unit: Unit | None
    problems: list[Problem] = field(default_factory=list)
    advice: list[Problem] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return self.unit is not None and not self.problems

    @property
    def lines(self) -> list[ProblemLine]:
        rows, seen = self.text.split("\n"), set()
        found = []
        for problem in [*sorted(self.problems)[:MOST_PROBLEMS], *self.advice]:
            line = min(max(problem.line, 1), len(rows))
            said = rows[line - 1].strip().strip("-")
            shown = said if len(said) <= LONGEST_LINE_SHOWN else said[: LONGEST_LINE_SHOWN - 1] + "…"
            found.append(ProblemLine(line, problem.column, problem.message, problem.remedy, shown, problem.is_advice, line not in seen))
            seen.add(line)
        return found


def checked(shipped: Lesson, text: str) -> Checked:
    """Read a text as the lesson it is meant to be."""
    unit, found = read_unit(shipped.slug, text, shipped.quiz, load_corpus(), spare=shipped.unit.meta)
    advice = islice(reading_problems(shipped.slug, text, NORMS[shipped.unit.track.value]), MOST_ADVICE) if unit else ()
    return Checked(text, unit, found, sorted(advice))


def preview_of(shipped: Lesson, unit: Unit, book: RuleBook, look: Look) -> list[dict[str, Any]]:
    """Every screen of the lesson in order, as plain values for the template."""
    meta = unit.meta.model_copy(update={"track": look.track})
    drawn = replace(unit, meta=meta, steps=tuple(_drawable(unit, shipped, book)))
    lesson = replace(shipped, unit=drawn)
    pages = screens(drawn, shipped.quiz, look.half)[:MOST_SCREENS]
    return [{**_screen(lesson, page, book), "number": number, "total": len(drawn.steps)} for number, page in enumerate(pages, 1)]


def _drawable(unit: Unit, shipped: Lesson, book: RuleBook) -> Iterator[Step]:
    """The steps with a note in the place of each block that cannot be drawn yet."""
    seen: set[str] = set()
    for step in unit.steps:
        pieces: list[Piece] = []
        for piece in step.pieces:
            if isinstance(piece, Block) and not (_can_be_drawn(piece, unit, shipped, book) and _is_new(piece, seen)):
                pieces.append(_note(piece))
            else:
                pieces.append(piece)
        yield replace(step, pieces=tuple(pieces))


def _is_new(block: Block, seen: set[str]) -> bool:
    if block.kind not in ONCE:
        return True
    key = block.data.check or block.id if block.kind == "opgave" else block.kind
    is_new = key not in seen
    seen.add(key)
    return is_new


def _can_be_drawn(block: Block, unit: Unit, shipped: Lesson, book: RuleBook) -> bool:
    if block.kind == "regel":
        return block.id in book.answers and book.stance_on(block.id) in block.data.reason
    if block.kind == "woord":
        return block.id in {word.word for word in unit.meta.words}
    if block.kind == "opgave":
        return bool(block.data.check) or block.id in {item.id for item in shipped.quiz.items}
    return block.kind != "scenario" or block.id == shipped.quiz.scenario.id


def _note(block: Block) -> Prose:
    said = Markup("<p><strong>Regel {}: het blok {} {} klopt nog niet.</strong> Hier komt het te staan.</p>")
    return Prose("", said.format(block.line, block.kind, block.id), block.line)


def _screen(lesson: Lesson, screen: Screen, book: RuleBook) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "kind": screen.kind, "title": screen.title, "moment": screen.moment, "step": screen.step + 1,
        "line": screen.pieces[0].line if screen.pieces else screen.block.line if screen.block else 1,
        "icon": present.ICONS[screen.kind],
    }  # fmt: skip
    if screen.kind == "lees":
        shown["pieces"] = present.reading_pieces(lesson, screen, book)
        found = [piece["data"].routes for piece in shown["pieces"] if piece["kind"] == "hulp"]
        shown["routes"] = help_routes(lesson.unit.track.value, found[0]) if found else []
        shown["words"] = present.difficult_words(lesson.unit, present.texts_of(screen))
    elif screen.kind == "opgave":
        shown.update(item=screen.item, fields=screen.item.fields({}, screen.item.id))
    elif screen.kind == "scenario":
        shown.update(_chat(lesson, book))
    else:
        shown["data"] = screen.block.data if screen.block else None
    return shown


def _chat(lesson: Lesson, book: RuleBook) -> dict[str, Any]:
    """The chat as it opens, before anything was chosen."""
    scenario = lesson.quiz.scenario
    position = play(scenario, [], book)
    node = scenario.nodes.get(position.node or "")
    return {
        "scenario": scenario,
        "chat": chat_present.current_chat(scenario, position),
        "moments": chat_present.moments_shown(scenario, position.moments),
        "question": chat_present.question_shown(scenario, node) if isinstance(node, ChoiceNode) else None,
    }
