"""A chat scenario as it stands in a quiz file: people, nodes, choices and endings, frozen. Knows nothing of Flask or the database."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from protocols.domain import Stance
from quizzes.domain import Frozen, Key, RuleKey, Text


class Person(Frozen):
    id: Key
    name: Annotated[str, Field(min_length=1, max_length=60)]
    role: Text


class Message(Frozen):
    sender: Key = Field(alias="from")
    text: Text | None = None
    photo: Text | None = None
    voice: Text | None = None


class ScenarioChoice(Frozen):
    id: Key
    text: Text
    goto: Key
    set: dict[Key, bool] = Field(default_factory=dict)
    explain: Text


class ChoiceNode(Frozen):
    kind: Literal["choice", "empathy"]
    scene: Text | None = None
    messages: tuple[Message, ...] = ()
    choices: tuple[ScenarioChoice, ...] = Field(min_length=2, max_length=5)


class Route(Frozen):
    when: dict[Key, bool] = Field(default_factory=dict, alias="if")
    goto: Key


class RouteNode(Frozen):
    kind: Literal["route"]
    routes: tuple[Route, ...] = Field(min_length=1)


class RuleBranch(Frozen):
    goto: Key | None = None
    scene: Text | None = None
    messages: tuple[Message, ...] = ()
    set: dict[Key, bool] = Field(default_factory=dict)


class RuleNode(Frozen):
    kind: Literal["rule"]
    rule: RuleKey
    goto: Key | None = None
    by_stance: dict[Stance, RuleBranch]


Node = Annotated[ChoiceNode | RouteNode | RuleNode, Field(discriminator="kind")]


class ExtraLine(Frozen):
    when: dict[Key, bool] = Field(alias="if")
    text: Text


class Ending(Frozen):
    title: Text
    text: Text
    extra: tuple[ExtraLine, ...] = ()
    next: Text
    back_to: Key | None = None


class PathReview(Frozen):
    title: Text
    intro: Text
    turning_points: dict[Key, dict[Key, Text]]


class Scenario(Frozen):
    id: Key
    title: Text
    frame: Literal["friend-request", "direct-message", "group"]
    goal: Annotated[tuple[Key, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]
    intro: Text
    people: tuple[Person, ...] = Field(min_length=2)
    flags: dict[Key, bool] = Field(default_factory=dict)
    start: Key
    nodes: dict[Key, Node] = Field(min_length=3)
    endings: dict[Key, Ending] = Field(min_length=2)
    review: PathReview

    def person(self, person_id: str) -> Person:
        return next(person for person in self.people if person.id == person_id)
