"""Proving that a chat scenario works: every node is reached and every path can end, whatever the school answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

from protocols.domain import Corpus, RuleBook, Stance
from quizzes.play import MOST_HOPS, holds
from quizzes.scenario import ChoiceNode, Message, Node, RouteNode, RuleNode, Scenario, Sent

Fault = tuple[tuple[str | int, ...], str, str]
State = tuple[str, frozenset[str], bool]
Edges = dict[State, list[State]]

FEWEST_NODES = 12
FEWEST_ENDINGS = 3
NAME_A_NODE = "noem een node met keuzes"


def scenario_faults(scenario: Scenario, corpus: Corpus) -> Iterator[Fault]:
    faults = list(_reference_faults(scenario, corpus))
    yield from faults
    if not faults:
        yield from _walk_faults(scenario)


def norm_faults(scenario: Scenario) -> Iterator[Fault]:
    """What this house asks of a chat in a lesson, beyond that it works: long enough, several ends, a choice that comes back."""
    if len(scenario.nodes) < FEWEST_NODES:
        yield ("scenario", "nodes"), f"het gesprek heeft {len(scenario.nodes)} knopen", f"maak er ten minste {FEWEST_NODES}"
    if len(scenario.endings) < FEWEST_ENDINGS:
        yield ("scenario", "endings"), f"het gesprek heeft {len(scenario.endings)} aflopen", f"maak er ten minste {FEWEST_ENDINGS}"
    if not any(returns for _key, _where, returns in _returning(scenario)):
        yield ("scenario", "nodes"), "geen enkele keuze komt later terug", "zet returns: bij een knoop of route waar een gevolg terugkomt"
    if not any(node.kind == "empathy" for node in scenario.nodes.values()):
        yield ("scenario", "nodes"), "er is geen knoop met kind: empathy", "sta ergens stil bij hoe het voor een ander is"


# ---- what names what ----


def _reference_faults(scenario: Scenario, corpus: Corpus) -> Iterator[Fault]:
    places = scenario.nodes.keys() | scenario.endings.keys()
    if scenario.start not in scenario.nodes:
        yield ("scenario", "start"), f"begin {scenario.start} bestaat niet", "noem een van de nodes"
    for key, goto, where in _jumps(scenario):
        if goto not in places:
            yield ("scenario", "nodes", key, *where), f"{key} gaat naar {goto}, en dat bestaat niet", "noem een node of ending"
    yield from _chat_faults(scenario)
    for flag in scenario.facts:
        if flag not in scenario.flags:
            yield ("scenario", "facts", flag), f"facts: vlag {flag} staat niet bij flags", "voeg de vlag toe met false"
    for key, node in scenario.nodes.items():
        yield from _node_faults(scenario, key, node)
        if isinstance(node, RuleNode):
            yield from _rule_node_faults(key, node, corpus)
    yield from _ending_faults(scenario, corpus)
    for key, lines in scenario.review.turning_points.items():
        turning = scenario.nodes.get(key)
        ids = {choice.id for choice in turning.choices} if isinstance(turning, ChoiceNode) else set()
        if set(lines) != ids:
            yield (
                ("scenario", "review", "turning_points", key),
                f"{key}: niet elke keuze heeft een zin",
                "geef elke keuze van de node een zin",
            )


def _chat_faults(scenario: Scenario) -> Iterator[Fault]:
    people = {person.id for person in scenario.people}
    for key, chat in scenario.chats.items():
        at = ("scenario", "chats", key)
        unknown = sorted(set(chat.members) - people)
        if unknown:
            yield at, f"{key}: {', '.join(unknown)} staat niet bij people", "voeg de persoon toe"
        if chat.kind == "direct" and len(set(chat.members) - {scenario.hero}) > 1:
            yield at, f"{key}: in een direct gesprek zit één ander", "maak er kind: group van"
    first = scenario.nodes.get(scenario.start)
    if scenario.chats and not (isinstance(first, ChoiceNode | RuleNode) and first.chat):
        yield ("scenario", "nodes", scenario.start), f"{scenario.start}: in welk gesprek begint het?", "zet chat: bij de eerste knoop"


def _node_faults(scenario: Scenario, key: str, node: Node) -> Iterator[Fault]:
    at: tuple[str | int, ...] = ("scenario", "nodes", key)
    people = {person.id for person in scenario.people}
    for message in _messages(node):
        yield from _message_faults(key, message, people)
    for flag in _flags(node):
        if flag not in scenario.flags:
            yield at, f"{key}: vlag {flag} staat niet bij flags", "voeg de vlag toe met false"
    for chat in _chats(node):
        if chat not in scenario.chats:
            yield at, f"{key}: gesprek {chat} staat niet bij chats", "voeg het gesprek toe bij chats"
    if isinstance(node, ChoiceNode):
        if node.about and node.about not in people:
            yield (*at, "about"), f"{key}: {node.about} staat niet bij people", "noem een van de people"
        for number, choice in enumerate(node.choices):
            if choice.send and not (choice.send.text or choice.send.photo):
                yield (*at, "choices", number, "send"), f"{key}, {choice.id}: wat er verstuurd wordt is leeg", "geef text of photo"
    if isinstance(node, RouteNode) and node.routes[-1].when:
        yield at, f"{key}: de laatste route heeft een voorwaarde", "sluit af met een route zonder if"
    yield from _returns_faults(scenario, key, node)


def _message_faults(key: str, message: Message, people: set[str]) -> Iterator[Fault]:
    at = ("scenario", "nodes", key)
    shown = [name for name in ("voice", "request", "note", "deleted") if getattr(message, name)]
    shown += ["text of photo"] if message.text or message.photo else []
    if message.sender is None and not message.note:
        yield at, f"{key}: van een bericht ontbreekt from", "zeg van wie het bericht is"
    elif message.sender is not None and message.sender not in people:
        yield at, f"{key}: {message.sender} staat niet bij people", "voeg de persoon toe"
    if not shown:
        yield at, f"{key}: een bericht is leeg", "geef text, photo, voice, request, note of deleted: true"
    if len(shown) > 1:
        yield at, f"{key}: een bericht is van één soort, niet {' en '.join(shown)}", "maak er twee berichten van"
    if message.forwarded and not (message.text or message.photo):
        yield at, f"{key}: alleen tekst of een foto kan doorgestuurd zijn", "haal forwarded weg"


def _returns_faults(scenario: Scenario, key: str, node: Node) -> Iterator[Fault]:
    for place, where, returns in _returning(scenario):
        if place != key:
            continue
        at = ("scenario", "nodes", key, *where)
        for name in returns:
            earlier = scenario.nodes.get(name)
            if not isinstance(earlier, ChoiceNode):
                yield at, f"{key}: returns noemt {name}, en dat is geen keuze", NAME_A_NODE
            elif isinstance(node, RouteNode) and isinstance(where[-1], int):
                when = node.routes[where[-1]].when
                if when and not any(choice.set.items() & when.items() for choice in earlier.choices):
                    yield at, f"{key}: geen keuze bij {name} zet een vlag van deze route", "noem de knoop die de vlag zet"


def _rule_node_faults(key: str, node: RuleNode, corpus: Corpus) -> Iterator[Fault]:
    at = ("scenario", "nodes", key)
    if node.rule not in corpus.rules:
        yield at, f"{key}: regel {node.rule} bestaat niet", "neem een key uit protocols/data/rules.yaml"
    for stance in Stance:
        branch = node.by_stance.get(stance)
        if branch is None:
            yield at, f"{key}: {stance.value} ontbreekt", "vul alle zes de antwoorden in"
        elif not (branch.goto or node.goto):
            yield at, f"{key}: {stance.value} gaat nergens heen", "geef goto"


def _ending_faults(scenario: Scenario, corpus: Corpus) -> Iterator[Fault]:
    for key, ending in scenario.endings.items():
        at = ("scenario", "endings", key)
        if ending.back_to and not isinstance(scenario.nodes.get(ending.back_to), ChoiceNode):
            yield at, f"{key}: back_to {ending.back_to} is geen keuze", NAME_A_NODE
        if bool(ending.rule) != bool(ending.by_stance):
            yield at, f"{key}: rule en by_stance horen bij elkaar", "geef beide of geen van beide"
        elif ending.rule:
            missing = [stance.value for stance in Stance if stance not in ending.by_stance]
            if ending.rule not in corpus.rules:
                yield at, f"{key}: regel {ending.rule} bestaat niet", "neem een key uit protocols/data/rules.yaml"
            if missing:
                yield at, f"{key}: {', '.join(missing)} ontbreekt", "vul alle zes de antwoorden in"
        for line in ending.extra:
            for flag in line.when:
                if flag not in scenario.flags:
                    yield at, f"{key}: vlag {flag} staat niet bij flags", "voeg de vlag toe"


def _jumps(scenario: Scenario) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    for key, node in scenario.nodes.items():
        if isinstance(node, ChoiceNode):
            yield from ((key, choice.goto, ("choices", n)) for n, choice in enumerate(node.choices))
        elif isinstance(node, RouteNode):
            yield from ((key, route.goto, ("routes", n)) for n, route in enumerate(node.routes))
        else:
            for goto in [node.goto, *(branch.goto for branch in node.by_stance.values())]:
                if goto:
                    yield key, goto, ()


def _messages(node: Node) -> Iterator[Message]:
    if isinstance(node, ChoiceNode):
        yield from node.messages
    elif isinstance(node, RuleNode):
        for branch in node.by_stance.values():
            yield from branch.messages


def _chats(node: Node) -> Iterator[str]:
    if isinstance(node, ChoiceNode):
        found = [node.chat, *(choice.chat for choice in node.choices)]
    elif isinstance(node, RuleNode):
        found = [node.chat, *(branch.chat for branch in node.by_stance.values())]
    else:
        found = []
    yield from dict.fromkeys(chat for chat in found if chat)


def _flags(node: Node) -> Iterator[str]:
    if isinstance(node, ChoiceNode):
        for choice in node.choices:
            yield from choice.set
    elif isinstance(node, RouteNode):
        for route in node.routes:
            yield from route.when
    else:
        for branch in node.by_stance.values():
            yield from branch.set


def _returning(scenario: Scenario) -> Iterator[tuple[str, tuple[str | int, ...], tuple[str, ...]]]:
    """Where a choice comes back: the node, the place in it, and the earlier nodes that are named there."""
    for key, node in scenario.nodes.items():
        if isinstance(node, RouteNode):
            yield from ((key, ("routes", n), route.returns) for n, route in enumerate(node.routes) if route.returns)
            continue
        if node.returns:
            yield key, ("returns",), node.returns
        if isinstance(node, RuleNode):
            for stance, branch in node.by_stance.items():
                if branch.returns:
                    yield key, ("by_stance", stance.value), branch.returns


def pictures_of(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Every drawing that is named, as (node, scene)."""
    for key, node in scenario.nodes.items():
        sent: list[Sent] = list(_messages(node))
        if isinstance(node, ChoiceNode):
            sent += [choice.send for choice in node.choices if choice.send]
        yield from ((key, one.photo.scene) for one in sent if one.photo and one.photo.scene)


# ---- walking ----


def _walk_faults(scenario: Scenario) -> Iterator[Fault]:
    rules = sorted({node.rule for node in scenario.nodes.values() if isinstance(node, RuleNode)})
    reached: set[str] = set()
    told: set[str] = set()
    late: set[tuple[str | int, ...]] = set()
    for combination in product(*(_different_stances(scenario, rule) for rule in rules)):
        stances = dict(zip(rules, combination, strict=True))
        walk = _explore(scenario, stances.__getitem__)
        reached |= walk.reached
        answer = ", ".join(f"{rule}: {stance.value}" for rule, stance in stances.items())
        yield from _stuck_faults(walk, told, answer)
        told |= walk.stuck | walk.cold
        for place, where, returns in _returning(scenario):
            at = ("scenario", "nodes", place, *where)
            if at not in late and place in walk.reached and _comes_without(scenario, stances.__getitem__, place, where, returns):
                late.add(at)
                yield (
                    at,
                    f"{place}: hier kom je ook zonder een keuze bij {', '.join(returns)} ({answer})",
                    "noem bij returns elke knoop waarlangs je hier komt",
                )
    for key in sorted(scenario.nodes.keys() | scenario.endings.keys()):
        if key not in reached:
            yield (
                ("scenario", "nodes" if key in scenario.nodes else "endings", key),
                f"{key} wordt nooit bereikt",
                "verwijs ernaar of haal het weg",
            )


def _stuck_faults(walk: Walk, told: set[str], answer: str) -> Iterator[Fault]:
    for key in sorted(walk.circling - told):
        yield ("scenario", "nodes", key), f"{key}: van hier draait het rond zonder keuze ({answer})", "geef een route die verdergaat"
    for key in sorted(walk.stuck - walk.circling - told):
        yield ("scenario", "nodes", key), f"{key}: van hier komt niemand bij een afloop ({answer})", "geef een weg naar een ending"
    for key in sorted(walk.cold - told):
        yield (
            ("scenario", "endings", key),
            f"{key}: wie hier eindigt, stond bij niemand stil ({answer})",
            "leid elke weg langs een node met kind: empathy",
        )


def _different_stances(scenario: Scenario, rule: str) -> list[Stance]:
    """One stance of each kind that leads another way: stances with the same goto and flags need one walk."""
    nodes = [node for node in scenario.nodes.values() if isinstance(node, RuleNode) and node.rule == rule]
    ways: dict[str, Stance] = {}
    for stance in Stance:
        branches = [node.by_stance[stance] for node in nodes]
        way = repr([
            (branch.goto or node.goto, sorted(branch.set.items()), branch.returns) for node, branch in zip(nodes, branches, strict=True)
        ])  # fmt: skip
        ways.setdefault(way, stance)
    return list(ways.values())


@dataclass(frozen=True)
class Walk:
    """All that can happen under one set of answers. A state is a place, the flags that are on, and whether one stood still at another.

    stuck: no ending can be reached from there; circling: it runs round without a choice; cold: endings reached without empathy
    and without a way back.
    """

    first: State
    edges: Edges
    reached: frozenset[str]
    stuck: frozenset[str]
    circling: frozenset[str]
    cold: frozenset[str]


def _explore(scenario: Scenario, stance_on: Callable[[str], Stance]) -> Walk:
    first: State = (scenario.start, frozenset(key for key, on in scenario.flags.items() if on), False)
    edges = _edges(scenario, first, stance_on)
    ends = [state for state in edges if state[0] in scenario.endings]
    good = _before(edges, ends)
    return Walk(
        first,
        edges,
        reached=frozenset(state[0] for state in edges),
        stuck=frozenset(state[0] for state in edges if state not in good),
        circling=frozenset(state[0] for state in edges if _circles(scenario, edges, state)),
        cold=frozenset(place for place, _, felt in ends if not felt and not scenario.endings[place].back_to),
    )


def _edges(scenario: Scenario, first: State, stance_on: Callable[[str], Stance], without: Sequence[str] = ()) -> Edges:
    """Every state that can be reached and where it leads; the choices at the nodes without are never made."""
    edges: Edges = {}
    queue = [first]
    while queue:
        state = queue.pop()
        if state in edges:
            continue
        edges[state] = [] if state[0] in without else _next(scenario, state, stance_on)
        queue += edges[state]
    return edges


def _before(edges: Edges, ends: Sequence[State]) -> set[State]:
    """The ends, and every state from which one of them can be reached."""
    back: Edges = {state: [] for state in edges}
    for state, following in edges.items():
        for other in following:
            back[other].append(state)
    good, queue = set(ends), list(ends)
    while queue:
        for before in back[queue.pop()]:
            if before not in good:
                good.add(before)
                queue.append(before)
    return good


def _circles(scenario: Scenario, edges: Edges, state: State) -> bool:
    """Whether the story runs on from here without ever coming to a choice or an ending."""
    for _hop in range(MOST_HOPS):
        if not isinstance(scenario.nodes.get(state[0]), RouteNode | RuleNode):
            return False
        state = edges[state][0]
    return True


def _comes_without(
    scenario: Scenario, stance_on: Callable[[str], Stance], place: str, where: tuple[str | int, ...], returns: Sequence[str]
) -> bool:
    """Whether somebody can come here without having chosen at any of the nodes that are said to come back here."""
    first: State = (scenario.start, frozenset(key for key, on in scenario.flags.items() if on), False)
    found = [state for state in _edges(scenario, first, stance_on, without=returns) if state[0] == place]
    node = scenario.nodes[place]
    if isinstance(node, RouteNode):
        return any(node.routes.index(_route(node, state[1])) == where[1] for state in found)
    if isinstance(node, RuleNode) and where[0] == "by_stance":
        return bool(found) and stance_on(node.rule).value == where[1]
    return bool(found)


def _next(scenario: Scenario, state: State, stance_on: Callable[[str], Stance]) -> list[State]:
    place, on, felt = state
    node = scenario.nodes.get(place)
    if node is None:
        return []
    if isinstance(node, ChoiceNode):
        felt = felt or node.kind == "empathy"
        return [(choice.goto, _set(on, choice.set), felt) for choice in node.choices]
    if isinstance(node, RouteNode):
        return [(_route(node, on).goto, on, felt)]
    branch = node.by_stance[stance_on(node.rule)]
    return [(branch.goto or node.goto or "", _set(on, branch.set), felt)]


def _route(node: RouteNode, on: frozenset[str]) -> Any:
    flags = dict.fromkeys(on, True)
    return next(route for route in node.routes if holds(route.when, flags))


def _set(on: frozenset[str], changes: Mapping[str, bool]) -> frozenset[str]:
    return (on | {key for key, value in changes.items() if value}) - {key for key, value in changes.items() if not value}


# ---- the proof, school by school ----


@dataclass(frozen=True)
class Proof:
    """What the pupils of one school can come to. Paths are counted in choices; the longest one never stands twice at the same point."""

    nodes: tuple[str, ...]
    endings: tuple[str, ...]
    not_here: tuple[str, ...]
    shortest: int
    longest: int
    stuck: tuple[str, ...]
    without_empathy: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.stuck and not self.without_empathy

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "proved": self.holds}


def scenario_proof(scenario: Scenario, books: Mapping[str, RuleBook]) -> dict[str, Proof]:
    """Walk every path at each school, by its own rule book."""
    return {school: _proof(scenario, book) for school, book in books.items()}


def _proof(scenario: Scenario, book: RuleBook) -> Proof:
    walk = _explore(scenario, book.stance_on)
    places = [*scenario.nodes, *scenario.endings]
    return Proof(
        nodes=tuple(key for key in scenario.nodes if key in walk.reached),
        endings=tuple(key for key in scenario.endings if key in walk.reached),
        not_here=tuple(key for key in places if key not in walk.reached),
        shortest=_shortest(scenario, walk),
        longest=_longest(scenario, walk),
        stuck=tuple(sorted(walk.stuck | walk.circling)),
        without_empathy=tuple(sorted(walk.cold)),
    )


def _shortest(scenario: Scenario, walk: Walk) -> int:
    """The fewest choices from the start to an ending; 0 when there is none."""
    queue, seen = deque([(walk.first, 0)]), set()
    while queue:
        state, choices = queue.popleft()
        if state[0] in scenario.endings:
            return choices
        if state in seen:
            continue
        seen.add(state)
        if isinstance(scenario.nodes[state[0]], ChoiceNode):
            queue.extend((other, choices + 1) for other in walk.edges[state])
        else:
            queue.extendleft((other, choices) for other in walk.edges[state])
    return 0


def _longest(scenario: Scenario, walk: Walk) -> int:
    """The most choices from the start to an ending, leaving out every step that goes back to an earlier state."""
    order, dropped = _ordered(walk)
    found: dict[State, int | None] = {}
    for state in order:
        if state[0] in scenario.endings:
            found[state] = 0
            continue
        cost = int(isinstance(scenario.nodes[state[0]], ChoiceNode))
        following = [found[other] for other in walk.edges[state] if (state, other) not in dropped]
        found[state] = max((cost + length for length in following if length is not None), default=None)
    return found[walk.first] or 0


def _ordered(walk: Walk) -> tuple[list[State], set[tuple[State, State]]]:
    """All states, each after those that follow it, and the steps back that had to be left out for it."""
    order: list[State] = []
    dropped: set[tuple[State, State]] = set()
    open_now, done = {walk.first}, set()
    stack = [(walk.first, iter(walk.edges[walk.first]))]
    while stack:
        state, following = stack[-1]
        other = next(following, None)
        if other is None:
            stack.pop()
            open_now.discard(state)
            done.add(state)
            order.append(state)
        elif other in open_now:
            dropped.add((state, other))
        elif other not in done:
            open_now.add(other)
            stack.append((other, iter(walk.edges[other])))
    return order, dropped
