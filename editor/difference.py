"""Two versions of a text beside each other, line by line and word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
CONTEXT = 3
LONGEST_LINE = 2_000
MOST_TO_PAIR = 40
ALIKE = 0.45


@dataclass(frozen=True)
class Part:
    """A run of words; marked when it is not in the other version."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Row:
    """A line of both versions. kind: same, changed, added, removed, or gap (skipped lines that are equal, counted in left_line)."""

    kind: str
    left_line: int = 0
    right_line: int = 0
    left: tuple[Part, ...] = ()
    right: tuple[Part, ...] = ()


def side_by_side(old: str, new: str) -> list[Row]:
    """The rows of two texts, with what is equal and far from any change left out. Empty when nothing differs."""
    if old == new:
        return []
    return _without_the_equal(list(_rows(old.split("\n"), new.split("\n"))))


def changed_lines(rows: Sequence[Row]) -> int:
    return sum(row.kind in ("changed", "added", "removed") for row in rows)


def _rows(old: list[str], new: list[str]) -> Iterator[Row]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            for offset in range(b - a):
                part = (Part(old[a + offset]),)
                yield Row("same", a + offset + 1, c + offset + 1, part, part)
        else:
            for left, right in _pairs(old, new, (a, b), (c, d)):
                yield _row(old, new, left, right)


def _pairs(old: list[str], new: list[str], left: tuple[int, int], right: tuple[int, int]) -> Iterator[tuple[int | None, int | None]]:
    """Which changed line stands beside which: the most alike together, the order kept."""
    (a, b), (c, d) = left, right
    if b - a > MOST_TO_PAIR or d - c > MOST_TO_PAIR:
        yield from zip_longest(range(a, b), range(c, d))
        return
    best, place = ALIKE, None
    for i in range(a, b):
        for j in range(c, d):
            alike = _alike(old[i], new[j], best)
            if alike > best:
                best, place = alike, (i, j)
    if place is None:
        yield from ((i, None) for i in range(a, b))
        yield from ((None, j) for j in range(c, d))
        return
    i, j = place
    yield from _pairs(old, new, (a, i), (c, j))
    yield place
    yield from _pairs(old, new, (i + 1, b), (j + 1, d))


def _alike(old: str, new: str, least: float) -> float:
    if not old.strip() or not new.strip() or max(len(old), len(new)) > LONGEST_LINE:
        return 0.0
    matcher = SequenceMatcher(None, old, new)
    if matcher.real_quick_ratio() <= least or matcher.quick_ratio() <= least:
        return 0.0
    return matcher.ratio()


def _row(old: list[str], new: list[str], left: int | None, right: int | None) -> Row:
    if left is None:
        assert right is not None
        return Row("added", 0, right + 1, (), (Part(new[right]),))
    if right is None:
        return Row("removed", left + 1, 0, (Part(old[left]),), ())
    was, will = _words(old[left], new[right])
    return Row("changed", left + 1, right + 1, was, will)


def _words(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if max(len(old), len(new)) > LONGEST_LINE:
        return (Part(old, marked=True),), (Part(new, marked=True),)
    first, second = TOKEN.findall(old), TOKEN.findall(new)
    was: list[Part] = []
    will: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        same = kind == "equal"
        if b > a:
            was.append(Part("".join(first[a:b]), marked=not same))
        if d > c:
            will.append(Part("".join(second[c:d]), marked=not same))
    return tuple(was), tuple(will)


def _without_the_equal(rows: list[Row]) -> list[Row]:
    near = [False] * len(rows)
    for number, row in enumerate(rows):
        if row.kind != "same":
            for place in range(max(0, number - CONTEXT), min(len(rows), number + CONTEXT + 1)):
                near[place] = True
    kept: list[Row] = []
    skipped = 0
    for row, keep in zip(rows, near, strict=True):
        if keep:
            if skipped:
                kept.append(Row("gap", skipped))
            skipped = 0
            kept.append(row)
        else:
            skipped += 1
    return [*kept, Row("gap", skipped)] if skipped else kept
