"""What may be told of a class to who does not teach it: no number about fewer than five pupils, also not by subtraction. Pure.

The rule and why it holds: docs/decisions/013-small-groups.md. In short: a class in a lesson is told as fine as it can be while every
part that is told apart holds at least five pupils; how many had a question right is told as a band with at least five possible values;
and whatever is added up over classes and questions is worked out from what is told of each, never from the counts behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

# No number is about fewer pupils than this.
FEWEST = 5
# From so many pupils a class can be told of at all: then there is room for five on either side.
FEWEST_IN_CLASS = 2 * FEWEST
# In how many equal bands it may be told how many had a question right, the finest first; each band holds five possible counts.
BANDS = (4, 2)


class Told(StrEnum):
    """How fine the state of a class in a lesson may be told."""

    FEW_BEGAN = "minder dan vijf begonnen"
    ALL_DONE = "allemaal klaar, op hooguit vier na"
    SPLIT = "klaar, bezig en nog niet"
    DONE_OR_NOT = "klaar of nog niet klaar"
    BEGUN_OR_NOT = "begonnen of nog niet"
    ALL_BEGUN = "allemaal begonnen, op hooguit vier na"


@dataclass(frozen=True)
class Shown:
    """One class in one lesson, as far as it may be told. A number that may not be told is not in it.

    SPLIT has done and begun (done and busy); DONE_OR_NOT has done; BEGUN_OR_NOT has begun. The rest follows from pupils.
    """

    told: Told
    pupils: int
    done: int | None = None
    begun: int | None = None

    @property
    def has_begun(self) -> bool:
        return self.told is not Told.FEW_BEGAN

    @property
    def done_at_least(self) -> int:
        """How many are done for certain."""
        if self.told is Told.ALL_DONE:
            return self.pupils - FEWEST + 1
        return self.done or 0

    @property
    def begun_at_least(self) -> int:
        """How many began for certain."""
        if self.told in (Told.ALL_DONE, Told.ALL_BEGUN):
            return self.pupils - FEWEST + 1
        return self.begun or self.done or 0

    @property
    def is_exact(self) -> bool:
        """Whether the number of pupils who are done is told as it is."""
        return self.done is not None


def shown(pupils: int, done: int, busy: int) -> Shown | None:
    """A class in a lesson; None for a class that is too small to be told of."""
    if pupils < FEWEST_IN_CLASS:
        return None
    not_yet = pupils - done - busy
    if done + busy < FEWEST:
        return Shown(Told.FEW_BEGAN, pupils)
    if pupils - done < FEWEST:
        return Shown(Told.ALL_DONE, pupils)
    if min(done, busy, not_yet) >= FEWEST:
        return Shown(Told.SPLIT, pupils, done=done, begun=done + busy)
    if done >= FEWEST:
        return Shown(Told.DONE_OR_NOT, pupils, done=done)
    if not_yet >= FEWEST:
        return Shown(Told.BEGUN_OR_NOT, pupils, begun=done + busy)
    return Shown(Told.ALL_BEGUN, pupils)


@dataclass(frozen=True)
class Sum:
    """Several classes in one lesson, added up from what is told of each. done is at_least so many when not exact."""

    classes: int
    pupils: int
    done: int
    is_exact: bool


def total(parts: Iterable[Shown]) -> Sum:
    told = list(parts)
    return Sum(len(told), sum(one.pupils for one in told), sum(one.done_at_least for one in told), all(one.is_exact for one in told))


@dataclass(frozen=True)
class Share:
    """How much was right: between low and high, in parts of one."""

    low: Fraction
    high: Fraction

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2

    @property
    def tenths(self) -> int:
        """About so many of ten answers; never none and never all, since a band is wider than that."""
        return int(self.middle * 10 + Fraction(1, 2))


def share(right: int, answers: int, begun: int) -> Share | None:
    """One question in one class, each answer of another pupil: right answers as a band. The last band has its end in it.

    begun is how many are told to have begun (Shown.begun_at_least): that answers are told of, and how fine, may not tell that
    there were more of them.
    None when that or the answers are fewer than ten.
    """
    bands = next((count for count in BANDS if min(answers, begun) >= count * FEWEST), 0)
    if not bands:
        return None
    band = min(right * bands // answers, bands - 1)
    return Share(Fraction(band, bands), Fraction(band + 1, bands))


def mean(shares: Iterable[Share | None]) -> Share | None:
    """What several questions and classes come to on average, worked out from their bands alone. Each weighs the same."""
    told = [one for one in shares if one is not None]
    if not told:
        return None
    return Share(sum((one.low for one in told), Fraction(0)) / len(told), sum((one.high for one in told), Fraction(0)) / len(told))
