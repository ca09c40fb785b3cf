"""One choice out of several. Answer: {"choice": id}."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import ClassVar, Literal

from pydantic import Field

from common.forms import FieldProblem
from protocols.domain import Corpus, RuleBook
from quizzes.domain import Ballot, Counting, Fault, Item, JsonDict, OnPaper, Place, Reading, RuleTexts, Source, Verdict, drawn
from quizzes.types.options import Option, WithOptions


class OneChoice(WithOptions, Item):
    type: Literal["one-choice"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=6)

    name: ClassVar[str] = "Vraag"
    name_for_mentor: ClassVar[str] = "één antwoord kiezen"
    icon: ClassVar[str] = "ask"
    counting: ClassVar[Counting] = Counting.CHOICES
    explains_choice: ClassVar[bool] = True

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        yield from self.option_faults(at, corpus)
        if not self.by_stance and sum(option.right for option in self.options) != 1:
            yield at, f"{self.id}: er is niet precies één goed antwoord", "zet bij één antwoord right: true"

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        return {"options": self.options, "chosen": [value["choice"]] if "choice" in value else []}

    def read(self, source: Source) -> Reading:
        chosen = source.get("keuze", "")
        if chosen in {option.id for option in self.options}:
            return Reading({"choice": chosen})
        return Reading({}, [FieldProblem("keuze", "Kies een antwoord.")])

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [("keuze", value["choice"])]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        chosen = value["choice"]
        parts = tuple(self.option_part(option, option.id == chosen, book, texts) for option in self.options)
        outcome = next((part.outcome for part in parts if part.chosen), None)
        if outcome is None:
            raise KeyError(chosen)
        return Verdict(outcome, int(outcome.is_right), int(outcome.is_scored), parts, self.stances(book))

    def ballots(self) -> list[Ballot]:
        rights = tuple(option.id for option in self.options if option.right)
        return [Ballot("", self.question, tuple(self.texts_by_id().items()), rights, next(self.bound(), None))]

    def on_paper(self) -> OnPaper:
        return OnPaper((("keuze", tuple(self.texts_by_id())),))

    def said(self, value: JsonDict) -> list[str]:
        return [self.texts_by_id()[value["choice"]]]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        right = sorted(self.right_answers(book) or [])
        if right and chance.random() < knows:
            return {"choice": chance.choice(right)}
        ids = [option.id for option in self.options]
        return {"choice": drawn(chance, [key for key in ids if key not in right] or ids, self.id)}
