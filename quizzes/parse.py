"""From a quiz file to items and a scenario, or to every problem in it in the author's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from common.problems import Problem
from common.yaml_source import Source
from protocols.domain import Corpus, Stance
from quizzes.domain import Fault, Item, Place, rule_faults
from quizzes.quiz import Quiz
from quizzes.scenario_check import scenario_faults


def parse_quiz(file: str, text: str, corpus: Corpus) -> tuple[Quiz | None, list[Problem]]:
    """Read one quiz file. The quiz is None when there is any problem, since a half quiz judges wrongly."""
    source = Source(file, text)
    quiz = source.parse(Quiz)
    if quiz is None:
        return None, source.problems
    problems = [source.problem(*fault) for fault in quiz_faults(quiz, corpus)]
    return (None if problems else quiz), problems


def quiz_faults(quiz: Quiz, corpus: Corpus) -> Iterator[Fault]:
    """Everything that the shape alone cannot tell: references, completeness, fairness between the forms."""
    yield from _double_ids(quiz)
    for number, item in enumerate(quiz.items):
        yield from _item_faults(item, ("items", number), corpus)
    yield from _rule_text_faults(quiz, corpus)
    yield from _check_faults(quiz)
    yield from scenario_faults(quiz.scenario, corpus)


def _double_ids(quiz: Quiz) -> Iterator[Fault]:
    counted = Counter([*(item.id for item in quiz.items), quiz.scenario.id])
    for number, item in enumerate(quiz.items):
        if counted[item.id] > 1:
            yield ("items", number, "id"), f"{item.id} staat er twee keer", "geef elke opgave een eigen id"


def _item_faults(item: Item, at: Place, corpus: Corpus) -> Iterator[Fault]:
    yield from rule_faults(item.rule, (*at, "rule"), corpus)
    yield from rule_faults(item.cite_if_ruled, (*at, "cite_if_ruled"), corpus)
    yield from item.faults(at, corpus)
    if item.use == "check" and not item.is_scored:
        yield (*at, "use"), f"{item.id}: een mening of open vraag meet niets", "zet use: lesson"
    may_be_talk = any(ruling.talk for bound in item.bound() for ruling in bound.by_stance.values())
    if may_be_talk and not item.talk:
        yield at, f"{item.id}: bij een stance is dit een praatvraag, maar talk ontbreekt", "voeg talk: met een vraag voor de klas toe"


def _rule_text_faults(quiz: Quiz, corpus: Corpus) -> Iterator[Fault]:
    needed = {rule for item in quiz.items for rule in item.rules()}
    for rule in sorted(needed - quiz.rule_texts.keys()):
        yield ("rule_texts",), f"{rule} wordt gevraagd maar heeft geen uitleg", "voeg de zes teksten toe"
    for rule, texts in quiz.rule_texts.items():
        yield from rule_faults(rule, ("rule_texts", rule), corpus)
        missing = [stance.value for stance in Stance if stance not in texts]
        if missing:
            yield ("rule_texts", rule), f"{rule}: {', '.join(missing)} ontbreekt", "geef alle zes de teksten"


def _check_faults(quiz: Quiz) -> Iterator[Fault]:
    known = {item.id: item for item in quiz.items}
    used: Iterable[str] = [*quiz.checks.forms.A, *quiz.checks.forms.B]
    missing = [key for key in used if key not in known or known[key].use != "check"]
    if missing:
        yield ("checks", "forms"), f"{', '.join(missing)} is geen opgave met use: check", "verbeter het id of de use"
        return
    unused = [item.id for item in quiz.items if item.use == "check" and item.id not in used]
    if unused:
        yield ("checks", "forms"), f"{', '.join(unused)} staat in geen vorm", "zet de opgave in vorm A of B"
    if {tuple(sorted(pair)) for pair in quiz.checks.pairs} != {
        tuple(sorted(pair)) for pair in zip(quiz.checks.forms.A, quiz.checks.forms.B, strict=False)
    } or len(quiz.checks.forms.A) != len(quiz.checks.forms.B):
        yield ("checks", "pairs"), "de paren volgen de twee vormen niet", "zet elk paar in dezelfde volgorde als vorm A en B"
        return
    for number, (a, b) in enumerate(quiz.checks.pairs):
        if _weight(known[a]) != _weight(known[b]):
            remedy = "neem gelijke goal, type, rule en aantal delen, en per stance evenveel goede antwoorden"
            yield ("checks", "pairs", number), f"{a} en {b} zijn niet even zwaar", remedy
    if quiz.checks.starter.half_1 == quiz.checks.closing.half_1 or quiz.checks.starter.half_2 == quiz.checks.closing.half_2:
        yield ("checks",), "een helft krijgt twee keer dezelfde vorm", "wissel A en B tussen starter en closing"


def _weight(item: Item) -> tuple[object, ...]:
    """What makes two items equally heavy: the same goal, type and rules, as many parts, and under each stance as many right answers."""
    fitting = sorted(
        (bound.rule, stance.value, len(ruling.right), len(ruling.fair), ruling.talk)
        for bound in item.bound()
        for stance, ruling in bound.by_stance.items()
    )
    return item.goal, item.kind, item.rules(), item.parts_count, fitting
