"""A reply put together from parts, and how it lands with the one who reads it. Answer: {"phrases": {slot: phrase}}."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from common.forms import FieldProblem
from protocols.domain import Corpus, RuleBook
from quizzes.domain import (
    Ballot,
    Bound,
    Fault,
    Frozen,
    Item,
    JsonDict,
    Key,
    OnPaper,
    Place,
    Reading,
    RuleTexts,
    Source,
    Text,
    Verdict,
    of_parts,
)
from quizzes.types.put import (
    Thing,
    Way,
    ballots_on,
    bound_things,
    imagined_ways,
    judge_thing,
    read_things,
    right_ways,
    said_ways,
    thing_faults,
)


class Received(Frozen):
    """The message to answer."""

    sender: str = Field(alias="from", min_length=1, max_length=60)
    text: Annotated[str, Field(min_length=1, max_length=600)]


class Slot(Thing):
    """One part of the reply (an opening, what you say, how you end) with the phrases for it. text names the part."""

    phrases: tuple[Way, ...] = Field(min_length=2, max_length=4)

    @property
    def ways(self) -> tuple[Way, ...]:
        return self.phrases


class Landing(Frozen):
    """How the reply lands, when these phrases are in it: {slot: [phrase]}. The last one has no condition."""

    when: dict[Key, tuple[Key, ...]] = Field(default_factory=dict, alias="if")
    says: Text
    feels: Text

    def fits(self, phrases: dict[str, str]) -> bool:
        return all(phrases.get(slot) in keys for slot, keys in self.when.items())


class Compose(Item):
    type: Literal["compose"]
    to: Received
    slots: tuple[Slot, ...] = Field(min_length=2, max_length=4)
    landings: tuple[Landing, ...] = Field(min_length=2, max_length=8)

    name: ClassVar[str] = "Antwoord maken"
    name_for_mentor: ClassVar[str] = "antwoord maken"
    icon: ClassVar[str] = "chat"
    has_places: ClassVar[bool] = True

    @property
    def parts_count(self) -> int:
        return len(self.slots)

    def bound(self) -> Iterator[Bound]:
        yield from bound_things(self.slots)

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        yield from thing_faults(self.slots, (*at, "slots"), self.id, corpus)
        known = {slot.id: set(slot.names()) for slot in self.slots}
        for number, landing in enumerate(self.landings):
            path = (*at, "landings", number)
            if any(not set(keys) <= known.get(slot, set()) for slot, keys in landing.when.items()):
                yield path, f"{self.id}: if noemt een onbekend deel of een onbekende zin", "gebruik ids uit slots"
            if bool(landing.when) == (landing is self.landings[-1]):
                yield path, f"{self.id}: alleen de laatste landing heeft geen if", "zet wat in elk ander geval geldt onderaan"

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        return {"to": self.to, "slots": self.slots, "chosen": value.get("phrases", {})}

    def read(self, source: Source) -> Reading:
        found = read_things(self.slots, source, "deel")
        problems = [FieldProblem("deel", "Kies bij elk deel een zin.")] if len(found) < len(self.slots) else []
        return Reading({"phrases": found}, problems)

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [(f"deel:{slot}", phrase) for slot, phrase in value["phrases"].items()]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        return of_parts(self, [judge_thing(slot, value["phrases"][slot.id], book, texts) for slot in self.slots], book)

    def look(self, value: JsonDict) -> JsonDict:
        """The whole reply as it went out, and how it landed."""
        phrases = value["phrases"]
        landing = next(landing for landing in self.landings if landing.fits(phrases))
        reply = " ".join(slot.names()[phrases[slot.id]] for slot in self.slots)
        return {"to": self.to, "reply": reply, "says": landing.says, "feels": landing.feels}

    def right_answers(self, book: RuleBook) -> list[str] | None:
        return right_ways(self.slots, book)

    def ballots(self) -> list[Ballot]:
        return ballots_on(self.slots)

    def on_paper(self) -> OnPaper:
        return OnPaper(tuple((f"deel:{slot.id}", tuple(slot.names())) for slot in self.slots))

    def said(self, value: JsonDict) -> list[str]:
        return said_ways(self.slots, value["phrases"])

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        return {"phrases": imagined_ways(self, self.slots, chance, knows, book)}
