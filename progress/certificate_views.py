"""Who of a class earned the certificate, and all of them at once to print. Intentions stay with their pupils: they are not on it."""

from __future__ import annotations

from datetime import datetime

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from lessons import certificate
from progress import queries
from progress.domain import Pupil
from progress.queries import ClassView
from progress.views import CLASS, blueprint
from schools.present import class_title
from schools.queries import book_of, class_agreements_of


def _view(class_id: str) -> ClassView:
    """A class of this mentor; every other is 404, the same as one that is not there."""
    return queries.view_class(queries.class_for(viewer(), class_id) or abort(404))


def _earned(view: ClassView, pupil: Pupil) -> datetime | None:
    goings = ((lesson.slug, view.summary.going(pupil.id, lesson.slug)) for lesson in view.lessons)
    return certificate.earned_at(view.lessons, {slug: going.finished_at if going else None for slug, going in goings})


def _left(view: ClassView, pupil: Pupil) -> int:
    goings = (view.summary.going(pupil.id, lesson.slug) for lesson in view.lessons)
    return sum(going is None or going.finished_at is None for going in goings)


@blueprint.get(f"{CLASS}/certificaten")
@requires(Permission.VIEW_PROGRESS)
def show_certificates(class_id: str) -> ResponseReturnValue:
    """Who has it, since when, and how many lessons the others still have."""
    view = _view(class_id)
    rows = [(pupil, _earned(view, pupil), _left(view, pupil)) for pupil in view.summary.pupils]
    return render_template(
        "progress/certificates.html", seen=view.seen, title=class_title(view.seen.name), rows=rows,
        count=sum(at is not None for _pupil, at, _missing in rows), agreements=len(class_agreements_of(view.seen.id)),
    )  # fmt: skip


@blueprint.get(f"{CLASS}/certificaten/printen")
@requires(Permission.VIEW_PROGRESS)
def print_certificates(class_id: str) -> ResponseReturnValue:
    """A sheet for everybody who earned it, in the order of the list."""
    view = _view(class_id)
    title, book = class_title(view.seen.name), book_of(viewer())
    agreements = [one.text for one in class_agreements_of(view.seen.id)]
    earned = [(pupil, _earned(view, pupil)) for pupil in view.summary.pupils]
    sheets = [
        certificate.sheet(
            view.lessons, book, at, name=pupil.name, school=viewer().school_name, class_title=title, agreements=agreements, intentions={}
        )
        for pupil, at in earned
        if at is not None
    ]
    if not sheets:
        return redirect(url_for(".show_certificates", class_id=view.seen.id))
    return render_template("progress/print_certificates.html", seen=view.seen, title=title, sheets=sheets)
