"""What a mentor sees of the own classes: who needs help and why, how a lesson went, one pupil, cards to sign in with, files."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from access.guards import requires, viewer
from access.policy import Permission
from accounts.actions import Drawn, draw_for, keep_secret
from accounts.models import Person
from common import audit
from common.database import db, writing
from common.exports import download, to_csv, to_xlsx
from common.forms import Form
from common.words import _
from lessons.library import Lesson
from lessons.queries import progress_in
from progress import files, present, queries
from progress.domain import Pupil
from progress.queries import ClassSeen
from progress.summaries import endings_reached, standing_path
from schools.queries import book_of, classes_seen_by

blueprint = Blueprint("progress", __name__)
CLASS = "/klassen/<string:class_id>"
UNIT = f"{CLASS}/lessen/<string:unit>"
PUPIL = f"{CLASS}/leerlingen/<string:pupil_id>"
KINDS = "uitvoer.<any(csv, xlsx):kind>"


def _class(class_id: str) -> ClassSeen:
    """A class of this mentor; every other is 404, the same as one that is not there."""
    return queries.class_for(viewer(), class_id) or abort(404)


def _lesson(seen: ClassSeen, unit: str) -> Lesson:
    return queries.lesson_of_class(seen, unit) or abort(404)


def _pupil(seen: ClassSeen, pupil_id: str) -> Pupil:
    return queries.pupil_of(seen.id, pupil_id) or abort(404)


# ---- the class ----


@blueprint.get("/klassen")
@requires(Permission.VIEW_PROGRESS)
def list_classes() -> ResponseReturnValue:
    """The mentor's home: the own classes, each with what asks for attention. With one class, that class."""
    classes = [queries.as_seen(found) for found in classes_seen_by(viewer())]
    if len(classes) == 1:
        return redirect(url_for(".show_class", class_id=classes[0].id))
    views = [(view, present.attention(view)) for view in queries.view_classes(classes)]
    return render_template("progress/classes.html", classes=views, words=present)


@blueprint.get(CLASS)
@requires(Permission.VIEW_PROGRESS)
def show_class(class_id: str) -> ResponseReturnValue:
    """Who needs help and why, what the class gets wrong and does not know yet, how it grew and what could be next; then everybody."""
    book = book_of(viewer())
    view = queries.view_dashboard(_class(class_id), book, request.args)
    page = render_template(
        "progress/class.html", view=view, seen=view.seen, summary=view.summary, titles=view.shown_titles, words=present,
        rows=present.help_rows(view), handled=present.handled_rows(view), misled=present.misled_rows(view),
        rules=present.rule_rows(view, book), growth=present.growth_rows(view), coming=present.next_rows(view, book),
        without_card=sum(not one.has_card for one in view.summary.pupils), problems=view.filter.problems, here=_here(),
    )  # fmt: skip
    return page, 422 if view.filter.problems else 200


def _page_of(endpoint: str, asked: Mapping[str, str], **values: str) -> str:
    """The address of a page with what was asked of it."""
    fields: dict[str, Any] = {**asked, **values}
    return url_for(endpoint, **fields)


def _here() -> str:
    """This very page with its filter, for a form that comes back here."""
    return request.full_path.rstrip("?")[:500]


@blueprint.get(f"{CLASS}/{KINDS}")
@requires(Permission.VIEW_PROGRESS)
def export_class(class_id: str, kind: str) -> ResponseReturnValue:
    """The tables of the class page as a file, under the same filter. A filter that is not right leads back to the page, which says so."""
    seen, book = _class(class_id), book_of(viewer())
    view = queries.view_dashboard(seen, book, request.args)
    if view.filter.problems:
        return redirect(_page_of(".show_class", view.filter.typed, class_id=seen.id))
    body = _body(files.class_tables(view, book), kind)
    _note_export(seen, seen.id)
    return download(body, f"netjes-klas.{kind}")


def _body(tables: Mapping[str, tuple[str, files.Table]], kind: str) -> bytes:
    """All tables as a workbook, or as CSV the one that is asked for, else the first."""
    if kind == "xlsx":
        return to_xlsx(files.sheets(tables))
    _title, table = tables.get(request.args.get("tabel", "") or next(iter(tables))) or abort(404)
    return to_csv(table)


def _note_export(seen: ClassSeen, what: str) -> None:
    with writing():
        audit.note("uitvoer", seen.school_id, viewer().id, what)


# ---- a unit ----


@blueprint.get(UNIT)
@requires(Permission.VIEW_PROGRESS)
def show_unit(class_id: str, unit: str) -> ResponseReturnValue:
    """How one lesson went in one class: before and after, and per question what was chosen and why."""
    seen = _class(class_id)
    lesson = _lesson(seen, unit)
    book = book_of(viewer())
    view = queries.view_unit(seen, lesson, book, request.args)
    page = render_template(
        "progress/unit.html", view=view, seen=seen, lesson=lesson, words=present, rules=present.rules_by_item(lesson, book),
        first_screen=lesson.screens(1)[0].key, problems=view.filter.problems, asked=request.args.get("vraag", ""),
    )  # fmt: skip
    return page, 422 if view.filter.problems else 200


@blueprint.get(f"{UNIT}/{KINDS}")
@requires(Permission.VIEW_PROGRESS)
def export_unit(class_id: str, unit: str, kind: str) -> ResponseReturnValue:
    """The counts of the unit page as a file."""
    seen = _class(class_id)
    lesson = _lesson(seen, unit)
    view = queries.view_unit(seen, lesson, book_of(viewer()), request.args)
    if view.filter.problems:
        return redirect(_page_of(".show_unit", view.filter.typed, class_id=seen.id, unit=lesson.slug))
    body = _body(files.unit_tables(view), kind)
    _note_export(seen, f"{seen.id} {lesson.slug}")
    return download(body, f"netjes-les.{kind}")


# ---- a pupil ----


@blueprint.get(PUPIL)
@requires(Permission.VIEW_PROGRESS)
def show_pupil(class_id: str, pupil_id: str) -> ResponseReturnValue:
    """One pupil in every lesson of the class, with the intentions, and the way to a new secret."""
    view = queries.view_class(_class(class_id))
    pupil = next((one for one in view.summary.pupils if one.id == pupil_id), None) or abort(404)
    row = next((one for one in present.help_rows(view) if pupil in one.pupils), None)
    return render_template(
        "progress/pupil.html", seen=view.seen, pupil=pupil, lessons=view.lessons, summary=view.summary, words=present,
        lines=row.lines if row else (), handled=[row for row in present.handled_rows(view) if row[0].id == pupil.id], titles=view.titles,
        past=queries.past_cares(view, pupil.id), here=_here(),
        intentions=queries.intentions_of(view.seen.id, pupil.id), reviews=queries.reviews_of(view.seen, pupil.id, book_of(viewer())),
    )  # fmt: skip


@blueprint.get(f"{PUPIL}/{KINDS}")
@requires(Permission.VIEW_PROGRESS)
def export_pupil(class_id: str, pupil_id: str, kind: str) -> ResponseReturnValue:
    """The lessons of one pupil as a file. Nothing in it names the pupil, so that it can lie on a shared disk."""
    view = queries.view_class(_class(class_id))
    pupil = next((one for one in view.summary.pupils if one.id == pupil_id), None) or abort(404)
    reviews = queries.reviews_of(view.seen, pupil.id, book_of(viewer()))
    body = _body({"lessen": (_("Lessen"), files.pupil_table(view, pupil, reviews))}, kind)
    _note_export(view.seen, f"{view.seen.id} {pupil.id}")
    return download(body, f"netjes-leerling.{kind}")


@blueprint.get(f"{PUPIL}/lessen/<string:unit>")
@requires(Permission.VIEW_PROGRESS)
def show_answers(class_id: str, pupil_id: str, unit: str) -> ResponseReturnValue:
    """What one pupil answered, wrote and chose in one lesson."""
    seen = _class(class_id)
    pupil, lesson = _pupil(seen, pupil_id), _lesson(seen, unit)
    book, row, scenario = book_of(viewer()), progress_in(pupil.id, unit), lesson.quiz.scenario
    events, then = queries.scenario_walk(pupil.id, unit, book)
    return render_template(
        "progress/answers.html", seen=seen, pupil=pupil, lesson=lesson, words=present, going=queries.going_of(row) if row else None,
        told=present.told_answers(lesson, pupil.half, queries.answers_in(seen.id, pupil.id, unit), book), scenario=scenario,
        path=standing_path(scenario, events), endings=[scenario.endings[key].title for key in endings_reached(scenario, events, then)],
        intention=queries.intentions_of(seen.id, pupil.id).get(unit),
    )  # fmt: skip


# ---- secrets ----


@blueprint.post(f"{PUPIL}/geheim")
@requires(Permission.RESET_SECRET)
def renew_secret(class_id: str, pupil_id: str) -> ResponseReturnValue:
    """A new secret for one pupil, shown once."""
    seen = _class(class_id)
    pupil = _pupil(seen, pupil_id)
    return _new_cards(seen, [pupil], back=url_for(".show_pupil", class_id=seen.id, pupil_id=pupil.id))


@blueprint.get(f"{CLASS}/kaartjes")
@requires(Permission.RESET_SECRET)
def show_cards(class_id: str) -> ResponseReturnValue:
    """Who has no card yet, and what drawing new ones does."""
    return _cards_page(_class(class_id), Form())


@blueprint.post(f"{CLASS}/kaartjes")
@requires(Permission.RESET_SECRET)
def make_cards(class_id: str) -> ResponseReturnValue:
    """New cards for those without, for some, or for everybody after a second yes. Shown once."""
    seen, form = _class(class_id), Form()
    pupils = queries.pupils_in(seen.id)
    wanted = form.pick(request.form, "wie", ("zonder", "gekozen", "iedereen"), label=_("voor wie je kaartjes wilt"))
    chosen = set(request.form.getlist("leerling"))
    for_whom = {
        "zonder": [pupil for pupil in pupils if not pupil.has_card],
        "gekozen": [pupil for pupil in pupils if pupil.id in chosen],
        "iedereen": pupils,
    }.get(wanted, [])
    if wanted == "gekozen" and not for_whom:
        form.add("leerling", _("Kies ten minste één leerling."))
    if wanted == "iedereen" and not request.form.get("zeker"):
        form.add("zeker", _("Zet eerst een vinkje: de oude kaartjes werken dan niet meer."))
    if form.problems or not for_whom:
        return _cards_page(seen, form, chosen), 422 if form.problems else 200
    return _new_cards(seen, for_whom, back=url_for(".show_class", class_id=seen.id))


def _cards_page(seen: ClassSeen, form: Form, chosen: Sequence[str] | set[str] = ()) -> str:
    pupils = queries.pupils_in(seen.id)
    return render_template(
        "progress/cards.html", seen=seen, pupils=pupils, without=[pupil for pupil in pupils if not pupil.has_card], form=form,
        problems=form.problems, chosen=set(chosen), words=present,
    )  # fmt: skip


def _new_cards(seen: ClassSeen, pupils: Sequence[Pupil], back: str) -> str:
    """Draw and hash outside any transaction, keep them in one short one, and show them this once."""
    db.session.rollback()
    drawn = [draw_for(pupil.id, pupil.name, seen.secret_kind) for pupil in pupils]
    with writing():
        kept = _keep(seen, drawn)
    start = url_for("accounts.start", _external=True)
    return render_template(
        "progress/print_cards.html", seen=seen, back=back, address=start.partition("://")[2].rstrip("/"), many=len(kept) > 1, words=present,
        cards=[{"name": one.display_name, "secret": _shown_secret(one), "qr": _qr(start, seen.code)} for one in kept],
    )  # fmt: skip


def _keep(seen: ClassSeen, drawn: Sequence[tuple[Drawn, str]]) -> list[Drawn]:
    """Give the secrets to the pupils who are still in the class, with a line in the log book for each."""
    ids = [one.person_id for one, _hashed in drawn]
    rows = {row.id: row for row in db.session.scalars(select(Person).where(Person.id.in_(ids), Person.class_id == seen.id))}
    for one, hashed in drawn:
        if one.person_id in rows:
            keep_secret(rows[one.person_id], one, hashed)
            audit.note("geheim-vernieuwd", seen.school_id, viewer().id, one.person_id)
    return [one for one, _hashed in drawn if one.person_id in rows]


def _shown_secret(one: Drawn) -> str | list[dict[str, str]]:
    return [{"id": key, "name": key} for key in one.secret.split("-")] if one.kind == "pictures" else one.secret


def _qr(start: str, code: str) -> Markup:
    """The way to the front door with the class code filled in; the secret is never in it."""
    picture = io.BytesIO()
    segno.make(f"{start}?code={code}", error="m").save(
        picture, kind="svg", svgclass=None, lineclass=None, omitsize=True, xmldecl=False, svgns=False, border=2
    )
    return Markup(picture.getvalue().decode())  # noqa: S704  (segno draws it from our own text)
