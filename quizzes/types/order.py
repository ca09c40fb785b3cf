"""Steps in an order, of which only some pairs matter. Answer: {"order": [id]}."""

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


class OrderStep(Frozen):
    id: Key
    text: Text


class Before(Frozen):
    """The first of the pair must stand somewhere before the second."""

    pair: tuple[Key, Key]
    why: Text
    now: Text | None = None
    think: Text | None = None


class Order(Item):
    type: Literal["order"]
    steps: tuple[OrderStep, ...] = Field(min_length=3, max_length=8)
    before: tuple[Before, ...] = Field(min_length=1)
    after: Text | None = None

    name: ClassVar[str] = "Volgorde"
    name_for_mentor: ClassVar[str] = "op volgorde zetten"
    icon: ClassVar[str] = "order"

    @property
    def parts_count(self) -> int:
        return len(self.before)

    def _texts(self) -> dict[str, str]:
        return {step.id: step.text for step in self.steps}

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        del corpus
        ids = [step.id for step in self.steps]
        yield from doubles(ids, (*at, "steps"), self.id)
        for number, before in enumerate(self.before):
            if set(before.pair) - set(ids):
                yield (*at, "before", number), f"{self.id}: het paar noemt een onbekende stap", "gebruik ids uit steps"
                return
        left = set(ids)
        while left:
            free = self._free(left)
            if not free:
                yield (*at, "before"), f"{self.id}: de paren spreken elkaar tegen", "haal een paar weg"
                return
            left -= free

    def _free(self, left: set[str]) -> set[str]:
        """The steps for which nothing else has to come first."""
        return {key for key in left if not any(b.pair[1] == key and b.pair[0] in left for b in self.before)}

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        steps = {step.id: step for step in self.steps}
        return {"rows": [steps[key] for key in value.get("order") or self._shuffled(seed)]}

    def _shuffled(self, seed: str) -> list[str]:
        """A fixed shuffle that is not by chance already right."""
        order = [step.id for step in self.steps]
        Random(seed).shuffle(order)  # noqa: S311  (the order of rows on a page)
        if all(order.index(first) < order.index(second) for first, second in (b.pair for b in self.before)):
            order.reverse()
        return order

    def read(self, source: Source) -> Reading:
        known = [step.id for step in self.steps]
        sent = [key for key in dict.fromkeys(source.getlist("volgorde")) if key in known]
        order = [*sent, *(key for key in known if key not in sent)]
        moved = _moved(source, order)
        problems = [] if sent else [FieldProblem("volgorde", "Zet de stappen op volgorde.")]
        return Reading({"order": order}, problems, moved)

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [("volgorde", key) for key in value["order"]]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        del texts
        place = {key: number for number, key in enumerate(value["order"])}
        return of_parts(self, [self._part(before, place) for before in self.before], book)

    def _part(self, before: Before, place: dict[str, int]) -> Part:
        first, second = before.pair
        names = self._texts()
        good = place[first] < place[second]
        words = f"Eerst: {names[first].rstrip('.')}. Daarna: {names[second].rstrip('.')}."
        outcome = Outcome.FOLLOWS if good else Outcome.DIFFERS
        return Part(f"{first}-{second}", words, outcome, True, good, good, before.think, before.why, before.now)

    def look(self, value: JsonDict) -> JsonDict:
        """The order as it was chosen."""
        names = self._texts()
        return {"rows": [names[key] for key in value["order"]]}

    def right_answers(self, book: RuleBook) -> list[str] | None:
        del book
        return [f"{first}<{second}" for first, second in (b.pair for b in self.before)]

    def on_paper(self) -> OnPaper:
        return OnPaper((("volgorde", tuple(row.id for row in self.fields({}, self.id)["rows"])),), places=True, digits=True)

    def said(self, value: JsonDict) -> list[str]:
        names = self._texts()
        return [f"{number}. {names[key]}" for number, key in enumerate(value["order"], 1)]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        del book
        left, order = {step.id for step in self.steps}, []
        while left:
            order.append(chance.choice(sorted(self._free(left))))
            left.remove(order[-1])
        if chance.random() >= knows:
            first, second = self.before[sum(self.id.encode()) % len(self.before)].pair
            one, other = order.index(first), order.index(second)
            order[one], order[other] = order[other], order[one]
        return {"order": order}


def _moved(source: Source, order: list[str]) -> str | None:
    """The step that a button moved, which is changed in order itself."""
    for key in source:
        way, _colon, step = key.partition(":")
        if way in ("omhoog", "omlaag") and step in order:
            place = order.index(step)
            other = place + (1 if way == "omlaag" else -1)
            if 0 <= other < len(order):
                order[place], order[other] = order[other], order[place]
            return step
    return None
