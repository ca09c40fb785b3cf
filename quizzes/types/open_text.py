"""A few sentences in the pupil's own words, seen by the mentor; never scored. Answer: {"text": str}."""

from __future__ import annotations

from random import Random
from typing import ClassVar, Literal

from common.forms import FieldProblem, clean_text
from protocols.domain import RuleBook
from quizzes.domain import Counting, Item, JsonDict, Outcome, Reading, RuleTexts, Source, Text, Verdict

LONGEST_TEXT = 1000


class Open(Item):
    type: Literal["open"]
    scored: Literal[False]
    seen_by: Literal["mentor"]
    notice: Text
    after: Text | None = None

    name: ClassVar[str] = "Schrijven"
    name_for_mentor: ClassVar[str] = "schrijven"
    icon: ClassVar[str] = "pen"
    counting: ClassVar[Counting] = Counting.WORDS

    @property
    def is_scored(self) -> bool:
        return False

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        return {"value": value.get("text", ""), "notice": self.notice}

    def read(self, source: Source) -> Reading:
        text = clean_text(source.get("tekst", ""), lines=True)
        problems = []
        if not text:
            problems.append(FieldProblem("tekst", "Schrijf iets op. Een paar woorden is genoeg."))
        elif len(text) > LONGEST_TEXT:
            problems.append(FieldProblem("tekst", f"Dit is lang: {len(text)} tekens. Er passen er {LONGEST_TEXT}."))
        return Reading({"text": text}, problems)

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [("tekst", value["text"])]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        del value, texts
        return Verdict(Outcome.NONE, 0, 0, (), self.stances(book))

    def said(self, value: JsonDict) -> list[str]:
        return [str(value["text"])]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        del knows, book
        return {"text": chance.choice(["Ik vraag het eerst.", "Ik praat erover met iemand die ik vertrouw.", "Dat weet ik nog niet."])}
