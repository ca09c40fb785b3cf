"""The beheerder's first page, the schools of an installation, and the log book."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import schools.class_views
import schools.contact_views
import schools.staff_views  # noqa: F401  (these three open the other doors of the same blueprint)
from access.domain import Role
from access.guards import requires, viewer
from access.policy import Permission
from accounts.actions import add_staff, draw_first_password
from common import audit
from common.clock import now
from common.database import commits, db, writing
from common.exports import download, to_csv
from common.forms import Form
from common.words import _
from protocols.parse import load_corpus
from schools import actions, forms, queries
from schools.admin import blueprint
from schools.log import log_rows, shown_events
from schools.models import School

__all__ = ["blueprint"]
EVENTS_ON_A_PAGE = 50


def _own_school() -> School:
    return queries.school_with_id(viewer().school_id) or abort(404)


# ---- the own school ----


@blueprint.get("/beheer")
@requires(Permission.MANAGE_SCHOOL)
def show_school() -> ResponseReturnValue:
    """The school at a glance, and what is still to be done before the first lesson."""
    return _school_page(Form(values={"naam": viewer().school_name}))


@blueprint.post("/beheer")
@requires(Permission.MANAGE_SCHOOL)
@commits
def change_school() -> ResponseReturnValue:
    """Another name for the school."""
    form = Form()
    name = forms.read_school_name(form, request.form)
    if form.problems:
        return _school_page(form), 422
    actions.rename_school(_own_school(), name, actor_id=viewer().id)
    flash(_("De naam van de school is gewijzigd."), "success")
    return redirect(url_for(".show_school"))


def _school_page(form: Form) -> str:
    school, classes = _own_school(), queries.classes_seen_by(viewer())
    pupils, mentors = queries.pupil_counts(school.id), queries.mentor_names(school.id)
    staff = [one for one in queries.staff_of(school.id) if one.is_active]
    return render_template(
        "admin/school.html",
        own=school,
        protocol=load_corpus().protocols[school.protocol],
        classes=classes,
        pupils=sum(pupils.values()),
        staff=staff,
        has_teamleider=any(one.role == Role.TEAMLEIDER for one in staff),
        contacts=queries.contacts_of(school.id),
        without_pupils=[one for one in classes if not pupils.get(one.id)],
        without_mentor=[one for one in classes if not mentors.get(one.id)],
        form=form,
        problems=form.problems,
    )


# ---- all schools of the installation ----


@blueprint.get("/beheer/scholen")
@requires(Permission.CREATE_SCHOOL)
def list_schools() -> ResponseReturnValue:
    """Every school of the installation, with counts and no names of people."""
    return render_template("admin/schools.html", rows=queries.all_schools(), protocols=load_corpus().protocols)


@blueprint.get("/beheer/scholen/nieuw")
@requires(Permission.CREATE_SCHOOL)
def school_new() -> ResponseReturnValue:
    return _new_school_page(Form(), Form())


@blueprint.post("/beheer/scholen/nieuw")
@requires(Permission.CREATE_SCHOOL)
def school_add() -> ResponseReturnValue:
    """A school with its first beheerder, whose password is shown once."""
    form, made = forms.read_school(request.form)
    fields = {"naam": request.form.get("beheerder", ""), "email": request.form.get("email", ""), "rol": Role.BEHEERDER.value}
    person_form, person = forms.read_staff(fields)
    if made is None or person is None:
        return _new_school_page(form, person_form), 422
    db.session.rollback()
    first = draw_first_password()
    with writing():
        school_id = actions.add_school(made.name, made.protocol, now(), actor_id=viewer().id).id
        beheerder = add_staff(school_id, Role.BEHEERDER, person.name, person.email, first, now())
        audit.note("medewerker-gemaakt", school_id, viewer().id, beheerder.id)
    return render_template("admin/password_once.html", name=person.name, email=person.email, password=first.password, school_name=made.name,
                           back=url_for(".list_schools"), back_text=_("Scholen"))  # fmt: skip


def _new_school_page(form: Form, person_form: Form) -> str:
    for problem in person_form.problems:
        form.add("beheerder" if problem.id == "naam" else problem.id, problem.text)
    form.values |= {"beheerder": person_form.values.get("naam", ""), "email": person_form.values.get("email", "")}
    return render_template("admin/school_new.html", form=form, problems=form.problems, protocols=load_corpus().protocols)


# ---- the log book ----


@blueprint.get("/beheer/logboek")
@requires(Permission.READ_AUDIT)
def show_audit() -> ResponseReturnValue:
    """Who did what and when, newest first."""
    asked, total = request.args.get("bladzijde", ""), queries.audit_count(viewer().school_id)
    pages = max(1, -(-total // EVENTS_ON_A_PAGE))
    page = min(pages, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    events = queries.audit_events(viewer().school_id, first=(page - 1) * EVENTS_ON_A_PAGE, most=EVENTS_ON_A_PAGE)
    return render_template("admin/audit.html", events=shown_events(viewer().school_id, events), page=page, pages=pages, total=total)


@blueprint.get("/beheer/logboek.csv")
@requires(Permission.READ_AUDIT)
def export_audit() -> ResponseReturnValue:
    """The whole log book as a file. That it was taken out is a line in it too."""
    rows = log_rows(shown_events(viewer().school_id, queries.audit_events(viewer().school_id)))
    with writing():
        audit.note("uitvoer", viewer().school_id, viewer().id, "logboek")
    return download(to_csv(rows), "netjes-logboek.csv")
