"""Several choices out of a list. Answer: {"choices": [id]}."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import ClassVar, Literal

from pydantic import Field

from common.forms import FieldProblem
from protocols.domain import Corpus, RuleBook
from quizzes.domain import Fault, Item, JsonDict, OnPaper, Outcome, Place, Reading, RuleTexts, Source, Verdict, each_of, of_parts
from quizzes.types.options import Option, WithOptions


class SeveralChoices(WithOptions, Item):
    type: Literal["several-choices"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=8)

    name: ClassVar[str] = "Vraag"
    name_for_mentor: ClassVar[str] = "meer antwoorden kiezen"
    icon: ClassVar[str] = "ask"
    ticks: ClassVar[bool] = True

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        yield from self.option_faults(at, corpus)
        right = sum(option.right for option in self.options)
        if not self.by_stance and not 0 < right < len(self.options):
            yield at, f"{self.id}: goede én andere antwoorden zijn nodig", "zet right: true bij wat klopt"

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        return {"options": self.options, "chosen": value.get("choices", [])}

    def read(self, source: Source) -> Reading:
        chosen = set(source.getlist("keuzes"))
        found = [option.id for option in self.options if option.id in chosen]
        return Reading({"choices": found}, [] if found else [FieldProblem("keuzes", "Kies ten minste één antwoord.")])

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [("keuzes", key) for key in value["choices"]]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        chosen = set(value["choices"])
        parts = tuple(self.option_part(option, option.id in chosen, book, texts) for option in self.options)
        if any(part.outcome is Outcome.TALK for part in parts):
            return Verdict(Outcome.TALK, 0, 0, parts, self.stances(book))
        return of_parts(self, parts, book)

    def on_paper(self) -> OnPaper:
        return OnPaper((("keuzes", tuple(self.texts_by_id())),), many=True)

    def said(self, value: JsonDict) -> list[str]:
        texts = self.texts_by_id()
        return [texts[key] for key in value["choices"]]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        right = set(self.right_answers(book) or [])
        per_option = each_of(knows, len(self.options))
        chosen = [option.id for option in self.options if (option.id in right) == (chance.random() < per_option)]
        return {"choices": chosen or [self.options[0].id]}
