"""What a class gets wrong, which agreements it does not know yet, and what would be a good next lesson. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from lessons.library import Lesson
from progress.domain import First, State, UnitOfClass
from progress.summaries import NO_LONGER_FITS, Given, ItemSummary, summarise_item
from protocols.domain import RuleBook
from quizzes.domain import Item, Outcome, Part
from quizzes.judge import judge

WORST = 3
# A question or an agreement is told of only when enough pupils answered: a quarter of them, and never fewer than two.
FEWEST = 2
WEIGHS = {Outcome.DIFFERS: 1.0, Outcome.PARTLY: 0.5}
# A class knows an agreement when two of three answers about it were right.
KNOWS_FROM = 2 / 3


def enough(pupils: int) -> int:
    return max(FEWEST, -(-pupils // 4))


# ---- what misleads ----


@dataclass(frozen=True)
class Misled:
    """A question that goes wrong a lot, in the lesson or in the check at the end."""

    unit: str
    moment: str
    summary: ItemSummary


def most_misleading(lessons: Iterable[Lesson], firsts: Iterable[First], pupils: int, book: RuleBook) -> tuple[Misled, ...]:
    """The questions over all lessons that were most often not right, the worst first. Only these few are looked into."""
    by_item: dict[tuple[str, str, str], list[First]] = {}
    for first in firsts:
        if first.moment in ("lesson", "closing") and first.outcome.is_scored:
            by_item.setdefault((first.unit, first.item, first.moment), []).append(first)
    known = {lesson.slug: (lesson, {item.id: item for item in lesson.quiz.items}) for lesson in lessons}
    told = {
        key: given
        for key, given in by_item.items()
        if len(given) >= enough(pupils)
        and key[0] in known
        and key[1] in known[key[0]][1]
        and sum(one.is_mistake for one in given) >= FEWEST
    }
    worst = sorted(told, key=lambda key: (-_missed(told[key]), -len(told[key]), key))[:WORST]
    return tuple(
        Misled(
            unit,
            moment,
            summarise_item(known[unit][0].quiz, known[unit][1][item], [as_given(one) for one in told[unit, item, moment]], book),
        )
        for unit, item, moment in worst
    )


def _missed(given: Sequence[First]) -> float:
    """The share that did not have it right; partly right weighs half, as in the summary of a question."""
    return sum(WEIGHS.get(one.outcome, 0.0) for one in given) / len(given)


def as_given(first: First) -> Given:
    return Given(
        first.pupil_id, first.item, first.moment, json.loads(first.value), first.outcome, first.right, first.total,
        json.loads(first.stances), first.at,
    )  # fmt: skip


# ---- agreements ----


@dataclass(frozen=True)
class RuleKnown:
    """How well a class knows one agreement of its school: right of total first answers to what is bound to it.

    items are the (unit, item) it was asked in, the most often wrong first. earlier counts answers that were weighed by another
    stance than that of today: they tell nothing of the agreement as it is now.
    """

    rule: str
    right: int
    total: int
    earlier: int
    items: tuple[tuple[str, str], ...]

    @property
    def is_known(self) -> bool:
        return self.right >= self.total * KNOWS_FROM


@dataclass
class _Tally:
    right: int = 0
    total: int = 0
    earlier: int = 0
    wrong_in: dict[tuple[str, str], int] = field(default_factory=dict)


def rules_known(lessons: Iterable[Lesson], firsts: Iterable[First], pupils: int, book: RuleBook) -> tuple[RuleKnown, ...]:
    """Every agreement that enough answers tell something about, the least known first."""
    items = {(lesson.slug, item.id): (lesson, item) for lesson in lessons for item in lesson.quiz.items if item.rules()}
    found: dict[str, _Tally] = {}
    weighed: dict[tuple[str, str, str, str], list[tuple[str, bool]]] = {}
    for first in firsts:
        here = items.get((first.unit, first.item))
        if here is None or first.moment not in ("lesson", "closing") or not first.outcome.is_scored:
            continue
        key = (first.unit, first.item, first.value, first.stances)
        if key not in weighed:
            weighed[key] = _weigh(*here, first, book)
        stances = _stances(first.stances)
        for rule, is_right in weighed[key]:
            _count(found.setdefault(rule, _Tally()), first, is_right, is_earlier=stances.get(rule) != book.stance_on(rule).value)
    told = [
        RuleKnown(rule, one.right, one.total, one.earlier, _most_wrong(one)) for rule, one in found.items() if one.total >= enough(pupils)
    ]
    return tuple(sorted(told, key=lambda one: (one.right / one.total, -one.total, one.rule)))


def _most_wrong(tally: _Tally) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(tally.wrong_in, key=lambda place: (-tally.wrong_in[place], place)))


def _count(tally: _Tally, first: First, is_right: bool, *, is_earlier: bool) -> None:
    if is_earlier:
        tally.earlier += 1
        return
    tally.total += 1
    tally.right += is_right
    place = (first.unit, first.item)
    tally.wrong_in[place] = tally.wrong_in.get(place, 0) + (not is_right)


def _weigh(lesson: Lesson, item: Item, first: First, book: RuleBook) -> list[tuple[str, bool]]:
    """What one answer says of each agreement that it was measured against: the whole answer, or the parts with a rule of their own."""
    bound = list(item.bound())
    whole = {one.rule for one in bound if one.part is None} | ({item.rule} if item.rule else set())
    found = [(rule, first.outcome.is_right) for rule in sorted(whole) if rule in book.answers]
    if all(one.part is None for one in bound):
        return found
    parts = _parts(lesson, item, first, book)
    return found + [(part.rule, part.had_right) for part in parts if part.rule and part.rule in book.answers and part.rule not in whole]


def _parts(lesson: Lesson, item: Item, first: First, book: RuleBook) -> list[Part]:
    """The scored parts of an answer by the stances of that moment; none where the wording no longer fits."""
    try:
        verdict = judge(lesson.quiz, item, json.loads(first.value), book.as_it_was(_stances(first.stances)))
    except NO_LONGER_FITS:
        return []
    return [part for part in verdict.parts if part.outcome.is_scored and part.rule]


@lru_cache(maxsize=512)
def _stances(text: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(text)
    return found


# ---- a good next lesson ----


class Because(StrEnum):
    """Why a lesson would be good next, the most pressing first."""

    PLANNED = "gepland"
    LATE = "stond gepland"
    BEGIN = "nog niet begonnen"
    FINISH = "nog niet klaar"
    RULE = "afspraak"
    NEXT = "volgende"
    TALK = "napraten"


@dataclass(frozen=True)
class Plan:
    """A unit that the mentor gave to the class, with the day when that is known."""

    unit: str
    give_on: date | None


@dataclass(frozen=True)
class NextLesson:
    """A lesson that would be good now, and why. count of of pupils; rule is the agreement that it is about."""

    unit: str
    because: Because
    count: int = 0
    of: int = 0
    day: date | None = None
    rule: str | None = None


def next_lessons(
    units: Sequence[UnitOfClass], plans: Sequence[Plan], rules: Sequence[RuleKnown], about: Mapping[str, frozenset[str]], today: date
) -> tuple[NextLesson, ...]:  # fmt: skip
    """At most two lessons, the best first. about names the agreements of each unit. With no pupils there is nothing to advise."""
    to_do = [unit for unit in units if unit.counts[State.DONE] * 2 < unit.pupils]
    if not any(unit.pupils for unit in units):
        return ()
    found = [*_planned(plans, {unit.unit for unit in to_do}, today), *_to_finish(units), *_of_weak_rules(to_do, rules, about)]
    found += [NextLesson(unit.unit, Because.NEXT) for unit in to_do if _is_new(unit)]
    if not to_do:
        found += _to_talk_about(units, rules, about)
    first: dict[str, NextLesson] = {}
    for one in found:
        known = first.setdefault(one.unit, one)
        if known.rule is None and one.rule is not None and known.because not in (Because.BEGIN, Because.FINISH):
            first[one.unit] = replace(known, rule=one.rule)
    return tuple(first.values())[:2]


def _is_new(unit: UnitOfClass) -> bool:
    """Whether the class has yet to begin: a few who were ahead do not count."""
    return (unit.pupils - unit.counts[State.NOT_YET]) * 3 < unit.pupils


def _planned(plans: Sequence[Plan], to_do: set[str], today: date) -> list[NextLesson]:
    """What the mentor planned and the class has not done: late, then by day, then in the order of the plan."""
    waiting = [plan for plan in plans if plan.unit in to_do]
    late = [NextLesson(plan.unit, Because.LATE, day=plan.give_on) for plan in waiting if plan.give_on and plan.give_on < today]
    dated = [NextLesson(plan.unit, Because.PLANNED, day=plan.give_on) for plan in waiting if plan.give_on and plan.give_on >= today]
    rest = [NextLesson(plan.unit, Because.PLANNED) for plan in waiting if plan.give_on is None]
    by_day = sorted([*late, *dated], key=lambda one: one.day or today)
    return [*by_day, *rest]


def _to_finish(units: Sequence[UnitOfClass]) -> list[NextLesson]:
    """Lessons that a third of the class began and a quarter has not finished, the fewest still to do first."""
    found = []
    for unit in units:
        left, unbegun = unit.pupils - unit.counts[State.DONE], unit.counts[State.NOT_YET]
        if not _is_new(unit) and left * 4 >= unit.pupils:
            half = unbegun * 2 >= unit.pupils
            found.append(NextLesson(unit.unit, Because.BEGIN if half else Because.FINISH, unbegun if half else left, unit.pupils))
    return sorted(found, key=lambda one: one.count)


def _of_weak_rules(to_do: Sequence[UnitOfClass], rules: Sequence[RuleKnown], about: Mapping[str, frozenset[str]]) -> list[NextLesson]:
    weak = [rule for rule in rules if not rule.is_known]
    return [
        NextLesson(unit.unit, Because.RULE, rule.right, rule.total, rule=rule.rule)
        for rule in weak
        for unit in to_do
        if _is_new(unit) and rule.rule in about.get(unit.unit, frozenset())
    ]


def _to_talk_about(units: Sequence[UnitOfClass], rules: Sequence[RuleKnown], about: Mapping[str, frozenset[str]]) -> list[NextLesson]:
    """When every lesson is done: the one that teaches what is least known, to talk about once more."""
    return [
        NextLesson(unit.unit, Because.TALK, rule.right, rule.total, rule=rule.rule)
        for rule in rules
        if not rule.is_known
        for unit in units
        if rule.rule in about.get(unit.unit, frozenset())
    ]


def agreements_of(lesson: Lesson) -> frozenset[str]:
    """The agreements that a lesson teaches or asks."""
    return frozenset(lesson.unit.taught) | {rule for item in lesson.quiz.items for rule in item.rules()}


def goals_of(lessons: Iterable[Lesson]) -> dict[tuple[str, str], str]:
    """Which goal each item of each lesson serves."""
    return {(lesson.slug, item.id): item.goal for lesson in lessons for item in lesson.quiz.items}
