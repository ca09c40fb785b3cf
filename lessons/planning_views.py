"""Planning: which lessons a class gets, in which order and when. For the mentor of the class, and for the teamleider."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.domain import Role
from access.guards import requires, viewer
from access.policy import Permission
from common.clock import now, today
from common.database import commits, is_id
from common.days import day_words
from common.forms import FieldProblem, clean_text
from common.words import _
from lessons.agenda import Draft, Planned, draft_of, follows_dates, next_planned, read_draft, when_words
from lessons.library import Lesson
from lessons.player import blueprint
from lessons.queries import lessons_for
from schools.actions import one_list_at_a_time
from schools.models import SchoolClass
from schools.planning import class_to_plan, classes_to_plan, fingerprint, keep_plan, plan_of, plans_of
from schools.present import class_title
from schools.queries import classes_seen_by

PAGE = "/klassen/<string:class_id>/planning"


def _class(class_id: str) -> SchoolClass:
    return (class_to_plan(viewer(), class_id) if is_id(class_id) else None) or abort(404)


def _units(found: SchoolClass) -> dict[str, Lesson]:
    return {lesson.slug: lesson for lesson in lessons_for(found.school_id, found.track)}


def _page(found: SchoolClass, units: dict[str, Lesson], draft: Draft, stored: list[Planned], problems: list[FieldProblem]) -> str:
    rows = [_row(units[unit], draft) for unit in draft.units]
    return render_template(
        "lessons/planning.html", found=found, title=class_title(found.name), rows=rows, problems=problems,
        rest=[lesson for unit, lesson in units.items() if unit not in draft.units], first=today(), seen=fingerprint(stored),
        gone=sum(unit not in units for unit, _day in stored), out_of_order=not follows_dates(draft.plan),
        is_mentor=viewer().role is Role.MENTOR,
        back=url_for("progress.show_class", class_id=found.id) if viewer().role is Role.MENTOR else url_for(".list_plans"),
    )  # fmt: skip


def _row(lesson: Lesson, draft: Draft) -> dict[str, Any]:
    day, typed = draft.days.get(lesson.slug), draft.typed.get(lesson.slug, "")
    # A date field shows nothing of what is no date; then a plain field keeps what was typed.
    return {
        "lesson": lesson, "slug": lesson.slug, "typed": day.isoformat() if day else typed, "is_day": day is not None or not typed,
        "words": day_words(day, today()) if day else "", "problem": draft.problems.get(lesson.slug),
    }  # fmt: skip


@blueprint.get(PAGE)
@requires(Permission.PLAN_LESSONS)
def class_plan(class_id: str) -> ResponseReturnValue:
    """The plan, with the lessons that are not in it below."""
    found = _class(class_id)
    units, stored = _units(found), plan_of(found.id)
    return _page(found, units, draft_of(stored, units), stored, [])


@blueprint.post(PAGE)
@requires(Permission.PLAN_LESSONS)
@commits
def class_plan_save(class_id: str) -> ResponseReturnValue:
    """Every button keeps the whole form: the order, the days, and what the button itself asks."""
    found = _class(class_id)
    one_list_at_a_time(found)
    units, stored = _units(found), plan_of(found.id)
    typed = {unit: clean_text(request.form.get(f"datum:{unit}", ""))[:40] for unit in units}
    draft = read_draft(request.form.getlist("les"), typed, units, stored, today())
    pressed = request.form.get("doe", "bewaar")
    draft.press(pressed, list(units))
    problems = [FieldProblem(f"datum:{unit}", f"{units[unit].unit.title}: {text}") for unit, text in draft.problems.items()]
    if request.form.get("gezien", "") != fingerprint(stored):
        problems.insert(0, FieldProblem("planning", _somebody_was_first(stored, units)))
    if problems:
        return _page(found, units, draft, stored, problems), 422
    keep_plan(found, draft.plan, now(), actor_id=viewer().id)
    what, _colon, unit = pressed.partition(":")
    if what in ("omhoog", "omlaag"):
        return redirect(url_for(".class_plan", class_id=found.id, _anchor=f"les-{unit}" if unit in units else None))
    flash(_("De planning is bewaard. Leerlingen zien haar meteen.") if draft.units else _("De planning is leeg."), "success")
    return redirect(url_for(".class_plan", class_id=found.id))


def _somebody_was_first(stored: list[Planned], units: dict[str, Lesson]) -> str:
    titles = [units[unit].unit.title + (f" ({day_words(day, today())})" if day else "") for unit, day in stored if unit in units]
    return _(
        "Een collega veranderde deze planning terwijl je bezig was. Nu staat er: %(plan)s. "
        "Kijk na wat hieronder staat en bewaar opnieuw; dan geldt dat.",
        plan="; ".join(titles) or _("niets"),
    )


@blueprint.get("/docent/planning")
@requires(Permission.PLAN_LESSONS)
def list_plans() -> ResponseReturnValue:
    """The plans of all classes beside each other: of the own ones for a mentor, of the school for a teamleider."""
    classes = classes_seen_by(viewer()) if viewer().role is Role.MENTOR else classes_to_plan(viewer().school_id)
    plans = plans_of([found.id for found in classes])
    lessons = {track: {one.slug: one for one in lessons_for(viewer().school_id, track)} for track in {found.track for found in classes}}
    rows = [_plan_row(found, plans[found.id], lessons[found.track]) for found in classes]
    return render_template("lessons/plans.html", rows=rows)


def _plan_row(found: SchoolClass, plan: list[Planned], units: dict[str, Lesson]) -> dict[str, Any]:
    """A class in the list: what is still to come, from today on, and how many units are planned in all."""
    known = [(unit, day) for unit, day in plan if unit in units]
    over = {unit for unit, day in known if day and day < today()}
    upcoming = next_planned(known, units, over)
    return {
        "found": found, "title": class_title(found.name), "count": len(known),
        "next": (units[upcoming[0]].unit.title, when_words(upcoming[1], today())) if upcoming else None,
    }  # fmt: skip
