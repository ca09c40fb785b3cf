"""The page on which a pupil says how they like to read. It stays with the pupil, on every device."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import update

from access.guards import requires, viewer
from access.policy import Permission
from accounts.models import Person
from accounts.reading import SETTINGS, chosen, unusual
from accounts.views import blueprint
from common.database import commits, db
from common.forms import Form, own_path


@blueprint.get("/zo-lees-ik")
@requires(Permission.OWN_READING)
def show_reading() -> ResponseReturnValue:
    return _page(chosen(viewer().reading), Form(), request.args.get("terug"))


@blueprint.post("/zo-lees-ik")
@requires(Permission.OWN_READING)
@commits
def keep_reading() -> ResponseReturnValue:
    """Keep what was sent and leave the rest as it was: the page sends everything, the voice only its pace."""
    form, choices = Form(), chosen(viewer().reading)
    for one in SETTINGS:
        if one.key in request.form:
            choices[one.key] = form.pick(request.form, one.key, one.choices, label=_("wat je wilt: %(label)s", label=labels()[one.key]))
    if form.problems:
        return _page(chosen(choices), form, request.form.get("terug")), 422
    db.session.execute(update(Person).where(Person.id == viewer().id).values(reading=unusual(choices)))
    if "terug" in request.form:  # sent by the page itself, not by the voice in passing
        flash(_("Bewaard. Zo lees je voortaan, op elk apparaat."), "success")
    return redirect(own_path(request.form.get("terug")) or url_for("accounts.start"))


def _page(choices: dict[str, str], form: Form, back: str | None) -> str:
    return render_template("accounts/reading.html", choices=choices, form=form, problems=form.problems, back=own_path(back))


def labels() -> dict[str, str]:
    """What each setting is called, on the page and in a problem."""
    return {
        "tekst": _("Hoe groot de tekst is"),
        "ruimte": _("Hoeveel ruimte er is"),
        "letter": _("Welke letters"),
        "kleuren": _("Welke kleuren"),
        "tempo": _("Hoe snel de stem voorleest"),
    }
