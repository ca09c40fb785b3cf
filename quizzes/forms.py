"""Reading an answer from a plain form, for every type of item. Foreign ids and wrong shapes are problems, never faults."""

from __future__ import annotations

import re
from dataclasses import dataclass

from common.forms import FieldProblem
from quizzes.domain import Item, Reading, Source

ANSWER_ID = re.compile(r"^[0-9a-f]{32}$")


@dataclass
class AnswerForm(Reading):
    """What a pupil sent: the answer as the item reads it, and the id that the pupil's side gave it."""

    answer_id: str = ""


def read_answer(item: Item, source: Source) -> AnswerForm:
    """The answer to this item in a form. problems is empty when it can be judged."""
    found = item.read(source)
    form = AnswerForm(found.value, found.problems, found.moved, source.get("antwoord_id", ""))
    if not ANSWER_ID.match(form.answer_id):
        form.problems.insert(0, FieldProblem("antwoord", "Deze bladzijde was verouderd. Kijk je antwoord na en stuur het opnieuw."))
    return form
