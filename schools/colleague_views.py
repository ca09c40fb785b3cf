"""Sharing a class with a colleague: a substitute until a day, a second mentor for good."""

from __future__ import annotations

from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.domain import Role
from access.guards import requires, viewer
from access.policy import Permission
from common.clock import today
from common.database import commits, is_id
from common.days import day_in, day_words
from common.forms import Form
from common.words import _
from schools import colleagues, queries
from schools.colleagues import Access
from schools.models import SchoolClass
from schools.present import class_title
from schools.views import blueprint

PAGE = "/klassen/<string:class_id>/collega"
LONGEST = timedelta(days=366)


def _class(class_id: str) -> SchoolClass:
    """A class of this mentor, or of this beheerder's school; every other is 404, the same as one that is not there."""
    return (queries.class_seen_by(viewer(), class_id) if is_id(class_id) else None) or abort(404)


def _class_to_give(class_id: str) -> SchoolClass:
    """A class that the viewer may share. A substitute may not: what is lent is not lent on."""
    found = _class(class_id)
    return found if _may_give(found) else abort(403)


def _may_give(found: SchoolClass) -> bool:
    return viewer().role is Role.BEHEERDER or colleagues.keeps(viewer(), found.id)


def _may_end(one: Access, everybody: list[Access]) -> bool:
    """A substitute can always be stopped; a mentor by the beheerder alone, and never the last one. Nobody stops the own access."""
    if one.person_id == viewer().id or not one.is_lasting:
        return one.person_id != viewer().id
    return viewer().role is Role.BEHEERDER and sum(other.is_lasting for other in everybody) > 1


def _page(found: SchoolClass, form: Form, about: str = "") -> str:
    """The list with its forms. about: whose row the problems belong to; empty for the form of a new colleague."""
    everybody = colleagues.access_to(found.id)
    rows = [
        {"person_id": one.person_id, "name": one.name, "until": one.until_on, "is_me": one.person_id == viewer().id,
         "words": day_words(one.until_on, today()) if one.until_on else None, "may_end": _may_end(one, everybody),
         "typed": form.values.get("tot") if about == one.person_id else None,
         "problem": form.problem_of(f"tot-{one.person_id}") if about == one.person_id else None}
        for one in everybody
    ]  # fmt: skip
    return render_template(
        "schools/colleagues.html", found=found, title=class_title(found.name), rows=rows, may_give=_may_give(found),
        may_last=viewer().role is Role.BEHEERDER, others=colleagues.may_be_asked(found), first=today(), last=today() + LONGEST,
        form=form if not about else Form(), problems=form.problems,
    )  # fmt: skip


@blueprint.get(PAGE)
@requires(Permission.SHARE_CLASS)
def class_colleagues(class_id: str) -> ResponseReturnValue:
    """Who may see this class, and until when."""
    return _page(_class(class_id), Form())


@blueprint.post(PAGE)
@requires(Permission.SHARE_CLASS)
@commits
def class_colleague_add(class_id: str) -> ResponseReturnValue:
    """A colleague of the own school comes along: until a day, or for good when the beheerder says so."""
    found, form = _class_to_give(class_id), Form()
    others = {one.id: one.display_name for one in colleagues.may_be_asked(found)}
    chosen = form.pick(request.form, "collega", others, label=_("een collega"))
    is_lasting = form.values["hoelang"] = request.form.get("hoelang", "")
    lasting = viewer().role is Role.BEHEERDER and is_lasting == "vast"
    until = None if lasting else _day(form, "tot")
    if form.problems:
        return _page(found, form), 422
    colleagues.give(found, chosen, until, actor_id=viewer().id)
    flash(
        _("%(name)s is nu ook mentor van deze klas.", name=others[chosen])
        if until is None
        else _("%(name)s ziet deze klas tot en met %(day)s.", name=others[chosen], day=day_words(until, today())),
        "success",
    )
    return redirect(url_for(".class_colleagues", class_id=found.id))


def _day(form: Form, field: str) -> date | None:
    """The last day that was filled in; a problem when it is no day, is over, or is far away."""
    text = form.values["tot"] = request.form.get("tot", "")[:40].strip()
    day = day_in(text)
    if day is None:
        form.add(field, _("Vul de laatste dag in, bijvoorbeeld 12-12-2026."))
    elif day < today():
        form.add(field, _("Die dag is al voorbij. Kies vandaag of later."))
    elif day > today() + LONGEST:
        form.add(field, _("Dat is langer dan een jaar. Kies een dag die dichterbij is."))
    else:
        return day
    return None


@blueprint.post(f"{PAGE}/<string:person_id>")
@requires(Permission.SHARE_CLASS)
@commits
def class_colleague_change(class_id: str, person_id: str) -> ResponseReturnValue:
    """Another last day, for good, or stop now."""
    found = _class_to_give(class_id)
    everybody = colleagues.access_to(found.id)
    one = next((one for one in everybody if one.person_id == person_id), None) or abort(404)
    form, wanted = Form(), request.form.get("doe", "")
    if wanted == "stop":
        _stop(found, one, everybody)
    elif wanted == "vast" and viewer().role is Role.BEHEERDER:
        colleagues.give(found, one.person_id, None, actor_id=viewer().id)
        flash(_("%(name)s is nu ook mentor van deze klas.", name=one.name), "success")
    elif wanted == "verleng" and not one.is_lasting:
        until = _day(form, f"tot-{one.person_id}")
        if until is None:
            return _page(found, form, about=one.person_id), 422
        colleagues.give(found, one.person_id, until, actor_id=viewer().id)
        flash(_("%(name)s ziet deze klas tot en met %(day)s.", name=one.name, day=day_words(until, today())), "success")
    return redirect(url_for(".class_colleagues", class_id=found.id))


def _stop(found: SchoolClass, one: Access, everybody: list[Access]) -> None:
    if _may_end(one, everybody) and colleagues.end(found, one.person_id, actor_id=viewer().id):
        flash(_("%(name)s ziet deze klas nu niet meer.", name=one.name), "success")
    elif one.person_id == viewer().id:
        flash(_("Je eigen toegang haal je niet zelf weg. Vraag het de beheerder."), "error")
    elif viewer().role is Role.BEHEERDER:
        flash(_("Er blijft altijd minstens één vaste mentor. Kies eerst een andere."), "error")
    else:
        flash(_("Een vaste mentor haalt alleen de beheerder van je school weg."), "error")
