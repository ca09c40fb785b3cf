"""Cards onto piles. Answer: {"cards": {card: pile}}."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import ClassVar, Literal

from pydantic import Field

from common.forms import FieldProblem
from protocols.domain import Corpus, RuleBook
from quizzes.domain import (
    Ballot,
    Bound,
    ByStance,
    Fault,
    Frozen,
    Item,
    JsonDict,
    Key,
    Moves,
    OnPaper,
    Outcome,
    Part,
    Place,
    Reading,
    RuleKey,
    RuleTexts,
    Source,
    Text,
    Verdict,
    doubles,
    drawn,
    each_of,
    move_faults,
    of_parts,
    outcome_of,
    rule_faults,
    ruling_of,
    stance_faults,
    why_of,
)  # fmt: skip


class Pile(Frozen):
    id: Key
    text: Text


class Card(Moves):
    """A card belongs where right says, or where the school's stance on its own rule says."""

    id: Key
    text: Text
    rule: RuleKey | None = None
    by_stance: ByStance | None = None
    right: tuple[Key, ...] = ()


class Sort(Item):
    type: Literal["sort"]
    bins: tuple[Pile, ...] = Field(min_length=2, max_length=4)
    cards: tuple[Card, ...] = Field(min_length=2, max_length=8)

    name: ClassVar[str] = "Sorteren"
    name_for_mentor: ClassVar[str] = "sorteren"
    icon: ClassVar[str] = "sort"
    has_places: ClassVar[bool] = True

    @property
    def parts_count(self) -> int:
        return len(self.cards)

    def _names(self) -> dict[str, str]:
        return {pile.id: pile.text for pile in self.bins}

    def bound(self) -> Iterator[Bound]:
        for card in self.cards:
            if card.rule and card.by_stance:
                yield Bound(card.rule, card.by_stance, self._names(), card.id, card.text)

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        piles = set(self._names())
        yield from doubles([card.id for card in self.cards], (*at, "cards"), self.id)
        for number, card in enumerate(self.cards):
            path, label = (*at, "cards", number), f"{self.id}, {card.id}"
            yield from rule_faults(card.rule, (*path, "rule"), corpus)
            if bool(card.rule) != bool(card.by_stance):
                yield path, f"{label}: rule en by_stance horen bij elkaar", "geef beide of geen van beide"
            if card.by_stance:
                yield from stance_faults(card.by_stance, piles, (*path, "by_stance"), label)
            elif not card.right or set(card.right) - piles:
                yield path, f"{label}: right noemt geen stapel van deze opgave", "noem een id uit bins"
            yield from move_faults(card, path, label, rule=card.rule)

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        return {"cards": self.cards, "bins": self.bins, "chosen": value.get("cards", {})}

    def read(self, source: Source) -> Reading:
        piles = self._names()
        put = {card.id: source.get(f"kaart:{card.id}", "") for card in self.cards}
        found = {card: pile for card, pile in put.items() if pile in piles}
        left = len(put) - len(found)
        words = "Leg elk kaartje op een stapel." if left > 1 else "Leg ook het laatste kaartje op een stapel."
        return Reading({"cards": found}, [FieldProblem("kaart", words)] if left else [])

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [(f"kaart:{card}", pile) for card, pile in value["cards"].items()]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        return of_parts(self, [self._part(card, value["cards"][card.id], book, texts) for card in self.cards], book)

    def _part(self, card: Card, put: str, book: RuleBook, texts: RuleTexts) -> Part:
        names = self._names()
        ruling = ruling_of(card.rule, card.by_stance, book)
        outcome = outcome_of(put, card.right, ruling)
        is_best = outcome in (Outcome.FOLLOWS, Outcome.TALK)
        best = " of ".join(names[key] for key in (ruling.right if ruling else card.right))
        return Part(
            card.id, card.text, outcome, True, outcome.is_right, outcome.is_right, card.think,
            why_of(card.rule, ruling, card.why, book, texts), card.now, card.rule, names[put], None if is_best else best,
        )  # fmt: skip

    def right_answers(self, book: RuleBook) -> list[str] | None:
        by_rule = {bound.part: bound.right(book) for bound in self.bound()}
        right = [(card.id, by_rule[card.id] if card.id in by_rule else list(card.right)) for card in self.cards]
        return [f"{card}={'|'.join(piles)}" for card, piles in right if piles is not None] or None

    def ballots(self) -> list[Ballot]:
        bounds = {bound.part: bound for bound in self.bound()}
        piles = tuple(self._names().items())
        return [Ballot(card.id, card.text, piles, card.right, bounds.get(card.id)) for card in self.cards]

    def on_paper(self) -> OnPaper:
        return OnPaper(tuple((f"kaart:{card.id}", tuple(self._names())) for card in self.cards))

    def said(self, value: JsonDict) -> list[str]:
        names = self._names()
        return [f"{card.text.rstrip('.')} → {names[value['cards'][card.id]]}" for card in self.cards]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        per_card = each_of(knows, len(self.cards))
        right = dict(part.split("=", 1) for part in self.right_answers(book) or [])
        put = {}
        for card in self.cards:
            good = right.get(card.id, "").split("|")
            others = [pile.id for pile in self.bins if pile.id not in good] or [pile.id for pile in self.bins]
            put[card.id] = good[0] if good[0] and chance.random() < per_card else drawn(chance, others, card.id)
        return {"cards": put}
