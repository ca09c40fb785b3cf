"""Help at the school: the people to whom a pupil can go, kept by teamleider and beheerder."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from common.clock import now
from common.database import commits, is_id
from common.forms import Form
from common.words import _
from schools import actions, forms, queries
from schools.admin import blueprint
from schools.help import GROWS_OLD_AFTER, help_routes
from schools.models import SchoolContact

CONTACT = "/beheer/hulp/<string:contact_id>"
WAYS = {"omhoog": -1, "omlaag": 1}


def _contact(contact_id: str) -> SchoolContact:
    return (queries.contact_of(viewer(), contact_id) if is_id(contact_id) else None) or abort(404)


@blueprint.get("/beheer/hulp")
@requires(Permission.KEEP_CONTACTS)
def show_contacts() -> ResponseReturnValue:
    """The school's own people as pupils see them, and the national lines with the day they were checked."""
    contacts, tracks = queries.contacts_of(viewer().school_id), queries.tracks_of(viewer().school_id)
    old = [one for one in contacts if now() - one.checked_at > GROWS_OLD_AFTER]
    routes = help_routes("primair" if tracks == ["primair"] else "voortgezet")
    return render_template("admin/contacts.html", contacts=contacts, old=old, routes=routes, today=now().date())


@blueprint.get("/beheer/hulp/nieuw")
@requires(Permission.KEEP_CONTACTS)
def contact_new() -> ResponseReturnValue:
    return render_template("admin/contact_form.html", form=Form(), problems=[], contact=None)


@blueprint.post("/beheer/hulp/nieuw")
@requires(Permission.KEEP_CONTACTS)
@commits
def contact_add() -> ResponseReturnValue:
    form, made = forms.read_contact(request.form)
    if made is None:
        return render_template("admin/contact_form.html", form=form, problems=form.problems, contact=None), 422
    actions.add_contact(viewer().school_id, made.name, made.task, made.where, now(), actor_id=viewer().id)
    flash(_("Toegevoegd. Leerlingen zien het meteen op de bladzijde Hulp."), "success")
    return redirect(url_for(".show_contacts"))


@blueprint.get(CONTACT)
@requires(Permission.KEEP_CONTACTS)
def contact_edit(contact_id: str) -> ResponseReturnValue:
    contact = _contact(contact_id)
    form = Form(values={"naam": contact.name, "taak": contact.task, "waar": contact.where})
    return render_template("admin/contact_form.html", form=form, problems=[], contact=contact)


@blueprint.post(CONTACT)
@requires(Permission.KEEP_CONTACTS)
@commits
def contact_change(contact_id: str) -> ResponseReturnValue:
    contact = _contact(contact_id)
    form, made = forms.read_contact(request.form)
    if made is None:
        return render_template("admin/contact_form.html", form=form, problems=form.problems, contact=contact), 422
    actions.change_contact(contact, made.name, made.task, made.where, now(), actor_id=viewer().id)
    flash(_("Gewijzigd. Leerlingen zien het meteen."), "success")
    return redirect(url_for(".show_contacts"))


@blueprint.post(f"{CONTACT}/plaats")
@requires(Permission.KEEP_CONTACTS)
@commits
def contact_move(contact_id: str) -> ResponseReturnValue:
    """One place up or down."""
    contact, way = _contact(contact_id), WAYS.get(request.form.get("naar", ""))
    if way is not None:
        actions.move_contact(queries.contacts_of(viewer().school_id), contact, way, actor_id=viewer().id)
    return redirect(url_for(".show_contacts"))


@blueprint.post(f"{CONTACT}/verwijderen")
@requires(Permission.KEEP_CONTACTS)
@commits
def contact_remove(contact_id: str) -> ResponseReturnValue:
    """Away from the list, after a yes: it may be the only person a pupil knows to go to."""
    contact = _contact(contact_id)
    if request.form.get("zeker") != "1":
        form = Form(values={"naam": contact.name, "taak": contact.task, "waar": contact.where})
        form.add("zeker", _("Zet eerst een vinkje."))
        return render_template("admin/contact_form.html", form=form, problems=form.problems, contact=contact), 422
    actions.remove_contact(contact, actor_id=viewer().id)
    flash(_("Weggehaald. Leerlingen zien deze persoon niet meer."), "success")
    return redirect(url_for(".show_contacts"))


@blueprint.post("/beheer/hulp/nagekeken")
@requires(Permission.KEEP_CONTACTS)
@commits
def contact_confirm() -> ResponseReturnValue:
    """The whole list was looked at and still holds."""
    actions.confirm_contacts(queries.contacts_of(viewer().school_id), viewer().school_id, now(), actor_id=viewer().id)
    flash(_("Fijn. De lijst is vandaag nagekeken."), "success")
    return redirect(url_for(".show_contacts"))
