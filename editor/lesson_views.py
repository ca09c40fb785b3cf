"""Lessons: write beside a preview, keep a draft, see the difference, publish, go back to an older version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from access.guards import requires, viewer
from access.policy import Permission
from common import audit
from common.clock import now
from common.database import writing
from common.forms import Form
from editor import queries
from editor.difference import Row, changed_lines, side_by_side
from editor.forms import LONGEST_NOTE, read_look, read_text, whole_number
from editor.present import Checked, Look, checked, preview_of
from editor.views import blueprint
from lessons.library import Lesson
from lessons.queries import KIND, library
from revisions.actions import ColleagueWasFirst, drop_draft, publish, save_draft
from revisions.models import Draft, Revision
from revisions.queries import draft_of, history_of, newest_of, revision_of
from schools.queries import book_of, contacts_of

LESSON = "/redactie/lessen/<string:unit>"
MOST_VERSIONS = 10_000_000

# Reading a lesson takes a tenth of a second and more. It is done before writing() opens its transaction,
# so that nobody who saves a lesson makes pupils wait; that is why these views do not carry @commits.


def _shipped(unit: str) -> Lesson:
    return library().get(unit[:80]) or abort(404)


def _number_of(revision: Revision | None) -> int:
    return revision.number if revision else 0


@blueprint.get("/redactie")
@requires(Permission.EDIT_CONTENT)
def list_lessons() -> ResponseReturnValue:
    """All lessons, and what the school made of each."""
    return render_template("editor/lessons.html", tracks=queries.lesson_rows(viewer().school_id))


# ---- writing ----


@dataclass
class Desk:
    """What lies before a writer: the lesson, the text with what is wrong in it, and the draft as it was last seen."""

    shipped: Lesson
    text: Checked
    look: Look
    seen: int
    form: Form = field(default_factory=Form)
    theirs: list[Row] | None = None
    saved: Draft | None = None
    is_typed: bool = False


@blueprint.get(LESSON)
@requires(Permission.EDIT_CONTENT)
def edit_lesson(unit: str) -> ResponseReturnValue:
    """The text beside the view of a pupil."""
    shipped = _shipped(unit)
    text, draft = queries.text_to_write_on(viewer().school_id, shipped.slug, shipped)
    look = read_look(request.args, shipped.unit.track)
    return _desk_page(Desk(shipped, checked(shipped, text), look, draft.version if draft else 0, saved=draft))


@blueprint.post(LESSON)
@requires(Permission.EDIT_CONTENT)
def save_lesson(unit: str) -> ResponseReturnValue:
    """Look again, keep as a draft, or keep and go on to publishing. Nothing that was typed is ever lost."""
    shipped, form = _shipped(unit), read_text(request.form)
    text = checked(shipped, form.values["les_tekst"])
    desk = Desk(shipped, text, read_look(request.form, shipped.unit.track), whole_number(request.form, "gezien"), form, is_typed=True)
    if form.problems:
        return _desk_page(desk), 422
    if request.form.get("doe") not in ("bewaar", "publiceer"):
        return _desk_page(desk)
    try:
        with writing():
            save_draft(viewer().school_id, KIND, shipped.slug, text.text, seen=desk.seen, author_id=viewer().id, at=now())
    except ColleagueWasFirst:
        return _colleague_was_first(desk)
    if request.form["doe"] == "publiceer":
        return redirect(url_for(".show_lesson_difference", unit=shipped.slug))
    flash(_("Je concept is bewaard. Leerlingen zien het nog niet."), "success")
    return redirect(_desk_url(shipped, desk.look))


@blueprint.post(f"{LESSON}/voorbeeld")
@requires(Permission.EDIT_CONTENT)
def preview_lesson(unit: str) -> ResponseReturnValue:
    """What the text looks like now and what is wrong with it, as parts of the page that the browser puts in place."""
    shipped, form = _shipped(unit), read_text(request.form)
    text = checked(shipped, form.values["les_tekst"])
    desk = Desk(shipped, text, read_look(request.form, shipped.unit.track), 0, form)
    return render_template("editor/fragment.html", **_desk_context(desk))


@blueprint.post(f"{LESSON}/concept/weg")
@requires(Permission.EDIT_CONTENT)
def drop_lesson_draft(unit: str) -> ResponseReturnValue:
    """Throw the draft away; what pupils get stays as it is."""
    shipped = _shipped(unit)
    try:
        with writing():
            drop_draft(viewer().school_id, KIND, shipped.slug, seen=whole_number(request.form, "gezien"))
            audit.note("concept-weggegooid", viewer().school_id, viewer().id, shipped.slug)
    except ColleagueWasFirst:
        flash(_("Een collega veranderde dit concept net. Kijk eerst wat er nu staat."), "warning")
        return redirect(url_for(".edit_lesson", unit=shipped.slug))
    flash(_("Het concept is weg. Leerlingen krijgen dezelfde les als eerst."), "success")
    return redirect(url_for(".list_lessons"))


def _desk_url(shipped: Lesson, look: Look) -> str:
    return url_for(".edit_lesson", unit=shipped.slug, spoor=look.track.value, helft=look.half, licht=look.theme)


def _desk_context(desk: Desk) -> dict[str, Any]:
    unit = desk.text.unit
    screens = preview_of(desk.shipped, unit, book_of(viewer()), desk.look) if unit else []
    return {"desk": desk, "lesson": desk.shipped, "look": desk.look, "screens": screens, "lines": desk.text.lines,
            "contacts": contacts_of(viewer().school_id)}  # fmt: skip


def _desk_page(desk: Desk) -> str:
    school_id, slug = viewer().school_id, desk.shipped.slug
    newest = newest_of(school_id, KIND, slug)
    saved = desk.saved or draft_of(school_id, KIND, slug)
    authors = queries.names_of(school_id, [saved.author_id if saved else None, newest.author_id if newest else None])
    faulty = queries.problems_of(school_id, slug, newest.id) if newest and newest.text is not None else ()
    return render_template(
        "editor/lesson.html", **_desk_context(desk), saved=saved, newest=newest, authors=authors, faulty=faulty,
        problems=desk.form.problems, current="schrijven",
    )  # fmt: skip


def _colleague_was_first(desk: Desk) -> ResponseReturnValue:
    """Both texts beside each other; the writer's own stays in the field, to be merged and saved on top of theirs."""
    draft = draft_of(viewer().school_id, KIND, desk.shipped.slug)
    their_text = draft.text if draft else queries.text_for_pupils(viewer().school_id, desk.shipped.slug)
    desk.theirs, desk.saved = side_by_side(their_text, desk.text.text), draft
    desk.seen = draft.version if draft else 0
    return _desk_page(desk), 409


# ---- publishing ----


@blueprint.get(f"{LESSON}/publiceren")
@requires(Permission.EDIT_CONTENT)
def show_lesson_difference(unit: str) -> ResponseReturnValue:
    """What pupils get now beside the draft."""
    return _difference_page(_shipped(unit))


@blueprint.post(f"{LESSON}/publiceren")
@requires(Permission.EDIT_CONTENT)
def publish_lesson(unit: str) -> ResponseReturnValue:
    """Make the draft live for this school, unless it has problems or somebody changed something after the page was opened."""
    shipped, form = _shipped(unit), Form()
    note = form.read(request.form, "notitie", label=_("de notitie"), longest=LONGEST_NOTE, needed=False)
    draft = draft_of(viewer().school_id, KIND, shipped.slug)
    if draft is None or draft.version != whole_number(request.form, "versie"):
        return _difference_page(shipped, form, moved=True), 409
    text = checked(shipped, draft.text)
    if form.problems or not text.is_whole or text.text == queries.text_for_pupils(viewer().school_id, shipped.slug):
        return _difference_page(shipped, form), 422
    try:
        number = _put_live(shipped, text.text, note, whole_number(request.form, "nummer"), "les-gepubliceerd", draft_seen=draft.version)
    except ColleagueWasFirst:
        return _difference_page(shipped, form, moved=True), 409
    flash(_("Gepubliceerd als versie %(number)s. Leerlingen van jullie school krijgen nu deze les.", number=number), "success")
    return redirect(url_for(".list_lesson_versions", unit=shipped.slug))


def _put_live(shipped: Lesson, text: str | None, note: str, seen: int, what: str, draft_seen: int | None = None) -> int:
    """Publish, and let the draft go that it came from, in one transaction."""
    me = viewer()
    with writing():
        row = publish(me.school_id, KIND, shipped.slug, text, seen=seen, note=note, author_id=me.id, at=now())
        if draft_seen is not None:
            drop_draft(me.school_id, KIND, shipped.slug, seen=draft_seen)
        audit.note(what, me.school_id, me.id, f"{shipped.slug}:{row.number}")
        return row.number


def _difference_page(shipped: Lesson, form: Form | None = None, *, moved: bool = False) -> str:
    school_id = viewer().school_id
    draft, newest = draft_of(school_id, KIND, shipped.slug), newest_of(school_id, KIND, shipped.slug)
    rows = side_by_side(queries.text_for_pupils(school_id, shipped.slug), draft.text) if draft else []
    text = checked(shipped, draft.text) if draft else None
    authors = queries.names_of(school_id, [draft.author_id if draft else None, newest.author_id if newest else None])
    return render_template(
        "editor/publish.html", lesson=shipped, draft=draft, newest=newest, number=_number_of(newest), rows=rows,
        changed=changed_lines(rows), lines=text.lines if text else [], text=text, form=form or Form(),
        problems=form.problems if form else [], moved=moved, authors=authors, current="publiceren",
    )  # fmt: skip


# ---- history ----


@blueprint.get(f"{LESSON}/versies")
@requires(Permission.EDIT_CONTENT)
def list_lesson_versions(unit: str) -> ResponseReturnValue:
    """Every version that was ever live at this school."""
    shipped = _shipped(unit)
    rows = history_of(viewer().school_id, KIND, shipped.slug)
    authors = queries.names_of(viewer().school_id, [row.author_id for row in rows])
    faulty = queries.problems_of(viewer().school_id, shipped.slug, rows[0].id) if rows and rows[0].text is not None else ()
    return render_template("editor/versions.html", lesson=shipped, rows=rows, authors=authors, faulty=faulty, current="versies")


@blueprint.get(f"{LESSON}/versies/<int:number>")
@requires(Permission.EDIT_CONTENT)
def show_lesson_version(unit: str, number: int) -> ResponseReturnValue:
    """One version: what it changed, and its whole text."""
    shipped = _shipped(unit)
    return _version_page(shipped, _revision(shipped, number))


@blueprint.post(f"{LESSON}/versies/<int:number>/terugzetten")
@requires(Permission.EDIT_CONTENT)
def restore_lesson_version(unit: str, number: int) -> ResponseReturnValue:
    """Publish an older text anew. The versions in between stay in the history."""
    shipped = _shipped(unit)
    revision = _revision(shipped, number)
    if revision.text is not None and not checked(shipped, revision.text).is_whole:
        return _version_page(shipped, revision), 422
    return _restored(shipped, revision.text, _("Versie %(number)s teruggezet", number=number))


@blueprint.post(f"{LESSON}/versies/netjes/terugzetten")
@requires(Permission.EDIT_CONTENT)
def restore_shipped_lesson(unit: str) -> ResponseReturnValue:
    """Give the lesson as it comes with Netjes."""
    return _restored(_shipped(unit), None, _("Terug naar de les van Netjes"))


def _restored(shipped: Lesson, text: str | None, note: str) -> ResponseReturnValue:
    here = url_for(".list_lesson_versions", unit=shipped.slug)
    try:
        number = _put_live(shipped, text, note, whole_number(request.form, "nummer"), "les-teruggezet")
    except ColleagueWasFirst:
        flash(_("Een collega publiceerde net een andere versie. Kijk eerst wat er nu staat."), "warning")
        return redirect(here)
    flash(_("%(note)s, als versie %(number)s.", note=note, number=number), "success")
    return redirect(here)


def _revision(shipped: Lesson, number: int) -> Revision:
    if number >= MOST_VERSIONS:
        abort(404)
    return revision_of(viewer().school_id, KIND, shipped.slug, number) or abort(404)


def _version_page(shipped: Lesson, revision: Revision) -> str:
    history = history_of(viewer().school_id, KIND, shipped.slug)
    text = revision.text if revision.text is not None else shipped.unit.text
    rows = side_by_side(queries.text_before(history, revision.number, shipped), text)
    return render_template(
        "editor/version.html", lesson=shipped, revision=revision, text=text, rows=rows, changed=changed_lines(rows),
        number=history[0].number, lines=[line for line in checked(shipped, text).lines if not line.is_advice], current="versies",
        author=queries.names_of(viewer().school_id, [revision.author_id]).get(revision.author_id or ""),
    )  # fmt: skip
