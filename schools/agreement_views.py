"""What a class agrees on in its own words: kept by its mentor, read by its pupils, and a poster for the wall."""

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
from schools.domain import LONGEST_AGREEMENT, MOST_AGREEMENTS
from schools.models import ClassAgreement, SchoolClass
from schools.present import class_title, poster_size
from schools.views import blueprint

LIST = "/klassen/<string:class_id>/afspraken"
ONE = f"{LIST}/<string:agreement_id>"
WAYS = {"omhoog": -1, "omlaag": 1}


def _class(class_id: str) -> SchoolClass:
    """A class of this mentor; every other is 404, the same as one that is not there."""
    return (queries.class_seen_by(viewer(), class_id) if is_id(class_id) else None) or abort(404)


def _one(found: SchoolClass, agreement_id: str) -> ClassAgreement:
    return next((one for one in queries.class_agreements_of(found.id) if one.id == agreement_id), None) or abort(404)


def _list_page(found: SchoolClass, form: Form) -> str:
    return render_template(
        "schools/class_agreements.html", found=found, title=class_title(found.name), agreements=queries.class_agreements_of(found.id),
        most=MOST_AGREEMENTS, longest=LONGEST_AGREEMENT, form=form, problems=form.problems,
    )  # fmt: skip


def _form_page(found: SchoolClass, agreement: ClassAgreement, form: Form) -> str:
    return render_template(
        "schools/class_agreement_form.html", found=found, title=class_title(found.name), agreement=agreement, longest=LONGEST_AGREEMENT,
        form=form, problems=form.problems,
    )  # fmt: skip


@blueprint.get(LIST)
@requires(Permission.KEEP_CLASS_AGREEMENTS)
def class_agreements(class_id: str) -> ResponseReturnValue:
    """The list as pupils see it, with what it takes to change it."""
    return _list_page(_class(class_id), Form())


@blueprint.post(LIST)
@requires(Permission.KEEP_CLASS_AGREEMENTS)
@commits
def class_agreement_add(class_id: str) -> ResponseReturnValue:
    found = _class(class_id)
    form, text = forms.read_class_agreement(request.form, (one.text for one in queries.class_agreements_of(found.id)))
    if not form.problems and actions.add_class_agreement(found, text, now(), actor_id=viewer().id) is None:
        form.add("tekst", _("De lijst is vol: %(n)s afspraken. Haal er eerst een weg.", n=MOST_AGREEMENTS))
    if form.problems:
        return _list_page(found, form), 422
    flash(_("Toegevoegd. De klas ziet de afspraak meteen."), "success")
    return redirect(url_for(".class_agreements", class_id=found.id))


@blueprint.get(ONE)
@requires(Permission.KEEP_CLASS_AGREEMENTS)
def class_agreement_edit(class_id: str, agreement_id: str) -> ResponseReturnValue:
    found = _class(class_id)
    agreement = _one(found, agreement_id)
    return _form_page(found, agreement, Form(values={"tekst": agreement.text}))


@blueprint.post(ONE)
@requires(Permission.KEEP_CLASS_AGREEMENTS)
@commits
def class_agreement_change(class_id: str, agreement_id: str) -> ResponseReturnValue:
    found = _class(class_id)
    agreement = _one(found, agreement_id)
    others = (one.text for one in queries.class_agreements_of(found.id) if one.id != agreement.id)
    form, text = forms.read_class_agreement(request.form, others)
    if form.problems:
        return _form_page(found, agreement, form), 422
    actions.change_class_agreement(found, agreement, text, now(), actor_id=viewer().id)
    flash(_("Gewijzigd. De klas ziet het meteen."), "success")
    return redirect(url_for(".class_agreements", class_id=found.id))


@blueprint.post(f"{ONE}/plaats")
@requires(Permission.KEEP_CLASS_AGREEMENTS)
@commits
def class_agreement_move(class_id: str, agreement_id: str) -> ResponseReturnValue:
    """One place up or down."""
    found, way = _class(class_id), WAYS.get(request.form.get("naar", ""))
    agreement = _one(found, agreement_id)
    if way is not None:
        actions.move_class_agreement(found, agreement, way, actor_id=viewer().id)
    return redirect(url_for(".class_agreements", class_id=found.id, _anchor=f"afspraak-{agreement.id}"))


@blueprint.post(f"{ONE}/verwijderen")
@requires(Permission.KEEP_CLASS_AGREEMENTS)
@commits
def class_agreement_remove(class_id: str, agreement_id: str) -> ResponseReturnValue:
    """Off the list, after a yes: the class made it together."""
    found = _class(class_id)
    agreement = _one(found, agreement_id)
    if request.form.get("zeker") != "1":
        form = Form(values={"tekst": agreement.text})
        form.add("zeker", _("Zet eerst een vinkje."))
        return _form_page(found, agreement, form), 422
    actions.remove_class_agreement(found, agreement, actor_id=viewer().id)
    flash(_("Weggehaald."), "success")
    return redirect(url_for(".class_agreements", class_id=found.id))


@blueprint.get(f"{LIST}/poster")
@requires(Permission.KEEP_CLASS_AGREEMENTS)
def class_agreements_poster(class_id: str) -> ResponseReturnValue:
    """The list in big letters, for the wall. Without agreements there is nothing to print yet."""
    found = _class(class_id)
    agreements = queries.class_agreements_of(found.id)
    if not agreements:
        return redirect(url_for(".class_agreements", class_id=found.id))
    return render_template("schools/class_agreements_poster.html", found=found, title=class_title(found.name), agreements=agreements,
                           size=poster_size([one.text for one in agreements]))  # fmt: skip
