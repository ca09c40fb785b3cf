"""What the player's pages show, from judged answers and played scenarios to plain values for the templates."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lessons.domain import Block, Prose, Screen, Unit, words_on
from lessons.library import Lesson
from protocols.domain import RuleBook
from quizzes.domain import Mark, Match, OneChoice, Open, Order, Outcome, Scale, SeveralChoices, Sort
from quizzes.judge import JsonDict, Part, Verdict, pieces_of
from schools.present import ShownRule, shown_rule

VERDICTS = {
    Outcome.FOLLOWS: "klopt",
    Outcome.FAIR: "netjes",
    Outcome.PARTLY: "nog-niet-goed",
    Outcome.DIFFERS: "nog-niet-goed",
    Outcome.TALK: "praat",
    Outcome.NONE: "geen-fout",
}
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
        found.append(str(screen.item.model_dump(include={"question", "options", "cards", "steps", "pairs", "message"})))
    return found


# ---- items ----


def item_fields(item: Any, value: JsonDict, seed: str) -> dict[str, Any]:
    """What the template of an item type needs, with what was chosen before. seed keeps the shuffle of a pupil the same."""
    if isinstance(item, OneChoice | SeveralChoices):
        chosen = [value["choice"]] if "choice" in value else value.get("choices", [])
        return {"options": item.options, "chosen": chosen}
    if isinstance(item, Sort):
        return {"cards": item.cards, "bins": item.bins, "chosen": value.get("cards", {})}
    if isinstance(item, Order):
        texts = {step.id: step for step in item.steps}
        order = value.get("order") or _shuffled_order(item, seed)
        return {"rows": [texts[key] for key in order]}
    if isinstance(item, Match):
        rights = [{"id": pair.id, "text": pair.right} for pair in item.pairs]
        random.Random(seed).shuffle(rights)  # noqa: S311  (the order of letters on a page)
        lefts = [{"id": pair.id, "text": pair.left} for pair in item.pairs]
        return {"lefts": lefts, "rights": rights, "chosen": value.get("pairs", {})}
    if isinstance(item, Mark):
        return {
            "pieces": [{"id": key, "text": text} for key, text in pieces_of(item)],
            "sender": item.message.sender,
            "chosen": value.get("marks", []),
        }
    if isinstance(item, Scale):
        return {"labels": item.labels, "chosen": value["value"] + 1 if "value" in value else None}
    return {"value": value.get("text", ""), "notice": item.notice}


def _shuffled_order(item: Order, seed: str) -> list[str]:
    """A fixed shuffle that is not by chance already right."""
    order = [step.id for step in item.steps]
    random.Random(seed).shuffle(order)  # noqa: S311
    if all(order.index(first) < order.index(second) for first, second in (b.pair for b in item.before)):
        order.reverse()
    return order


# ---- explanations ----


def shown_verdict(lesson: Lesson, item: Any, value: JsonDict, verdict: Verdict, book: RuleBook) -> Shown:
    """The whole explanation of an answer, for the pupil's own school."""
    if isinstance(item, OneChoice):
        return _shown_choice(lesson, item, verdict, book)
    if isinstance(item, Scale | Open):
        return _shown_unscored(item, value)
    return _shown_parts(lesson, item, verdict, book)


def _shown_choice(lesson: Lesson, item: OneChoice, verdict: Verdict, book: RuleBook) -> Shown:
    part = verdict.chosen[0]
    rule = item.rule or _cited(item, book)
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


def _cited(item: Any, book: RuleBook) -> str | None:
    """The rule that goes along with a fact, at a school that has one."""
    key: str | None = item.cite_if_ruled
    return key if key and book.answer_to(key).articles else None


def _notes(lesson: Lesson, item: Any, verdict: Verdict, rule: str | None, book: RuleBook) -> list[str]:
    notes, words = [], lesson.quiz.notes
    if verdict.outcome is Outcome.TALK:
        notes += [item.talk or words.talk]
    if verdict.outcome is Outcome.FAIR:
        notes.append(words.fair)
    if rule and book.answer_to(rule).basis == "afgeleid" and verdict.outcome is not Outcome.TALK:
        notes.append(words.derived)
    return notes


def _shown_unscored(item: Scale | Open, value: JsonDict) -> Shown:
    chose = item.labels[value["value"]] if isinstance(item, Scale) else value["text"]
    words = None if isinstance(item, Scale) else "Bewaard"
    return Shown("geen-fout", words, chose, None, item.after, None, [], [])


def _shown_parts(lesson: Lesson, item: Any, verdict: Verdict, book: RuleBook) -> Shown:
    lines = [_part_line(lesson, item, part, book) for part in verdict.parts]
    talks = any(part.outcome is Outcome.TALK for part in verdict.parts)
    cited = _cited(item, book)
    return Shown(
        verdict=VERDICTS[verdict.outcome],
        words=_count_words(verdict) if verdict.total else None,
        chose=None,
        think=None,
        why=getattr(item, "after", None),
        now=None,
        notes=[item.talk] if talks and item.talk else [],
        rules=[(shown_rule(book, cited, lesson.unit.track), said(lesson, cited, book))] if cited else [],
        lines=lines,
        lines_open=True,
    )


def _count_words(verdict: Verdict) -> str:
    if verdict.right == verdict.total:
        return f"Klopt: {verdict.right} van de {verdict.total}" if verdict.total > 1 else "Klopt"
    opening, fits = ("Bijna" if verdict.outcome is Outcome.PARTLY else "Nog niet"), ("past" if verdict.right == 1 else "passen")
    return f"{opening}: {verdict.right} van de {verdict.total} {fits}"


def _part_line(lesson: Lesson, item: Any, part: Part, book: RuleBook) -> Line:
    if isinstance(item, Order):
        first, second = part.text.rstrip("."), (part.detail or "").rstrip(".")
        return Line(f"Eerst: {first}. Daarna: {second}.", VERDICTS[part.outcome], think=part.think, why=part.why, now=part.now)
    best = None
    verdict: str | None = VERDICTS[part.outcome]
    if isinstance(item, Match) and not part.fits:
        best = next(pair.right for pair in item.pairs if pair.id == part.id)
    if isinstance(item, Sort) and part.outcome in (Outcome.DIFFERS, Outcome.FAIR):
        best = _best_bins(item, part, book)
    if isinstance(item, Mark | SeveralChoices):
        good = part.chosen == part.fits or part.outcome is Outcome.FAIR
        verdict = ("klopt" if part.chosen else None) if good else "nog-niet-goed"
        best = None if good else "wel kiezen" if part.fits else "niet kiezen"
    shown = shown_rule(book, part.rule, lesson.unit.track) if part.rule and isinstance(item, Sort) else None
    return Line(
        part.text, verdict, chosen=part.detail, best=best, yours=part.chosen and part.detail is None, think=part.think,
        why=part.why, now=part.now, note=_condition_line(shown), cite=_cite_line(shown),
    )  # fmt: skip


def _best_bins(item: Sort, part: Part, book: RuleBook) -> str:
    card = next(card for card in item.cards if card.id == part.id)
    right = card.by_stance[book.stance_on(card.rule)].right if card.rule and card.by_stance else card.right
    names = {pile.id: pile.text for pile in item.bins}
    return " of ".join(names[key] for key in right)


def _condition_line(shown: ShownRule | None) -> str | None:
    if shown is None or not shown.condition:
        return None
    return f"{shown.words.rstrip('…. ')} … {shown.condition}" if shown.stance == "mag-als" else f"De afspraak: {shown.condition}"


def _cite_line(shown: ShownRule | None) -> str | None:
    if shown is None or not shown.cites:
        return None
    basis = {"letterlijk": "letterlijk uit het protocol", "afgeleid": "zo lezen wij het protocol"}.get(shown.basis or "", "eigen afspraak")
    return f"{shown.cites[0].label}, {basis}"
