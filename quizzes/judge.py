"""Weighing an answer against the agreements of the pupil's own school. Pure: no Flask, no database, no clock.

What an answer looks like, and what it comes to, each type of item says itself (quizzes/types).
"""

from __future__ import annotations

from protocols.domain import RuleBook
from quizzes.domain import Item, JsonDict, Verdict
from quizzes.quiz import Quiz


def judge(quiz: Quiz, item: Item, answer: JsonDict, book: RuleBook) -> Verdict:
    """Weigh an answer and explain each part of it. Raises KeyError for an answer that does not belong to the item."""
    return item.judge(answer, book, quiz.rule_texts)
