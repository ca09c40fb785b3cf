"""From a quiz file to items and a scenario, or to every problem in it in the author's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from common.problems import Problem
from common.yaml_source import Source
from protocols.domain import Corpus, Stance
from quizzes.domain import Card, Mark, OneChoice, Open, Option, Order, Ruling, Scale, SeveralChoices, Sort
from quizzes.judge import pieces_of
from quizzes.quiz import Quiz
from quizzes.scenario_check import scenario_faults

Path = tuple[str | int, ...]
Fault = tuple[Path, str, str]


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
        at: Path = ("items", number)
        yield from _rule_exists(item.rule, (*at, "rule"), corpus)
        yield from _rule_exists(item.cite_if_ruled, (*at, "cite_if_ruled"), corpus)
        yield from _item_faults(item, at, corpus)
    yield from _rule_text_faults(quiz, corpus)
    yield from _check_faults(quiz)
    yield from scenario_faults(quiz.scenario, corpus)


def bound_rules(item: Any) -> list[str]:
    """The rules by which an item is judged, each once."""
    found = [item.rule] if item.rule else []
    if isinstance(item, Sort):
        found += [card.rule for card in item.cards if card.rule]
    return list(dict.fromkeys(found))


def _double_ids(quiz: Quiz) -> Iterator[Fault]:
    counted = Counter([*(item.id for item in quiz.items), quiz.scenario.id])
    for number, item in enumerate(quiz.items):
        if counted[item.id] > 1:
            yield ("items", number, "id"), f"{item.id} staat er twee keer", "geef elke opgave een eigen id"


def _rule_exists(rule: str | None, path: Path, corpus: Corpus) -> Iterator[Fault]:
    if rule is not None and rule not in corpus.rules:
        yield path, f"regel {rule} bestaat niet", "neem een key uit protocols/data/rules.yaml"


def _item_faults(item: Any, at: Path, corpus: Corpus) -> Iterator[Fault]:
    if isinstance(item, OneChoice | SeveralChoices):
        yield from _option_faults(item, at)
    elif isinstance(item, Sort):
        yield from _sort_faults(item, at, corpus)
    elif isinstance(item, Order):
        yield from _order_faults(item, at)
    elif isinstance(item, Mark):
        yield from _mark_faults(item, at)
    if item.use == "check" and isinstance(item, Scale | Open):
        yield (*at, "use"), f"{item.id}: een mening of open vraag meet niets", "zet use: lesson"
    if _may_be_talk(item) and not item.talk:
        yield at, f"{item.id}: bij een stance is dit een praatvraag, maar talk ontbreekt", "voeg talk: met een vraag voor de klas toe"


def _may_be_talk(item: Any) -> bool:
    rulings: list[Ruling] = list((item.by_stance or {}).values())
    if isinstance(item, Sort):
        rulings += [ruling for card in item.cards for ruling in (card.by_stance or {}).values()]
    return any(ruling.talk for ruling in rulings)


def _option_faults(item: OneChoice | SeveralChoices, at: Path) -> Iterator[Fault]:
    ids = [option.id for option in item.options]
    yield from _doubles(ids, (*at, "options"), item.id)
    if bool(item.rule) != bool(item.by_stance):
        yield at, f"{item.id}: rule en by_stance horen bij elkaar", "geef beide of geen van beide"
    if item.by_stance:
        if any(option.right for option in item.options):
            yield at, f"{item.id}: right staat bij een antwoord én in by_stance", "laat right bij de antwoorden weg"
        yield from _stance_faults(item.by_stance, set(ids), (*at, "by_stance"), item.id)
    else:
        right = sum(option.right for option in item.options)
        if isinstance(item, OneChoice) and right != 1:
            yield at, f"{item.id}: er is niet precies één goed antwoord", "zet bij één antwoord right: true"
        if isinstance(item, SeveralChoices) and not 0 < right < len(ids):
            yield at, f"{item.id}: goede én andere antwoorden zijn nodig", "zet right: true bij wat klopt"
    for number, option in enumerate(item.options):
        yield from _move_faults(option, item, (*at, "options", number))


def _move_faults(option: Option, item: OneChoice | SeveralChoices, at: Path) -> Iterator[Fault]:
    if not option.now:
        yield at, f"{item.id}, {option.id}: now ontbreekt", "zeg wat een leerling nu kan doen"
    if not option.why and not item.rule:
        yield at, f"{item.id}, {option.id}: why ontbreekt", "geef de reden"
    several_right = isinstance(item, SeveralChoices) and option.right
    if not option.think and not several_right:
        yield at, f"{item.id}, {option.id}: think ontbreekt", "zeg wat er verstandig is in deze gedachte"


def _stance_faults(by_stance: Mapping[Stance, Ruling], ids: set[str], at: Path, name: str) -> Iterator[Fault]:
    for stance in Stance:
        ruling = by_stance.get(stance)
        if ruling is None:
            yield at, f"{name}: {stance.value} ontbreekt", "vul alle zes de antwoorden in; een school kan elk ervan kiezen"
            continue
        path = (*at, stance.value)
        unknown = {*ruling.right, *ruling.fair} - ids
        if unknown:
            yield path, f"{name}: onbekend antwoord {', '.join(sorted(unknown))}", "gebruik een id van dit onderdeel"
        if bool(ruling.talk) == bool(ruling.right):
            yield path, f"{name}: geef right, of talk: true, en niet allebei", "kies een van de twee"
        if stance is Stance.NIET_GEREGELD and not ruling.talk:
            yield path, f"{name}: niet-geregeld is geen toestemming", "maak er talk: true van"


def _sort_faults(item: Sort, at: Path, corpus: Corpus) -> Iterator[Fault]:
    bins = {pile.id for pile in item.bins}
    yield from _doubles([card.id for card in item.cards], (*at, "cards"), item.id)
    for number, card in enumerate(item.cards):
        path = (*at, "cards", number)
        yield from _rule_exists(card.rule, (*path, "rule"), corpus)
        yield from _card_faults(card, bins, path, item.id)


def _card_faults(card: Card, bins: set[str], at: Path, name: str) -> Iterator[Fault]:
    label = f"{name}, {card.id}"
    if bool(card.rule) != bool(card.by_stance):
        yield at, f"{label}: rule en by_stance horen bij elkaar", "geef beide of geen van beide"
    if card.by_stance:
        yield from _stance_faults(card.by_stance, bins, (*at, "by_stance"), label)
    elif not card.right or set(card.right) - bins:
        yield at, f"{label}: right noemt geen stapel van deze opgave", "noem een id uit bins"
    if not card.now or not (card.why or card.rule):
        yield at, f"{label}: why of now ontbreekt", "geef de reden en wat je nu kunt doen"


def _order_faults(item: Order, at: Path) -> Iterator[Fault]:
    ids = [step.id for step in item.steps]
    yield from _doubles(ids, (*at, "steps"), item.id)
    for number, before in enumerate(item.before):
        if set(before.pair) - set(ids):
            yield (*at, "before", number), f"{item.id}: het paar noemt een onbekende stap", "gebruik ids uit steps"
            return
    left = set(ids)
    while left:
        free = {key for key in left if not any(b.pair[1] == key and b.pair[0] in left for b in item.before)}
        if not free:
            yield (*at, "before"), f"{item.id}: de paren spreken elkaar tegen", "haal een paar weg"
            return
        left -= free


def _mark_faults(item: Mark, at: Path) -> Iterator[Fault]:
    keys = [key for key, _ in pieces_of(item) if key]
    yield from _doubles(keys, (*at, "message"), item.id)
    if set(keys) != set(item.marks):
        yield (*at, "marks"), f"{item.id}: de stukjes in het bericht en marks verschillen", "geef elk [[id|stukje]] een uitleg onder marks"
    if len({ruling.right for ruling in item.marks.values()}) < 2:
        yield (*at, "marks"), f"{item.id}: alle stukjes zijn gelijk", "laat wat gewoon is ook staan"


def _doubles(ids: Sequence[str], at: Path, name: str) -> Iterator[Fault]:
    for key, count in Counter(ids).items():
        if count > 1:
            yield at, f"{name}: {key} staat er {count} keer", "geef elk deel een eigen id"


def _rule_text_faults(quiz: Quiz, corpus: Corpus) -> Iterator[Fault]:
    needed = {rule for item in quiz.items for rule in bound_rules(item)}
    for rule in sorted(needed - quiz.rule_texts.keys()):
        yield ("rule_texts",), f"{rule} wordt gevraagd maar heeft geen uitleg", "voeg de zes teksten toe"
    for rule, texts in quiz.rule_texts.items():
        yield from _rule_exists(rule, ("rule_texts", rule), corpus)
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
            yield ("checks", "pairs", number), f"{a} en {b} zijn niet even zwaar", "neem gelijke goal, type, rule en aantal antwoorden"
    if quiz.checks.starter.half_1 == quiz.checks.closing.half_1 or quiz.checks.starter.half_2 == quiz.checks.closing.half_2:
        yield ("checks",), "een helft krijgt twee keer dezelfde vorm", "wissel A en B tussen starter en closing"


def _weight(item: Any) -> tuple[Any, ...]:
    size = len(item.options) if isinstance(item, OneChoice | SeveralChoices) else 0
    return item.goal, item.type, item.rule, size
