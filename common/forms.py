"""Reading what came in from a browser: each field cut to size, made NFC, and told what is wrong in plain Dutch."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff]|[\ud800-\udfff]")
BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+$")
MOST_MARKS_IN_A_ROW = 3


@dataclass(frozen=True)
class FieldProblem:
    """Something wrong with one field. id is the field's name, so that the summary can link to it."""

    id: str
    text: str


@dataclass
class Form:
    """What was typed, cleaned, with the problems found. values keeps everything, also what is wrong."""

    values: dict[str, str] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)

    def add(self, name: str, text: str) -> None:
        self.problems.append(FieldProblem(name, text))

    def problem_of(self, name: str) -> str | None:
        return next((problem.text for problem in self.problems if problem.id == name), None)

    def read(self, source: Mapping[str, str], name: str, *, label: str, longest: int, needed: bool = True, lines: bool = False) -> str:
        """One text field. Problems: empty when needed, or longer than longest."""
        value = clean_text(source.get(name, ""), lines=lines)
        self.values[name] = value
        if needed and not value:
            self.add(name, f"Vul in: {label}.")
        elif len(value) > longest:
            self.add(name, f"{label[:1].upper()}{label[1:]} is te lang: {len(value)} tekens, hooguit {longest}.")
        return value

    def pick(self, source: Mapping[str, str], name: str, allowed: Mapping[str, object] | set[str] | tuple[str, ...], *, label: str) -> str:
        """One value out of a list."""
        value = source.get(name, "")
        self.values[name] = value
        if value not in allowed:
            self.add(name, f"Kies {label}.")
        return value


def clean_text(value: str, *, lines: bool = False) -> str:
    """Text as kept: NFC, without control signs and signs that turn the writing direction of what follows."""
    text = BIDI.sub("", CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))
    text = _fewer_marks(unicodedata.normalize("NFC", text))
    return text.strip() if lines else re.sub(r"\s+", " ", text).strip()


def _fewer_marks(text: str) -> str:
    """At most three accents on one letter, so that no name can reach into the lines around it."""
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MOST_MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


def is_email(text: str) -> bool:
    return len(text) <= 254 and EMAIL.match(text) is not None


def own_path(target: str | None) -> str | None:
    """A place inside this app to go on to, or None: not //, not /\\, no scheme, no control signs."""
    if not target or len(target) > 500 or CONTROL.search(target) or not target.startswith("/"):
        return None
    return None if target.startswith(("//", "/\\")) or "\\" in target or "\n" in target or "\t" in target else target
