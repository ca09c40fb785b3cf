"""The lessons that come with Netjes: read and checked once, when the app starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from common.problems import ContentError, Problem
from lessons.domain import MentorPage, Screen, Unit, screens
from lessons.parse import parse_mentor_page, parse_unit
from protocols.domain import Corpus, Track
from protocols.parse import load_corpus
from quizzes.parse import parse_quiz
from quizzes.quiz import Quiz

ROOT = Path(__file__).resolve().parent.parent
# The order in which a school meets the themes, and the colour of the cover that goes with each.
THEMES = (
    "toestemming", "pesten", "vriendschapsverzoek", "groepsapp", "privacy", "telefoon", "blijvend", "ruzie", "accounts",
    "posten", "hulp", "gevolgen",
)  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    """A unit with its items and its page for the mentor. own tells that a school published its own text of it."""

    unit: Unit
    quiz: Quiz
    mentor: MentorPage
    own: bool = False
    _screens: dict[int, list[Screen]] = field(default_factory=dict, compare=False, repr=False)

    def screens(self, half: int) -> list[Screen]:
        """The pages of this lesson for one half of the class; the same list each time, made once."""
        if half not in self._screens:
            self._screens[half] = screens(self.unit, self.quiz, half)
        return self._screens[half]

    @property
    def slug(self) -> str:
        return self.unit.slug

    @property
    def cover(self) -> int:
        """Which of the six cover colours (1-6)."""
        return THEMES.index(self.unit.meta.theme) % 6 + 1 if self.unit.meta.theme in THEMES else 1


@dataclass(frozen=True)
class Library:
    lessons: Mapping[str, Lesson]

    def of_track(self, track: Track | str) -> list[Lesson]:
        return [lesson for lesson in self.lessons.values() if lesson.unit.track == track]

    def get(self, slug: str) -> Lesson | None:
        return self.lessons.get(slug)


@lru_cache(maxsize=1)
def load_library() -> Library:
    """Every shipped lesson. Raises ContentError with every problem in every file."""
    lessons, problems = read_library(ROOT, load_corpus())
    if problems:
        raise ContentError(problems)
    return Library({lesson.slug: lesson for lesson in lessons})


def read_library(root: Path, corpus: Corpus) -> tuple[list[Lesson], list[Problem]]:
    """Read lessons/content and quizzes/content under root; the lessons that are whole, and all problems."""
    lessons: list[Lesson] = []
    problems: list[Problem] = []
    for track in Track:
        folder = root / "quizzes" / "content" / track.value
        found = {file.stem: file for file in folder.glob("*.yaml")}
        for stray in {file.name.split(".")[0] for file in (root / "lessons" / "content" / track.value).glob("*.md")} - found.keys():
            problems.append(
                Problem(
                    f"lessons/content/{track.value}/{stray}.md",
                    1,
                    "bij deze les zijn geen opgaven",
                    f"maak quizzes/content/{track.value}/{stray}.yaml",
                )
            )
        for theme in sorted(found, key=_place):
            lesson, faults = _read_lesson(root, track, theme, corpus)
            problems += faults
            if lesson:
                lessons.append(lesson)
    return lessons, problems


def _place(theme: str) -> tuple[int, str]:
    return (THEMES.index(theme) if theme in THEMES else len(THEMES), theme)


def _read_lesson(root: Path, track: Track, theme: str, corpus: Corpus) -> tuple[Lesson | None, list[Problem]]:
    quiz_name = f"quizzes/content/{track.value}/{theme}.yaml"
    unit_name, mentor_name = (f"lessons/content/{track.value}/{theme}{part}.md" for part in ("", ".mentor"))
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name in (quiz_name, unit_name, mentor_name):
        try:
            texts[name] = (root / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            problems.append(Problem(name, 1, "dit bestand ontbreekt", "een les heeft drie bestanden: les, opgaven en mentorpagina"))
        except UnicodeDecodeError:
            problems.append(Problem(name, 1, "dit bestand is geen UTF-8", "sla het op als UTF-8"))
    if problems:
        return None, problems
    quiz, problems = parse_quiz(quiz_name, texts[quiz_name], corpus)
    mentor, mentor_problems = parse_mentor_page(mentor_name, texts[mentor_name], corpus)
    problems += mentor_problems
    if quiz is None:
        return None, problems
    unit, unit_problems = parse_unit(unit_name, texts[unit_name], quiz, corpus)
    problems += unit_problems
    if unit is None or mentor is None or problems:
        return None, problems
    return Lesson(unit, quiz, mentor), []
