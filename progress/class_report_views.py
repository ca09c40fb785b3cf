"""The report of a class: a page to print and the same as PDF, under the filter of the class page."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from common import audit, pdf
from common.clock import today
from common.database import writing
from progress import class_report, present, queries
from progress.filters import FIELDS
from progress.overview_views import drawn
from progress.queries import ClassSeen, ClassView
from progress.views import CLASS, blueprint
from schools.present import class_title
from schools.queries import book_of

WITHOUT_NAMES = {"namen": "zonder"}


def _view(class_id: str) -> tuple[ClassSeen, ClassView, bool]:
    """A class of this mentor under the filter of the address, and whether names are shown; every other is 404, as if it were not there.

    Without names only the lesson can be chosen: of a group or a period the rest of the class could be worked out.
    """
    seen = queries.class_for(viewer(), class_id) or abort(404)
    with_names = request.args.get("namen") != WITHOUT_NAMES["namen"]
    asked = request.args if with_names else {"les": request.args.get("les", "")}
    return seen, queries.view_dashboard(seen, book_of(viewer()), asked), with_names


def _context(seen: ClassSeen, view: ClassView, *, with_names: bool) -> dict[str, Any]:
    chosen = {name: value for name, value in request.args.items() if name in FIELDS}
    return {
        "seen": seen, "view": view, "summary": view.summary, "words": present, "reports": class_report, "day": today(),
        "report": class_report.report_of(view, book_of(viewer()), with_names=with_names),
        "rows": present.help_rows(view) if with_names else [], "title": class_title(seen.name), "can_draw": pdf.can_draw(),
        "chosen": chosen, "args": {**chosen, **({} if with_names else WITHOUT_NAMES)},
        "only": present.filter_words(view.filter, view.titles), "is_wider": not with_names and chosen.keys() - {"les"},
    }  # fmt: skip


@blueprint.get(f"{CLASS}/rapport")
@requires(Permission.VIEW_PROGRESS)
def show_class_report(class_id: str) -> ResponseReturnValue:
    """With names for the mentor; without them for the team. A filter that is not right leads back to the page, which says so."""
    seen, view, with_names = _view(class_id)
    if view.filter.problems:
        return redirect(url_for(".show_class", class_id=seen.id, **view.filter.typed))  # type: ignore[arg-type]
    return render_template("progress/class_report.html", **_context(seen, view, with_names=with_names))


@blueprint.get(f"{CLASS}/rapport.pdf")
@requires(Permission.VIEW_PROGRESS)
def class_report_pdf(class_id: str) -> ResponseReturnValue:
    """The same as a file; only where it can be drawn."""
    seen, view, with_names = _view(class_id)
    if not pdf.can_draw():
        abort(404)
    if view.filter.problems:
        return redirect(url_for(".show_class", class_id=seen.id, **view.filter.typed))  # type: ignore[arg-type]
    page = render_template("progress/class_report_pdf.html", **_context(seen, view, with_names=with_names))
    with writing():
        audit.note("uitvoer", seen.school_id, viewer().id, f"{seen.id} rapport")
    return drawn(page, "netjes-rapport-klas.pdf", url_for(".show_class", class_id=seen.id))
