"""A certificate: who earned it, what stands on it, and in which size of letter it stays one sheet of A4. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from common.fitting import height_of_list, largest_that_fits, lines_of
from lessons.chat_present import person_shown
from lessons.library import Lesson
from lessons.models import UnitProgress
from protocols.domain import RuleBook, Stance
from schools.present import ShownRule, shown_rule

MOST_RULES, MOST_FACES = 8, 4
# Letters in points, from large to small: the classes certificate--0 to certificate--6 of components/certificate.css.
SIZES = (11.0, 10.25, 9.5, 8.75, 8.0, 7.25, 6.5)
# Measures of that stylesheet in points: the height that is left for what grows, and the width of a line and of half a line.
ROOM, WIDE, HALF = 640.0, 420.0, 198.0
# How wide an ordinary letter is and how high a line, in sizes.
LETTER, LINE = 0.52, 1.36
# The name is so much larger than the rest; more than a few texts stand in two columns.
NAME, FEW = 2.9, 3


@dataclass(frozen=True)
class RuleLine:
    """One agreement of the school in a line or two."""

    stance: str
    question: str
    answer: str


@dataclass(frozen=True)
class Certificate:
    """Everything that stands on the sheet. size is the place in SIZES."""

    track: str
    name: str
    school: str
    class_title: str
    month: str
    lessons: tuple[tuple[str, int], ...]
    rules: tuple[RuleLine, ...]
    agreements: tuple[str, ...]
    intentions: tuple[str, ...]
    faces: tuple[str, ...]
    size: int = 0

    @property
    def is_primary(self) -> bool:
        return self.track == "primair"


def earned_at(lessons: Sequence[Lesson], progress: Mapping[str, UnitProgress]) -> datetime | None:
    """When the last unit of the track was finished; None as long as one is not, or when there is none."""
    finished = [progress[lesson.slug].finished_at for lesson in lessons if lesson.slug in progress]
    moments = [at for at in finished if at is not None]
    return max(moments) if lessons and len(moments) == len(lessons) else None


def core_rules(lessons: Sequence[Lesson], book: RuleBook, most: int = MOST_RULES) -> list[RuleLine]:
    """The agreements at the heart of what was taught: of each unit the first, then of each the second, and so on.

    Where the protocol is silent there is no agreement to put on a sheet.
    """
    queues = [[key for key in lesson.unit.taught if _is_for_paper(book, key)] for lesson in lessons]
    chosen: dict[str, int] = {}
    for turn in range(max((len(queue) for queue in queues), default=0)):
        for place, queue in enumerate(queues):
            if turn < len(queue) and len(chosen) < most:
                chosen.setdefault(queue[turn], place)
    in_order = sorted(chosen, key=lambda key: chosen[key])
    return [_rule_line(shown_rule(book, key, lessons[chosen[key]].unit.track)) for key in in_order]


def _rule_line(rule: ShownRule) -> RuleLine:
    return RuleLine(rule.stance, rule.question, answer_line(rule))


def _is_for_paper(book: RuleBook, key: str) -> bool:
    return book.rule(key).is_core and book.stance_on(key) is not Stance.NIET_GEREGELD


def faces_of(lessons: Sequence[Lesson]) -> list[str]:
    """One of the cast per unit, and nobody twice."""
    found: dict[str, None] = {}
    for lesson in lessons:
        fresh = next((face for face in people_in(lesson) if face not in found), None)
        if fresh:
            found[fresh] = None
    return list(found)[:MOST_FACES]


def people_in(lesson: Lesson) -> list[str]:
    """Who of the cast plays in the chat of a unit."""
    scenario = lesson.quiz.scenario
    faces = (person_shown(scenario, person.id)["face"] for person in scenario.people)
    return [face for face in faces if face]


def answer_line(rule: ShownRule) -> str:
    """The answer of the school as one sentence or two: "Alleen als de ander het goedvindt." """
    condition = f"{rule.condition.rstrip('.')}." if rule.condition else ""
    if rule.stance == Stance.MAG_ALS and rule.words:
        return f"{rule.words.rstrip(' …')} {condition}"
    return " ".join(part for part in (rule.words, condition[:1].upper() + condition[1:]) if part)


def on_one_sheet(certificate: Certificate) -> Certificate:
    """The same with the largest letters at which it stays one page."""
    return replace(certificate, size=largest_that_fits(SIZES, ROOM, lambda size: height_of(certificate, size)))


def height_of(certificate: Certificate, size: float) -> float:
    """How high everything on the sheet is that grows with what stands on it, in points."""
    line, gap = size * LINE, size * 0.45
    letters = WIDE / (size * LETTER)
    name = lines_of(certificate.name, letters / NAME) * size * NAME * 1.15
    lessons = -(-len(certificate.lessons) // 2) * (line + gap)
    rules = height_of_list((f"{rule.question} {rule.answer}" for rule in certificate.rules), letters, line, gap)
    own = sum(_own_list(texts, size) for texts in (certificate.agreements, certificate.intentions) if texts)
    return name + size * 4 + lessons + rules + size * 4 + own


def _own_list(texts: Sequence[str], size: float) -> float:
    """A list of the class or the pupil with its heading: under each other when there are few, else two beside each other."""
    line, gap = size * LINE, size * 0.45
    if len(texts) <= FEW:
        return size * 3.2 + height_of_list(texts, WIDE / (size * LETTER), line, gap)
    lines = [lines_of(text, HALF / (size * LETTER)) for text in texts]
    return size * 3.2 + sum(max(pair) * line + gap for pair in zip(lines[::2], [*lines[1::2], 0], strict=False))
