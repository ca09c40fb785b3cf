"""What the pages of a chat show: people with their faces, messages, moments, endings and the path that was taken."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from lessons.library import Lesson
from lessons.present import said
from protocols.domain import RuleBook
from quizzes.play import Moment, Position, ending_lines
from quizzes.scenario import Message, Scenario
from schools.present import shown_rule

CAST = frozenset(file.stem for file in (Path(__file__).resolve().parent.parent / "static" / "img" / "cast").glob("*.svg"))


def kaft_of(person_id: str) -> int:
    """A fixed colour behind a face."""
    return sum(person_id.encode()) % 6 + 1


def person_shown(scenario: Scenario, person_id: str) -> dict[str, Any]:
    person = scenario.person(person_id)
    face = next((key for key in (person_id, person.name.lower().replace(" ", "-").replace("ë", "e")) if key in CAST), None)
    return {"name": person.name, "role": person.role, "face": face, "kaft": kaft_of(person_id)}


def message_shown(scenario: Scenario, message: Message, hero: str) -> dict[str, Any]:
    return {
        "person": None if message.sender == hero else person_shown(scenario, message.sender),
        "sender": message.sender,
        "text": message.text,
        "photo": message.photo,
        "voice": message.voice,
    }


def hero_of(scenario: Scenario) -> str:
    """The one for whom the pupil chooses: the first of the people."""
    return scenario.people[0].id


def moment_shown(scenario: Scenario, moment: Moment, hero: str) -> dict[str, Any]:
    messages = [message_shown(scenario, message, hero) for message in moment.messages]
    for before, after in pairwise(messages):
        after["again"] = before["sender"] == after["sender"]
    choice = moment.choice
    return {
        "node": moment.node,
        "kind": moment.kind,
        "scene": moment.scene,
        "messages": messages,
        "said": choice.text.strip() if choice else None,
        "is_speech": bool(choice and choice.text.strip().startswith(("'", '"', "‘", "“"))),
        "explain": choice.explain if choice else None,
    }


def ending_shown(scenario: Scenario, position: Position) -> dict[str, Any]:
    assert position.ending is not None
    ending = scenario.endings[position.ending]
    return {
        "title": ending.title,
        "lines": ending_lines(ending, position.flags),
        "next": ending.next,
        "back_to": ending.back_to,
        "others": [{"title": other.title, "here": key == position.ending, "seen": False} for key, other in scenario.endings.items()],
    }


def path_taken(lesson: Lesson, position: Position, book: RuleBook) -> list[dict[str, Any]]:
    """The turning points passed, each with what was chosen; at a rule the school's own answer stands with it."""
    scenario = lesson.quiz.scenario
    found: list[dict[str, Any]] = []
    for moment in position.moments:
        lines = scenario.review.turning_points.get(moment.node)
        if moment.choice and lines and moment.choice.id in lines:
            found.append({"node": moment.node, "title": moment.choice.text, "said": lines[moment.choice.id], "rule": None})
        elif moment.rule:
            found.append({
                "node": None, "title": "Zo is het op jouw school", "said": said(lesson, moment.rule, book),
                "rule": shown_rule(book, moment.rule, lesson.unit.track),
            })  # fmt: skip
    return found
