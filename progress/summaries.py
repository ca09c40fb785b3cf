"""What a class answered in one unit, question by question. Pure.

What an answer came to is taken as it was stored; where the parts of an answer are weighed again (cards, pairs, steps),
that is done by the stance under which it was given, so that yesterday's result stays true after today's change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from protocols.domain import RuleBook
from quizzes.domain import Counting, Item, JsonDict, Outcome, Part
from quizzes.judge import judge
from quizzes.play import Event, StuckError, choices_made, find_choice, play
from quizzes.quiz import Quiz
from quizzes.scenario import ChoiceNode, Scenario

# What the wording of a question may no longer fit: it was changed after the answer was given.
NO_LONGER_FITS = (KeyError, IndexError, TypeError, StopIteration)


@dataclass(frozen=True)
class Given:
    """One first answer, as stored."""

    pupil_id: str
    item: str
    moment: str
    value: JsonDict
    outcome: Outcome
    right: int
    total: int
    stances: Mapping[str, str]
    answered_at: datetime


@dataclass(frozen=True)
class Place:
    """Where pupils put a card or what they joined to it. fits is None where nothing is right or wrong."""

    text: str
    count: int
    fits: bool | None


@dataclass(frozen=True)
class Line:
    """One option, card, pair, piece, step or label of a question, counted over the class.

    count of of: how many chose it (options, labels) or had it right (parts). outcome tells whether choosing it follows
    the school's agreement; None where nothing is right or wrong. places says where the class put it, most first.
    """

    id: str
    text: str
    count: int
    of: int
    outcome: Outcome | None = None
    belongs: bool | None = None
    chosen: int = 0
    think: str | None = None
    why: str | None = None
    now: str | None = None
    places: tuple[Place, ...] = ()

    @property
    def is_wrong(self) -> bool:
        return self.outcome is Outcome.DIFFERS

    @property
    def part(self) -> int:
        return round(100 * self.count / self.of) if self.of else 0


@dataclass(frozen=True)
class ItemSummary:
    """One question in one moment: who answered, what it came to, and what was chosen.

    missed is the share of pupils who did not have it right; partly right weighs half. earlier counts answers that were
    weighed by a stance the school has changed since; lost counts answers to a wording that is gone, of which only the
    outcome is known.
    """

    item: str
    type: str
    counting: Counting
    question: str
    answered: int
    right: int
    partly: int
    wrong: int
    talked: int
    missed: float
    lines: tuple[Line, ...]
    earlier: int = 0
    lost: int = 0

    @property
    def scored(self) -> int:
        return self.right + self.partly + self.wrong

    @property
    def counts_choices(self) -> bool:
        """Whether a line counts how many chose it, rather than how many had it right."""
        return self.counting in (Counting.CHOICES, Counting.LABELS)

    @property
    def drawn(self) -> Line | None:
        """The wrong option that drew most pupils."""
        return next((line for line in self.lines if self.counting is Counting.CHOICES and line.is_wrong and line.count), None)


@dataclass(frozen=True)
class CheckForm:
    """One of the two equal questions of a pair, as asked at the start and at the end."""

    item: str
    question: str
    start: ItemSummary
    end: ItemSummary

    @property
    def lines(self) -> list[tuple[Line, Line]]:
        """Every line at the start and at the end, in the order of the end (or of the start, when nobody got that far)."""
        first, second = (self.end, self.start) if self.end.answered else (self.start, self.end)
        others = {line.id: line for line in second.lines}
        pairs = [(line, others[line.id]) for line in first.lines]
        return [(b, a) for a, b in pairs] if first is self.end else pairs


@dataclass(frozen=True)
class CheckPair:
    """Two equal questions about one goal. Before and after are of the pupils who did both."""

    goal: str
    both: int
    start_right: int
    end_right: int
    missed: float
    forms: tuple[CheckForm, ...]

    @property
    def answered(self) -> int:
        return sum(form.start.answered + form.end.answered for form in self.forms)

    @property
    def is_scored(self) -> bool:
        return any(form.start.scored + form.end.scored for form in self.forms)


@dataclass(frozen=True)
class TurningPoint:
    """A moment in the chat that matters: what the pupils chose the first time they came there."""

    node: str
    scene: str
    choices: tuple[tuple[str, str, int], ...]

    @property
    def passed(self) -> int:
        return sum(count for _text, _line, count in self.choices)


@dataclass(frozen=True)
class ScenarioSummary:
    title: str
    began: int
    finished: int
    endings: tuple[tuple[str, int], ...]
    turning_points: tuple[TurningPoint, ...]


@dataclass(frozen=True)
class UnitSummary:
    """One unit in one class. items: the questions of the lesson, the most misunderstood first."""

    items: tuple[ItemSummary, ...] = ()
    checks: tuple[CheckPair, ...] = ()
    talks: tuple[ItemSummary, ...] = ()
    opinions: tuple[ItemSummary, ...] = ()
    pupils: frozenset[str] = field(default_factory=frozenset)

    @property
    def worst(self) -> ItemSummary | None:
        """The question that most often went wrong, when there is one that did."""
        return self.items[0] if self.items and self.items[0].missed > 0 else None


def summarise_unit(quiz: Quiz, goals: Mapping[str, str], answers: Iterable[Given], pupils: Iterable[str], book: RuleBook) -> UnitSummary:
    """All questions of a unit over the class. Answers of pupils who left are not counted."""
    here = frozenset(pupils)
    kept = [answer for answer in answers if answer.pupil_id in here]
    by_item: dict[tuple[str, str], list[Given]] = {}
    for answer in kept:
        by_item.setdefault((answer.item, answer.moment), []).append(answer)
    lesson = [item for item in quiz.items if item.use == "lesson" and item.counting is not Counting.WORDS]
    counted = [summarise_item(quiz, item, by_item.get((item.id, "lesson"), []), book) for item in lesson]
    asked = [one for one in counted if one.counting is not Counting.LABELS]
    opinions = [one for one in counted if one.counting is Counting.LABELS]
    return UnitSummary(
        items=tuple(sorted((one for one in asked if one.scored), key=lambda one: -one.missed)),
        checks=tuple(sorted(_check_pairs(quiz, goals, by_item, book), key=lambda pair: -pair.missed)),
        talks=tuple(one for one in asked if one.talked and not one.scored),
        opinions=tuple(one for one in opinions if one.answered),
        pupils=frozenset(answer.pupil_id for answer in kept),
    )


# ---- one question ----


def summarise_item(quiz: Quiz, item: Item, answers: Sequence[Given], book: RuleBook) -> ItemSummary:
    """Count one question. The outcomes are those that were stored."""
    fitting, parts = _fitting(quiz, item, answers, book)
    outcomes = Counter(answer.outcome for answer in answers)
    scored = sum(outcomes[outcome] for outcome in Outcome if outcome.is_scored)
    return ItemSummary(
        item=item.id,
        type=item.kind,
        counting=item.counting,
        question=item.question,
        answered=len(answers),
        right=outcomes[Outcome.FOLLOWS] + outcomes[Outcome.FAIR],
        partly=outcomes[Outcome.PARTLY],
        wrong=outcomes[Outcome.DIFFERS],
        talked=outcomes[Outcome.TALK],
        missed=(outcomes[Outcome.DIFFERS] + outcomes[Outcome.PARTLY] / 2) / scored if scored else 0.0,
        lines=tuple(_LINES[item.counting](quiz, item, fitting, parts, book)),
        earlier=sum(_was_weighed_otherwise(answer, book) for answer in answers),
        lost=len(answers) - len(fitting),
    )


def _was_weighed_otherwise(answer: Given, book: RuleBook) -> bool:
    return book.as_it_was(answer.stances) is not book


Parts = Sequence[Sequence[Part]]


def _fitting(quiz: Quiz, item: Item, answers: Sequence[Given], book: RuleBook) -> tuple[list[Given], list[tuple[Part, ...]]]:
    """The answers that still fit the wording, each with its parts by the stance of that moment."""
    fitting, parts = [], []
    for answer in answers:
        try:
            verdict = judge(quiz, item, answer.value, book.as_it_was(answer.stances))
        except NO_LONGER_FITS:
            continue
        fitting.append(answer)
        parts.append(verdict.parts)
    return fitting, parts


def _choice_lines(quiz: Quiz, item: Item, answers: Sequence[Given], _parts: Parts, book: RuleBook) -> list[Line]:
    """Per option how many chose it; what it came to as stored for most of them, else by the rule book of today."""
    lines = []
    for option in item.options:  # type: ignore[attr-defined]
        here = [answer for answer in answers if answer.value["choice"] == option.id]
        part = judge(quiz, item, {"choice": option.id}, book).chosen[0]
        stored = Counter(answer.outcome for answer in here).most_common(1)
        outcome = stored[0][0] if stored else part.outcome
        lines.append(Line(option.id, option.text, len(here), len(answers), outcome, think=part.think, why=part.why, now=part.now))
    return sorted(lines, key=_drawn_first)


def _drawn_first(line: Line) -> tuple[int, int]:
    """Chosen wrong options first, the most chosen on top; then what fits; then what nobody chose."""
    if line.outcome is Outcome.TALK or line.outcome is Outcome.NONE:
        return (0, -line.count)
    if line.is_wrong:
        return (0, -line.count) if line.count else (2, 0)
    return (1, -line.count)


def _part_lines(_quiz: Quiz, item: Item, _answers: Sequence[Given], parts: Parts, _book: RuleBook) -> list[Line]:
    """Per card, pair, piece or step how many had it right, the most missed first."""
    by_id: dict[str, list[Part]] = {}
    for judged in parts:
        for part in judged:
            by_id.setdefault(part.id, []).append(part)
    lines = [_part_line(item, found) for found in by_id.values()]
    return sorted(lines, key=lambda line: (line.outcome is Outcome.TALK, line.count - line.of if line.of else 1))


def _part_line(item: Item, parts: Sequence[Part]) -> Line:
    scored = [part for part in parts if part.outcome.is_scored]
    good = sum(part.had_right for part in scored)
    last = parts[-1]
    return Line(
        last.id, last.text, good, len(scored), None if scored else Outcome.TALK,
        belongs=last.fits if item.ticks and scored else None, chosen=sum(part.chosen for part in parts) if item.ticks else 0,
        think=last.think, why=last.why, now=last.now,
        places=tuple(_places(parts)) if item.has_places else (),
    )  # fmt: skip


def _places(parts: Sequence[Part]) -> Iterable[Place]:
    counts = Counter((part.detail or "", part.outcome.is_right if part.outcome.is_scored else None) for part in parts)
    return (Place(text, count, fits) for (text, fits), count in counts.most_common())


def _scale_lines(_quiz: Quiz, item: Item, answers: Sequence[Given], _parts: Parts, _book: RuleBook) -> list[Line]:
    counts = Counter(answer.value["value"] for answer in answers)
    return [Line(str(number), label, counts[number], len(answers)) for number, label in enumerate(item.labels)]  # type: ignore[attr-defined]


def _no_lines(_quiz: Quiz, _item: Item, _answers: Sequence[Given], _parts: Parts, _book: RuleBook) -> list[Line]:
    """What pupils wrote is read, not counted."""
    return []


_LINES: dict[Counting, Callable[[Quiz, Item, Sequence[Given], Parts, RuleBook], list[Line]]] = {
    Counting.CHOICES: _choice_lines,
    Counting.PARTS: _part_lines,
    Counting.LABELS: _scale_lines,
    Counting.WORDS: _no_lines,
}


# ---- before and after ----


def _check_pairs(
    quiz: Quiz, goals: Mapping[str, str], by_item: Mapping[tuple[str, str], list[Given]], book: RuleBook
) -> Iterable[CheckPair]:
    for keys in quiz.checks.pairs:
        items = [quiz.item(key) for key in keys]
        start = {one.pupil_id: one for key in keys for one in by_item.get((key, "starter"), []) if one.outcome.is_scored}
        end = {one.pupil_id: one for key in keys for one in by_item.get((key, "closing"), []) if one.outcome.is_scored}
        both = start.keys() & end.keys()
        forms = tuple(_check_form(quiz, item, by_item, book) for item in items)
        found = CheckPair(
            goal=goals.get(items[0].goal, items[0].question),
            both=len(both),
            start_right=sum(start[pupil].outcome.is_right for pupil in both),
            end_right=sum(end[pupil].outcome.is_right for pupil in both),
            missed=sum(not one.outcome.is_right for one in end.values()) / len(end) if end else 0.0,
            forms=forms,
        )
        if found.answered:
            yield found


def _check_form(quiz: Quiz, item: Item, by_item: Mapping[tuple[str, str], list[Given]], book: RuleBook) -> CheckForm:
    moments = [summarise_item(quiz, item, by_item.get((item.id, moment), []), book) for moment in ("starter", "closing")]
    return CheckForm(item.id, item.question, moments[0], moments[1])


# ---- the chat ----


def summarise_scenario(scenario: Scenario, walks: Iterable[tuple[Sequence[Event], RuleBook]]) -> ScenarioSummary:
    """How the chat went: for each pupil the events in order, with the rule book of that moment."""
    began = 0
    endings: list[set[str]] = []
    first: list[tuple[str, str]] = []
    for events, book in walks:
        began += 1
        endings.append(set(endings_reached(scenario, events, book)))
        first += first_choices(events).items()
    reached = Counter(key for seen in endings for key in seen)
    return ScenarioSummary(
        title=scenario.title,
        began=began,
        finished=sum(bool(seen) for seen in endings),
        endings=tuple(sorted(((ending.title, reached[key]) for key, ending in scenario.endings.items()), key=lambda pair: -pair[1])),
        turning_points=tuple(_turning_points(scenario, Counter(first))),
    )


def _turning_points(scenario: Scenario, chosen: Mapping[tuple[str, str], int]) -> Iterable[TurningPoint]:
    for key, lines in scenario.review.turning_points.items():
        node = scenario.nodes.get(key)
        if isinstance(node, ChoiceNode):
            choices = [(choice.text, lines.get(choice.id, choice.explain), chosen.get((key, choice.id), 0)) for choice in node.choices]
            found = TurningPoint(key, scene_of(node), tuple(sorted(choices, key=lambda choice: -choice[2])))
            if found.passed:
                yield found


def scene_of(node: ChoiceNode) -> str:
    """What happens at a moment: the scene, else what is said."""
    return node.scene or " ".join(f"‘{message.text}’" for message in node.messages if message.text)


def endings_reached(scenario: Scenario, events: Sequence[Event], book: RuleBook) -> list[str]:
    """Every ending a pupil came to, in the order in which they were reached first; going back does not undo it."""
    turns = [number for number, event in enumerate(events) if event.kind != "choose"]
    found: list[str] = []
    for stop in [*turns, len(events)]:
        try:
            ending = play(scenario, events[:stop], book).ending
        except StuckError:
            continue
        if ending and ending not in found:
            found.append(ending)
    return found


def first_choices(events: Iterable[Event]) -> dict[str, str]:
    """What was chosen the first time at each moment, as {moment: choice}."""
    found: dict[str, str] = {}
    for event in events:
        if event.kind == "choose":
            found.setdefault(event.node, event.choice)
    return found


def standing_path(scenario: Scenario, events: Iterable[Event]) -> list[tuple[str, str, str]]:
    """The choices that still stand, in words: (what happened, what was chosen, what it meant)."""
    found = []
    for node_id, choice_id in choices_made(events):
        node, choice = scenario.nodes.get(node_id), find_choice(scenario, node_id, choice_id)
        if isinstance(node, ChoiceNode) and choice is not None:
            lines = scenario.review.turning_points.get(node_id, {})
            found.append((scene_of(node), choice.text, lines.get(choice_id, choice.explain)))
    return found
