"""The board, and the mentor's own screen beside it: both show where the class is, send the same forms, and follow each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from access.guards import requires, viewer
from access.policy import Permission
from classroom import deeds, lead_present, present
from classroom.domain import Kind
from classroom.live_views import join_way
from classroom.models import LiveSession
from classroom.queries import devices_in, ideas_of, mark_of, session_led_by
from classroom.stage import Stage, stage_of
from classroom.views import blueprint
from common.clock import now
from common.database import commits
from common.web import SENT_BY_SCRIPT
from schools.help import help_routes
from schools.models import SchoolClass
from schools.present import class_title
from schools.queries import book_of, class_agreements_of, class_seen_by, contacts_of

BOARD = "/bord/<string:session_id>"
LEAD = "/klassen/<string:class_id>/les/<string:session_id>/bediening"


def _led(session_id: str) -> tuple[LiveSession, SchoolClass]:
    """A lesson of a class of this mentor; every other is 404, the same as one that is not there."""
    session = session_led_by(viewer(), session_id) or abort(404)
    return session, class_seen_by(viewer(), session.class_id) or abort(404)


def _stage(session: LiveSession) -> Stage:
    return stage_of(session, book_of(viewer())) or abort(404)


# ---- the board ----


def _board(stage: Stage, school_class: SchoolClass) -> dict[str, Any]:
    shown = present.board_shown(stage)
    kind = stage.beat.kind
    if kind in (Kind.START, Kind.END, Kind.AGREE):
        shown["agreements"] = class_agreements_of(school_class.id)
    if kind is Kind.AGREE:
        shown["ideas"] = ideas_of(stage.session)
    if kind is Kind.READ and any(piece["kind"] == "hulp" for piece in shown["pieces"]):
        routes = next(piece["data"].routes for piece in shown["pieces"] if piece["kind"] == "hulp")
        shown.update(contacts=contacts_of(viewer().school_id), routes=help_routes(stage.lesson.unit.track.value, routes))
    return {**shown, "title": class_title(school_class.name), "place_token": deeds.place_token(stage), "school_class": school_class,
            "devices": devices_in(stage.session) if stage.session.with_devices else 0,
            "way": join_way(stage.session) if stage.session.with_devices and kind is Kind.START else None}  # fmt: skip


@blueprint.get(BOARD)
@requires(Permission.LEAD_LESSON)
def show_board(session_id: str) -> ResponseReturnValue:
    """One thing on the screen, readable from the back."""
    session, school_class = _led(session_id)
    return render_template("classroom/board.html", mark_now=mark_of(session), **_board(_stage(session), school_class))


@blueprint.get(f"{BOARD}/stand")
@requires(Permission.LEAD_LESSON)
def board_now(session_id: str) -> ResponseReturnValue:
    """What changed on the board since the browser asked last; 304 when nothing did."""
    session, school_class = _led(session_id)
    return _when_new(session, lambda: render_template("classroom/board_part.html", **_board(_stage(session), school_class)))


@blueprint.post(BOARD)
@requires(Permission.LEAD_LESSON)
@commits
def do_on_board(session_id: str) -> ResponseReturnValue:
    """A button of the board."""
    session, school_class = _led(session_id)
    _perform(session, school_class)
    if request.headers.get(SENT_BY_SCRIPT):
        return _part(session, render_template("classroom/board_part.html", **_board(_stage(session), school_class)))
    return redirect(url_for(".show_board", session_id=session.id))


def _perform(session: LiveSession, school_class: SchoolClass) -> str | None:
    problem = deeds.perform(_stage(session), school_class, request.form, viewer(), now())
    if problem and not request.headers.get(SENT_BY_SCRIPT):
        flash(problem, "error")
    return problem


def _when_new(session: LiveSession, draw: Callable[[], str]) -> ResponseReturnValue:
    if mark_of(session) in request.headers.get("If-None-Match", ""):  # packing adds to the tag
        return "", 304
    return _part(session, draw())


def _part(session: LiveSession, html: str) -> ResponseReturnValue:
    response = make_response(html)
    response.headers["ETag"] = f'"{mark_of(session)}"'
    return response


# ---- the mentor's own screen ----


@blueprint.get(LEAD)
@requires(Permission.LEAD_LESSON)
def show_lead(class_id: str, session_id: str) -> ResponseReturnValue:
    """The same buttons in the hand of the mentor, with the notes, the time and what comes next."""
    session, school_class = _led_in(class_id, session_id)
    return render_template("classroom/lead.html", mark_now=mark_of(session), **_lead(_stage(session), school_class))


@blueprint.get(f"{LEAD}/stand")
@requires(Permission.LEAD_LESSON)
def lead_now(class_id: str, session_id: str) -> ResponseReturnValue:
    session, school_class = _led_in(class_id, session_id)
    return _when_new(session, lambda: render_template("classroom/lead_part.html", **_lead(_stage(session), school_class)))


@blueprint.post(LEAD)
@requires(Permission.LEAD_LESSON)
@commits
def do_on_lead(class_id: str, session_id: str) -> ResponseReturnValue:
    """A button of the mentor's own screen."""
    session, school_class = _led_in(class_id, session_id)
    problem = _perform(session, school_class)
    if request.headers.get(SENT_BY_SCRIPT):
        return _part(
            session,
            render_template(
                "classroom/lead_part.html",
                problem=problem,
                typed=request.form.get("tekst") if problem else None,
                **_lead(_stage(session), school_class),
            ),
        )
    return redirect(url_for(".show_lead", class_id=school_class.id, session_id=session.id))


def _led_in(class_id: str, session_id: str) -> tuple[LiveSession, SchoolClass]:
    session, school_class = _led(session_id)
    return (session, school_class) if school_class.id == class_id else abort(404)


def _lead(stage: Stage, school_class: SchoolClass) -> dict[str, Any]:
    shown = _board(stage, school_class)
    return {**shown, **lead_present.lead_shown(stage, shown, now()), "ideas": ideas_of(stage.session)}
