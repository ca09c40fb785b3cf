"""A profile as it looks on a phone, in which to point out what gives it away. Answer: {"spots": [id]}."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import ClassVar, Literal

from pydantic import Field

from protocols.domain import Corpus, RuleBook
from quizzes.domain import Fault, Frozen, Item, JsonDict, Key, OnPaper, Place, Reading, RuleTexts, Source, Text, Verdict, doubles
from quizzes.types.pieces import PieceRuling, imagined_pieces, judge_pieces, read_pieces, ruling_faults

# Where something stands on a profile, from top to bottom.
PLACES = ("name", "since", "followers", "about", "photo", "post", "message", "link")


class Spot(PieceRuling):
    """Something on the profile that can be pointed out. text is what stands there; of a photo, what can be seen on it."""

    id: Key
    place: Literal["name", "since", "followers", "about", "photo", "post", "message", "link"]
    text: Text


class Picture(Frozen):
    """The drawing: the face in the round frame (one of the cast, or nobody) and the scene of a photo."""

    title: Text
    face: Key | None = None
    scene: Key | None = None


class SpotTheFake(Item):
    type: Literal["spot"]
    picture: Picture
    spots: tuple[Spot, ...] = Field(min_length=4, max_length=9)

    name: ClassVar[str] = "Speuren"
    name_for_mentor: ClassVar[str] = "speuren in een profiel"
    icon: ClassVar[str] = "search"
    ticks: ClassVar[bool] = True

    @property
    def parts_count(self) -> int:
        return len(self.spots)

    def _rulings(self) -> dict[str, Spot]:
        return {spot.id: spot for spot in self.spots}

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        del corpus
        yield from doubles([spot.id for spot in self.spots], (*at, "spots"), self.id)
        yield from ruling_faults(self._rulings(), (*at, "spots"), self.id)
        if sum(spot.place == "photo" for spot in self.spots) > 1:
            yield (*at, "spots"), f"{self.id}: er is plaats voor één foto", "maak van de andere een post"

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        ordered = sorted(self.spots, key=lambda spot: PLACES.index(spot.place))
        return {"picture": self.picture, "spots": ordered, "chosen": value.get("spots", [])}

    def read(self, source: Source) -> Reading:
        return read_pieces(self._rulings(), source, "spots", "plek", "Wijs ten minste één ding aan.")

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [("plek", key) for key in value["spots"]]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        del texts
        rulings = self._rulings()
        return judge_pieces(self, rulings, {key: spot.text for key, spot in rulings.items()}, value["spots"], book)

    def look(self, value: JsonDict) -> JsonDict:
        """The profile once more, with what was pointed out."""
        return self.fields(value, "")

    def right_answers(self, book: RuleBook) -> list[str] | None:
        del book
        return [spot.id for spot in self.spots if spot.right]

    def on_paper(self) -> OnPaper:
        return OnPaper((("plek", tuple(spot.id for spot in self.fields({}, "")["spots"])),), many=True)

    def said(self, value: JsonDict) -> list[str]:
        texts = {spot.id: spot.text for spot in self.spots}
        return [texts[key] for key in value["spots"]]

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        del book
        return {"spots": imagined_pieces(self._rulings(), chance, knows)}
