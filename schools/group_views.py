"""Groups in a class: a mentor makes, renames, fills and removes them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from accounts.models import Person
from accounts.queries import pupils_of
from common.database import commits, is_id
from common.forms import Form
from common.words import _
from schools import groups, queries
from schools.domain import LONGEST_GROUP, MOST_GROUPS, Group
from schools.models import SchoolClass
from schools.present import class_title
from schools.views import blueprint

LIST = "/klassen/<string:class_id>/groepen"
ONE = f"{LIST}/<string:group_id>"


def _class(class_id: str) -> SchoolClass:
    """A class of this mentor; every other is 404, the same as one that is not there."""
    return (queries.class_seen_by(viewer(), class_id) if is_id(class_id) else None) or abort(404)


def _group(found: SchoolClass, group_id: str) -> Group:
    return next((one for one in groups.groups_of(found.id) if one.id == group_id), None) or abort(404)


def _read(pupils: Sequence[Person], others: Sequence[Group]) -> tuple[Form, str, list[str]]:
    """The name and who is ticked; a pupil of another class is simply not in the list."""
    form = Form()
    name = form.read(request.form, "naam", label=_("de naam van de groep"), longest=LONGEST_GROUP)
    chosen = set(request.form.getlist("leerling"))
    members = [pupil.id for pupil in pupils if pupil.id in chosen]
    if name and name.casefold() in {other.name.casefold() for other in others}:
        form.add("naam", _("Deze groep is er al. Kies een andere naam."))
    if not members:
        form.add("leerling", _("Kies ten minste één leerling."))
    return form, name, members


def _list_page(found: SchoolClass, form: Form, chosen: Sequence[str] = ()) -> str:
    pupils = pupils_of(found.id)
    names = {pupil.id: pupil.display_name for pupil in pupils}
    shown = [(one, [names[pupil.id] for pupil in pupils if pupil.id in one.members]) for one in groups.groups_of(found.id)]
    return render_template(
        "schools/groups.html", found=found, title=class_title(found.name), groups=shown, pupils=pupils, chosen=chosen, most=MOST_GROUPS,
        longest=LONGEST_GROUP, form=form, problems=form.problems,
    )  # fmt: skip


def _form_page(found: SchoolClass, group: Group, form: Form, chosen: Sequence[str]) -> str:
    return render_template(
        "schools/group_form.html", found=found, title=class_title(found.name), group=group, pupils=pupils_of(found.id), chosen=chosen,
        longest=LONGEST_GROUP, form=form, problems=form.problems,
    )  # fmt: skip


@blueprint.get(LIST)
@requires(Permission.KEEP_CARE)
def class_groups(class_id: str) -> ResponseReturnValue:
    return _list_page(_class(class_id), Form())


@blueprint.post(LIST)
@requires(Permission.KEEP_CARE)
@commits
def class_group_add(class_id: str) -> ResponseReturnValue:
    found = _class(class_id)
    known = groups.groups_of(found.id)
    form, name, members = _read(pupils_of(found.id), known)
    if len(known) >= MOST_GROUPS:
        form.add("naam", _("Er zijn al %(n)s groepen. Haal er eerst een weg.", n=MOST_GROUPS))
    if not form.problems and groups.add_group(found, name, members) is None:
        form.add("naam", _("Deze groep is er al. Kies een andere naam."))
    if form.problems:
        return _list_page(found, form, members), 422
    flash(_("De groep is gemaakt. Op de bladzijde van de klas kun je nu op deze groep filteren."), "success")
    return redirect(url_for(".class_groups", class_id=found.id))


@blueprint.get(ONE)
@requires(Permission.KEEP_CARE)
def class_group_edit(class_id: str, group_id: str) -> ResponseReturnValue:
    found = _class(class_id)
    group = _group(found, group_id)
    return _form_page(found, group, Form(values={"naam": group.name}), sorted(group.members))


@blueprint.post(ONE)
@requires(Permission.KEEP_CARE)
@commits
def class_group_change(class_id: str, group_id: str) -> ResponseReturnValue:
    found = _class(class_id)
    group = _group(found, group_id)
    form, name, members = _read(pupils_of(found.id), [one for one in groups.groups_of(found.id) if one.id != group.id])
    if form.problems:
        return _form_page(found, group, form, members), 422
    groups.change_group(found, group.id, name, members)
    flash(_("De groep is gewijzigd."), "success")
    return redirect(url_for(".class_groups", class_id=found.id))


@blueprint.post(f"{ONE}/verwijderen")
@requires(Permission.KEEP_CARE)
@commits
def class_group_remove(class_id: str, group_id: str) -> ResponseReturnValue:
    """The group goes; the pupils and what they did stay."""
    found = _class(class_id)
    groups.remove_group(found, _group(found, group_id).id)
    flash(_("De groep is weg. De leerlingen staan nog gewoon in de klas."), "success")
    return redirect(url_for(".class_groups", class_id=found.id))
