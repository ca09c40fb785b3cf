"""What a teamleider sees of a school: how far each class is, what was learned, what of the protocol is taught, asked and known. Pure.

Everything here goes through progress/small_groups.py: no number is about fewer than five pupils, also not by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lessons.library import Lesson
from progress import small_groups
from progress.small_groups import FEWEST, Share, Shown, Sum
from protocols.domain import Article, RuleBook, Stance, Track
from schools.domain import YEAR_GROUPS

FIRST_MONTH = 8  # a school year begins on 1 August
# An article is known when two of three answers were right, and partly known from half of them.
KNOWN_FROM, PARTLY_FROM = Fraction(2, 3), Fraction(1, 2)


class Period(StrEnum):
    """Which school year."""

    THIS = "dit"
    LAST = "vorig"


def year_begins(day: date) -> date:
    """The first day of the school year of a day."""
    return date(day.year if day.month >= FIRST_MONTH else day.year - 1, FIRST_MONTH, 1)


# ---- what was counted ----


@dataclass(frozen=True)
class SchoolClassCount:
    """A class and how many pupils it has."""

    id: str
    name: str
    year_group: str
    pupils: int


@dataclass(frozen=True)
class UnitCount:
    """One lesson in one class: how many pupils began, how many are done, and in which school year they were last busy with it."""

    class_id: str
    unit: str
    begun: int
    done: int
    this_year: int
    last_year: int

    @property
    def period(self) -> Period:
        """The school year to which the class did this lesson: one, so that no pupil is counted on two pages."""
        return Period.LAST if self.this_year < FEWEST <= self.last_year else Period.THIS


@dataclass(frozen=True)
class ItemCount:
    """One question in one class: first answers that were scored, and how many of those were right.

    both: whether these pupils did the check at the start and at the end.
    """

    class_id: str
    unit: str
    item: str
    moment: str
    both: bool
    scored: int
    right: int


@dataclass(frozen=True)
class Counts:
    """Everything that was counted of a school."""

    classes: tuple[SchoolClassCount, ...]
    units: tuple[UnitCount, ...]
    items: tuple[ItemCount, ...]


@dataclass(frozen=True)
class Scope:
    """What is looked at: a lesson or all, a year group or all, a school year."""

    unit: str | None = None
    year_group: str | None = None
    period: Period = Period.THIS


# ---- what may be told ----


@dataclass(frozen=True)
class Cell:
    """One class in one lesson. shown is None when the class did it in another school year."""

    shown: Shown | None
    start: Share | None = None
    end: Share | None = None


@dataclass(frozen=True)
class ClassRow:
    id: str
    name: str
    pupils: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class YearGroup:
    """The classes of a year group that are large enough, and what they come to together. too_small counts the other classes."""

    name: str
    lessons: tuple[Lesson, ...]
    classes: tuple[ClassRow, ...]
    too_small: int

    def sum_of(self, unit: str) -> Sum:
        return small_groups.total(one.cells[unit].shown for one in self.classes if one.cells[unit].shown)  # type: ignore[misc]

    def growth_of(self, unit: str) -> tuple[Share | None, Share | None]:
        cells = [one.cells[unit] for one in self.classes]
        return small_groups.mean(cell.start for cell in cells), small_groups.mean(cell.end for cell in cells)

    @property
    def grown(self) -> list[Lesson]:
        """The lessons of which before and after may be told of a class or more."""
        return [lesson for lesson in self.lessons if any(one.cells[lesson.slug].start for one in self.classes)]

    @property
    def has_begun(self) -> bool:
        return any(cell.shown and cell.shown.has_begun for one in self.classes for cell in one.cells.values())


class Verdict(StrEnum):
    """What came of an article, in the order in which a teamleider wants to read it."""

    NOT_KNOWN = "nog niet bekend"
    PARTLY = "deels bekend"
    KNOWN = "bekend"
    NOT_ANSWERED = "te weinig antwoorden"
    NOT_ASKED = "wel verteld, niet gevraagd"
    NOT_GIVEN = "nog niet gegeven"
    NOT_TAUGHT = "in geen les"


@dataclass(frozen=True)
class ArticleRow:
    """One article of the school's protocol. lessons teach it; classes of all classes were given one of them; questions ask it."""

    article: Article
    lessons: tuple[Lesson, ...]
    questions: int
    given: int
    classes: int
    known: Share | None

    @property
    def verdict(self) -> Verdict:
        if not self.lessons:
            return Verdict.NOT_TAUGHT
        if not self.given:
            return Verdict.NOT_GIVEN
        if self.known is not None:
            return Verdict.KNOWN if self.known.middle >= KNOWN_FROM else _not_yet(self.known)
        return Verdict.NOT_ANSWERED if self.questions else Verdict.NOT_ASKED


def _not_yet(known: Share) -> Verdict:
    return Verdict.PARTLY if known.middle >= PARTLY_FROM else Verdict.NOT_KNOWN


@dataclass(frozen=True)
class Overview:
    """The whole page. silent are the rules that the school leaves open, with the lessons that talk about each."""

    scope: Scope
    year_groups: tuple[YearGroup, ...]
    articles: tuple[ArticleRow, ...]
    silent: tuple[tuple[str, tuple[Lesson, ...]], ...]

    @property
    def lessons(self) -> list[Lesson]:
        return list({lesson.slug: lesson for group in self.year_groups for lesson in group.lessons}.values())

    @property
    def has_begun(self) -> bool:
        return any(group.has_begun for group in self.year_groups)

    def count(self, *verdicts: Verdict) -> int:
        return sum(row.verdict in verdicts for row in self.articles)


def look(counts: Counts, lessons: Mapping[str, Sequence[Lesson]], book: RuleBook, scope: Scope) -> Overview:
    """What a teamleider sees of a school. lessons: those of each track that the school has."""
    units = {(one.class_id, one.unit): one for one in counts.units}
    found = _by_class(counts.items)
    groups = tuple(_year_groups(counts.classes, units, lessons, found, scope))
    tracks = {YEAR_GROUPS[group.name] for group in groups}
    return Overview(scope, groups, tuple(_articles(groups, found, book, tracks)), tuple(_silent(groups, book, tracks)))


Found = Mapping[tuple[str, str], Sequence[ItemCount]]


def _by_class(items: Iterable[ItemCount]) -> Found:
    found: dict[tuple[str, str], list[ItemCount]] = {}
    for one in items:
        found.setdefault((one.class_id, one.unit), []).append(one)
    return found


def _year_groups(
    classes: Sequence[SchoolClassCount],
    units: Mapping[tuple[str, str], UnitCount],
    lessons: Mapping[str, Sequence[Lesson]],
    found: Found,
    scope: Scope,
) -> Iterable[YearGroup]:
    for name, track in YEAR_GROUPS.items():
        here = [one for one in classes if one.year_group == name]
        wanted = [lesson for lesson in lessons.get(track, ()) if scope.unit in (None, lesson.slug)]
        if not here or not wanted or scope.year_group not in (None, name):
            continue
        large = [one for one in here if one.pupils >= small_groups.FEWEST_IN_CLASS]
        rows = [
            ClassRow(one.id, one.name, one.pupils, {lesson.slug: _cell(one, lesson, units, found, scope) for lesson in wanted})
            for one in large
        ]
        yield YearGroup(name, tuple(wanted), tuple(rows), len(here) - len(large))


def _cell(one: SchoolClassCount, lesson: Lesson, units: Mapping[tuple[str, str], UnitCount], found: Found, scope: Scope) -> Cell:
    count = units.get((one.id, lesson.slug)) or UnitCount(one.id, lesson.slug, 0, 0, 0, 0)
    if count.period is not scope.period:
        return Cell(None)
    # A pupil can only once be counted, also when a row was left behind in a class.
    done = min(count.done, one.pupils)
    told = small_groups.shown(one.pupils, done, min(count.begun, one.pupils) - done)
    return Cell(told, *_growth(lesson, found.get((one.id, lesson.slug), ()), told.begun_at_least if told else 0))


def _growth(lesson: Lesson, items: Sequence[ItemCount], begun: int) -> tuple[Share | None, Share | None]:
    """Before and after of the pupils who did both checks: only pairs of questions of which both may be told."""
    pairs = [(_of_pair(pair, items, "starter", begun), _of_pair(pair, items, "closing", begun)) for pair in lesson.quiz.checks.pairs]
    told = [(start, end) for start, end in pairs if start and end]
    return small_groups.mean(start for start, _end in told), small_groups.mean(end for _start, end in told)


def _of_pair(pair: Sequence[str], items: Iterable[ItemCount], moment: str, begun: int) -> Share | None:
    """Two equal questions, one for each half of the class, as one."""
    here = [one for one in items if one.moment == moment and one.both and one.item in pair]
    return small_groups.share(sum(one.right for one in here), sum(one.scored for one in here), begun)


# ---- the protocol ----


def _articles(groups: Sequence[YearGroup], found: Found, book: RuleBook, tracks: set[Track]) -> Iterable[ArticleRow]:
    """Every article that pupils have to do with, in the order of the protocol."""
    lessons = {lesson.slug: lesson for group in groups for lesson in group.lessons}
    asked = {slug: _asked(lesson) for slug, lesson in lessons.items()}
    levels = {track.english for track in tracks} | {"both"}
    for article in book.corpus.articles_of(book.protocol.key):
        if article.pupil_relevance == "none" or article.min_track not in levels:
            continue
        rules = {key for key, answer in book.answers.items() if article.id in answer.articles and book.rule(key).tracks & tracks}
        yield _article_row(article, rules, groups, lessons, asked, found)


def _article_row(
    article: Article,
    rules: set[str],
    groups: Sequence[YearGroup],
    lessons: Mapping[str, Lesson],
    asked: Mapping[str, Mapping[tuple[str, ...], frozenset[str]]],
    found: Found,
) -> ArticleRow:
    taught = [lesson for lesson in lessons.values() if rules & set(lesson.unit.taught)]
    bound = {slug: [items for items, keys in questions.items() if rules & keys] for slug, questions in asked.items()}
    classes = [(row, group) for group in groups for row in group.classes]
    concerned = [row for row, group in classes if any(lesson in taught for lesson in group.lessons)]
    return ArticleRow(
        article=article,
        lessons=tuple(taught),
        questions=sum(map(len, bound.values())),
        given=sum(any(_was_given(row, lesson) for lesson in taught) for row in concerned),
        classes=len(concerned),
        known=small_groups.mean(
            _of_question(items, found.get((row.id, slug), ()), cell.shown.begun_at_least)
            for row, _group in classes
            for slug, cell in row.cells.items()
            if cell.shown is not None
            for items in bound[slug]
        ),
    )


def _was_given(row: ClassRow, lesson: Lesson) -> bool:
    cell = row.cells.get(lesson.slug)
    return bool(cell and cell.shown and cell.shown.has_begun)


def _asked(lesson: Lesson) -> dict[tuple[str, ...], frozenset[str]]:
    """The questions of a lesson with the rules they stand on; the two forms of a check are one question."""
    pairs = [tuple(pair) for pair in lesson.quiz.checks.pairs]
    items = [*pairs, *((item.id,) for item in lesson.quiz.items if item.use == "lesson")]
    rules = {item.id: frozenset(item.rules()) for item in lesson.quiz.items if item.is_scored}
    return {keys: frozenset().union(*(rules.get(key, frozenset()) for key in keys)) for keys in items}


def _of_question(keys: Sequence[str], items: Sequence[ItemCount], begun: int) -> Share | None:
    """How a question went: the first answer in the lesson, or the one at the end."""
    if len(keys) > 1:
        return _of_pair(keys, items, "closing", begun)
    here = [one for one in items if one.moment == "lesson" and one.item in keys]
    return small_groups.share(sum(one.right for one in here), sum(one.scored for one in here), begun)


def _silent(groups: Sequence[YearGroup], book: RuleBook, tracks: set[Track]) -> Iterable[tuple[str, tuple[Lesson, ...]]]:
    """What the school leaves open for its pupils, and the lessons that talk about it."""
    lessons = {lesson.slug: lesson for group in groups for lesson in group.lessons}.values()
    for key, answer in book.answers.items():
        if answer.stance is Stance.NIET_GEREGELD and book.rule(key).tracks & tracks:
            yield key, tuple(lesson for lesson in lessons if key in lesson.unit.taught)
