"""What the types share in which one of several ways is chosen for each of a few things: a phrase for each part of a reply,
a state for each switch. Each way has its own explanation; what is right may follow a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from protocols.domain import Corpus, RuleBook
from quizzes.domain import (
    Ballot,
    Bound,
    ByStance,
    Fault,
    Frozen,
    Item,
    Key,
    Moves,
    Outcome,
    Part,
    Place,
    RuleKey,
    RuleTexts,
    Source,
    Text,
    doubles,
    drawn,
    each_of,
    move_faults,
    outcome_of,
    rule_faults,
    ruling_of,
    stance_faults,
    why_of,
)  # fmt: skip


class Way(Moves):
    """One of the ways, right everywhere or by the ruling of the thing it belongs to."""

    id: Key
    text: Text
    right: bool = False


class Thing(Frozen):
    """Something for which one way is chosen."""

    id: Key
    text: Text
    rule: RuleKey | None = None
    by_stance: ByStance | None = None

    @property
    def ways(self) -> Sequence[Way]:
        raise NotImplementedError

    def names(self) -> dict[str, str]:
        return {way.id: way.text for way in self.ways}

    def right(self) -> list[str]:
        return [way.id for way in self.ways if way.right]


def bound_things(things: Sequence[Thing]) -> Iterator[Bound]:
    for thing in things:
        if thing.rule and thing.by_stance:
            yield Bound(thing.rule, thing.by_stance, thing.names(), thing.id, thing.text)


def thing_faults(things: Sequence[Thing], at: Place, name: str, corpus: Corpus) -> Iterator[Fault]:
    yield from doubles([thing.id for thing in things], at, name)
    for number, thing in enumerate(things):
        path, label = (*at, number), f"{name}, {thing.id}"
        yield from doubles([way.id for way in thing.ways], path, label)
        yield from rule_faults(thing.rule, (*path, "rule"), corpus)
        if bool(thing.rule) != bool(thing.by_stance):
            yield path, f"{label}: rule en by_stance horen bij elkaar", "geef beide of geen van beide"
        if thing.by_stance:
            yield from stance_faults(thing.by_stance, set(thing.names()), (*path, "by_stance"), label)
        elif not 0 < len(thing.right()) < len(thing.ways):
            yield path, f"{label}: een goede én een andere keuze zijn nodig", "zet right: true bij wat past"
        for way in thing.ways:
            yield from move_faults(way, path, f"{label}, {way.id}", rule=thing.rule)


def read_things(things: Sequence[Thing], source: Source, prefix: str) -> dict[str, str]:
    """For each thing the way that was chosen; what was not chosen, or is foreign, is left out."""
    sent = {thing.id: source.get(f"{prefix}:{thing.id}", "") for thing in things}
    return {thing.id: sent[thing.id] for thing in things if sent[thing.id] in thing.names()}


def judge_thing(thing: Thing, chosen: str, book: RuleBook, texts: RuleTexts) -> Part:
    way = next((way for way in thing.ways if way.id == chosen), None)
    if way is None:
        raise KeyError(chosen)
    ruling = ruling_of(thing.rule, thing.by_stance, book)
    outcome = outcome_of(chosen, thing.right(), ruling)
    is_best = outcome in (Outcome.FOLLOWS, Outcome.TALK)
    best = " of ".join(thing.names()[key] for key in (ruling.right if ruling else thing.right()))
    return Part(
        thing.id, thing.text, outcome, True, outcome.is_right, outcome.is_right, way.think,
        why_of(thing.rule, ruling, way.why, book, texts), way.now, thing.rule, way.text, None if is_best else best,
    )  # fmt: skip


def right_ways(things: Sequence[Thing], book: RuleBook) -> list[str] | None:
    by_rule = {bound.part: bound.right(book) for bound in bound_things(things)}
    right = [(thing.id, by_rule[thing.id] if thing.id in by_rule else thing.right()) for thing in things]
    return [f"{thing}={'|'.join(keys)}" for thing, keys in right if keys is not None] or None


def ballots_on(things: Sequence[Thing]) -> list[Ballot]:
    bounds = {bound.part: bound for bound in bound_things(things)}
    return [Ballot(thing.id, thing.text, tuple(thing.names().items()), tuple(thing.right()), bounds.get(thing.id)) for thing in things]


def said_ways(things: Sequence[Thing], chosen: Mapping[str, str]) -> list[str]:
    return [f"{thing.text.rstrip('.')} → {thing.names()[chosen[thing.id]]}" for thing in things]


def imagined_ways(item: Item, things: Sequence[Thing], chance: Random, knows: float, book: RuleBook) -> dict[str, str]:
    per_thing = each_of(knows, len(things))
    right = dict(part.split("=", 1) for part in item.right_answers(book) or [])
    chosen = {}
    for thing in things:
        good = [key for key in right.get(thing.id, "").split("|") if key]
        others = [way.id for way in thing.ways if way.id not in good] or list(thing.names())
        chosen[thing.id] = good[0] if good and chance.random() < per_thing else drawn(chance, others, thing.id)
    return chosen
