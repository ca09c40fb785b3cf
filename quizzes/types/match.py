"""Two columns that belong together. Answer: {"pairs": {left: right}}, both by the id of the pair they come from."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import ClassVar, Literal

from pydantic import Field

from common.forms import FieldProblem
from protocols.domain import Corpus, RuleBook
from quizzes.domain import (
    Fault,
    Frozen,
    Item,
    JsonDict,
    Key,
    OnPaper,
    Outcome,
    Part,
    Place,
    Reading,
    RuleTexts,
    Source,
    Text,
    Verdict,
    doubles,
    of_parts,
)  # fmt: skip


class Pair(Frozen):
    id: Key
    left: Text
    right: Text
    think: Text | None = None
    why: Text
    now: Text | None = None


class Match(Item):
    type: Literal["match"]
    pairs: tuple[Pair, ...] = Field(min_length=3, max_length=6)

    name: ClassVar[str] = "Paren"
    name_for_mentor: ClassVar[str] = "paren maken"
    icon: ClassVar[str] = "match"
    has_places: ClassVar[bool] = True

    @property
    def parts_count(self) -> int:
        return len(self.pairs)

    def _rights(self) -> dict[str, str]:
        return {pair.id: pair.right for pair in self.pairs}

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        del corpus
        yield from doubles([pair.id for pair in self.pairs], (*at, "pairs"), self.id)

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        rights = [{"id": pair.id, "text": pair.right} for pair in self.pairs]
        Random(seed).shuffle(rights)  # noqa: S311  (the order of letters on a page)
        lefts = [{"id": pair.id, "text": pair.left} for pair in self.pairs]
        return {"lefts": lefts, "rights": rights, "chosen": value.get("pairs", {})}

    def read(self, source: Source) -> Reading:
        known = self._rights()
        put = {pair.id: source.get(f"paar:{pair.id}", "") for pair in self.pairs}
        found = {left: right for left, right in put.items() if right in known}
        problems = [FieldProblem("paar", "Kies bij elke regel een letter.")] if len(found) < len(put) else []
        return Reading({"pairs": found}, problems)

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [(f"paar:{left}", right) for left, right in value["pairs"].items()]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        del texts
        return of_parts(self, [self._part(pair, value["pairs"][pair.id]) for pair in self.pairs], book)

    def _part(self, pair: Pair, put: str) -> Part:
        """Two right-hand texts may say the same; either then belongs."""
        text = self._rights()[put]
        good = put == pair.id or text == pair.right
        outcome = Outcome.FOLLOWS if good else Outcome.DIFFERS
        best = None if good else pair.right
        return Part(pair.id, pair.left, outcome, True, good, good, pair.think, pair.why, pair.now, None, text, best)

    def right_answers(self, book: RuleBook) -> list[str] | None:
        del book
        return [f"{pair.id}={pair.id}" for pair in self.pairs]

    def on_paper(self) -> OnPaper:
        rights = tuple(right["id"] for right in self.fields({}, self.id)["rights"])
        return OnPaper(tuple((f"paar:{pair.id}", rights) for pair in self.pairs))

    def said(self, value: JsonDict) -> list[str]:
        rights = self._rights()
        return [f"{pair.left.rstrip('.')} → {rights[value['pairs'][pair.id]]}" for pair in self.pairs]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        del book
        pairs = {pair.id: pair.id for pair in self.pairs}
        if chance.random() >= knows:
            one, other = chance.sample(sorted(pairs), 2)
            pairs[one], pairs[other] = other, one
        return {"pairs": pairs}
