"""What a mentor hands out or keeps at hand on paper: the letter for home and the plan of a lesson, with the school's own answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from common.fitting import largest_that_fits, lines_of
from common.markdown import render
from lessons.domain import Block, Prose, Step
from lessons.library import Lesson
from protocols.domain import RuleBook
from schools.present import ShownRule, shown_rule

QUOTED = re.compile(r"^> ?", re.MULTILINE)
CLOSING = re.compile(r"^Met vriendelijke groet", re.MULTILINE)
NEEDED = re.compile(r"\*\*Nodig:\*\*\s*(.+?)(?:\n\n|\Z)", re.DOTALL)
# The letters of a letter in points, from large to small: home-letter--0 to home-letter--5 of components/handout.css.
LETTER_SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0)
LETTER_ROOM, LETTER_WIDE = 760.0, 520.0


def letter_text(text: str) -> str:
    """The letter for home as it stands on the page for the mentor: out of its quotation, without the greeting at its end."""
    plain = QUOTED.sub("", text).strip()
    closing = CLOSING.search(plain)
    return plain[: closing.start()].strip() if closing else plain


def letter_html(lesson: Lesson) -> Markup:
    return render(_letter_of(lesson))


def _letter_of(lesson: Lesson) -> str:
    return letter_text(_text_of(lesson.mentor.section("thuis")))


def _text_of(section: Step) -> str:
    return "\n\n".join(piece.text for piece in section.pieces if isinstance(piece, Prose))


def answer_words(rule: ShownRule) -> str:
    """What the school answers, in one or two sentences: Alleen als de ander het goedvindt."""
    if not rule.condition:
        return rule.words
    if rule.stance == "mag-als" and rule.words:
        return f"Alleen als {rule.condition.rstrip('.')}."
    condition = rule.condition[:1].upper() + rule.condition[1:].rstrip(".") + "."
    return f"{rule.words} {condition}".strip()


def rules_of(lesson: Lesson, book: RuleBook) -> list[ShownRule]:
    """The agreements that a lesson is about, those that the school has first and what its protocol leaves open last."""
    shown = [shown_rule(book, key, lesson.unit.track) for key in dict.fromkeys([*lesson.mentor.meta.rules, *lesson.unit.taught])]
    return sorted(shown, key=lambda rule: rule.stance == "niet-geregeld")


def letter_size(lesson: Lesson, rules: Sequence[ShownRule], more: Iterable[str]) -> int:
    """The largest letters with which the letter stays on one sheet."""
    texts = [line for line in _letter_of(lesson).split("\n") if line.strip()]
    texts += [f"{rule.question} {answer_words(rule)} {' '.join(one.label for one in rule.cites[:1])} {rule.law or ''}" for rule in rules]
    texts += list(more)

    def height(size: float) -> float:
        # Besides what is counted: the head, the two headings and the greeting.
        return sum(lines_of(text, LETTER_WIDE / (size * 0.5)) * size * 1.42 + size * 0.4 for text in texts) + size * 13

    return largest_that_fits(LETTER_SIZES, LETTER_ROOM, height)


def help_keys(lesson: Lesson) -> tuple[str, ...]:
    """The national help lines that the page for the mentor names; the school's own people come before them everywhere."""
    blocks = (block for section in lesson.mentor.sections for block in section.blocks if block.kind == "hulp")
    return tuple(key for block in blocks for key in block.data.routes)


@dataclass(frozen=True)
class PlanPart:
    """One part of a lesson plan: clean HTML, and what the teacher can say of the school's own answers."""

    key: str
    title: str
    html: Markup
    tips: tuple[tuple[ShownRule, str], ...] = ()


def plan_parts(lesson: Lesson, book: RuleBook) -> list[PlanPart]:
    """The page for the mentor as it goes on one or two sheets: without the variant without devices, the worksheet and the letter."""
    kept = ("doel", "vooraf", "tijd", "vragen", "stemmen", "gevoelig")
    return [_plan_part(lesson, section, book) for section in lesson.mentor.sections if section.key in kept]


def _plan_part(lesson: Lesson, section: Step, book: RuleBook) -> PlanPart:
    html = Markup("").join(piece.html for piece in section.pieces if isinstance(piece, Prose))
    return PlanPart(section.key, section.title, html, tuple(_tip(lesson, block, book) for block in section.blocks if block.kind == "regel"))


def _tip(lesson: Lesson, block: Block, book: RuleBook) -> tuple[ShownRule, str]:
    data: Any = block.data
    return shown_rule(book, block.id, lesson.unit.track), data.reason[book.stance_on(block.id)]


def needed_without_devices(lesson: Lesson) -> str:
    """What has to lie ready for a class without devices, as the page for the mentor says it."""
    found = NEEDED.search(_text_of(lesson.mentor.section("zonder")))
    return " ".join(found[1].split()) if found else ""
