"""A certificate: who earned it, what stands on it, and in which size of letter it stays one sheet of A4. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from common.fitting import height_of_list, largest_that_fits, lines_of
from lessons.chat_present import person_shown
from lessons.library import Lesson
from protocols.domain import RuleBook, Stance
from schools.present import ShownRule, shown_rule

MOST_RULES, MOST_FACES = 8, 3
# Letters in points, from large to small: the classes certificate--0 to certificate--10 of components/certificate.css.
SIZES = (13.0, 12.25, 11.5, 10.75, 10.0, 9.25, 8.5, 8.0, 7.5, 7.0, 6.5)
# Measures of that stylesheet in points: the height that is left for what grows, and the width of a line.
ROOM, WIDE = 660.0, 419.0
# How wide an ordinary letter is, how high a line, and what a list and the space between two columns take off its width, in sizes.
LETTER, LINE, INDENT, BETWEEN = 0.43, 1.36, 1.5, 2.4
# The headings with the space around them, in sizes: those that are always there, and that of a list.
HEADS, HEAD = 12.6, 3.5
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
    at: datetime
    lessons: tuple[tuple[str, int], ...]
    rules: tuple[RuleLine, ...]
    agreements: tuple[str, ...]
    intentions: tuple[str, ...]
    faces: tuple[str, ...]
    size: int = 0

    @property
    def is_primary(self) -> bool:
        return self.track == "primair"


def earned_at(lessons: Sequence[Lesson], finished: Mapping[str, datetime | None]) -> datetime | None:
    """When the last unit of the track was finished, by unit; None as long as one is not, or when there is none."""
    moments = [at for at in (finished.get(lesson.slug) for lesson in lessons) if at is not None]
    return max(moments) if lessons and len(moments) == len(lessons) else None


def sheet(
    lessons: Sequence[Lesson], book: RuleBook, at: datetime, *, name: str, school: str, class_title: str, agreements: Sequence[str],
    intentions: Mapping[str, str],
) -> Certificate:  # fmt: skip
    """The sheet of one pupil, in the largest letters with which it stays one page. intentions are by unit; none are needed."""
    filled = Certificate(
        track=lessons[0].unit.track.value,
        name=name,
        school=school,
        class_title=class_title,
        at=at,
        lessons=tuple((lesson.unit.title, lesson.cover) for lesson in lessons),
        rules=tuple(core_rules(lessons, book)),
        agreements=tuple(agreements),
        intentions=tuple(intentions[lesson.slug] for lesson in lessons if lesson.slug in intentions),
        faces=tuple(faces_of(lessons)),
    )
    return on_one_sheet(filled)


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
    return name + size * HEADS + lessons + rules + own


def _own_list(texts: Sequence[str], size: float) -> float:
    """A list of the class or the pupil with its heading: under each other when there are few, else two beside each other."""
    line, gap = size * LINE, size * 0.45
    if len(texts) <= FEW:
        return size * HEAD + height_of_list(texts, (WIDE - INDENT * size) / (size * LETTER), line, gap)
    half = (WIDE - BETWEEN * size) / 2 - INDENT * size
    lines = [lines_of(text, half / (size * LETTER)) for text in texts]
    return size * HEAD + sum(max(pair) * line + gap for pair in zip(lines[::2], [*lines[1::2], 0], strict=False))
