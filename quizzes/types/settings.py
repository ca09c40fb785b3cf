"""The switches of a profile, and who then sees what. Answer: {"states": {switch: state}}."""

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
    doubles,
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


class State(Way):
    """One state of a switch, and who then sees what the switch is about."""

    sees: tuple[Key, ...] = ()


class Switch(Thing):
    """One setting (text) and what it shows or hides (shows)."""

    shows: Text
    states: tuple[State, ...] = Field(min_length=2, max_length=4)

    @property
    def ways(self) -> tuple[State, ...]:
        return self.states


class Onlooker(Frozen):
    """Somebody who may or may not see it: friends, the class, strangers."""

    id: Key
    text: Text


class Profile(Frozen):
    """Whose profile it is. face is one of the cast."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    face: Key | None = None


class Settings(Item):
    type: Literal["settings"]
    profile: Profile
    onlookers: tuple[Onlooker, ...] = Field(min_length=2, max_length=4)
    switches: tuple[Switch, ...] = Field(min_length=2, max_length=6)

    name: ClassVar[str] = "Instellen"
    name_for_mentor: ClassVar[str] = "een profiel instellen"
    icon: ClassVar[str] = "settings"
    has_places: ClassVar[bool] = True

    @property
    def parts_count(self) -> int:
        return len(self.switches)

    def bound(self) -> Iterator[Bound]:
        yield from bound_things(self.switches)

    def faults(self, at: Place, corpus: Corpus) -> Iterator[Fault]:
        yield from thing_faults(self.switches, (*at, "switches"), self.id, corpus)
        known = [one.id for one in self.onlookers]
        yield from doubles(known, (*at, "onlookers"), self.id)
        for number, switch in enumerate(self.switches):
            strange = {key for state in switch.states for key in state.sees} - set(known)
            if strange:
                path = (*at, "switches", number)
                yield path, f"{self.id}, {switch.id}: sees noemt {', '.join(sorted(strange))}", "gebruik ids uit onlookers"

    def fields(self, value: JsonDict, seed: str) -> JsonDict:
        del seed
        chosen = value.get("states", {})
        return {"profile": self.profile, "switches": self.switches, "chosen": chosen, "seen": self._seen(chosen)}

    def _seen(self, chosen: dict[str, str]) -> list[JsonDict]:
        """Per onlooker what is seen and what stays hidden, with the states chosen so far."""
        open_to = {switch.id: set(state.sees) for switch in self.switches for state in switch.states if state.id == chosen.get(switch.id)}
        return [
            {
                "id": one.id,
                "text": one.text,
                "things": [
                    {"id": switch.id, "text": switch.shows, "sees": one.id in open_to[switch.id] if switch.id in open_to else None}
                    for switch in self.switches
                ],
            }
            for one in self.onlookers
        ]

    def read(self, source: Source) -> Reading:
        found = read_things(self.switches, source, "knop")
        left = len(self.switches) - len(found)
        words = "Kies bij elke instelling iets." if left > 1 else "Kies ook bij de laatste instelling iets."
        return Reading({"states": found}, [FieldProblem("knop", words)] if left else [])

    def sent(self, value: JsonDict) -> list[tuple[str, str]]:
        return [(f"knop:{switch}", state) for switch, state in value["states"].items()]

    def judge(self, value: JsonDict, book: RuleBook, texts: RuleTexts) -> Verdict:
        return of_parts(self, [judge_thing(switch, value["states"][switch.id], book, texts) for switch in self.switches], book)

    def look(self, value: JsonDict) -> JsonDict:
        """Who sees what, as it was set."""
        return {"profile": self.profile, "seen": self._seen(value["states"])}

    def right_answers(self, book: RuleBook) -> list[str] | None:
        return right_ways(self.switches, book)

    def ballots(self) -> list[Ballot]:
        return ballots_on(self.switches)

    def on_paper(self) -> OnPaper:
        return OnPaper(tuple((f"knop:{switch.id}", tuple(switch.names())) for switch in self.switches))

    def said(self, value: JsonDict) -> list[str]:
        return said_ways(self.switches, value["states"])

    def imagined(self, chance: Random, knows: float, book: RuleBook) -> JsonDict:
        return {"states": imagined_ways(self, self.switches, chance, knows, book)}
