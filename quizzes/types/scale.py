"""An opinion on a line; never scored. Answer: {"value": 0..n-1}."""

from __future__ import annotations

from random import Random
from typing import ClassVar, Literal

from pydantic import Field

from common.forms import FieldProblem
from protocols.domain import RuleBook
from quizzes.domain import Ballot, Counting, Item, JsonDict, OnPaper, Outcome, Reading, RuleTexts, Source, Text, Verdict


class Scale(Item):
    type: Literal["scale"]
    scored: Literal[False]
    labels: tuple[Text, ...] = Field(min_length=2, max_length=7)
    after: Text | None = None

    name: ClassVar[str] = "Mening"
    name_for_mentor: ClassVar[str] = "mening"
    icon: ClassVar[str] = "scale"
    counting: ClassVar[Counting] = Counting.LABELS

    @property
    def is_scored(self) -> bool:
        return False

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        return {"labels": self.labels, "chosen": value["value"] + 1 if "value" in value else None}

    def read(self, source: Source) -> Reading:
        value = source.get("stand", "")
        if value in {str(number) for number in range(1, len(self.labels) + 1)}:
            return Reading({"value": int(value) - 1})
        return Reading({}, [FieldProblem("stand", "Kies wat het meest bij jou past.")])

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [("stand", str(value["value"] + 1))]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        del texts
        self.said(value)
        return Verdict(Outcome.NONE, 0, 0, (), self.stances(book))

    def ballots(self) -> list[Ballot]:
        return [Ballot("", self.question, tuple((str(number), label) for number, label in enumerate(self.labels)))]

    def on_paper(self) -> OnPaper:
        return OnPaper((("stand", tuple(str(number) for number in range(1, len(self.labels) + 1))),), digits=True)

    def said(self, value: JsonDict) -> list[str]:
        return [self.labels[value["value"]]]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        del knows, book
        return {"value": min(len(self.labels) - 1, int(chance.betavariate(2, 1.6) * len(self.labels)))}
