"""Reading an answer from a plain form, for every type of item. Foreign ids and wrong shapes are problems, never faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from common.forms import FieldProblem, clean_text
from quizzes.domain import Mark, Match, OneChoice, Open, Order, Scale, SeveralChoices, Sort

ANSWER_ID = re.compile(r"^[0-9a-f]{32}$")
LONGEST_TEXT = 1000
Source = MultiDict[str, str]


@dataclass
class AnswerForm:
    """What a pupil sent. value is the answer (see quizzes.judge) or what there was of it; moved tells that only
    the order was changed with a button and nothing is to be stored yet."""

    answer_id: str
    value: dict[str, Any]
    problems: list[FieldProblem] = field(default_factory=list)
    moved: str | None = None


def read_answer(item: Any, source: Source) -> AnswerForm:
    """The answer to this item in a form. problems is empty when it can be judged."""
    form = AnswerForm(source.get("antwoord_id", ""), {})
    if not ANSWER_ID.match(form.answer_id):
        form.problems.append(FieldProblem("antwoord", "Deze bladzijde was verouderd. Kijk je antwoord na en stuur het opnieuw."))
    _READERS[type(item)](item, source, form)
    return form


def _one_choice(item: OneChoice, source: Source, form: AnswerForm) -> None:
    chosen = source.get("keuze", "")
    if chosen in {option.id for option in item.options}:
        form.value = {"choice": chosen}
    else:
        form.problems.append(FieldProblem("keuze", "Kies een antwoord."))


def _several_choices(item: SeveralChoices, source: Source, form: AnswerForm) -> None:
    known = [option.id for option in item.options]
    chosen = set(source.getlist("keuzes"))
    form.value = {"choices": [key for key in known if key in chosen]}
    if not form.value["choices"]:
        form.problems.append(FieldProblem("keuzes", "Kies ten minste één antwoord."))


def _sort(item: Sort, source: Source, form: AnswerForm) -> None:
    bins = {pile.id for pile in item.bins}
    put = {card.id: source.get(f"kaart:{card.id}", "") for card in item.cards}
    form.value = {"cards": {card: pile for card, pile in put.items() if pile in bins}}
    left = len(put) - len(form.value["cards"])
    if left:
        form.problems.append(
            FieldProblem("kaart", "Leg elk kaartje op een stapel." if left > 1 else "Leg ook het laatste kaartje op een stapel.")
        )


def _order(item: Order, source: Source, form: AnswerForm) -> None:
    known = [step.id for step in item.steps]
    sent = [key for key in dict.fromkeys(source.getlist("volgorde")) if key in known]
    order = [*sent, *(key for key in known if key not in sent)]
    for key in source:
        way, _, step = key.partition(":")
        if way in ("omhoog", "omlaag") and step in order:
            form.moved = step
            place = order.index(step)
            other = place + (1 if way == "omlaag" else -1)
            if 0 <= other < len(order):
                order[place], order[other] = order[other], order[place]
            break
    form.value = {"order": order}
    if not sent:
        form.problems.append(FieldProblem("volgorde", "Zet de stappen op volgorde."))


def _match(item: Match, source: Source, form: AnswerForm) -> None:
    known = {pair.id for pair in item.pairs}
    put = {pair.id: source.get(f"paar:{pair.id}", "") for pair in item.pairs}
    form.value = {"pairs": {left: right for left, right in put.items() if right in known}}
    if len(form.value["pairs"]) < len(put):
        form.problems.append(FieldProblem("paar", "Kies bij elke regel een letter."))


def _mark(item: Mark, source: Source, form: AnswerForm) -> None:
    chosen = set(source.getlist("stukje"))
    form.value = {"marks": [key for key in item.marks if key in chosen]}
    if not form.value["marks"]:
        form.problems.append(FieldProblem("stukje", "Kies ten minste één stukje van het bericht."))


def _scale(item: Scale, source: Source, form: AnswerForm) -> None:
    value = source.get("stand", "")
    if value in {str(number) for number in range(1, len(item.labels) + 1)}:
        form.value = {"value": int(value) - 1}
    else:
        form.problems.append(FieldProblem("stand", "Kies wat het meest bij jou past."))


def _open(_item: Open, source: Source, form: AnswerForm) -> None:
    text = clean_text(source.get("tekst", ""), lines=True)
    form.value = {"text": text}
    if not text:
        form.problems.append(FieldProblem("tekst", "Schrijf iets op. Een paar woorden is genoeg."))
    elif len(text) > LONGEST_TEXT:
        form.problems.append(FieldProblem("tekst", f"Dit is lang: {len(text)} tekens. Er passen er {LONGEST_TEXT}."))


_READERS: dict[type, Callable[[Any, Source, AnswerForm], None]] = {
    OneChoice: _one_choice,
    SeveralChoices: _several_choices,
    Sort: _sort,
    Order: _order,
    Match: _match,
    Mark: _mark,
    Scale: _scale,
    Open: _open,
}
