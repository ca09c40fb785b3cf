"""Which agreements are taught and asked where, and what the right answer to each question is at each school. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lessons.library import Lesson
from protocols.domain import Corpus, RuleBook, Track, rule_book
from quizzes.scenario import RuleNode, Scenario
from quizzes.scenario_check import scenario_proof

Coverage = dict[str, Any]
Answers = dict[str, list[str] | None]


def coverage(lessons: Iterable[Lesson], corpus: Corpus) -> Coverage:
    """Rules, articles and items, each with the units that teach and the items that ask; the chats with their proof per school."""
    lessons = list(lessons)
    books = {protocol: rule_book(corpus, protocol) for protocol in corpus.protocols}
    items = {key: item for lesson in lessons for key, item in _items_of(lesson, books)}
    return {
        "rules": _rules(lessons, corpus, items),
        "articles": _articles(lessons, corpus, items),
        "items": items,
        "scenarios": {one.slug: _proved(one.quiz.scenario, books) for one in lessons},
    }


def _proved(scenario: Scenario, books: dict[str, RuleBook]) -> Coverage:
    """Per school what its pupils can come to in the chat, and that every way can end."""
    return {school: proof.as_dict() for school, proof in scenario_proof(scenario, books).items()}


def _rules(lessons: list[Lesson], corpus: Corpus, items: dict[str, Coverage]) -> Coverage:
    return {
        key: {
            track.english: {
                "taught": [one.slug for one in lessons if one.unit.track is track and key in one.unit.taught],
                "asked": _asked(items, {key}, {track.english}),
            }
            for track in Track
        }
        for key in corpus.rules
    }


def _asked(items: dict[str, Coverage], rules: set[str], tracks: set[str]) -> list[str]:
    """The items that are judged by one of these rules. A chat follows rules but asks nothing, so it does not count."""
    return [key for key, item in items.items() if item["rule"] in rules and item["track"] in tracks and item["type"] != "chat-scenario"]


def _articles(lessons: list[Lesson], corpus: Corpus, items: dict[str, Coverage]) -> Coverage:
    """An article is reached through the rules that stand on it, in the tracks that its own school has."""
    found = {}
    for article in corpus.articles.values():
        rules = {key for key, rule in corpus.rules.items() if article.id in rule.answers[article.protocol].articles}
        levels = corpus.protocols[article.protocol].levels
        found[article.id] = {
            "taught": [one.slug for one in lessons if one.unit.track in levels and rules & set(one.unit.taught)],
            "asked": _asked(items, rules, {track.english for track in levels}),
        }
    return found


def _items_of(lesson: Lesson, books: dict[str, RuleBook]) -> Iterator[tuple[str, Coverage]]:
    """Every item of a unit, the cards of a sort that stand on a rule of their own, and the chat scenario."""
    slug, track = lesson.slug, lesson.unit.track.english

    def row(kind: str, rule: str | None, answers: Answers) -> Coverage:
        return {"unit": slug, "track": track, "type": kind, "rule": rule, "answers": answers}

    for item in lesson.quiz.items:
        yield f"{slug}/{item.id}", row(item.kind, item.rule, {key: item.right_answers(book) for key, book in books.items()})
        for bound in item.bound():
            if bound.part:
                answers = {key: bound.right(book) for key, book in books.items()}
                yield f"{slug}/{item.id}/{bound.part}", row(f"{item.kind}-card", bound.rule, answers)
    scenario = lesson.quiz.scenario
    ways = {key: _ways(scenario, book) for key, book in books.items()}
    first = next((node.rule for node in scenario.nodes.values() if isinstance(node, RuleNode)), None)
    yield f"{slug}/{scenario.id}", row("chat-scenario", first, ways)


def _ways(scenario: Scenario, book: RuleBook) -> list[str] | None:
    """Where the story goes at each moment at which it follows a rule of this school."""
    found = []
    for key, node in scenario.nodes.items():
        if isinstance(node, RuleNode):
            found.append(f"{key}→{node.by_stance[book.stance_on(node.rule)].goto or node.goto}")
    return found or None


def differs(answers: Answers) -> bool:
    """Whether a question has another right answer at one school than at another; one that is talked about counts too."""
    return len({tuple(answer) if answer is not None else None for answer in answers.values()}) > 1
