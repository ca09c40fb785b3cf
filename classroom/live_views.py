"""The screens of pupils who take part in a live lesson: come in, follow the board, vote. Nobody is told who voted what."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import segno
from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from access.guards import public, requires, viewer, viewer_or_none
from access.policy import Permission
from classroom import actions, present
from classroom.deeds import place_token
from classroom.domain import Kind
from classroom.models import LiveSession
from classroom.queries import is_still_at, open_session_of, open_session_with, session_of_class, session_with, vote_of, voter_of
from classroom.stage import Stage, stage_of
from classroom.views import blueprint
from common.clock import now
from common.database import commits, new_id, writing
from common.web import SENT_BY_SCRIPT
from common.words import _
from protocols.queries import rule_book_of
from schools.queries import class_with_id, school_with_id

GUEST = "live_guest"
LIVE = "/live/<string:session_id>"


@dataclass(frozen=True)
class Taker:
    """Somebody who takes part: in which lesson, under which name that means nothing. is_guest: came in by the QR code only."""

    lesson: LiveSession
    voter: str
    is_guest: bool


def _taker(session_id: str) -> Taker | None:
    """A pupil of the class, or a device that came in with the code of this very lesson; None for everybody else."""
    someone = viewer_or_none()
    if someone is not None:
        found = session_of_class(someone.class_id, session_id) if someone.is_pupil and someone.class_id else None
        return Taker(found, voter_of(found, someone.id), False) if found else abort(404)
    guest = session.get(GUEST)
    if not isinstance(guest, dict) or guest.get("lesson") != session_id:
        return None
    found = session_with(session_id)
    return Taker(found, _guest(found), True) if found else None


def _stage(taker: Taker) -> Stage:
    school = school_with_id(taker.lesson.school_id) or abort(404)
    return stage_of(taker.lesson, rule_book_of(school.id, school.protocol)) or abort(404)


# ---- coming in ----


@blueprint.post("/meedoen")
@requires(Permission.TAKE_LESSON)
@commits
def join_own() -> ResponseReturnValue:
    """A pupil takes part in the lesson that the own class has open; without one, home."""
    found = open_session_of(viewer().class_id or "")
    if found is None or not found.with_devices:
        flash(_("Jouw klas heeft nu geen les op het bord waar je aan mee kunt doen."), "info")
        return redirect(url_for("lessons.home"))
    actions.join(found.id, voter_of(found, viewer().id), now())
    return redirect(url_for(".show_live", session_id=found.id))


@blueprint.get("/meedoen/<string:code>")
@public
def show_join(code: str) -> ResponseReturnValue:
    """Where the QR code on the board leads: in with the own name, or only to vote along."""
    found = _joined(code)
    someone = viewer_or_none()
    school_class = class_with_id(found.class_id) or abort(404)
    return render_template("classroom/live_join.html", code=found.join_code, school_class=school_class, skin=school_class.track,
                           is_own=bool(someone and someone.is_pupil and someone.class_id == found.class_id))  # fmt: skip


@blueprint.post("/meedoen/<string:code>")
@public
@commits
def join_with_code(code: str) -> ResponseReturnValue:
    """Take part: a pupil of the class as that pupil, anybody else as a guest, who may vote in this lesson and do nothing else."""
    found = _joined(code)
    someone = viewer_or_none()
    if someone is None:
        known = session.get(GUEST)
        if not isinstance(known, dict) or known.get("lesson") != found.id:
            session[GUEST] = {"lesson": found.id, "who": new_id()}
        actions.join(found.id, _guest(found), now())
    elif someone.is_pupil and someone.class_id == found.class_id:
        actions.join(found.id, voter_of(found, someone.id), now())
    else:
        abort(404)
    return redirect(url_for(".show_live", session_id=found.id))


def _guest(found: LiveSession) -> str:
    return voter_of(found, f"gast:{session[GUEST]['who']}")


def _joined(code: str) -> LiveSession:
    """The open lesson with this code, when it asks for devices; else 404, as for a code that never was."""
    found = open_session_with(code.upper()) if len(code) <= 8 else None
    return found if found and found.with_devices else abort(404)


# ---- the screen ----


@blueprint.get(LIVE)
@public
def show_live(session_id: str) -> ResponseReturnValue:
    """What a pupil sees: the vote that is open, else a word on what is on the board."""
    taker = _taker(session_id)
    if taker is None:
        return redirect(url_for("accounts.start"))
    return render_template("classroom/live.html", mark_now=_mark(taker.lesson), **_shown(taker))


@blueprint.get(f"{LIVE}/stand")
@public
def live_now(session_id: str) -> ResponseReturnValue:
    """What changed since this screen asked last. Most answers are "nothing", so that costs two small selects."""
    taker = _taker(session_id)
    if taker is None:
        return redirect(url_for("accounts.start"))
    if _mark(taker.lesson) in request.headers.get("If-None-Match", ""):  # packing adds to the tag
        return "", 304
    return _part(taker)


@blueprint.post(LIVE)
@public
def vote(session_id: str) -> ResponseReturnValue:
    """One vote, kept before the screen says so. What comes too late, or from a lesson without devices, is not counted."""
    taker = _taker(session_id)
    if taker is None:
        return redirect(url_for("accounts.start"))
    problem = _cast(taker, request.form.get("keuze", ""), request.form.get("plek", ""))
    if request.headers.get(SENT_BY_SCRIPT):
        return _part(taker, problem=problem)
    if problem:
        flash(problem, "warning")
    return redirect(url_for(".show_live", session_id=session_id))


def _cast(taker: Taker, option: str, place: str) -> str | None:
    """Keep a vote; what is wrong with it otherwise. A class votes at one moment, so only the two small writes hold the one who writes."""
    stage = _stage(taker)
    poll = stage.poll
    if not poll or stage.is_ended or not taker.lesson.with_devices or place != place_token(stage):
        return _("De stemming is al dicht. Kijk op het bord.")
    if option not in dict(poll.options):
        return _("Kies een antwoord.")
    lesson_id, spot = taker.lesson.id, stage.stored
    with writing():
        if not is_still_at(lesson_id, spot):
            return _("De stemming is al dicht. Kijk op het bord.")
        actions.join(lesson_id, taker.voter, now())
        actions.cast_vote(lesson_id, poll.key, poll.turn, taker.voter, option)
    return None


def _mark(lesson: LiveSession) -> str:
    """Changes when the class goes on. The votes of others change nothing here, so they wake nobody."""
    return f"v{lesson.version}{'-af' if lesson.ended_at else ''}{'' if lesson.with_devices else '-dicht'}"


def _part(taker: Taker, problem: str | None = None) -> ResponseReturnValue:
    response = make_response(render_template("classroom/live_part.html", problem=problem, **_shown(taker)))
    response.headers["ETag"] = f'"{_mark(taker.lesson)}"'
    return response


def _shown(taker: Taker) -> dict[str, Any]:
    stage = _stage(taker)
    poll = stage.poll if taker.lesson.with_devices and not stage.is_ended else None
    shown = present.board_shown(stage)
    mine = vote_of(taker.lesson, poll.key, poll.turn, taker.voter) if poll else None
    return {
        "lesson": taker.lesson, "is_guest": taker.is_guest, "unit": stage.lesson.unit, "kaft": stage.lesson.cover,
        "skin": stage.lesson.unit.track.value, "poll": poll, "mine": mine, "place_token": place_token(stage), "beat": stage.beat,
        "mark": shown["mark"], "mark_icon": shown["mark_icon"], "question": _question(stage, shown), "is_ended": stage.is_ended,
        "again": bool(poll and poll.turn == 2), "answer": shown.get("answer"),
    }  # fmt: skip


def _question(stage: Stage, shown: dict[str, Any]) -> str:
    if stage.beat.kind is Kind.CHAT:
        return str(shown["asked"]) if "asked" in shown else stage.beat.title
    return stage.poll.question if stage.poll and stage.poll.question else stage.beat.title


# ---- on the board ----


def join_way(lesson: LiveSession) -> dict[str, Any]:
    """How devices come in: the address in words and as a QR code, for the board and the mentor's own screen."""
    address = url_for("classroom.show_join", code=lesson.join_code, _external=True)
    picture = io.BytesIO()
    segno.make(address, error="m").save(
        picture, kind="svg", svgclass=None, lineclass=None, omitsize=True, xmldecl=False, svgns=False, border=2
    )
    drawn = Markup(picture.getvalue().decode())  # noqa: S704  (segno draws it from our own text)
    return {"address": address.partition("://")[2], "qr": drawn}
