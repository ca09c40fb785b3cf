"""The grid in which a mentor types over what pupils without a device answered on the printed sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from accounts.models import Person
from accounts.queries import pupils_of
from common import audit
from common.clock import now
from common.database import commits, is_id
from common.forms import FieldProblem, clean_text
from common.words import _, ngettext
from lessons.library import Lesson
from lessons.paper import MOMENTS, Column, columns, pupils_per_page
from lessons.paper_actions import Counts, Typed, as_pupil, given_answers, is_from_paper, one_form_at_a_time, type_over
from lessons.player import blueprint
from lessons.queries import lesson_seen_by
from quizzes.models import Answer
from quizzes.paper import LONGEST, Unread, answer_in, as_typed, how_to_type, pattern_of
from schools.models import SchoolClass
from schools.present import class_title
from schools.queries import book_of, class_seen_by

PAGE = "/klassen/<string:class_id>/lessen/<string:unit>/invoeren"
HALVES = (1, 2)
TAKE_BACK = "-"
# What may go wrong when the wording of a question changed since it was answered.
NO_LONGER_FITS = (KeyError, IndexError, ValueError, StopIteration, TypeError)


@dataclass
class Sheet:
    """One page of the grid: a moment of a lesson, and some pupils of the class."""

    found: SchoolClass
    lesson: Lesson
    moment: str
    page: int
    pages: int
    pupils: list[Person]
    everybody: list[Person]
    by_half: dict[int, list[Column]]
    known: dict[tuple[str, str, str], Answer] = field(default_factory=dict)

    def cells(self) -> list[tuple[Person, Column]]:
        return [(pupil, column) for pupil in self.pupils for column in self.by_half[pupil.half]]


def _sheet(class_id: str, unit: str, moment: str, page: str) -> Sheet:
    """What was asked for: only a class of this mentor, and a lesson of its track."""
    found = (class_seen_by(viewer(), class_id) if is_id(class_id) else None) or abort(404)
    lesson = lesson_seen_by(viewer(), unit[:80])
    if lesson is None or lesson.unit.track != found.track or moment not in MOMENTS:
        abort(404)
    by_half = {half: columns(lesson, half, MOMENTS[moment]) for half in HALVES}
    everybody = sorted(pupils_of(found.id), key=lambda pupil: (pupil.half, pupil.display_name.casefold(), pupil.id))
    each = pupils_per_page(max(len(one) for one in by_half.values()))
    pages = max(1, -(-len(everybody) // each))
    number = int(page) if page.isdecimal() and len(page) < 4 and 1 <= int(page) <= pages else 1
    return Sheet(found, lesson, moment, number, pages, everybody[(number - 1) * each : number * each], everybody, by_half)


@blueprint.get(PAGE)
@requires(Permission.ENTER_PAPER)
def class_paper(class_id: str, unit: str) -> ResponseReturnValue:
    """The grid of one moment: a row for each pupil, a column for each question on the sheet of the pupil's half."""
    sheet = _sheet(class_id, unit, request.args.get("moment", "start"), request.args.get("deel", "1"))
    sheet.known = given_answers([pupil.id for pupil in sheet.everybody], sheet.lesson.slug)
    return _grid(sheet, {}, {})


@blueprint.post(PAGE)
@requires(Permission.ENTER_PAPER)
@commits
def class_paper_save(class_id: str, unit: str) -> ResponseReturnValue:
    """All that was typed, or nothing: a cell that cannot be read is told, and everything typed stays."""
    sheet = _sheet(class_id, unit, request.form.get("moment", "start"), request.form.get("deel", "1"))
    typed = {
        name: text
        for pupil, column in sheet.cells()
        if (text := clean_text(request.form.get(name := _name(pupil, column), ""))[: LONGEST + 1])
    }
    read, problems = _read(sheet, typed)
    one_form_at_a_time(read)
    sheet.known = given_answers([pupil.id for pupil in sheet.everybody], sheet.lesson.slug)
    if problems:
        return _grid(sheet, typed, problems), 422
    _tell(_keep(sheet, read))
    return redirect(url_for(".class_paper", class_id=sheet.found.id, unit=sheet.lesson.slug, moment=sheet.moment, deel=sheet.page))


def _name(pupil: Person, column: Column) -> str:
    return f"a:{pupil.id}:{column.key}"


def _read(sheet: Sheet, typed: dict[str, str]) -> tuple[dict[str, list[Typed]], dict[str, str]]:
    """What was typed as answers per pupil, and what could not be read by the name of the cell."""
    read: dict[str, list[Typed]] = {}
    problems: dict[str, str] = {}
    for pupil, column in sheet.cells():
        text = typed.get(name := _name(pupil, column))
        if text is None:
            continue
        try:
            value = None if text == TAKE_BACK else answer_in(column.screen.item, text)
        except Unread as unread:
            problems[name] = str(unread)
        else:
            read.setdefault(pupil.id, []).append((column.screen, value))
    return read, problems


def _keep(sheet: Sheet, read: dict[str, list[Typed]]) -> Counts:
    book, at, everything = book_of(viewer()), now(), Counts()
    for person in (pupil for pupil in sheet.pupils if pupil.id in read):
        pupil = as_pupil(person, viewer(), sheet.found.track)
        counts = type_over(pupil, sheet.lesson, book, read[person.id], sheet.known, at)
        if counts.changed:
            audit.note("antwoorden-ingevoerd", pupil.school_id, viewer().id, pupil.id)
        for name, count in vars(counts).items():
            setattr(everything, name, getattr(everything, name) + count)
    return everything


def _tell(counts: Counts) -> None:
    said = [
        ngettext("%(num)s antwoord ingevoerd.", "%(num)s antwoorden ingevoerd.", counts.entered) if counts.entered else "",
        ngettext("%(num)s antwoord verbeterd.", "%(num)s antwoorden verbeterd.", counts.corrected) if counts.corrected else "",
        ngettext("%(num)s antwoord teruggenomen.", "%(num)s antwoorden teruggenomen.", counts.taken_back) if counts.taken_back else "",
    ]
    flash(" ".join(filter(None, said)) or _("Er was niets nieuws om te bewaren."), "success" if counts.changed else "info")
    if counts.kept:
        flash(
            ngettext(
                "Bij %(num)s vraag stond al een antwoord dat de leerling zelf gaf. Dat is zo gebleven.",
                "Bij %(num)s vragen stond al een antwoord dat de leerling zelf gaf. Dat is zo gebleven.",
                counts.kept,
            ),
            "info",
        )


# ---- what the page shows ----


def _grid(sheet: Sheet, typed: dict[str, str], problems: dict[str, str]) -> str:
    groups = [_group(sheet, half, typed, problems) for half in HALVES]
    names = {_name(pupil, column): (pupil, column) for pupil, column in sheet.cells()}
    told = [
        FieldProblem(name, _("%(pupil)s, vraag %(n)s: %(text)s", pupil=names[name][0].display_name, n=names[name][1].number, text=text))
        for name, text in problems.items()
    ]
    return render_template(
        "lessons/paper_grid.html", sheet=sheet, title=class_title(sheet.found.name), groups=[one for one in groups if one["rows"]],
        problems=told, moments=_tabs(sheet), sheets=[(half, [one for one in sheet.everybody if one.half == half]) for half in HALVES],
        **_how_many(sheet),
    )  # fmt: skip


def _tabs(sheet: Sheet) -> list[dict[str, Any]]:
    words = {"start": _("Startvragen"), "les": _("In de les"), "eind": _("Eindvragen")}
    return [
        {"label": words[moment], "current": moment == sheet.moment,
         "url": url_for(".class_paper", class_id=sheet.found.id, unit=sheet.lesson.slug, moment=moment)}
        for moment in MOMENTS
    ]  # fmt: skip


def _how_many(sheet: Sheet) -> dict[str, int]:
    """How many of the answers of this moment are there, of the whole class."""
    cells = [(pupil.id, column.key) for pupil in sheet.everybody for column in sheet.by_half[pupil.half]]
    return {"there": sum((pupil, item, MOMENTS[sheet.moment]) in sheet.known for pupil, item in cells), "all": len(cells)}


def _group(sheet: Sheet, half: int, typed: dict[str, str], problems: dict[str, str]) -> dict[str, Any]:
    heads = [
        {"number": one.number, "question": one.screen.item.question, "how": how_to_type(one.keys), "pattern": pattern_of(one.keys),
         "wide": min(12, max(3, len(one.keys.rows) + 2 if not one.keys.many else 6))}
        for one in sheet.by_half[half]
    ]  # fmt: skip
    rows = [
        {"pupil": pupil, "cells": [_cell(sheet, pupil, column, typed, problems) for column in sheet.by_half[half]]}
        for pupil in sheet.pupils
        if pupil.half == half
    ]
    return {"half": half, "heads": heads, "rows": rows}


def _cell(sheet: Sheet, pupil: Person, column: Column, typed: dict[str, str], problems: dict[str, str]) -> dict[str, Any]:
    """What stands in a cell: an answer of the pupil's own, or a field, with what was typed over before."""
    name, row = _name(pupil, column), sheet.known.get((pupil.id, column.key, MOMENTS[sheet.moment]))
    return {
        "name": name, "typed": typed.get(name, ""), "problem": problems.get(name), "stored": _signs(column, row) if row else "",
        "is_own": row is not None and not is_from_paper(row),
    }  # fmt: skip


def _signs(column: Column, row: Answer) -> str:
    try:
        return as_typed(column.screen.item, row.value)
    except NO_LONGER_FITS:
        return "?"
