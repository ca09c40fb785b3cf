"""What a class looks like to its mentor: how far everybody is, who needs help and why, and what was learned. Pure.

Counting is done here once; the page and the file are two ways of showing the same summary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from quizzes.domain import Outcome
from schools.domain import Care, CareState, Why

__all__ = ["Why"]

# From so many lesson answers in a row that were not right yet, a pupil is stuck.
STUCK_AFTER = 3
# So long without doing anything, in the middle of a lesson, is worth a word.
IDLE_AFTER = timedelta(days=14)
# A closing check that went badly is told for so long; after that the mentor has talked about it.
TOLD_FOR = timedelta(days=28)
# A check of fewer scored questions than this says nothing about one pupil.
FEWEST_CHECKED = 3
# So many wrong answers about one goal of a lesson, and less than half as many right ones, is not just learning.
MANY_MISTAKES = 4
# After “seen” or “spoken” it takes so many new mistakes to be told again; after “done” one is enough.
WORSE_AFTER = 2
# Under so many pupils a percentage pretends more than it knows.
FEWEST_FOR_PERCENT = 8


class State(StrEnum):
    """How far a pupil is in a unit, in the words that the shapes go with."""

    DONE = "klaar"
    BUSY = "bezig"
    STUCK = "loopt-vast"
    NOT_YET = "nog-niet"
    OUTSIDE = "buiten-periode"


class Stage(StrEnum):
    BEGUN = "net begonnen"
    HALFWAY = "halverwege"
    NEARLY = "bijna klaar"


PRESSING = tuple(Why)


@dataclass(frozen=True)
class Pupil:
    """A pupil of the class. has_card: a secret was drawn, so that this pupil can sign in."""

    id: str
    name: str
    half: int
    has_card: bool


@dataclass(frozen=True)
class Going:
    """One pupil in one unit: the running totals that are kept with each answer."""

    pupil_id: str
    unit: str
    screens_done: int
    screens_total: int
    starter_right: int
    starter_total: int
    closing_right: int
    closing_total: int
    wrong_in_a_row: int
    started_at: datetime
    seen_at: datetime
    finished_at: datetime | None
    last_screen: str = ""

    @property
    def ended_at(self) -> datetime:
        """When this was last worth something: finished, else the last time the pupil was busy with it."""
        return self.finished_at or self.seen_at

    @property
    def state(self) -> State:
        if self.finished_at is not None:
            return State.DONE
        return State.STUCK if self.wrong_in_a_row >= STUCK_AFTER else State.BUSY

    @property
    def stage(self) -> Stage:
        """How far somebody is who has not finished."""
        if self.screens_done * 3 < self.screens_total:
            return Stage.BEGUN
        return Stage.NEARLY if self.screens_done * 3 >= self.screens_total * 2 else Stage.HALFWAY

    @property
    def did_both_checks(self) -> bool:
        """Whether before and after can be compared: of every pair both questions were answered and scored.

        Where the school changed an agreement between the two, one of a pair may be only talked about; then it tells nothing.
        """
        return 0 < self.starter_total == self.closing_total


@dataclass(frozen=True, slots=True)
class First:
    """One first answer in the lesson or a check, light enough to read a whole class: value and stances are JSON as stored."""

    pupil_id: str
    unit: str
    item: str
    moment: str
    outcome: Outcome
    right: int
    total: int
    value: str
    stances: str
    at: datetime

    @property
    def is_mistake(self) -> bool:
        return self.outcome.is_scored and not self.outcome.is_right


@dataclass(frozen=True)
class Reason:
    """One reason to go and see a pupil. count is answers, weeks or pupils, as the kind of reason asks.

    goal is the goal of the lesson that the mistakes are about. at is when it happened; None for what is so today. care is
    what a mentor did about it. is_back: it came back since then; fresh counts the mistakes that were made in the meantime.
    """

    why: Why
    units: tuple[str, ...] = ()
    count: int = 0
    of: int = 0
    goal: str = ""
    at: datetime | None = None
    care: Care | None = None
    is_back: bool = False
    fresh: int = 0

    @property
    def about(self) -> str:
        """The unit by which a mentor's note finds this reason; a reason of several units or of none has no unit."""
        return "" if self.why in (Why.NO_CARD, Why.BEHIND) else self.units[0]

    @property
    def is_handled(self) -> bool:
        return self.care is not None and self.care.state is not CareState.OPEN and not self.is_back


@dataclass(frozen=True)
class NeedsHelp:
    """A pupil with what asks for attention now."""

    pupil: Pupil
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Handled:
    """Something that asked for attention and that a mentor took up."""

    pupil: Pupil
    reason: Reason


@dataclass(frozen=True)
class Growth:
    """Before and after of the pupils who did both checks. more, same and less count pupils."""

    pupils: int
    start_right: int
    start_total: int
    end_right: int
    end_total: int
    more: int
    same: int
    less: int

    @property
    def start(self) -> int:
        return percent(self.start_right, self.start_total)

    @property
    def end(self) -> int:
        return percent(self.end_right, self.end_total)

    @property
    def allows_percent(self) -> bool:
        return self.pupils >= FEWEST_FOR_PERCENT


@dataclass(frozen=True)
class UnitOfClass:
    """One unit in one class: how many pupils are in which state, and what they learned."""

    unit: str
    counts: Mapping[State, int]
    growth: Growth

    @property
    def pupils(self) -> int:
        return sum(self.counts.values())

    @property
    def has_begun(self) -> bool:
        return self.counts[State.NOT_YET] < self.pupils


@dataclass(frozen=True)
class Looking:
    """What part of a class is looked at: one unit or all, some pupils or all, and from when until when (UTC, the end not included).

    is_now tells whether today lies in the period; what is so today (weeks of silence, not begun) is told only then.
    """

    unit: str | None = None
    members: frozenset[str] | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    is_now: bool = True

    def shows(self, pupil_id: str) -> bool:
        return self.members is None or pupil_id in self.members

    def is_during(self, at: datetime) -> bool:
        return (self.begins is None or at >= self.begins) and (self.ends is None or at < self.ends)

    def state_of(self, going: Going | None) -> State:
        """How far a pupil is; work that began after the period, or ended before it, falls outside."""
        if going is None:
            return State.NOT_YET
        overlaps = (self.ends is None or going.started_at < self.ends) and (self.begins is None or going.ended_at >= self.begins)
        return going.state if overlaps else State.OUTSIDE

    def keeps(self, first: First) -> bool:
        """Whether a first answer counts in what is looked at."""
        return self.unit in (None, first.unit) and self.shows(first.pupil_id) and self.is_during(first.at)

    def reasons_of(self, one: NeedsHelp) -> NeedsHelp:
        """What is left of the reasons of one pupil."""
        if not self.shows(one.pupil.id):
            return replace(one, reasons=())
        return replace(one, reasons=tuple(kept for reason in one.reasons if (kept := self._reason(reason))))

    def _reason(self, reason: Reason) -> Reason | None:
        in_time = self.is_now if reason.at is None else self.is_during(reason.at)
        if not in_time or (self.unit and self.unit not in reason.units and reason.why is not Why.NO_CARD):
            return None
        return replace(reason, units=(self.unit,)) if self.unit and len(reason.units) > 1 else reason


@dataclass(frozen=True)
class ClassSummary:
    """Everything on the page of a class."""

    pupils: tuple[Pupil, ...]
    units: tuple[UnitOfClass, ...]
    goings: Mapping[tuple[str, str], Going]
    needs_help: tuple[NeedsHelp, ...]
    handled: tuple[Handled, ...] = ()
    looking: Looking = field(default_factory=Looking)

    def going(self, pupil_id: str, unit: str) -> Going | None:
        return self.goings.get((pupil_id, unit))

    def state(self, pupil_id: str, unit: str) -> State:
        return self.looking.state_of(self.going(pupil_id, unit))

    @property
    def has_begun(self) -> bool:
        return any(unit.has_begun for unit in self.units)

    @property
    def stuck(self) -> int:
        """How many pupils are stuck in one unit or more."""
        return sum(any(reason.why is Why.STUCK for reason in one.reasons) for one in self.needs_help)


@dataclass(frozen=True)
class Known:
    """What is known of a class besides its running totals: first answers, which goal an item serves, and what mentors did."""

    firsts: Sequence[First] = ()
    goals: Mapping[tuple[str, str], str] = field(default_factory=dict)
    cares: Sequence[Care] = ()


def summarise(
    pupils: Sequence[Pupil], units: Sequence[str], goings: Iterable[Going], now: datetime, known: Known | None = None,
    looking: Looking | None = None,
) -> ClassSummary:  # fmt: skip
    """The whole class in the units of its track. Rows of pupils who left or of other units are not counted.

    Who needs help is worked out over the whole class, since one pupil is late by what the others did; then the filter is laid over it.
    """
    known, looking = known or Known(), looking or Looking()
    here, wanted = {pupil.id for pupil in pupils}, set(units)
    rows = [going for going in goings if going.pupil_id in here and going.unit in wanted]
    everyone = who_needs_help(pupils, units, rows, now, known)
    help_now, handled = _apart(looking.reasons_of(one) for one in everyone)
    seen = [pupil for pupil in pupils if looking.shows(pupil.id)]
    shown = [unit for unit in units if looking.unit in (None, unit)]
    by_place = {(going.pupil_id, going.unit): going for going in rows if looking.shows(going.pupil_id) and going.unit in shown}
    of_units = tuple(_unit_of_class(unit, seen, by_place, looking) for unit in shown)
    return ClassSummary(tuple(seen), of_units, by_place, help_now, handled, looking)


def _unit_of_class(unit: str, pupils: Sequence[Pupil], known: Mapping[tuple[str, str], Going], looking: Looking) -> UnitOfClass:
    rows = [known.get((pupil.id, unit)) for pupil in pupils]
    counts = dict.fromkeys(State, 0)
    for row in rows:
        counts[looking.state_of(row)] += 1
    return UnitOfClass(unit, counts, growth_of(row for row in rows if row and looking.is_during(row.ended_at)))


def _apart(found: Iterable[NeedsHelp]) -> tuple[tuple[NeedsHelp, ...], tuple[Handled, ...]]:
    """Who still asks for attention, the most pressing first, and what a mentor has taken up, the newest first."""
    rows = list(found)
    open_ones = [NeedsHelp(one.pupil, tuple(reason for reason in one.reasons if not reason.is_handled)) for one in rows]
    handled = [Handled(one.pupil, reason) for one in rows for reason in one.reasons if reason.is_handled]
    return (
        tuple(sorted((one for one in open_ones if one.reasons), key=_how_pressing)),
        tuple(sorted(handled, key=lambda one: one.reason.care.at if one.reason.care else datetime.min, reverse=True)),
    )


def growth_of(goings: Iterable[Going]) -> Growth:
    """Before and after, of those who did both."""
    both = [going for going in goings if going.did_both_checks]
    steps = [going.closing_right * going.starter_total - going.starter_right * going.closing_total for going in both]
    return Growth(
        pupils=len(both),
        start_right=sum(going.starter_right for going in both),
        start_total=sum(going.starter_total for going in both),
        end_right=sum(going.closing_right for going in both),
        end_total=sum(going.closing_total for going in both),
        more=sum(step > 0 for step in steps),
        same=sum(step == 0 for step in steps),
        less=sum(step < 0 for step in steps),
    )


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


# ---- who needs help ----


def who_needs_help(
    pupils: Sequence[Pupil], units: Sequence[str], goings: Iterable[Going], now: datetime, known: Known | None = None
) -> tuple[NeedsHelp, ...]:
    """The pupils to go and see, the most pressing first; among equals by name, never by score. Also what was taken up already."""
    known = known or Known()
    rows: dict[str, dict[str, Going]] = {pupil.id: {} for pupil in pupils}
    for going in goings:
        if going.pupil_id in rows and going.unit in units:
            rows[going.pupil_id][going.unit] = going
    half_done = {unit: done for unit in units if (done := _done(unit, rows)) * 2 >= len(pupils) and done}
    is_active = _is_active(rows, now)
    answers = _answers_of(known.firsts)
    cares = {(care.pupil_id, care.why, care.unit): care for care in known.cares}
    found = []
    for pupil in pupils:
        mine = rows[pupil.id]
        reasons = _reasons(pupil, mine, half_done, now, class_is_active=is_active, class_has_begun=any(rows.values()))
        reasons += _many_mistakes(mine, answers.get(pupil.id, ()), known.goals, now)
        reasons = [_with_goal(reason, answers.get(pupil.id, ()), known.goals) for reason in reasons]
        reasons = [
            _with_care(reason, cares.get((pupil.id, reason.why, reason.about)), answers.get(pupil.id, ()), now) for reason in reasons
        ]
        if reasons:
            found.append(NeedsHelp(pupil, tuple(sorted(reasons, key=lambda reason: (PRESSING.index(reason.why), -reason.count)))))
    return tuple(sorted(found, key=_how_pressing))


def _answers_of(firsts: Iterable[First]) -> dict[str, list[First]]:
    """The answers of each pupil that tell what was learned, oldest first; the starter asks before anything was."""
    found: dict[str, list[First]] = {}
    for first in sorted(firsts, key=lambda first: first.at):
        if first.moment != "starter":
            found.setdefault(first.pupil_id, []).append(first)
    return found


def _how_pressing(one: NeedsHelp) -> tuple[int, int, str]:
    first = one.reasons[0]
    return PRESSING.index(first.why), -first.count, one.pupil.name.casefold()


def _done(unit: str, rows: Mapping[str, Mapping[str, Going]]) -> int:
    return sum(unit in units and units[unit].state is State.DONE for units in rows.values())


def _is_active(rows: Mapping[str, Mapping[str, Going]], now: datetime) -> bool:
    """Whether at least a quarter of the class did something lately; after a holiday nobody is late."""
    lately = sum(any(now - going.seen_at < IDLE_AFTER for going in units.values()) for units in rows.values())
    return lately * 4 >= len(rows) and lately > 0


def _reasons(
    pupil: Pupil, mine: Mapping[str, Going], half_done: Mapping[str, int], now: datetime, *, class_is_active: bool, class_has_begun: bool
) -> list[Reason]:  # fmt: skip
    found = [Reason(Why.STUCK, (one.unit,), one.wrong_in_a_row, at=one.seen_at) for one in mine.values() if one.state is State.STUCK]
    found += [
        Reason(Why.LOW, (one.unit,), one.closing_right, one.closing_total, at=one.ended_at) for one in mine.values() if _ended_low(one, now)
    ]
    if class_is_active:
        found += _idle(mine, now)
    missing = tuple(unit for unit in half_done if unit not in mine)
    if not pupil.has_card and class_has_begun:
        found.append(Reason(Why.NO_CARD))
    elif missing:
        found.append(Reason(Why.BEHIND, missing, max(half_done[unit] for unit in missing)))
    return found


def _ended_low(going: Going, now: datetime) -> bool:
    """Finished a short while ago, and at the end fewer than half of the questions right."""
    if going.finished_at is None or now - going.finished_at > TOLD_FOR:
        return False
    return going.closing_total >= FEWEST_CHECKED and going.closing_right * 2 < going.closing_total


def _idle(mine: Mapping[str, Going], now: datetime) -> list[Reason]:
    busy = [going for going in mine.values() if going.finished_at is None]
    if not busy:
        return []
    last = max(going.seen_at for going in mine.values())
    if now - last < IDLE_AFTER:
        return []
    return [Reason(Why.IDLE, (max(busy, key=lambda going: going.seen_at).unit,), (now - last).days // 7)]


def _many_mistakes(
    mine: Mapping[str, Going], answers: Sequence[First], goals: Mapping[tuple[str, str], str], now: datetime
) -> list[Reason]:  # fmt: skip
    """Lessons in which somebody was wrong about one goal again and again. Who is stuck there or ended low is told as such."""
    found = []
    for unit, going in mine.items():
        if going.state is State.STUCK or _ended_low(going, now) or now - going.ended_at > TOLD_FOR:
            continue
        tally: dict[str, list[First]] = {}
        for first in answers:
            if first.unit == unit and first.outcome.is_scored and (unit, first.item) in goals:
                tally.setdefault(goals[unit, first.item], []).append(first)
        told = [(goal, [one for one in given if one.outcome is Outcome.DIFFERS], given) for goal, given in tally.items()]
        worst = max(told, key=lambda one: len(one[1]), default=None)
        if worst and len(worst[1]) >= MANY_MISTAKES and sum(one.outcome.is_right for one in worst[2]) * 2 < len(worst[1]):
            found.append(Reason(Why.MISTAKES, (unit,), len(worst[1]), goal=worst[0], at=worst[1][-1].at))
    return found


def _with_goal(reason: Reason, answers: Sequence[First], goals: Mapping[tuple[str, str], str]) -> Reason:
    """What the mistakes of somebody who is stuck are about: the goal that most of them serve, when at least two do."""
    if reason.why is not Why.STUCK:
        return reason
    mistakes = [first for first in answers if first.unit == reason.units[0] and first.moment == "lesson" and first.is_mistake]
    counted = Counter(goals[first.unit, first.item] for first in mistakes[-reason.count :] if (first.unit, first.item) in goals)
    goal, times = counted.most_common(1)[0] if counted else ("", 0)
    return replace(reason, goal=goal) if times > 1 else reason


def _with_care(reason: Reason, care: Care | None, answers: Sequence[First], now: datetime) -> Reason:
    """What a mentor did about this reason, as long as that still holds.

    It comes back by itself when new mistakes are made in that lesson (after “done” one, before that two), and where nothing
    happens (idle, not begun, no card) when nothing happened for two more weeks.
    """
    if care is None:
        return reason
    if reason.why in (Why.IDLE, Why.BEHIND, Why.NO_CARD):
        is_back, fresh = now - care.at >= IDLE_AFTER, 0
    else:
        fresh = sum(first.unit == reason.units[0] and first.is_mistake and first.at > care.at for first in answers)
        is_back = fresh >= (1 if care.state is CareState.DONE else WORSE_AFTER)
    return replace(reason, care=care, is_back=is_back and care.state is not CareState.OPEN, fresh=fresh)
