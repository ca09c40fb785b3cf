"""Reading level: how long sentences are and how hard, per track. An aid to the writer, no proof.

Flesch-Douma = 206.8 - 0.77 x syllables per 100 words - 0.93 x words per sentence (Douma, 1960).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

MARK = re.compile(r"\[\[[^|\[\]]*\|([^\[\]]*)\]\]")
DECORATION = re.compile(r"[*_`>#|]|\{#[^}]*\}")
END = re.compile(r"(?<=[.!?…])['\"”’)]*\s+|:\s+|\n+|\s[·☐]\s")
WORD = re.compile(r"[0-9A-Za-zÀ-ÿ]+(?:['’-]+[0-9A-Za-zÀ-ÿ]+)*")


@dataclass(frozen=True)
class Norm:
    """Bounds for one kind of reader, in words per sentence."""

    mean: float
    longest: int


NORMS = {"primair": Norm(10, 15), "voortgezet": Norm(13, 20), "mentor": Norm(16, 30)}


@dataclass(frozen=True)
class Level:
    """What was measured: sentences, mean words per sentence, Flesch-Douma (higher is easier)."""

    sentences: int
    mean: float
    flesch_douma: float


def sentences(text: str) -> Iterator[tuple[str, int]]:
    """Each sentence with its number of words. A sentence ends at . ! ? a colon with a space, or a line end."""
    plain = DECORATION.sub(" ", MARK.sub(r"\1", text))
    for part in END.split(plain):
        count = len(WORD.findall(part))
        if count:
            yield part.strip(), count


@lru_cache(maxsize=1)
def _hyphens() -> object:
    import pyphen  # noqa: PLC0415  (loading the patterns takes a while; only the content commands need them)

    return pyphen.Pyphen(lang="nl_NL")


def syllables(word: str) -> int:
    """Syllables of a Dutch word by its hyphenation patterns; at least one."""
    return len(_hyphens().positions(word)) + 1  # type: ignore[attr-defined]


def level_of(texts: Iterable[str]) -> Level:
    counts: list[int] = []
    words: list[str] = []
    for text in texts:
        for sentence, count in sentences(text):
            counts.append(count)
            words += WORD.findall(sentence)
    if not counts:
        return Level(0, 0.0, 0.0)
    mean = sum(counts) / len(counts)
    per_100 = 100 * sum(syllables(word) for word in words) / len(words)
    return Level(len(counts), round(mean, 2), round(206.8 - 0.77 * per_100 - 0.93 * mean, 1))
