"""What a teamleider sees of the own school: counts only, on the screen, on paper and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from common import audit, pdf
from common.clock import now, today
from common.database import writing
from common.exports import download, to_xlsx
from common.forms import FieldProblem
from common.words import _
from lessons.library import Lesson
from progress import overview_present as present
from progress import overview_queries as queries
from progress.overview import Overview, Period, Scope, look
from progress.views import blueprint
from protocols.domain import RuleBook
from schools.domain import YEAR_GROUPS
from schools.queries import book_of, contacts_of

SCHOOL = "/voortgang"


@dataclass(frozen=True)
class Seen:
    """The page as it was asked for. problems: what was asked and is not there."""

    view: Overview
    book: RuleBook
    lessons: list[Lesson]
    year_groups: list[str]
    problems: list[FieldProblem]
    points: list[present.Todo]

    @property
    def args(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        scope = self.view.scope
        found = {"les": scope.unit, "jaargroep": scope.year_group, "periode": "" if scope.period is Period.THIS else scope.period.value}
        return {name: value for name, value in found.items() if value}


def _seen() -> Seen:
    """Everything of the viewer's own school, as far as the filters ask for it: a fixed number of selects."""
    classes = queries.classes_of(viewer())
    lessons = queries.lessons_of(viewer(), classes, YEAR_GROUPS)
    all_lessons = [lesson for those in lessons.values() for lesson in those]
    year_groups = [name for name in YEAR_GROUPS if any(one.year_group == name for one in classes)]
    scope, problems = read_scope(request.args, {lesson.slug for lesson in all_lessons}, set(year_groups))
    book = book_of(viewer())
    view = look(queries.count(viewer(), classes, lessons, today()), lessons, book, scope)
    broken = queries.lessons_that_no_longer_fit(viewer().school_id) if viewer().has_own_lessons else []
    points = present.todos(contacts_of(viewer().school_id), broken, now())
    return Seen(view, book, all_lessons, year_groups, problems, points)


def read_scope(source: Mapping[str, str], units: set[str], year_groups: set[str]) -> tuple[Scope, list[FieldProblem]]:
    """The filters of an address. What does not exist is left out, and that is said."""
    unit, year_group, period = source.get("les", ""), source.get("jaargroep", ""), source.get("periode", "")
    problems = []
    if unit and unit not in units:
        problems.append(FieldProblem("les", _("Deze les is er niet. Je ziet alle lessen.")))
    if year_group and year_group not in year_groups:
        problems.append(FieldProblem("jaargroep", _("Deze jaargroep heeft jullie school niet. Je ziet ze allemaal.")))
    if period and period not in set(Period):
        problems.append(FieldProblem("periode", _("Dit schooljaar kennen we niet. Je ziet het schooljaar van nu.")))
    return Scope(
        unit=unit if unit in units else None,
        year_group=year_group if year_group in year_groups else None,
        period=Period(period) if period in set(Period) else Period.THIS,
    ), problems


def _context(seen: Seen) -> dict[str, Any]:
    """What the page and the report share."""
    return {
        "seen": seen, "view": seen.view, "book": seen.book, "words": present, "args": seen.args, "points": seen.points,
        "several": present.has_several_tracks(seen.view), "period": present.period_words(seen.view.scope.period, today()),
        "day": today(), "can_draw": pdf.can_draw(), "only": _only(seen),
    }  # fmt: skip


def _only(seen: Seen) -> list[str]:
    """What is left out, for the head of a report."""
    scope = seen.view.scope
    title = next((present.lesson_title(one, True) for one in seen.lessons if one.slug == scope.unit), None)
    return [*([_("alleen de les ‘%(title)s’", title=title)] if title else []), *([scope.year_group] if scope.year_group else [])]


@blueprint.get(SCHOOL)
@requires(Permission.SEE_SCHOOL)
def show_school() -> ResponseReturnValue:
    """How far the classes are, what was learned, and what of the own protocol is taught, asked and known."""
    seen = _seen()
    periods = [(period.value, present.period_words(period, today())) for period in Period]
    return render_template("progress/school.html", **_context(seen), periods=periods)


@blueprint.get(f"{SCHOOL}/verslag")
@requires(Permission.SEE_SCHOOL)
def show_school_report() -> ResponseReturnValue:
    """The same on paper, for the safety plan."""
    return render_template("progress/school_report.html", **_context(_seen()))


@blueprint.get(f"{SCHOOL}/verslag.pdf")
@requires(Permission.SEE_SCHOOL)
def school_report_pdf() -> ResponseReturnValue:
    """The report as a file; only where it can be drawn."""
    if not pdf.can_draw():
        abort(404)
    seen = _seen()
    page = render_template("progress/school_report_pdf.html", **_context(seen))
    _note_export()
    return drawn(page, "netjes-voortgang-school.pdf", url_for(".show_school", **seen.args))  # type: ignore[arg-type]


@blueprint.get(f"{SCHOOL}/uitvoer.xlsx")
@requires(Permission.SEE_SCHOOL)
def export_school() -> ResponseReturnValue:
    """The tables of the page as a workbook."""
    seen = _seen()
    period = present.period_words(seen.view.scope.period, today())
    head = [
        (_("School"), viewer().school_name), (_("Periode"), period), (_("Keuze"), ", ".join(_only(seen)) or _("de hele school")),
        (_("Gemaakt op"), today().isoformat()),
    ]  # fmt: skip
    _note_export()
    return download(to_xlsx(present.sheets(seen.view, seen.book, seen.points, head)), "netjes-voortgang-school.xlsx")


def _note_export() -> None:
    with writing():
        audit.note("uitvoer", viewer().school_id, viewer().id, "voortgang")


def drawn(page: str, filename: str, instead: str) -> ResponseReturnValue:
    """A report as PDF; the name of the file tells what it is and never of whom. One that is too long leads back, with a word."""
    if len(page) > pdf.LONGEST_REPORT:
        flash(_("Dit verslag is te lang om er een pdf van te maken. Je kunt het wel afdrukken."), "info")
        return redirect(instead)
    try:
        found = pdf.draw(page, current_app.extensions["assets"], longest=pdf.LONGEST_REPORT)
    except pdf.TooBusy:
        abort(429)
    response = Response(found.body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
