"""What the pages show, as rows for a file: the same summaries, the same numbers.

What pupils wrote stays on the page: a file leaves the app, and open text was promised to the mentor's eyes only.
"""

from __future__ import annotations

from collections.abc import Mapping

from common.exports import Cell
from common.words import _
from lessons.review import Went
from progress.domain import Pupil
from progress.filters import Filter
from progress.present import (
    before_and_after,
    care_state_words,
    cell_words,
    counted_states,
    filter_words,
    growth_rows,
    handled_rows,
    help_rows,
    line_words,
    misled_rows,
    next_rows,
    places_words,
    review_words,
    rule_rows,
    state_words,
    tally,
    when_words,
)  # fmt: skip
from progress.queries import ClassView, UnitView
from progress.summaries import CheckPair, ItemSummary, Line, ScenarioSummary
from protocols.domain import RuleBook

Table = list[list[Cell]]


def class_table(view: ClassView) -> Table:
    """Pupils by units, with the counts below: the table of the class page. Under a filter the last row says what it shows."""
    summary, titles = view.summary, view.shown_titles
    rows: Table = [[_("Leerling"), *titles.values()]]
    for pupil in summary.pupils:
        rows.append([pupil.name, *(cell_words(summary.going(pupil.id, unit), summary.state(pupil.id, unit)) for unit in titles)])
    for state in counted_states(view.filter):
        rows.append([_("Aantal: %(state)s", state=state_words(state)), *(unit.counts[state] for unit in summary.units)])
    return [*rows, *_shown(view.filter, view.titles)]


def class_tables(view: ClassView, book: RuleBook) -> dict[str, tuple[str, Table]]:
    """Every table of the class page by its name in an address, each with its title."""
    return {
        "leerlingen": (_("Voortgang"), class_table(view)), "hulp": (_("Wie heeft hulp nodig"), help_table(view)),
        "mis": (_("Hier gaat het mis"), misled_table(view)), "afspraken": (_("Afspraken"), rules_table(view, book)),
        "groei": (_("Begin en eind"), growth_table(view)), "volgende": (_("Volgende les"), next_table(view, book)),
    }  # fmt: skip


def unit_tables(view: UnitView) -> dict[str, tuple[str, Table]]:
    """The counts of the unit page, and its goals."""
    return {"vragen": (_("Vragen"), unit_table(view)), "leerdoelen": (_("Leerdoelen"), goals_table(view))}


def sheets(tables: Mapping[str, tuple[str, Table]]) -> dict[str, Table]:
    """All of them as one workbook, a sheet each."""
    return dict(tables.values())


def _shown(found: Filter, titles: Mapping[str, str]) -> Table:
    return [[_("Gefilterd op"), filter_words(found, titles)]] if found.is_on else []


def help_table(view: ClassView) -> Table:
    """Who needs help and why, and what was taken up. What a mentor wrote stays on the page."""
    rows: Table = [[_("Leerling"), _("Waarom"), _("Stand")]]
    for row in help_rows(view):
        rows += [[pupil.name, line.words, line.back or _("open")] for pupil in row.pupils for line in row.lines]
    return rows + [[pupil.name, line.words, care_state_words(care.state)] for pupil, line, care in handled_rows(view)]


def misled_table(view: ClassView) -> Table:
    rows: Table = [[_("Les"), _("Vraag"), _("Wanneer"), _("Wat misging"), _("Aantal"), _("Van")]]
    return rows + [[one.title, one.question, one.moment, one.words, one.count, one.of] for one in misled_rows(view)]


def rules_table(view: ClassView, book: RuleBook) -> Table:
    rows: Table = [[_("Afspraak"), _("Artikel"), _("Antwoorden goed"), _("Van"), _("Kent de klas het?")]]
    for one in rule_rows(view, book):
        articles = ", ".join(cite.label for cite in one.shown.cites)
        rows.append([one.shown.question, articles, one.right, one.total, _("ja") if one.is_known else _("nog niet")])
    return rows


def growth_table(view: ClassView) -> Table:
    rows: Table = [[
        _("Les"), _("Leerlingen die beide deden"), _("Begin: goed"), _("Begin: van"), _("Eind: goed"), _("Eind: van"),
        _("Meer goed"), _("Evenveel"), _("Minder"),
    ]]  # fmt: skip
    for one in growth_rows(view):
        g = one.growth
        rows.append([one.title, g.pupils, g.start_right, g.start_total, g.end_right, g.end_total, g.more, g.same, g.less])
    return rows


def next_table(view: ClassView, book: RuleBook) -> Table:
    rows: Table = [[_("Les"), _("Waarom")]]
    return rows + [[one.title, one.why] for one in next_rows(view, book)]


def unit_table(view: UnitView) -> Table:
    """Every count of the unit page, a row each."""
    head: list[Cell] = [_("Deel"), _("Vraag"), _("Antwoord of onderdeel"), _("Wat is geteld"), _("Aantal"), _("Van"), _("Oordeel")]
    rows: Table = [head]
    for pair in view.summary.checks:
        rows += _check_rows(pair)
    for item in view.summary.items:
        rows += _item_rows(_("In de les"), item)
    for item in view.summary.talks:
        rows += _item_rows(_("Om over te praten"), item)
    for item in view.summary.opinions:
        rows += _item_rows(_("Mening"), item)
    return rows + _scenario_rows(view.scenario) + _shown(view.filter, {})


def goals_table(view: UnitView) -> Table:
    goals: Table = [[_("Leerdoel"), _("Leerlingen die beide deden"), _("Begin: goed"), _("Eind: goed")]]
    return goals + [
        [pair.goal, pair.both, pair.start_right, pair.end_right] for pair in view.summary.checks if pair.is_scored and pair.both
    ]


def pupil_table(view: ClassView, pupil: Pupil, reviews: Mapping[str, Went]) -> Table:
    """One pupil in every lesson: the table of the page of a pupil, without what the pupil wrote."""
    rows: Table = [[_("Les"), _("Hoe ver"), _("Wanneer"), _("Begin en eind"), _("Ophalen")]]
    for lesson in view.lessons:
        going = view.summary.going(pupil.id, lesson.slug)
        rows.append(
            [lesson.unit.title, cell_words(going), when_words(going), before_and_after(going), review_words(reviews.get(lesson.slug))]
        )
    return rows


def _check_rows(pair: CheckPair) -> Table:
    rows: Table = []
    for form in pair.forms:
        rows += _item_rows(_("Begin"), form.start)
        rows += _item_rows(_("Eind"), form.end)
    return rows


def _item_rows(part: str, item: ItemSummary) -> Table:
    if not item.answered:
        return []
    whole: list[Cell] = [part, item.question, _("Hele vraag"), _("hadden dit goed"), item.right, item.scored, ""]
    return [*([whole] if item.scored else []), *(_line_row(part, item, line) for line in item.lines)]


def _line_row(part: str, item: ItemSummary, line: Line) -> list[Cell]:
    counted = tally(item, line)
    words = ", ".join(filter(None, [line_words(item, line), places_words(line)]))
    return [part, item.question, line.text, counted.what, counted.count, counted.of, words]


def _scenario_rows(scenario: ScenarioSummary) -> Table:
    rows: Table = []
    for title, count in scenario.endings if scenario.began else ():
        rows.append([_("Gesprek"), scenario.title, _("Afloop: %(title)s", title=title), _("kwamen hier uit"), count, scenario.began, ""])
    for point in scenario.turning_points:
        rows += [[_("Gesprek"), point.scene, text, _("kozen dit"), count, point.passed, ""] for text, _line, count in point.choices]
    return rows
