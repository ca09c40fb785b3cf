"""Which questions of earlier come back at the start of a unit: a Leitner box, worked out from the stored answers. Pure.

docs/decisions/010-review.md tells why it is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lessons.domain import REVIEW_KEY, Screen
from lessons.library import Lesson

MOST, FEWEST = 5, 3
# After how many days an item of each box comes back. Box 0, not right the last time: on any later day. After the last box it is known.
INTERVALS = (1, 7, 21, 60)
FRESH_BOX = 1


@dataclass(frozen=True)
class Earlier:
    """One stored answer that was scored. holds is False when the school changed the agreement by which it was weighed."""

    unit: str
    item: str
    is_right: bool
    holds: bool
    at: datetime


@dataclass(frozen=True)
class Card:
    """Where one item stands for one pupil. last_on is the day of the last answer that counted."""

    unit: str
    item: str
    box: int
    last_on: date
    is_mistake: bool = False
    is_fresh: bool = False

    @property
    def is_known(self) -> bool:
        return self.box >= len(INTERVALS)

    @property
    def due_on(self) -> date:
        return self.last_on + timedelta(days=INTERVALS[min(self.box, len(INTERVALS) - 1)])

    @property
    def pick(self) -> str:
        return f"{self.unit}/{self.item}"


def cards_of(answers: Iterable[Earlier]) -> list[Card]:
    """Where every item stands, from all answers of a pupil.

    Of a day the first answer counts: trying again after the explanation says little about next week. A right answer moves the
    item one box up, another one back to box 0. What was weighed by an agreement that changed since starts anew, and is no mistake.
    """
    found: dict[tuple[str, str], Card] = {}
    for answer in sorted(answers, key=lambda answer: answer.at):
        key, before = (answer.unit, answer.item), found.get((answer.unit, answer.item))
        if before and before.last_on == answer.at.date():
            continue
        box = (before.box if before else 0) + 1 if answer.is_right and answer.holds else 0
        found[key] = Card(*key, box, answer.at.date(), is_mistake=answer.holds and not answer.is_right)
    return list(found.values())


def fresh_card(unit: str, item: str, finished_at: datetime) -> Card:
    """An item that its unit keeps for later (use: review): it comes for the first time a week after the unit was finished."""
    return Card(unit, item, FRESH_BOX, finished_at.date(), is_fresh=True)


def pick(cards: Iterable[Card], on: date) -> list[str]:
    """What comes back on this day, as "unit/item": nothing when nothing is due, else three to five where so many are there.

    Own mistakes first, then what is longest overdue; within each the units take turns.
    """
    waiting = [card for card in cards if not card.is_known and card.last_on < on]
    due = [card for card in waiting if card.due_on <= on]
    if not due:
        return []
    mistakes, others = [card for card in due if card.is_mistake], [card for card in due if not card.is_mistake]
    chosen = [*_by_turns(mistakes), *_by_turns(others)][:MOST]
    nearest = sorted((card for card in waiting if card.due_on > on), key=_urgency)
    return [card.pick for card in chosen + nearest[: max(0, FEWEST - len(chosen))]]


def _urgency(card: Card) -> tuple[date, bool, str, str]:
    """The longest overdue first; among equals what was not asked before."""
    return card.due_on, not card.is_fresh, card.unit, card.item


def _by_turns(cards: Sequence[Card]) -> list[Card]:
    """The most urgent of each unit, then the second of each, and so on; the unit with the most urgent card begins."""
    turn: dict[str, int] = {}
    placed = []
    for order, card in enumerate(sorted(cards, key=_urgency)):
        turn[card.unit] = turn.get(card.unit, 0) + 1
        placed.append((turn[card.unit], order, card))
    return [card for _turn, _order, card in sorted(placed, key=lambda one: one[:2])]


# ---- screens ----


def is_review_key(key: str) -> bool:
    return key.startswith(REVIEW_KEY)


def screens_with_review(own: Sequence[Screen], picks: Sequence[str], lessons: Mapping[str, Lesson | None]) -> list[Screen]:
    """The screens of a unit for a pupil to whom these items come back first. An item that is no longer there is left out.

    A key carries the place in the picks, so that it stays the same when another one falls out.
    """
    found = []
    for number, one in enumerate(picks, 1):
        unit, _, item_id = one.partition("/")
        lesson = lessons.get(unit)
        item = next((item for item in lesson.quiz.items if item.id == item_id), None) if lesson else None
        if lesson is not None and item is not None:
            found.append(Screen(f"{REVIEW_KEY}{number}", "opgave", 0, lesson.unit.title, item=item, moment="review", origin=lesson))
    return [*found, *own]


def done_picks(picks: Sequence[str], done: Iterable[str]) -> list[str]:
    """The picks up to and with the last one that was done: what is left of a review of which the rest is skipped."""
    numbers = [int(key.removeprefix(REVIEW_KEY)) for key in done if is_review_key(key)]
    return list(picks[: max(numbers, default=0)])


# ---- how it went ----


@dataclass(frozen=True)
class Went:
    """How the review at the start of one unit went: how many were right now, of how many that were answered and scored."""

    right: int
    of: int
    skipped: bool


def how_it_went(picks: Sequence[str] | None, started_at: datetime, answers: Iterable[Earlier]) -> Went | None:
    """Of the items that came back in one unit the first answer since that unit began. None: nothing came back there."""
    if picks is None:
        return None
    wanted, first = set(picks), dict[str, Earlier]()
    for answer in sorted(answers, key=lambda answer: answer.at):
        one = f"{answer.unit}/{answer.item}"
        if one in wanted and answer.at >= started_at:
            first.setdefault(one, answer)
    return Went(sum(answer.is_right for answer in first.values()), len(first), skipped=not picks)
