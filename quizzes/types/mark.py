"""Pieces of a message to point out. Answer: {"marks": [id]}."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from protocols.domain import Corpus, RuleBook
from quizzes.domain import Fault, Frozen, Item, JsonDict, Key, OnPaper, Place, Reading, RuleTexts, Source, Verdict, doubles
from quizzes.types.pieces import PieceRuling, imagined_pieces, judge_pieces, read_pieces, ruling_faults


class MarkedMessage(Frozen):
    sender: str = Field(alias="from", min_length=1, max_length=60)
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class Mark(Item):
    type: Literal["mark"]
    message: MarkedMessage
    marks: dict[Key, PieceRuling] = Field(min_length=2)

    name: ClassVar[str] = "Markeren"
    name_for_mentor: ClassVar[str] = "aanwijzen"
    icon: ClassVar[str] = "mark"
    ticks: ClassVar[bool] = True

    @property
    def parts_count(self) -> int:
        return len(self.marks)

    def pieces(self) -> list[tuple[str, str]]:
        """The message in pieces: (key, text) for what can be marked, ("", text) for what stands between."""
        pieces: list[tuple[str, str]] = []
        rest = self.message.text
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

    def _texts(self) -> dict[str, str]:
        return {key: text for key, text in self.pieces() if key}

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        del corpus
        keys = [key for key, _ in self.pieces() if key]
        yield from doubles(keys, (*at, "message"), self.id)
        if set(keys) != set(self.marks):
            yield (
                (*at, "marks"),
                f"{self.id}: de stukjes in het bericht en marks verschillen",
                "geef elk [[id|stukje]] een uitleg onder marks",
            )
        yield from ruling_faults(self.marks, (*at, "marks"), self.id)

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        pieces = [{"id": key, "text": text} for key, text in self.pieces()]
        return {"pieces": pieces, "sender": self.message.sender, "chosen": value.get("marks", [])}

    def read(self, source: Source) -> Reading:
        return read_pieces(self.marks, source, "marks", "stukje", "Kies ten minste één stukje van het bericht.")

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [("stukje", key) for key in value["marks"]]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        del texts
        return judge_pieces(self, self.marks, self._texts(), value["marks"], book)

    def look(self, value: JsonDict) -> JsonDict:
        """The message once more, with what was pointed out."""
        return self.fields(value, "")

    def right_answers(self, book: RuleBook) -> list[str] | None:
        del book
        return [key for key, ruling in self.marks.items() if ruling.right]

    def on_paper(self) -> OnPaper:
        return OnPaper((("stukje", tuple(key for key, _text in self.pieces() if key)),), many=True)

    def said(self, value: JsonDict) -> list[str]:
        texts = self._texts()
        return [texts[key] for key in value["marks"]]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        del book
        return {"marks": imagined_pieces(self.marks, chance, knows)}
