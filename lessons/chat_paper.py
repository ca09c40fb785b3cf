"""The chat on paper, for a class without devices: numbered moments, "ga naar 7", and boxes to tick for what comes back later. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import ascii_uppercase
from typing import Any

from flask_babel import gettext as _

from lessons.chat_present import chat_shown, live_shown
from protocols.domain import RuleBook
from quizzes.scenario import ChoiceNode, RouteNode, RuleNode, Scenario

Numbers = dict[str, int]
Letters = dict[str, str]


def paper_shown(scenario: Scenario, book: RuleBook) -> dict[str, Any]:
    """Every moment that this school can come to, numbered in the order in which they are first met; the endings come last."""
    order = [key for key in _met(scenario, book) if key in scenario.nodes]
    ends = [key for key in scenario.endings if key in set(_met(scenario, book))]
    numbers = {key: number for number, key in enumerate([*order, *ends], 1)}
    letters = dict(zip(_asked_flags(scenario), ascii_uppercase, strict=False))
    lines = {node["key"]: node["lines"] for node in live_shown(scenario, book)["nodes"]}
    return {
        "boxes": [{"letter": letter, "label": scenario.facts.get(flag)} for flag, letter in letters.items()],
        "moments": [
            {"number": numbers[key], "lines": lines.get(key, []), **_moment(scenario, key, book, numbers, letters)} for key in order
        ],
        "endings": [{"number": numbers[key], **_ending(scenario, key, book, letters)} for key in ends],
    }


def _met(scenario: Scenario, book: RuleBook) -> list[str]:
    found: dict[str, None] = {scenario.start: None}
    queue = [scenario.start]
    while queue:
        for goto in _gotos(scenario, queue.pop(0), book):
            if goto not in found:
                found[goto] = None
                queue.append(goto)
    return list(found)


def _gotos(scenario: Scenario, key: str, book: RuleBook) -> list[str]:
    node = scenario.nodes.get(key)
    if isinstance(node, ChoiceNode):
        return [choice.goto for choice in node.choices]
    if isinstance(node, RouteNode):
        return [route.goto for route in node.routes]
    if isinstance(node, RuleNode):
        return [node.by_stance[book.stance_on(node.rule)].goto or node.goto or ""]
    return []


def _asked_flags(scenario: Scenario) -> list[str]:
    """The flags that something later asks for, in the order of the scenario: each becomes a box on the sheet."""
    asked = {flag for node in scenario.nodes.values() if isinstance(node, RouteNode) for route in node.routes for flag in route.when}
    asked |= {flag for ending in scenario.endings.values() for line in ending.extra for flag in line.when}
    return [flag for flag in scenario.flags if flag in asked]


def _moment(scenario: Scenario, key: str, book: RuleBook, numbers: Numbers, letters: Letters) -> dict[str, Any]:
    node = scenario.nodes[key]
    if isinstance(node, RouteNode):
        return {"routes": [{"when": _conditions(route.when, letters), "goto": numbers[route.goto]} for route in node.routes]}
    if isinstance(node, ChoiceNode):
        choices = [
            {"text": one.text, "explain": one.explain, "marks": list(_marks(one.set, letters)), "goto": numbers[one.goto]}
            for one in node.choices
        ]
        about = scenario.person(node.about).name if node.about else None
        return {"where": _where(scenario, node.chat), "choices": choices, "about": about}
    branch = node.by_stance[book.stance_on(node.rule)]
    where = _where(scenario, branch.chat or node.chat)
    return {"where": where, "marks": list(_marks(branch.set, letters)), "goto": numbers[branch.goto or node.goto or ""]}


def _where(scenario: Scenario, chat: str | None) -> str | None:
    shown = chat_shown(scenario, chat) if chat else None
    return f"{shown['moved']}: {shown['title']}" if shown else None


def _marks(changes: Mapping[str, bool], letters: Letters) -> Iterator[str]:
    for flag, on in changes.items():
        if flag in letters:
            yield _("Kruis vakje %(letter)s aan.", letter=letters[flag]) if on else _("Maak vakje %(letter)s leeg.", letter=letters[flag])


def _conditions(when: Mapping[str, bool], letters: Letters) -> str:
    words = {True: _("vakje %(letter)s aangekruist"), False: _("vakje %(letter)s leeg")}
    return f" {_('en')} ".join(words[on] % {"letter": letters[flag]} for flag, on in when.items())


def _ending(scenario: Scenario, key: str, book: RuleBook, letters: Letters) -> dict[str, Any]:
    ending = scenario.endings[key]
    extra = [{"when": _conditions(line.when, letters), "text": line.text} for line in ending.extra]
    if ending.rule:
        extra.append({"when": "", "text": ending.by_stance[book.stance_on(ending.rule)]})
    return {"title": ending.title, "text": ending.text, "extra": extra, "next": ending.next}
