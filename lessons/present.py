"""What the player's pages show, from judged answers and played scenarios to plain values for the templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lessons.domain import Block, Prose, Screen, Unit, words_on
from lessons.library import Lesson
from protocols.domain import RuleBook
from quizzes.domain import Counting, Item, JsonDict, Outcome, Part, Verdict
from schools.present import ShownRule, shown_rule

VERDICTS = {
    Outcome.FOLLOWS: "klopt",
    Outcome.FAIR: "netjes",
    Outcome.PARTLY: "nog-niet-goed",
    Outcome.DIFFERS: "nog-niet-goed",
    Outcome.TALK: "praat",
    Outcome.NONE: "geen-fout",
}
# What stands in an item but not on its screen: the explanations and what is right.
UNSEEN = frozenset({"id", "goal", "rule", "cite_if_ruled", "by_stance", "talk", "before", "after", "marks", "landings"})
ICONS = {"lees": "book", "opgave": "ask", "scenario": "chat", "gesprek": "talk", "intentie": "pen"}


@dataclass(frozen=True)
class Line:
    """One judged thing under an answer, in the shape that the judged_list macro takes."""

    text: str
    verdict: str | None
    chosen: str | None = None
    best: str | None = None
    yours: bool = False
    think: str | None = None
    why: str | None = None
    now: str | None = None
    note: str | None = None
    cite: str | None = None


@dataclass(frozen=True)
class Shown:
    """The explanation of one answer: the verdict, the reason, the school's rule, what to do now, and every option."""

    verdict: str
    words: str | None
    chose: str | None
    think: str | None
    why: str | None
    now: str | None
    notes: list[str]
    rules: list[tuple[ShownRule, str]]
    lines: list[Line] = field(default_factory=list)
    lines_open: bool = False
    look: JsonDict | None = None
    part_verdicts: dict[str, str | None] = field(default_factory=dict)


# ---- reading ----


def reading_pieces(lesson: Lesson, screen: Screen, book: RuleBook) -> list[dict[str, Any]]:
    """The pieces of a reading screen: prose as HTML, blocks with their data, rules with the school's answer."""
    return [_piece(lesson, piece, book) for piece in screen.pieces]


def _piece(lesson: Lesson, piece: Prose | Block, book: RuleBook) -> dict[str, Any]:
    if isinstance(piece, Prose):
        return {"kind": "prose", "html": piece.html}
    shown: dict[str, Any] = {"kind": piece.kind, "id": piece.id, "data": piece.data}
    if piece.kind == "regel":
        shown["rule"] = shown_rule(book, piece.id, lesson.unit.track)
        shown["say"] = said(lesson, piece.id, book)
        shown["reason"] = piece.data.reason[book.stance_on(piece.id)]
    if piece.kind == "woord":
        shown["meaning"] = next(word.meaning for word in lesson.unit.meta.words if word.word == piece.id)
    return shown


def said(lesson: Lesson, rule: str, book: RuleBook) -> str:
    """The rule in the words of the lesson, for the stance of this school; else the question itself."""
    texts = lesson.quiz.rule_texts.get(rule)
    return texts[book.stance_on(rule)] if texts else book.rule(rule).question_for(lesson.unit.track)


def difficult_words(unit: Unit, texts: Iterable[str | None]) -> list[dict[str, str]]:
    return [{"word": word.word, "meaning": word.meaning} for word in words_on(unit, [text for text in texts if text])]


def texts_of(screen: Screen) -> list[str]:
    """Everything that is said on a screen, to find the difficult words in it."""
    found = [piece.text for piece in screen.pieces if isinstance(piece, Prose)]
    for block in [piece for piece in screen.pieces if isinstance(piece, Block)] + ([screen.block] if screen.block else []):
        found += [str(value) for value in block.data.model_dump().values() if value]
    if screen.item is not None:
        found.append(str(screen.item.model_dump(exclude=UNSEEN)))
    return found


# ---- explanations ----


def shown_verdict(lesson: Lesson, item: Item, value: JsonDict, verdict: Verdict, book: RuleBook) -> Shown:
    """The whole explanation of an answer, for the pupil's own school."""
    if not item.is_scored:
        return _shown_unscored(item, value)
    return (_shown_choice if item.explains_choice else _shown_parts)(lesson, item, value, verdict, book)


def _shown_choice(lesson: Lesson, item: Item, _value: JsonDict, verdict: Verdict, book: RuleBook) -> Shown:
    part = verdict.chosen[0]
    rule = _rule_beside(item, book)
    in_card = said(lesson, rule, book) if rule else None
    return Shown(
        verdict=VERDICTS[verdict.outcome],
        words=None,
        chose=part.text,
        think=part.think,
        why=None if part.why == in_card else part.why,
        now=part.now,
        notes=_notes(lesson, item, verdict, rule, book),
        rules=[(shown_rule(book, rule, lesson.unit.track), in_card or "")] if rule else [],
        lines=[_option_line(other, part, in_card) for other in verdict.parts],
    )


def _option_line(part: Part, chosen: Part, in_card: str | None) -> Line:
    best = part.outcome is Outcome.FOLLOWS and not part.chosen
    return Line(
        part.text, VERDICTS[part.outcome] if part.chosen or best else None, yours=part.chosen, think=part.think,
        why=None if part.why == in_card else part.why, now=part.now if part is not chosen else None,
    )  # fmt: skip


def _rule_beside(item: Item, book: RuleBook) -> str | None:
    """The rule that a whole item stands on, or that goes along with a fact at a school that has one."""
    key = item.cite_if_ruled
    return item.rule or (key if key and book.answer_to(key).articles else None)


def _notes(lesson: Lesson, item: Item, verdict: Verdict, rule: str | None, book: RuleBook) -> list[str]:
    notes, words = [], lesson.quiz.notes
    if verdict.outcome is Outcome.TALK:
        notes += [item.talk or words.talk]
    if verdict.outcome is Outcome.FAIR:
        notes.append(words.fair)
    if rule and book.answer_to(rule).basis == "afgeleid" and verdict.outcome is not Outcome.TALK:
        notes.append(words.derived)
    return notes


def _shown_unscored(item: Item, value: JsonDict) -> Shown:
    own_words = item.counting is Counting.WORDS
    return Shown("geen-fout", "Bewaard" if own_words else None, item.said(value)[0], None, getattr(item, "after", None), None, [], [])


def _shown_parts(lesson: Lesson, item: Item, value: JsonDict, verdict: Verdict, book: RuleBook) -> Shown:
    talks = any(part.outcome is Outcome.TALK for part in verdict.parts)
    rule = _rule_beside(item, book)
    return Shown(
        verdict=VERDICTS[verdict.outcome],
        words=_count_words(verdict) if verdict.total else None,
        chose=None,
        think=None,
        why=getattr(item, "after", None),
        now=None,
        notes=[item.talk] if talks and item.talk else [],
        rules=[(shown_rule(book, rule, lesson.unit.track), said(lesson, rule, book))] if rule else [],
        lines=[_part_line(lesson, item, part, book) for part in verdict.parts],
        lines_open=True,
        look=item.look(value),
        part_verdicts={part.id: part_verdict(item, part) for part in verdict.parts},
    )


def _count_words(verdict: Verdict) -> str:
    if verdict.right == verdict.total:
        return f"Klopt: {verdict.right} van de {verdict.total}" if verdict.total > 1 else "Klopt"
    opening, fits = ("Bijna" if verdict.outcome is Outcome.PARTLY else "Nog niet"), ("past" if verdict.right == 1 else "passen")
    return f"{opening}: {verdict.right} van de {verdict.total} {fits}"


def _part_line(lesson: Lesson, item: Item, part: Part, book: RuleBook) -> Line:
    best, verdict = part.best, part_verdict(item, part)
    if item.ticks and part.outcome.is_scored and not part.had_right:
        best = "wel kiezen" if part.fits else "niet kiezen"
    shown = shown_rule(book, part.rule, lesson.unit.track) if part.rule else None
    return Line(
        part.text, verdict, chosen=part.detail, best=best, yours=item.ticks and part.chosen, think=part.think,
        why=part.why, now=part.now, note=_condition_line(shown), cite=_cite_line(shown),
    )  # fmt: skip


def part_verdict(item: Item, part: Part) -> str | None:
    """The shape of one judged part. Where parts are chosen or left, nothing is said of what was rightly left."""
    if not item.ticks or not part.outcome.is_scored:
        return VERDICTS[part.outcome]
    if part.had_right:
        return "klopt" if part.chosen else None
    return "nog-niet-goed"


def _condition_line(shown: ShownRule | None) -> str | None:
    if shown is None or not shown.condition:
        return None
    return f"{shown.words.rstrip('…. ')} … {shown.condition}" if shown.stance == "mag-als" else f"De afspraak: {shown.condition}"


def _cite_line(shown: ShownRule | None) -> str | None:
    if shown is None or not shown.cites:
        return None
    basis = {"letterlijk": "letterlijk uit het protocol", "afgeleid": "zo lezen wij het protocol"}.get(shown.basis or "", "eigen afspraak")
    return f"{shown.cites[0].label}, {basis}"
