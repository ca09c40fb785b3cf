"""A chat scenario as it stands in a quiz file, frozen: people, talks, nodes, choices and endings. Pure: no Flask, no database."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from protocols.domain import Stance
from quizzes.domain import Frozen, Key, RuleKey, Text

Name = Annotated[str, Field(min_length=1, max_length=60)]
ShortText = Annotated[str, Field(min_length=1, max_length=160)]


def _as(field: str) -> BeforeValidator:
    """A plain text stands for a model with only this field: photo: "..." for photo: {alt: "..."}."""
    return BeforeValidator(lambda value: {field: value} if isinstance(value, str) else value)


def _as_list(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Person(Frozen):
    id: Key
    name: Name
    role: Text


class Chat(Frozen):
    """One conversation: a group app, a direct message, or a talk face to face (where nothing is sent)."""

    title: Name
    kind: Literal["group", "direct", "talk"]
    members: tuple[Key, ...] = ()


class Photo(Frozen):
    """A photo in words; scene names a drawing in static/img/scenes that goes with it."""

    alt: Text
    scene: Key | None = None


class Voice(Frozen):
    """A voice note, written out. Without seconds its length is reckoned from the words."""

    transcript: Text
    seconds: Annotated[int, Field(ge=1, le=600)] | None = None


class Request(Frozen):
    """A friend request as the phone shows it."""

    name: Name
    facts: Annotated[tuple[ShortText, ...], Field(max_length=5)] = ()


class Sent(Frozen):
    """What goes out: a text, a photo, or both; forwarded names whose it was, when that is known."""

    text: Text | None = None
    photo: Annotated[Photo, _as("alt")] | None = None
    forwarded: bool | Name = False


class Message(Sent):
    sender: Key | None = Field(default=None, alias="from")
    voice: Annotated[Voice, _as("transcript")] | None = None
    deleted: bool = False
    request: Request | None = None
    note: ShortText | None = None


class ScenarioChoice(Frozen):
    """send: what really goes out, when text is what the pupil does. chat: where it goes, when that is elsewhere. seen: who read it."""

    id: Key
    text: Text
    goto: Key
    set: dict[Key, bool] = Field(default_factory=dict)
    explain: Text
    send: Annotated[Sent, _as("text")] | None = None
    chat: Key | None = None
    seen: ShortText | None = None


Returns = Annotated[tuple[Key, ...], BeforeValidator(_as_list)]


class ChoiceNode(Frozen):
    kind: Literal["choice", "empathy"]
    time: ShortText | None = None
    chat: Key | None = None
    about: Key | None = None
    returns: Returns = ()
    scene: Text | None = None
    messages: tuple[Message, ...] = ()
    choices: tuple[ScenarioChoice, ...] = Field(min_length=2, max_length=5)


class Route(Frozen):
    when: dict[Key, bool] = Field(default_factory=dict, alias="if")
    goto: Key
    returns: Returns = ()


class RouteNode(Frozen):
    kind: Literal["route"]
    routes: tuple[Route, ...] = Field(min_length=1)


class RuleBranch(Frozen):
    goto: Key | None = None
    time: ShortText | None = None
    chat: Key | None = None
    returns: Returns = ()
    scene: Text | None = None
    messages: tuple[Message, ...] = ()
    set: dict[Key, bool] = Field(default_factory=dict)


class RuleNode(Frozen):
    """What happens follows the school's answer. time, chat and returns hold for every branch that does not say otherwise."""

    kind: Literal["rule"]
    rule: RuleKey
    goto: Key | None = None
    time: ShortText | None = None
    chat: Key | None = None
    returns: Returns = ()
    by_stance: dict[Stance, RuleBranch]


Node = Annotated[ChoiceNode | RouteNode | RuleNode, Field(discriminator="kind")]


class ExtraLine(Frozen):
    when: dict[Key, bool] = Field(alias="if")
    text: Text


class Ending(Frozen):
    """How it came out. With rule and by_stance one more line follows the school's answer."""

    title: Text
    text: Text
    extra: tuple[ExtraLine, ...] = ()
    rule: RuleKey | None = None
    by_stance: dict[Stance, Text] = Field(default_factory=dict)
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
    goal: Annotated[tuple[Key, ...], BeforeValidator(_as_list)]
    intro: Text
    people: tuple[Person, ...] = Field(min_length=2)
    chats: dict[Key, Chat] = Field(default_factory=dict)
    flags: dict[Key, bool] = Field(default_factory=dict, max_length=26)
    facts: dict[Key, ShortText] = Field(default_factory=dict)
    start: Key
    nodes: dict[Key, Node] = Field(min_length=3)
    endings: dict[Key, Ending] = Field(min_length=2)
    review: PathReview

    def person(self, person_id: str) -> Person:
        return next(person for person in self.people if person.id == person_id)

    @property
    def hero(self) -> str:
        """The one for whom the pupil chooses: the first of the people."""
        return self.people[0].id

    @property
    def rules(self) -> frozenset[str]:
        """Every rule that the story follows somewhere."""
        nodes = {node.rule for node in self.nodes.values() if isinstance(node, RuleNode)}
        return frozenset(nodes | {ending.rule for ending in self.endings.values() if ending.rule})
