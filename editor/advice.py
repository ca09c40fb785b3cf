"""Advice to who writes: sentences that are long for the age. It never stops anybody from publishing. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from common.problems import Problem
from common.reading import NORMS, sentences
from protocols.domain import Track

FIELD = re.compile(r"^\s*(?:-\s+)?(?:(?P<name>[a-z_-]+):\s*)?(?P<said>.*)$")
INSIDE = re.compile(r"\b(?:meaning|text):\s*\"(?P<said>[^\"]*)\"")
NOT_READ = frozenset({"check", "routes", "checked_on", "source", "mode", "school_first"})
MOST = 40
# Nobody writes a longer line by hand; finding the sentences in one takes time that grows with its square.
LONGEST_LINE = 3_000


def reading_advice(file: str, text: str, track: Track) -> list[Problem]:
    """Each sentence over the norm of the track with its line, then the mean of the lesson; at most 40 lines of it."""
    norm = NORMS[track.value]
    counts: list[int] = []
    found: list[Problem] = []
    for line, said in _said_on_lines(text):
        for sentence, words in sentences(said):
            counts.append(words)
            if words > norm.longest:
                message = f"een zin van {words} woorden: “{_short(sentence)}”"
                found.append(Problem(file, line, message, f"hooguit {norm.longest} woorden: maak er twee zinnen van", is_advice=True))
    mean = sum(counts) / len(counts) if counts else 0.0
    if mean > norm.mean:
        told = f"{mean:.1f}".replace(".", ",")
        found.append(Problem(file, 1, f"gemiddeld {told} woorden per zin", f"voor deze leeftijd hooguit {norm.mean:g}", is_advice=True))
    return found[:MOST]


def _said_on_lines(text: str) -> Iterator[tuple[int, str]]:
    """What a pupil reads, per line: the explained words of the head, running text, and the fields of blocks."""
    head, block = 0, False
    for number, whole in enumerate(text.split("\n"), 1):
        line = whole[:LONGEST_LINE]
        if line.strip() == "---" and head < 2:
            head += 1
        elif head < 2:
            yield from ((number, match["said"]) for match in INSIDE.finditer(line))
        elif line.startswith(":::"):
            block = line.strip() != ":::"
        elif block:
            field = FIELD.match(line)
            if field and field["name"] not in NOT_READ:
                yield number, field["said"].strip().strip('"').strip("'")
        else:
            yield number, line


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 90 else sentence[:89].rstrip() + "…"
