"""What a class looks like to its mentor: how far everybody is, who needs help and why, and what was learned. Pure.

Counting is done here once; the page and the file are two ways of showing the same summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# From so many lesson answers in a row that were not right yet, a pupil is stuck.
STUCK_AFTER = 3
# So long without doing anything, in the middle of a lesson, is worth a word.
IDLE_AFTER = timedelta(days=14)
# A closing check that went badly is told for so long; after that the mentor has talked about it.
TOLD_FOR = timedelta(days=28)
# A check of fewer scored questions than this says nothing about one pupil.
FEWEST_CHECKED = 3
# Under so many pupils a percentage pretends more than it knows.
FEWEST_FOR_PERCENT = 8


class State(StrEnum):
    """How far a pupil is in a unit, in the words that the shapes go with."""

    DONE = "klaar"
    BUSY = "bezig"
    STUCK = "loopt-vast"
    NOT_YET = "nog-niet"


class Stage(StrEnum):
    BEGUN = "net begonnen"
    HALFWAY = "halverwege"
    NEARLY = "bijna klaar"


class Why(StrEnum):
    """Why a pupil needs a mentor, the most pressing first."""

    STUCK = "loopt vast"
    LOW = "aan het eind nog niet goed"
    IDLE = "lang niets gedaan"
    NO_CARD = "nog geen kaartje"
    BEHIND = "nog niet begonnen"


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


@dataclass(frozen=True)
class Reason:
    """One reason to go and see a pupil. count is answers, weeks or pupils, as the kind of reason asks."""

    why: Why
    units: tuple[str, ...] = ()
    count: int = 0
    of: int = 0


@dataclass(frozen=True)
class NeedsHelp:
    pupil: Pupil
    reasons: tuple[Reason, ...]


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
class ClassSummary:
    """Everything on the page of a class."""

    pupils: tuple[Pupil, ...]
    units: tuple[UnitOfClass, ...]
    goings: Mapping[tuple[str, str], Going]
    needs_help: tuple[NeedsHelp, ...]

    def going(self, pupil_id: str, unit: str) -> Going | None:
        return self.goings.get((pupil_id, unit))

    def state(self, pupil_id: str, unit: str) -> State:
        going = self.going(pupil_id, unit)
        return going.state if going else State.NOT_YET

    @property
    def has_begun(self) -> bool:
        return any(unit.has_begun for unit in self.units)

    @property
    def stuck(self) -> int:
        """How many pupils are stuck in one unit or more."""
        return sum(any(reason.why is Why.STUCK for reason in one.reasons) for one in self.needs_help)


def summarise(pupils: Sequence[Pupil], units: Sequence[str], goings: Iterable[Going], now: datetime) -> ClassSummary:
    """The whole class in the units of its track. Rows of pupils who left or of other units are not counted."""
    here, wanted = {pupil.id for pupil in pupils}, set(units)
    known = {(going.pupil_id, going.unit): going for going in goings if going.pupil_id in here and going.unit in wanted}
    return ClassSummary(
        pupils=tuple(pupils),
        units=tuple(_unit_of_class(unit, pupils, known) for unit in units),
        goings=known,
        needs_help=who_needs_help(pupils, units, known.values(), now),
    )


def _unit_of_class(unit: str, pupils: Sequence[Pupil], known: Mapping[tuple[str, str], Going]) -> UnitOfClass:
    rows = [known.get((pupil.id, unit)) for pupil in pupils]
    counts = dict.fromkeys(State, 0)
    for row in rows:
        counts[row.state if row else State.NOT_YET] += 1
    return UnitOfClass(unit, counts, growth_of(row for row in rows if row))


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


def who_needs_help(pupils: Sequence[Pupil], units: Sequence[str], goings: Iterable[Going], now: datetime) -> tuple[NeedsHelp, ...]:
    """The pupils to go and see, the most pressing first; among equals by name, never by score."""
    rows: dict[str, dict[str, Going]] = {pupil.id: {} for pupil in pupils}
    for going in goings:
        if going.pupil_id in rows and going.unit in units:
            rows[going.pupil_id][going.unit] = going
    half_done = {unit: done for unit in units if (done := _done(unit, rows)) * 2 >= len(pupils) and done}
    is_active = _is_active(rows, now)
    found = []
    for pupil in pupils:
        reasons = _reasons(pupil, rows[pupil.id], half_done, now, class_is_active=is_active, class_has_begun=any(rows.values()))
        if reasons:
            found.append(NeedsHelp(pupil, reasons))
    return tuple(sorted(found, key=_how_pressing))


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
) -> tuple[Reason, ...]:  # fmt: skip
    found = [Reason(Why.STUCK, (going.unit,), going.wrong_in_a_row) for going in mine.values() if going.state is State.STUCK]
    found += [Reason(Why.LOW, (going.unit,), going.closing_right, going.closing_total) for going in mine.values() if _ended_low(going, now)]
    if class_is_active:
        found += _idle(mine, now)
    missing = tuple(unit for unit in half_done if unit not in mine)
    if not pupil.has_card and class_has_begun:
        found.append(Reason(Why.NO_CARD))
    elif missing:
        found.append(Reason(Why.BEHIND, missing, max(half_done[unit] for unit in missing)))
    return tuple(sorted(found, key=lambda reason: (PRESSING.index(reason.why), -reason.count)))


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
