"""Proving that a chat scenario works: every node is reached and every path can end, whatever the school answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from protocols.domain import Corpus, Stance
from quizzes.play import holds
from quizzes.scenario import ChoiceNode, Message, RouteNode, RuleNode, Scenario

Fault = tuple[tuple[str | int, ...], str, str]
State = tuple[str, frozenset[str], bool]


def scenario_faults(scenario: Scenario, corpus: Corpus) -> Iterator[Fault]:
    faults = list(_reference_faults(scenario, corpus))
    yield from faults
    if not faults:
        yield from _walk_faults(scenario)


def _reference_faults(scenario: Scenario, corpus: Corpus) -> Iterator[Fault]:
    places = scenario.nodes.keys() | scenario.endings.keys()
    people = {person.id for person in scenario.people}
    if scenario.start not in scenario.nodes:
        yield ("scenario", "start"), f"begin {scenario.start} bestaat niet", "noem een van de nodes"
    for key, goto, where in _jumps(scenario):
        if goto not in places:
            yield ("scenario", "nodes", key, *where), f"{key} gaat naar {goto}, en dat bestaat niet", "noem een node of ending"
    for key, node in scenario.nodes.items():
        at = ("scenario", "nodes", key)
        for message in _messages(node):
            if message.sender not in people:
                yield at, f"{key}: {message.sender} staat niet bij people", "voeg de persoon toe"
            if not (message.text or message.photo or message.voice):
                yield at, f"{key}: een bericht is leeg", "geef text, photo of voice"
        for flag in _flags(node):
            if flag not in scenario.flags:
                yield at, f"{key}: vlag {flag} staat niet bij flags", "voeg de vlag toe met false"
        if isinstance(node, RouteNode) and node.routes[-1].when:
            yield at, f"{key}: de laatste route heeft een voorwaarde", "sluit af met een route zonder if"
        if isinstance(node, RuleNode):
            yield from _rule_node_faults(key, node, corpus)
    yield from _ending_faults(scenario)
    for key, lines in scenario.review.turning_points.items():
        turning = scenario.nodes.get(key)
        ids = {choice.id for choice in turning.choices} if isinstance(turning, ChoiceNode) else set()
        if set(lines) != ids:
            yield (
                ("scenario", "review", "turning_points", key),
                f"{key}: niet elke keuze heeft een zin",
                "geef elke keuze van de node een zin",
            )


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


def _ending_faults(scenario: Scenario) -> Iterator[Fault]:
    for key, ending in scenario.endings.items():
        at = ("scenario", "endings", key)
        if ending.back_to and not isinstance(scenario.nodes.get(ending.back_to), ChoiceNode):
            yield at, f"{key}: back_to {ending.back_to} is geen keuze", "noem een node met keuzes"
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


def _messages(node: ChoiceNode | RouteNode | RuleNode) -> Iterator[Message]:
    if isinstance(node, ChoiceNode):
        yield from node.messages
    elif isinstance(node, RuleNode):
        for branch in node.by_stance.values():
            yield from branch.messages


def _flags(node: ChoiceNode | RouteNode | RuleNode) -> Iterator[str]:
    if isinstance(node, ChoiceNode):
        for choice in node.choices:
            yield from choice.set
    elif isinstance(node, RouteNode):
        for route in node.routes:
            yield from route.when
    else:
        for branch in node.by_stance.values():
            yield from branch.set


def _walk_faults(scenario: Scenario) -> Iterator[Fault]:
    rules = sorted({node.rule for node in scenario.nodes.values() if isinstance(node, RuleNode)})
    reached: set[str] = set()
    told: set[str] = set()
    for combination in product(*(_different_stances(scenario, rule) for rule in rules)):
        seen, stuck, cold = _explore(scenario, dict(zip(rules, combination, strict=True)))
        reached |= seen
        answer = ", ".join(f"{rule}: {stance.value}" for rule, stance in zip(rules, combination, strict=True))
        for key in sorted(stuck - told):
            yield ("scenario", "nodes", key), f"{key}: van hier komt niemand bij een afloop ({answer})", "geef een weg naar een ending"
        for key in sorted(cold - told):
            yield (
                ("scenario", "endings", key),
                f"{key}: wie hier eindigt, stond bij niemand stil ({answer})",
                "leid elke weg langs een node met kind: empathy",
            )
        told |= stuck | cold
    for key in sorted(scenario.nodes.keys() | scenario.endings.keys()):
        if key not in reached:
            yield (
                ("scenario", "nodes" if key in scenario.nodes else "endings", key),
                f"{key} wordt nooit bereikt",
                "verwijs ernaar of haal het weg",
            )


def _different_stances(scenario: Scenario, rule: str) -> list[Stance]:
    """One stance of each kind that leads another way: stances with the same goto and flags need one walk."""
    nodes = [node for node in scenario.nodes.values() if isinstance(node, RuleNode) and node.rule == rule]
    ways: dict[str, Stance] = {}
    for stance in Stance:
        branches = [node.by_stance[stance] for node in nodes]
        way = repr([(branch.goto or node.goto, sorted(branch.set.items())) for node, branch in zip(nodes, branches, strict=True)])
        ways.setdefault(way, stance)
    return list(ways.values())


def _explore(scenario: Scenario, stances: dict[str, Stance]) -> tuple[set[str], set[str], set[str]]:
    """Every place reached, the places from which no ending can be reached, and the endings reached without empathy."""
    first: State = (scenario.start, frozenset(key for key, on in scenario.flags.items() if on), False)
    edges: dict[State, list[State]] = {}
    queue = [first]
    while queue:
        state = queue.pop()
        if state in edges:
            continue
        edges[state] = _next(scenario, state, stances)
        queue += edges[state]
    back: dict[State, list[State]] = {state: [] for state in edges}
    for state, following in edges.items():
        for other in following:
            back[other].append(state)
    ends = [state for state in edges if state[0] in scenario.endings]
    good, queue = set(ends), list(ends)
    while queue:
        for before in back[queue.pop()]:
            if before not in good:
                good.add(before)
                queue.append(before)
    cold = {place for place, _, felt in ends if not felt and not scenario.endings[place].back_to}
    return {state[0] for state in edges}, {state[0] for state in edges if state not in good}, cold


def _next(scenario: Scenario, state: State, stances: dict[str, Stance]) -> list[State]:
    place, on, felt = state
    node = scenario.nodes.get(place)
    if node is None:
        return []
    if isinstance(node, ChoiceNode):
        felt = felt or node.kind == "empathy"
        return [(choice.goto, _set(on, choice.set), felt) for choice in node.choices]
    if isinstance(node, RouteNode):
        flags = dict.fromkeys(on, True)
        return [(next(route.goto for route in node.routes if holds(route.when, flags)), on, felt)]
    branch = node.by_stance[stances[node.rule]]
    return [(branch.goto or node.goto or "", _set(on, branch.set), felt)]


def _set(on: frozenset[str], changes: dict[str, bool]) -> frozenset[str]:
    return (on | {key for key, value in changes.items() if value}) - {key for key, value in changes.items() if not value}
