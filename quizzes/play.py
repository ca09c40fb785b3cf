"""Walking through a chat scenario. Pure: where a pupil stands follows from the choices made, nothing else is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from protocols.domain import RuleBook
from quizzes.scenario import ChoiceNode, Ending, Message, Route, RouteNode, RuleNode, Scenario, ScenarioChoice

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
    """One part of the conversation as shown: when and where it is, what happened, who said what, and what the pupil then chose.

    came_from is the earlier node whose choice comes back here.
    """

    node: str
    kind: str
    scene: str | None
    messages: tuple[Message, ...]
    choice: ScenarioChoice | None = None
    rule: str | None = None
    time: str | None = None
    chat: str | None = None
    about: str | None = None
    came_from: str | None = None


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

    def choice_at(self, node: str) -> ScenarioChoice | None:
        """What was last chosen at a node, on the way to here."""
        return next((moment.choice for moment in reversed(self.moments) if moment.node == node and moment.choice), None)


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
        position.moments[-1] = replace(position.moments[-1], choice=choice)
        position.flags.update(choice.set)
        _enter(scenario, choice.goto, position, book)
    return position


def endings_seen(scenario: Scenario, events: Sequence[Event], book: RuleBook) -> list[str]:
    """Every ending a pupil came to in all tries, in the order in which they were first reached; going back does not undo it."""
    turns = [number for number, event in enumerate(events) if event.kind != "choose"]
    found: dict[str, None] = {}
    for stop in [*turns, len(events)]:
        ending = play(scenario, events[:stop], book).ending
        if ending:
            found[ending] = None
    return list(found)


def find_choice(scenario: Scenario, node_id: str, choice_id: str) -> ScenarioChoice | None:
    node = scenario.nodes.get(node_id)
    if not isinstance(node, ChoiceNode):
        return None
    return next((choice for choice in node.choices if choice.id == choice_id), None)


def holds(when: Mapping[str, bool], flags: Mapping[str, bool]) -> bool:
    return all(flags.get(key, False) == value for key, value in when.items())


def ending_lines(ending: Ending, flags: Mapping[str, bool], book: RuleBook | None = None) -> Sequence[str]:
    """The text of an ending, the lines that follow from what happened on the way, and what follows from the school's answer."""
    lines = [ending.text, *(line.text for line in ending.extra if holds(line.when, flags))]
    if ending.rule and book:
        lines.append(ending.by_stance[book.stance_on(ending.rule)])
    return lines


def _enter(scenario: Scenario, node_id: str, position: Position, book: RuleBook) -> None:
    """Go to a node and through every node that needs no choice, until a choice or an ending."""
    came_from: str | None = None
    for _hop in range(MOST_HOPS):
        position.node = None
        if node_id in scenario.endings:
            position.ending = node_id
            return
        node = scenario.nodes[node_id]
        if isinstance(node, RouteNode):
            route = next(route for route in node.routes if holds(route.when, position.flags))
            came_from = _came_from(position, route.returns, route) or came_from
            node_id = route.goto
            continue
        shown = _shown(node, node_id, position, book)
        position.moments.append(replace(shown, came_from=shown.came_from or came_from))
        if isinstance(node, ChoiceNode):
            position.node = node_id
            return
        branch, came_from = node.by_stance[book.stance_on(node.rule)], None
        position.flags.update(branch.set)
        goto = branch.goto or node.goto
        assert goto is not None
        node_id = goto
    raise StuckError(f"{scenario.id}: geen keuze na {MOST_HOPS} stappen, bij {node_id}")


def _shown(node: ChoiceNode | RuleNode, node_id: str, position: Position, book: RuleBook) -> Moment:
    """What a node shows, and in which talk: the one it names, else the one that was going on."""
    before = position.moments[-1] if position.moments else None
    if isinstance(node, ChoiceNode):
        chat = node.chat or (before.chat if before else None)
        came_from = _came_from(position, node.returns)
        return Moment(node_id, node.kind, node.scene, node.messages, time=node.time, chat=chat, about=node.about, came_from=came_from)
    branch = node.by_stance[book.stance_on(node.rule)]
    chat = branch.chat or node.chat or (before.chat if before else None)
    came_from = _came_from(position, branch.returns or node.returns)
    time = branch.time or node.time
    return Moment(node_id, node.kind, branch.scene, branch.messages, rule=node.rule, time=time, chat=chat, came_from=came_from)


def _came_from(position: Position, returns: Sequence[str], route: Route | None = None) -> str | None:
    """The latest of these nodes that was passed. On a route it is the one whose choice made its condition true."""
    for moment in reversed(position.moments):
        made_it_so = route is None or not route.when or (moment.choice and moment.choice.set.items() & route.when.items())
        if moment.node in returns and moment.choice and made_it_so:
            return moment.node
    return None
