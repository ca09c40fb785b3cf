"""Year groups, ways to sign in, and what a mentor does about a pupil who needs help. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.forms import clean_text
from protocols.domain import Track

LONGEST_NAME = 40
MOST_NAMES = 200
# What a class agrees on must fit on one sheet and in one head.
MOST_AGREEMENTS = 12
LONGEST_AGREEMENT = 200
# What stands above a column of names in a file out of the school's own system.
HEADINGS = frozenset({"naam", "namen", "voornaam", "voornamen", "roepnaam", "leerling", "leerlingen"})
NUMBERING = re.compile(r"^\d{1,3}[.)]\s+")

# The year group of a class gives its track.
YEAR_GROUPS: dict[str, Track] = {
    **{f"groep {number}": Track.PRIMARY for number in range(5, 9)},
    **{f"klas {number}": Track.SECONDARY for number in range(1, 4)},
}

# How pupils of a track may sign in; the first is what a new class gets unless something else is chosen.
SECRET_KINDS: dict[Track, tuple[str, ...]] = {Track.PRIMARY: ("pictures", "word", "pin"), Track.SECONDARY: ("word", "pin")}

# Groups in a class are for looking at some pupils together; more than this nobody tells apart.
MOST_GROUPS = 12
LONGEST_GROUP = 40
LONGEST_CARE = 300


class Why(StrEnum):
    """Why a pupil may need the mentor, the most pressing first. The value stands in the database and in forms."""

    STUCK = "loopt-vast"
    LOW = "eind-laag"
    MISTAKES = "veel-fout"
    IDLE = "lang-niets"
    NO_CARD = "geen-kaartje"
    BEHIND = "niet-begonnen"


class CareState(StrEnum):
    """What a mentor did about a reason. OPEN: it was put back, and only the words are kept."""

    SEEN = "gezien"
    SPOKEN = "gesproken"
    DONE = "klaar"
    OPEN = "open"


@dataclass(frozen=True)
class Care:
    """What a mentor did about one reason of one pupil: unit is empty where the reason is not about one lesson."""

    pupil_id: str
    why: str
    unit: str
    state: CareState
    text: str
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Group:
    """Some pupils of a class. members may name pupils who are in another class by now."""

    id: str
    name: str
    members: frozenset[str]


@dataclass(frozen=True)
class NameRow:
    """One line of a pasted list: the name as it would be kept, and what is wrong with it."""

    number: int
    name: str
    problem: str | None = None


def names_in(text: str, *, known: Iterable[str] = ()) -> list[NameRow]:
    """The first names in a pasted list, one a line; from a row with more columns the first one that holds text.

    known are the names that the class has already: in one class everybody must be able to find the own name.
    """
    names = [name for name in (_first_cell(line) for line in text.lstrip("\ufeff").splitlines()) if name]
    if names and names[0].casefold() in HEADINGS:
        del names[0]
    counted = Counter(name.casefold() for name in names)
    there = {name.casefold() for name in known}
    return [NameRow(number, name, _name_problem(name, counted, there)) for number, name in enumerate(names, 1)]


def _first_cell(line: str) -> str:
    """The name in a line that may come out of a spreadsheet: quotes, tabs, semicolons, commas and numbering taken off."""
    cleaned = NUMBERING.sub("", line.replace("\t", ";").strip())
    separator = ";" if ";" in cleaned else ","
    try:
        cells = next(csv.reader(io.StringIO(cleaned), delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        cells = cleaned.split(separator)
    found = [clean_text(cell) for cell in cells]
    return next((cell for cell in found if cell and not cell.rstrip(".)").isdigit()), "")


def _name_problem(name: str, counted: Counter[str], there: set[str]) -> str | None:
    if len(name) > LONGEST_NAME:
        return f"te lang: {len(name)} tekens, hooguit {LONGEST_NAME}"
    if "@" in name:
        return "dit lijkt een e-mailadres; een voornaam is genoeg"
    if not any(sign.isalnum() for sign in name):
        return "hier staat geen naam"
    if counted[name.casefold()] > 1:
        return "staat er twee keer; zet er een letter achter, bijvoorbeeld Sami B"
    if name.casefold() in there:
        return "zit al in deze klas; zet er een letter achter"
    return None


def halves_after(present: Iterable[int], count: int) -> list[int]:
    """In which half (1 or 2) the next pupils come, so that both halves of a class stay equally large."""
    sizes = Counter(present)
    found = []
    for _ in range(count):
        half = 1 if sizes[1] <= sizes[2] else 2
        sizes[half] += 1
        found.append(half)
    return found
