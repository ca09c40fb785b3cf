"""The beheerder's staff: made with a password that is shown once, shut out, let in again, given another role."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.domain import Role
from access.guards import requires, viewer
from access.policy import Permission
from accounts import actions as accounts
from accounts.confirm import password_problem
from accounts.models import Person
from common import audit
from common.clock import now
from common.database import commits, db, is_id, writing
from common.forms import Form
from common.words import _
from schools import actions, forms, queries
from schools.admin import blueprint, typed_password

STAFF = "/beheer/medewerkers/<string:person_id>"


def _person(person_id: str) -> Person:
    """A member of staff of the own school, else 404."""
    return (queries.staff_member(viewer(), person_id) if is_id(person_id) else None) or abort(404)


def _may_change(person: Person) -> bool:
    """Not the own account, and who runs the installation only by another who does: nobody may climb this way."""
    return person.id != viewer().id and (not person.runs_installation or viewer().runs_installation)


def _changeable(person_id: str) -> Person:
    person = _person(person_id)
    if not _may_change(person):
        abort(403)
    return person


@blueprint.get("/beheer/medewerkers")
@requires(Permission.MANAGE_SCHOOL)
def list_staff() -> ResponseReturnValue:
    school_id = viewer().school_id
    return render_template("admin/staff.html", staff=queries.staff_of(school_id), classes=queries.classes_of_mentors(school_id), now=now())


@blueprint.get("/beheer/medewerkers/nieuw")
@requires(Permission.MANAGE_SCHOOL)
def staff_new() -> ResponseReturnValue:
    return render_template("admin/staff_new.html", form=Form(), problems=[])


@blueprint.post("/beheer/medewerkers/nieuw")
@requires(Permission.MANAGE_SCHOOL)
def staff_add() -> ResponseReturnValue:
    """A new account. To make a beheerder the own password is asked again, since that gives away every right."""
    form, made = forms.read_staff(request.form)
    if made is not None and made.role is Role.BEHEERDER and (problem := password_problem(viewer().id, typed_password())):
        form.add("wachtwoord", problem)
    if made is None or form.problems:
        return render_template("admin/staff_new.html", form=form, problems=form.problems), 422
    db.session.rollback()
    first = accounts.draw_first_password()
    with writing():
        person = accounts.add_staff(viewer().school_id, made.role, made.name, made.email, first, now())
        audit.note("medewerker-gemaakt", viewer().school_id, viewer().id, person.id)
    return _password_once(made.name, made.email, first.password)


def _password_once(name: str, email: str | None, password: str) -> str:
    return render_template("admin/password_once.html", name=name, email=email, password=password, school_name=viewer().school_name,
                           back=url_for(".list_staff"), back_text=_("Medewerkers"))  # fmt: skip


@blueprint.get(STAFF)
@requires(Permission.MANAGE_SCHOOL)
def staff_show(person_id: str) -> ResponseReturnValue:
    return _staff_page(_person(person_id), Form())


def _staff_page(person: Person, form: Form) -> str:
    classes = queries.classes_of_mentors(person.school_id).get(person.id, [])
    return render_template("admin/staff_member.html", person=person, classes=classes, may_change=_may_change(person), form=form,
                           problems=form.problems, now=now())  # fmt: skip


@blueprint.post(f"{STAFF}/rol")
@requires(Permission.MANAGE_SCHOOL)
def staff_role(person_id: str) -> ResponseReturnValue:
    """Another role, at once and in open sessions too. Asks the own password again."""
    _changeable(person_id)
    form = Form()
    role = form.pick(request.form, "rol", forms.STAFF_ROLES, label=_("een rol"))
    if problem := password_problem(viewer().id, typed_password()):
        form.add("wachtwoord-rol", problem)
    if form.problems:
        return _staff_page(_changeable(person_id), form), 422
    with writing():
        person = _changeable(person_id)
        actions.change_role(person, Role(role), actor_id=viewer().id)
    flash(_("De rol is gewijzigd."), "success")
    return redirect(url_for(".staff_show", person_id=person_id))


@blueprint.post(f"{STAFF}/toegang")
@requires(Permission.MANAGE_SCHOOL)
@commits
def staff_access(person_id: str) -> ResponseReturnValue:
    """Shut an account, which ends its sessions at once, or open it again."""
    person, form = _changeable(person_id), Form()
    opens = form.pick(request.form, "toegang", ("aan", "uit"), label=_("of het account aan of uit moet")) == "aan"
    if form.problems:
        return _staff_page(person, form), 422
    accounts.set_active(person, active=opens)
    audit.note("medewerker-aangezet" if opens else "medewerker-uitgezet", person.school_id, viewer().id, person.id)
    said = _("Het account staat weer aan.") if opens else _("Het account staat uit. Wie was ingelogd, is er nu uit.")
    flash(said, "success")
    return redirect(url_for(".staff_show", person_id=person.id))


@blueprint.post(f"{STAFF}/wachtwoord")
@requires(Permission.MANAGE_SCHOOL)
def staff_password(person_id: str) -> ResponseReturnValue:
    """A new first password, shown once; if asked, the second step is set up anew as well. Asks the own password again."""
    _changeable(person_id)
    form = Form()
    if problem := password_problem(viewer().id, typed_password()):
        form.add("wachtwoord-nieuw", problem)
        return _staff_page(_changeable(person_id), form), 422
    first = accounts.draw_first_password()
    with writing():
        person = _changeable(person_id)
        accounts.renew_password(person, first, now(), forget_totp=request.form.get("tweede-stap") == "1")
        audit.note("wachtwoord-vernieuwd", person.school_id, viewer().id, person.id)
        name, email = person.display_name, person.email
    return _password_once(name, email, first.password)
