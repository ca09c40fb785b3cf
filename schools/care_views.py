"""Handling a calm “needs help” of the class page: seen, spoken or done, with a short note. And undoing it.

The page itself is of the room progress, which writes nothing; what a mentor did is kept by this room.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from accounts.models import Person
from accounts.queries import pupils_of
from common.clock import now
from common.database import commits, is_id
from common.forms import Form, own_path
from common.words import _, ngettext
from schools import care, queries
from schools.domain import LONGEST_CARE, CareState, Why
from schools.models import SchoolClass
from schools.present import class_title
from schools.views import blueprint

CARE = "/klassen/<string:class_id>/aandacht"
UNIT = re.compile(r"[a-z0-9-]{0,80}")
STATES = (CareState.SEEN.value, CareState.SPOKEN.value, CareState.DONE.value)


def _class(class_id: str) -> SchoolClass:
    """A class of this mentor; every other is 404, the same as one that is not there."""
    return (queries.class_seen_by(viewer(), class_id) if is_id(class_id) else None) or abort(404)


def _about(found: SchoolClass, form: Form) -> tuple[list[Person], str, str]:
    """Whom and what a form is about: pupils, a reason, a unit or nothing. A pupil of another class is not there."""
    asked = set(request.form.getlist("leerling"))
    pupils = [pupil for pupil in pupils_of(found.id) if pupil.id in asked]
    reason, unit = request.form.get("reden", ""), request.form.get("les", "")
    if len(pupils) != len(asked):
        abort(404)
    if not pupils:
        form.add("leerling", _("Kies ten minste één leerling."))
    if reason not in set(Why) or not UNIT.fullmatch(unit):
        form.add("reden", _("Deze reden kennen we niet. Ga terug naar de klas en begin daar opnieuw."))
    return pupils, reason, unit


def _back(found: SchoolClass) -> str:
    """The page of this class where the mentor was, with the filter that stood in its address."""
    home = url_for("progress.show_class", class_id=found.id)
    asked = own_path(request.form.get("terug", "")) or home
    return asked if asked == home or asked.startswith((f"{home}?", f"{home}/", f"{home}#")) else home


@blueprint.post(CARE)
@requires(Permission.KEEP_CARE)
@commits
def class_care_keep(class_id: str) -> ResponseReturnValue:
    """Seen, spoken or done, for one pupil or for several with the same reason."""
    found = _class(class_id)
    form = Form()
    pupils, reason, unit = _about(found, form)
    state = form.pick(request.form, "stand", STATES, label=_("gezien, gesproken of klaar"))
    text = form.read(request.form, "notitie", label=_("de aantekening"), longest=LONGEST_CARE, needed=False)
    if form.problems:
        return _again(found, pupils, reason, unit, form), 422
    care.keep_care(pupils, reason, unit, CareState(state), text, now(), by_id=viewer().id)
    flash(
        ngettext("Genoteerd. Het staat nu bij Opgepakt.", "Genoteerd voor %(num)s leerlingen. Het staat nu bij Opgepakt.", len(pupils)),
        "success",
    )
    return redirect(_back(found))


def _again(found: SchoolClass, pupils: Sequence[Person], reason: str, unit: str, form: Form) -> str:
    return render_template(
        "schools/care_form.html", found=found, title=class_title(found.name), pupils=pupils, reason=reason, unit=unit, form=form,
        problems=form.problems, back=_back(found), everybody=pupils_of(found.id) if not pupils else (), longest=LONGEST_CARE,
    )  # fmt: skip


@blueprint.post(f"{CARE}/terug")
@requires(Permission.KEEP_CARE)
@commits
def class_care_undo(class_id: str) -> ResponseReturnValue:
    """The reason stands in the list again; with wis the note is wiped too."""
    found = _class(class_id)
    form = Form()
    pupils, reason, unit = _about(found, form)
    if form.problems:
        return _again(found, pupils, reason, unit, form), 422
    wipes = bool(request.form.get("wis"))
    for pupil in pupils:
        (care.wipe_care if wipes else care.put_back)(pupil, reason, unit)
    flash(_("De aantekening is gewist.") if wipes else _("Teruggezet. Het staat weer bij wie hulp nodig heeft."), "success")
    return redirect(_back(found))
