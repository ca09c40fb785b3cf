"""The report of a class on paper: with names for its own mentor, or without for the team.

Without names nothing is told about fewer than five pupils either: everything goes through progress/small_groups.py
(docs/decisions/013-small-groups.md), and it is always of the whole class and of all time, since a group or a month less can be subtracted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.words import _, ngettext
from progress import overview_present
from progress import present as dashboard
from progress.dashboard import Because
from progress.domain import State, UnitOfClass
from progress.overview import KNOWN_FROM, Cell
from progress.present import GrowthRow, MisledRow, NextRow, RuleRow
from progress.queries import ClassView
from progress.small_groups import FEWEST_IN_CLASS, Share, Shown, share, shown
from protocols.domain import RuleBook

# The bars of a lesson: the percentage that is done, and that began.
Parts = tuple[int, int]


@dataclass(frozen=True)
class LessonLine:
    """How far the class is in one lesson."""

    title: str
    parts: Parts
    words: str


@dataclass(frozen=True)
class GrowthLine:
    title: str
    start: str
    end: str
    who: str


@dataclass(frozen=True)
class MisledLine:
    question: str
    words: str
    think: str | None
    where: str


@dataclass(frozen=True)
class RuleLine:
    """One agreement. part is the percentage of the bar."""

    row: RuleRow
    part: int
    words: str


@dataclass(frozen=True)
class Report:
    """Everything on the sheets. needs_help is empty where nobody does, and where names are left out."""

    with_names: bool
    lessons: list[LessonLine]
    growth: list[GrowthLine]
    misled: list[MisledLine]
    weak: list[RuleLine]
    known: list[RuleLine]
    coming: list[NextRow]
    pupils: int
    needs_help: str


def report_of(view: ClassView, book: RuleBook, *, with_names: bool) -> Report:
    return (_named if with_names else _nameless)(view, book)


def _named(view: ClassView, book: RuleBook) -> Report:
    """The numbers of the class page."""
    rules = [
        RuleLine(row, _percent(row.right, row.total), _("%(count)s goed", count=of(row.right, row.total)))
        for row in dashboard.rule_rows(view, book)
    ]
    count = len(view.summary.needs_help)
    return Report(
        with_names=True,
        lessons=[_lesson(view, unit) for unit in view.summary.units],
        growth=[_growth(row) for row in dashboard.growth_rows(view)],
        misled=[_misled(row, of(row.count, row.of)) for row in dashboard.misled_rows(view)],
        weak=[rule for rule in rules if not rule.row.is_known],
        known=[rule for rule in rules if rule.row.is_known],
        coming=dashboard.next_rows(view, book),
        pupils=len(view.summary.pupils),
        needs_help=ngettext("%(num)s leerling vraagt aandacht", "%(num)s leerlingen vragen aandacht", count) if count else "",
    )


def _nameless(view: ClassView, book: RuleBook) -> Report:
    """Nothing about fewer than five pupils; of a class of fewer than ten nothing at all."""
    pupils = len(view.summary.pupils)
    if pupils < FEWEST_IN_CLASS:
        return Report(False, [], [], [], [], [], [], pupils, "")
    begun = {unit.unit: _shown(unit).begun_at_least for unit in view.summary.units}
    rules = [
        (row, share(row.right, row.total, min(begun.get(unit, 0) for unit, *_ in row.asked))) for row in dashboard.rule_rows(view, book)
    ]
    told = [(_nameless_rule(row, found), found.middle >= KNOWN_FROM) for row, found in rules if found]
    return Report(
        with_names=False,
        lessons=[_nameless_lesson(view, unit) for unit in view.summary.units],
        growth=[line for row in dashboard.growth_rows(view) for line in _nameless_growth(row, begun[row.unit])],
        misled=[
            _misled(row, _about(found))
            for row in dashboard.misled_rows(view)
            if (found := share(row.count, row.of, begun[row.unit])) is not None
        ],
        weak=[rule for rule, is_known in told if not is_known],
        known=[rule for rule, is_known in told if is_known],
        coming=_coming(view),
        pupils=pupils,
        needs_help="",
    )


def _coming(view: ClassView) -> list[NextRow]:
    """A good next lesson without the counts that make it one."""
    why = {
        Because.PLANNED: _("Staat in de planning."), Because.LATE: _("Stond al in de planning."),
        Because.BEGIN: _("Een deel van de klas is nog niet begonnen."), Because.FINISH: _("Een deel van de klas is nog niet klaar."),
        Because.RULE: _("Gaat over een afspraak die de klas nog niet kent."), Because.NEXT: _("De volgende in de rij."),
        Because.TALK: _("Alle lessen zijn gedaan. Praat nog eens na."),
    }  # fmt: skip
    return [NextRow(one.unit, view.titles[one.unit], why[one.because]) for one in view.coming]


def _lesson(view: ClassView, unit: UnitOfClass) -> LessonLine:
    counts, pupils = unit.counts, unit.pupils
    begun = counts[State.DONE] + counts[State.BUSY] + counts[State.STUCK]
    told = [f"{counts[state]} {dashboard.state_words(state)}" for state in dashboard.counted_states(view.filter) if counts[state]]
    return LessonLine(view.titles[unit.unit], (_percent(counts[State.DONE], pupils), _percent(begun, pupils)), ", ".join(told))


def _nameless_lesson(view: ClassView, unit: UnitOfClass) -> LessonLine:
    cell = Cell(_shown(unit))
    return LessonLine(view.titles[unit.unit], overview_present.cell_parts(cell), overview_present.cell_words(cell))


def _shown(unit: UnitOfClass) -> Shown:
    """A lesson as far as it may be told; only of a class that is large enough."""
    found = shown(unit.pupils, unit.counts[State.DONE], unit.counts[State.BUSY] + unit.counts[State.STUCK])
    assert found is not None
    return found


def _growth(row: GrowthRow) -> GrowthLine:
    g = row.growth
    who = ngettext("%(num)s leerling: %(steps)s", "%(num)s leerlingen: %(steps)s", g.pupils, steps=dashboard.step_words(g))
    return GrowthLine(row.title, of(g.start_right, g.start_total), of(g.end_right, g.end_total), who)


def _nameless_growth(row: GrowthRow, begun: int) -> list[GrowthLine]:
    g = row.growth
    least = min(begun, g.pupils)
    start, end = share(g.start_right, g.start_total, least), share(g.end_right, g.end_total, least)
    return [GrowthLine(row.title, _about(start), _about(end), "")] if start and end else []


def _misled(row: MisledRow, count: str) -> MisledLine:
    return MisledLine(row.question, f"{count} {row.words}", row.think, f"{row.title}, {row.moment}")


def _nameless_rule(row: RuleRow, found: Share) -> RuleLine:
    return RuleLine(row, 10 * found.tenths, overview_present.share_words(found))


def of(count: int, whole: int) -> str:
    return _("%(count)s van de %(whole)s", count=count, whole=whole)


def _about(found: Share) -> str:
    return _("ongeveer %(n)s van de 10", n=found.tenths)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def small_class_words(report: Report) -> str:
    """What stands on a report without names of a class of which nothing may be told."""
    if report.with_names or report.pupils >= FEWEST_IN_CLASS:
        return ""
    return _("Deze klas heeft minder dan tien leerlingen. Zonder namen kunnen we daar niets over zeggen.")


def chunks(titles: Sequence[tuple[str, str]], size: int = 6) -> list[list[tuple[str, str]]]:
    """The lessons in rows that fit a sheet, for the table of pupils."""
    return [list(titles[start : start + size]) for start in range(0, len(titles), size)]
