"""Checking all content under a folder, for who writes it: everything that is wrong, each with file, line and remedy.

Reading level and unused words are advices: they stop this check, so that they are mended before they reach a
pupil, but not a teamleider who publishes. Pure: files in, problems out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.problems import Problem
from common.reading import NORMS, Norm, sentences
from common.yaml_source import Source
from lessons.chat_present import SCENES
from lessons.domain import Prose, Word
from lessons.library import Lesson, read_library
from lessons.parse import HEADING, HELP_ROUTES, OPENING
from protocols.domain import Corpus, Track
from protocols.parse import parse_corpus
from quizzes.scenario_check import norm_faults, pictures_of
from schools.help import HELP_NAME, parse_help

DATA = ("protocols/data/articles.yaml", "protocols/data/rules.yaml")
HEADING_NAME = re.compile(r"\s*\{#[^}]*\}")

# Fields of a content file that no pupil or mentor reads as a sentence.
NOT_READ = frozenset(
    """id goto rule goal type use from if set start kind frame theme track schema source checked_on cite_if_ruled seen_by mode
    back_to right fair pair routes forms pairs starter closing edition word plural people note returns about chat members
    forwarded""".split()
)  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """A text that somebody reads, and where it begins."""

    text: str
    line: int


def check(root: Path) -> list[Problem]:
    """Every problem in the protocols, the help lines, the lessons, the items and the scenarios under root."""
    texts, problems = _texts_of(root, [*DATA, HELP_NAME])
    if problems:
        return problems
    corpus, faults = parse_corpus(texts[DATA[0]], texts[DATA[1]])
    problems += [*faults, *_help_problems(texts[HELP_NAME])]
    if corpus is not None:
        problems += _lesson_problems(root, corpus)
    problems += [problem for file in content_files(root) for problem in reading_problems(*file)]
    return sorted(set(problems))


def _texts_of(root: Path, names: Iterable[str]) -> tuple[dict[str, str], list[Problem]]:
    texts: dict[str, str] = {}
    problems = []
    for name in names:
        try:
            texts[name] = (root / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            problems.append(Problem(name, 1, "dit bestand ontbreekt of is geen UTF-8", "zet het terug en sla het op als UTF-8"))
    return texts, problems


def _help_problems(text: str) -> Iterator[Problem]:
    found, problems = parse_help(text)
    yield from problems
    known = {route.key for route in found.routes} if found else set()
    for key in sorted(HELP_ROUTES - known - {"school-contacten"}) if found else ():
        yield Problem(HELP_NAME, 1, f"de hulp {key} ontbreekt", "voeg de hulp toe, lessen verwijzen ernaar")


def _lesson_problems(root: Path, corpus: Corpus) -> list[Problem]:
    lessons, problems = read_library(root, corpus)
    problems += [problem for lesson in lessons for problem in unused_words(lesson)]
    return problems + [problem for lesson in lessons for problem in _chat_problems(root, lesson)]


def _chat_problems(root: Path, lesson: Lesson) -> Iterator[Problem]:
    """What this house asks of the chat in a lesson, and drawings that a chat or an item names and that are not there."""
    scenario, meta = lesson.quiz.scenario, lesson.unit.meta
    file = f"quizzes/content/{lesson.unit.track.value}/{meta.theme}.yaml"
    faults = list(norm_faults(scenario))
    faults += [
        (("scenario", "nodes", key), f"{key}: de tekening {scene} is er niet", f"kies uit: {', '.join(sorted(SCENES))}")
        for key, scene in pictures_of(scenario)
        if scene not in SCENES
    ]
    faults += [
        (("items", number), f"{item.id}: de tekening {item.image.scene} is er niet", f"kies uit: {', '.join(sorted(SCENES))}")
        for number, item in enumerate(lesson.quiz.items)
        if item.image and item.image.scene not in SCENES
    ]
    if faults:
        source = Source(file, (root / file).read_text(encoding="utf-8"))
        yield from (source.problem(*fault) for fault in faults)


def content_files(root: Path) -> Iterator[tuple[str, str, Norm]]:
    """Every file of every lesson that can be read: its name, its text and the norm for who reads it."""
    for track in Track:
        for folder, pattern in (("lessons", "*.md"), ("quizzes", "*.yaml")):
            for file in sorted((root / folder / "content" / track.value).glob(pattern)):
                try:
                    text = file.read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError):
                    continue
                kind = "mentor" if file.name.endswith(".mentor.md") else track.value
                yield file.relative_to(root).as_posix(), text, NORMS[kind]


# ---- reading level ----


def reading_problems(file: str, text: str, norm: Norm) -> Iterator[Problem]:
    """Every sentence that is too long for its readers, and the file as a whole when its mean is."""
    passages = list(quiz_passages(file, text) if file.endswith(".yaml") else lesson_passages(file, text))
    lines, counts = text.splitlines(), []
    for passage in passages:
        for sentence, words in sentences(passage.text):
            counts.append(words)
            if words > norm.longest:
                line = _line_of(sentence, lines, passage.line)
                yield Problem(
                    file,
                    line,
                    f"een zin van {words} woorden: {_begin(sentence)}",
                    f"maak er twee van, hooguit {norm.longest} woorden",
                    is_advice=True,
                )
    mean = sum(counts) / len(counts) if counts else 0
    if mean > norm.mean:
        said = f"{mean:.1f}".replace(".", ",")
        yield Problem(file, 1, f"gemiddeld {said} woorden in een zin", f"kort zinnen in, gemiddeld hooguit {norm.mean:g}", is_advice=True)


def _begin(sentence: str) -> str:
    words = sentence.split()
    return f"“{' '.join(words[:7])}{' …' if len(words) > 7 else ''}”"


def _line_of(sentence: str, lines: list[str], first: int) -> int:
    """Where a sentence begins: the first line from its passage on that holds its first words."""
    start = " ".join(sentence.split()[:3])
    for number in range(first, min(first + 40, len(lines)) + 1):
        if start in " ".join(lines[number - 1].split()):
            return number
    return first


def quiz_passages(file: str, text: str) -> Iterator[Passage]:
    source = Source(file, text)
    yield from _read_values(source, source.data, ())


def _read_values(source: Source, value: Any, path: tuple[str | int, ...]) -> Iterator[Passage]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in NOT_READ:
                yield from _read_values(source, inner, (*path, key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _read_values(source, inner, (*path, number))
    elif isinstance(value, str):
        yield Passage(value, source.place(path)[0])


def lesson_passages(file: str, text: str) -> Iterator[Passage]:
    """What is read in a lesson: goals and words of its head, its prose, and the fields of its blocks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ends = [number for number, line in enumerate(lines) if line.strip() == "---"]
    if len(ends) < 2:
        return
    head = Source(file, "\n".join(lines[1 : ends[1]]), first_line=2)
    yield from _head_passages(head)
    block: list[str] | None = None
    for number, line in enumerate(lines[ends[1] + 1 :], ends[1] + 2):
        if block is None and OPENING.match(line):
            block, begins = [], number
        elif block is not None and line.strip() == ":::":
            inner = Source(file, "\n".join(block), first_line=begins + 1)
            yield from _read_values(inner, inner.data, ())
            block = None
        elif block is not None:
            block.append(line)
        elif line.strip():
            heading = HEADING.match(line)
            yield Passage(heading["title"] if heading else line, number)


def _head_passages(head: Source) -> Iterator[Passage]:
    data = head.data if isinstance(head.data, dict) else {}
    for name, field in (("goals", "text"), ("words", "meaning")):
        rows = data.get(name)
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict) and isinstance(row.get(field), str):
                yield Passage(row[field], head.place((name, number))[0])


# ---- words ----


def unused_words(lesson: Lesson) -> Iterator[Problem]:
    """Difficult words that the lesson explains and never uses. from: rule words stand in a school's condition instead."""
    shown = "\n".join(_shown_texts(lesson))
    file = f"lessons/content/{lesson.unit.track.value}/{lesson.unit.meta.theme}.md"
    for word in lesson.unit.meta.words:
        if word.source is None and not word.stands_in(shown):
            remedy = "haal het weg, gebruik het in de les, of zet from: rule als het in een voorwaarde staat"
            yield Problem(
                file, _line_of_word(lesson, word), f"het moeilijke woord {word.word} komt in de les niet voor", remedy, is_advice=True
            )


def _line_of_word(lesson: Lesson, word: Word) -> int:
    found = (
        number
        for number, line in enumerate(lesson.unit.text.splitlines(), 1)
        if re.search(rf"word:\s*[\"']?{re.escape(word.word)}\b", line)
    )
    return next(found, 1)


def _shown_texts(lesson: Lesson) -> Iterator[str]:
    for step in lesson.unit.steps:
        yield step.title
        for piece in step.pieces:
            if isinstance(piece, Prose):
                yield piece.text
            else:
                yield from _strings(piece.data.model_dump())
    for goal in lesson.unit.meta.goals:
        yield goal.text
    yield from _strings(lesson.quiz.model_dump())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, str):
        yield value
