"""Weighing an answer against the agreements of the pupil's own school. Pure: no Flask, no database, no clock.

An answer is a plain dict, the same as is stored:
one-choice {"choice": id} · several-choices {"choices": [id]} · sort {"cards": {card: bin}} · order {"order": [id]}
match {"pairs": {left: right}} · mark {"marks": [id]} · scale {"value": 0..n-1} · open {"text": str}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from protocols.domain import RuleBook, Stance
from quizzes.domain import Card, Mark, Match, OneChoice, Open, Option, Order, Outcome, Ruling, Scale, SeveralChoices, Sort
from quizzes.quiz import Quiz

JsonDict = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One judged part of an answer: an option, a card, a pair, a marked piece, an order pair."""

    id: str
    text: str
    outcome: Outcome
    chosen: bool
    fits: bool
    think: str | None = None
    why: str | None = None
    now: str | None = None
    rule: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What an answer came to. right of total counts the parts that were scored; stances tells by which it was judged."""

    outcome: Outcome
    right: int
    total: int
    parts: tuple[Part, ...]
    stances: Mapping[str, str]

    @property
    def chosen(self) -> list[Part]:
        return [part for part in self.parts if part.chosen]


def judge(quiz: Quiz, item: Any, answer: JsonDict, book: RuleBook) -> Verdict:
    """Weigh an answer and explain each part of it. Raises KeyError for an answer that does not belong to the item."""
    return _JUDGES[type(item)](quiz, item, answer, book)


def right_answers(item: Any, book: RuleBook) -> list[str] | None:
    """The right answer or answers at one school; None where it is only talked about or never scored."""
    if isinstance(item, OneChoice | SeveralChoices):
        if item.rule and item.by_stance:
            ruling = item.by_stance[book.stance_on(item.rule)]
            return None if ruling.talk else list(ruling.right)
        return [option.id for option in item.options if option.right]
    if isinstance(item, Sort):
        found = [f"{card.id}={'|'.join(right)}" for card in item.cards if (right := right_bins(card, book)) is not None]
        return found or None
    if isinstance(item, Order):
        return [f"{first}<{second}" for first, second in (b.pair for b in item.before)]
    if isinstance(item, Match):
        return [f"{pair.id}={pair.id}" for pair in item.pairs]
    if isinstance(item, Mark):
        return [key for key, ruling in item.marks.items() if ruling.right]
    return None


def _ruling(rule: str | None, by_stance: Mapping[Stance, Ruling] | None, book: RuleBook) -> Ruling | None:
    return by_stance[book.stance_on(rule)] if rule and by_stance else None


def right_bins(card: Card, book: RuleBook) -> list[str] | None:
    """Where a card belongs at one school; None where it is only talked about."""
    ruling = _ruling(card.rule, card.by_stance, book)
    if ruling is None:
        return list(card.right)
    return None if ruling.talk else list(ruling.right)


def _rule_text(quiz: Quiz, rule: str, book: RuleBook) -> str | None:
    return quiz.rule_texts.get(rule, {}).get(book.stance_on(rule))


def _stances(rules: Iterable[str | None], book: RuleBook) -> dict[str, str]:
    return {rule: book.stance_on(rule).value for rule in rules if rule}


def _option_outcome(option: Option, ruling: Ruling | None) -> Outcome:
    if ruling is None:
        return Outcome.FOLLOWS if option.right else Outcome.DIFFERS
    if ruling.talk:
        return Outcome.TALK
    if option.id in ruling.right:
        return Outcome.FOLLOWS
    return Outcome.FAIR if option.id in ruling.fair else Outcome.DIFFERS


def _why(quiz: Quiz, rule: str | None, ruling: Ruling | None, own: str | None, book: RuleBook) -> str | None:
    if rule is None:
        return own
    return (ruling.why if ruling else None) or own or _rule_text(quiz, rule, book)


def _option_part(quiz: Quiz, item: OneChoice | SeveralChoices, option: Option, chosen: bool, book: RuleBook) -> Part:
    ruling = _ruling(item.rule, item.by_stance, book)
    outcome = _option_outcome(option, ruling)
    why = _why(quiz, item.rule, ruling, option.why, book)
    fits = outcome in (Outcome.FOLLOWS, Outcome.FAIR)
    return Part(option.id, option.text, outcome, chosen, fits, option.think, why, option.now, item.rule)


def _one_choice(quiz: Quiz, item: OneChoice, answer: JsonDict, book: RuleBook) -> Verdict:
    chosen = answer["choice"]
    parts = tuple(_option_part(quiz, item, option, option.id == chosen, book) for option in item.options)
    outcome = next(part.outcome for part in parts if part.chosen)
    return Verdict(outcome, int(outcome.is_right), int(outcome.is_scored), parts, _stances([item.rule], book))


def _several_choices(quiz: Quiz, item: SeveralChoices, answer: JsonDict, book: RuleBook) -> Verdict:
    chosen = set(answer["choices"])
    parts = tuple(_option_part(quiz, item, option, option.id in chosen, book) for option in item.options)
    if any(part.outcome is Outcome.TALK for part in parts):
        return Verdict(Outcome.TALK, 0, 0, parts, _stances([item.rule], book))
    good = sum(_several_is_good(part) for part in parts)
    return Verdict(_of(good, len(parts)), good, len(parts), parts, _stances([item.rule], book))


def _several_is_good(part: Part) -> bool:
    return part.outcome is Outcome.FAIR or part.chosen == (part.outcome is Outcome.FOLLOWS)


def _of(good: int, total: int) -> Outcome:
    """All good follows the agreement, half or more is partly, less is not yet."""
    if good == total:
        return Outcome.FOLLOWS
    return Outcome.PARTLY if good * 2 >= total else Outcome.DIFFERS


def _sort(quiz: Quiz, item: Sort, answer: JsonDict, book: RuleBook) -> Verdict:
    parts = tuple(_card_part(quiz, item, card, answer["cards"][card.id], book) for card in item.cards)
    scored = [part for part in parts if part.outcome.is_scored]
    stances = _stances((card.rule for card in item.cards), book)
    if not scored:
        return Verdict(Outcome.TALK, 0, 0, parts, stances)
    good = sum(part.outcome.is_right for part in scored)
    return Verdict(_of(good, len(scored)), good, len(scored), parts, stances)


def _card_part(quiz: Quiz, item: Sort, card: Card, put: str, book: RuleBook) -> Part:
    ruling = _ruling(card.rule, card.by_stance, book)
    names = {pile.id: pile.text for pile in item.bins}
    if ruling is not None and ruling.talk:
        outcome = Outcome.TALK
    elif put in (ruling.right if ruling else card.right):
        outcome = Outcome.FOLLOWS
    else:
        outcome = Outcome.FAIR if ruling and put in ruling.fair else Outcome.DIFFERS
    why = _why(quiz, card.rule, ruling, card.why, book)
    return Part(card.id, card.text, outcome, True, outcome.is_right, card.think, why, card.now, card.rule, names[put])


def _order(_quiz: Quiz, item: Order, answer: JsonDict, book: RuleBook) -> Verdict:
    place = {key: number for number, key in enumerate(answer["order"])}
    texts = {step.id: step.text for step in item.steps}
    parts = []
    for before in item.before:
        first, second = before.pair
        good = place[first] < place[second]
        outcome = Outcome.FOLLOWS if good else Outcome.DIFFERS
        parts.append(
            Part(f"{first}-{second}", texts[first], outcome, True, good, before.think, before.why, before.now, item.rule, texts[second])
        )
    right = sum(part.fits for part in parts)
    return Verdict(_of(right, len(parts)), right, len(parts), tuple(parts), _stances([item.rule], book))


def _match(_quiz: Quiz, item: Match, answer: JsonDict, book: RuleBook) -> Verdict:
    rights = {pair.id: pair.right for pair in item.pairs}
    parts = []
    for pair in item.pairs:
        put = answer["pairs"][pair.id]
        good = put == pair.id or rights[put] == pair.right
        outcome = Outcome.FOLLOWS if good else Outcome.DIFFERS
        parts.append(Part(pair.id, pair.left, outcome, True, good, pair.think, pair.why, pair.now, item.rule, rights[put]))
    right = sum(part.fits for part in parts)
    return Verdict(_of(right, len(parts)), right, len(parts), tuple(parts), _stances([item.rule], book))


def _mark(_quiz: Quiz, item: Mark, answer: JsonDict, book: RuleBook) -> Verdict:
    chosen = set(answer["marks"])
    texts = dict(pieces_of(item))
    parts = tuple(
        Part(
            key,
            texts[key],
            Outcome.FOLLOWS if ruling.right else Outcome.DIFFERS,
            key in chosen,
            ruling.right,
            ruling.think,
            ruling.why,
            ruling.now,
            item.rule,
        )
        for key, ruling in item.marks.items()
    )
    good = sum(part.chosen == part.fits for part in parts)
    return Verdict(_of(good, len(parts)), good, len(parts), parts, _stances([item.rule], book))


def pieces_of(item: Mark) -> list[tuple[str, str]]:
    """The message of a mark item in pieces: (key, text) for what can be marked, ("", text) for what stands between."""
    pieces: list[tuple[str, str]] = []
    rest = item.message.text
    while "[[" in rest:
        plain, _, rest = rest.partition("[[")
        if plain.strip():
            pieces.append(("", plain))
        inside, _, rest = rest.partition("]]")
        key, _, text = inside.partition("|")
        pieces.append((key, text))
    if rest.strip():
        pieces.append(("", rest))
    return pieces


def _unscored(_quiz: Quiz, item: Scale | Open, _answer: JsonDict, book: RuleBook) -> Verdict:
    return Verdict(Outcome.NONE, 0, 0, (), _stances([item.rule], book))


_JUDGES: dict[type, Callable[[Quiz, Any, JsonDict, RuleBook], Verdict]] = {
    OneChoice: _one_choice,
    SeveralChoices: _several_choices,
    Sort: _sort,
    Order: _order,
    Match: _match,
    Mark: _mark,
    Scale: _unscored,
    Open: _unscored,
}
