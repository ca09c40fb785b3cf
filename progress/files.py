"""What the pages show, as rows for a file: the same summaries, the same numbers.

What pupils wrote stays on the page: a file leaves the app, and open text was promised to the mentor's eyes only.
"""

from __future__ import annotations

from common.exports import Cell
from common.words import _
from progress.present import COUNTED, cell_words, helped, line_words, places_words, state_words, tally
from progress.queries import ClassView, UnitView
from progress.summaries import CheckPair, ItemSummary, Line, ScenarioSummary

Table = list[list[Cell]]


def class_table(view: ClassView) -> Table:
    """Pupils by units, with the counts below: the table of the class page."""
    summary = view.summary
    rows: Table = [[_("Leerling"), *view.titles.values()]]
    for pupil in summary.pupils:
        rows.append([pupil.name, *(cell_words(summary.going(pupil.id, unit.unit)) for unit in summary.units)])
    for state in COUNTED:
        rows.append([_("Aantal: %(state)s", state=state_words(state)), *(unit.counts[state] for unit in summary.units)])
    return rows


def class_sheets(view: ClassView) -> dict[str, Table]:
    why: Table = [[_("Leerling"), _("Waarom")]]
    why += [[pupil.name, words] for pupil, words in helped(view.summary, view.titles)]
    return {_("Voortgang"): class_table(view), _("Wie heeft hulp nodig"): why, _("Begin en eind"): _growth_table(view)}


def _growth_table(view: ClassView) -> Table:
    rows: Table = [[
        _("Les"), _("Leerlingen die beide deden"), _("Begin: goed"), _("Begin: van"), _("Eind: goed"), _("Eind: van"),
        _("Meer goed"), _("Evenveel"), _("Minder"),
    ]]  # fmt: skip
    for unit in view.summary.units:
        g = unit.growth
        rows.append([view.titles[unit.unit], g.pupils, g.start_right, g.start_total, g.end_right, g.end_total, g.more, g.same, g.less])
    return rows


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
    return rows + _scenario_rows(view.scenario)


def unit_sheets(view: UnitView) -> dict[str, Table]:
    """The same rows, the goals on a sheet of their own."""
    goals: Table = [[_("Leerdoel"), _("Leerlingen die beide deden"), _("Begin: goed"), _("Eind: goed")]]
    goals += [[pair.goal, pair.both, pair.start_right, pair.end_right] for pair in view.summary.checks if pair.is_scored]
    return {_("Vragen"): unit_table(view), _("Leerdoelen"): goals}


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
