"""Walking through a chat scenario. Pure: where a pupil stands follows from the choices made, nothing else is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from protocols.domain import RuleBook
from quizzes.scenario import ChoiceNode, Ending, Message, RouteNode, RuleNode, Scenario, ScenarioChoice

MOST_HOPS = 60


class StuckError(ValueError):
    """The scenario runs in a circle without a choice; the check of the content finds this before a pupil does."""


@dataclass(frozen=True)
class Event:
    """One thing a pupil did: chose an option at a node, went one step back, or began again."""

    kind: str
    node: str = ""
    choice: str = ""


@dataclass(frozen=True)
class Moment:
    """One part of the conversation as shown: what happened, who said what, and what the pupil then chose."""

    node: str
    kind: str
    scene: str | None
    messages: tuple[Message, ...]
    choice: ScenarioChoice | None = None
    rule: str | None = None


@dataclass
class Position:
    """Where a pupil stands: the moments so far, the flags, and either the open node or the ending."""

    moments: list[Moment] = field(default_factory=list)
    flags: dict[str, bool] = field(default_factory=dict)
    node: str | None = None
    ending: str | None = None

    @property
    def is_over(self) -> bool:
        return self.ending is not None


def choices_made(events: Iterable[Event]) -> list[tuple[str, str]]:
    """The choices that still stand after going back and beginning again, as (node, choice)."""
    made: list[tuple[str, str]] = []
    for event in events:
        if event.kind == "choose":
            made.append((event.node, event.choice))
        elif event.kind == "again":
            made.clear()
        elif event.kind == "back" and event.node:
            while made and made.pop()[0] != event.node:
                pass
        elif event.kind == "back" and made:
            made.pop()
    return made


def play(scenario: Scenario, events: Iterable[Event], book: RuleBook) -> Position:
    """Replay the choices. A choice that no longer exists (the text was changed) ends the replay there."""
    position = Position(flags=dict(scenario.flags))
    _enter(scenario, scenario.start, position, book)
    for node_id, choice_id in choices_made(events):
        if position.node != node_id:
            break
        choice = find_choice(scenario, node_id, choice_id)
        if choice is None:
            break
        last = position.moments[-1]
        position.moments[-1] = Moment(last.node, last.kind, last.scene, last.messages, choice, last.rule)
        position.flags.update(choice.set)
        _enter(scenario, choice.goto, position, book)
    return position


def find_choice(scenario: Scenario, node_id: str, choice_id: str) -> ScenarioChoice | None:
    node = scenario.nodes.get(node_id)
    if not isinstance(node, ChoiceNode):
        return None
    return next((choice for choice in node.choices if choice.id == choice_id), None)


def holds(when: Mapping[str, bool], flags: Mapping[str, bool]) -> bool:
    return all(flags.get(key, False) == value for key, value in when.items())


def ending_lines(ending: Ending, flags: Mapping[str, bool]) -> Sequence[str]:
    """The text of an ending plus the lines that follow from what happened on the way."""
    return [ending.text, *(line.text for line in ending.extra if holds(line.when, flags))]


def _enter(scenario: Scenario, node_id: str, position: Position, book: RuleBook) -> None:
    """Go to a node and through every node that needs no choice, until a choice or an ending."""
    for _hop in range(MOST_HOPS):
        position.node = None
        if node_id in scenario.endings:
            position.ending = node_id
            return
        node = scenario.nodes[node_id]
        if isinstance(node, ChoiceNode):
            position.moments.append(Moment(node_id, node.kind, node.scene, node.messages))
            position.node = node_id
            return
        if isinstance(node, RouteNode):
            node_id = next(route.goto for route in node.routes if holds(route.when, position.flags))
        else:
            node_id = _through_rule(node, node_id, position, book)
    raise StuckError(f"{scenario.id}: geen keuze na {MOST_HOPS} stappen, bij {node_id}")


def _through_rule(node: RuleNode, node_id: str, position: Position, book: RuleBook) -> str:
    branch = node.by_stance[book.stance_on(node.rule)]
    position.flags.update(branch.set)
    position.moments.append(Moment(node_id, node.kind, branch.scene, branch.messages, rule=node.rule))
    goto = branch.goto or node.goto
    assert goto is not None
    return goto
