"""Reading a live lesson: for the mentor of the class, for a pupil of the class, and for the screens that follow it."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app
from sqlalchemy import func, or_, select

from access.domain import Viewer
from classroom.domain import Spot
from classroom.models import AgreementIdea, HandCount, LiveSession, LiveVote, Participant
from common.database import db, is_id
from schools.queries import class_seen_by


def session_led_by(viewer: Viewer, session_id: str) -> LiveSession | None:
    """A live lesson of a class that this mentor may see, also when a colleague opened it; None for every other."""
    found = db.session.get(LiveSession, session_id) if is_id(session_id) else None
    if found is None or class_seen_by(viewer, found.class_id) is None:
        return None
    return found


def open_session_of(class_id: str) -> LiveSession | None:
    """The lesson that a class is in now. The caller has checked who may see the class."""
    return db.session.scalar(
        select(LiveSession)
        .where(LiveSession.class_id == class_id, LiveSession.ended_at.is_(None))
        .order_by(LiveSession.opened_at.desc(), LiveSession.id)
        .limit(1)
    )


def session_of_class(class_id: str, session_id: str) -> LiveSession | None:
    """A live lesson of this class, also when it has ended; None for one of another class."""
    found = session_with(session_id)
    return found if found is not None and found.class_id == class_id else None


def session_with(session_id: str) -> LiveSession | None:
    """For who has shown the code of this very lesson, or belongs to its class."""
    return db.session.get(LiveSession, session_id) if is_id(session_id) else None


def open_session_with(join_code: str) -> LiveSession | None:
    """The lesson that goes on under this code."""
    return db.session.scalar(select(LiveSession).where(LiveSession.join_code == join_code, LiveSession.ended_at.is_(None)).limit(1))


def is_still_at(session_id: str, spot: Spot) -> bool:
    """Whether the class has not gone on since a screen was drawn; asked in the transaction that writes."""
    row = db.session.execute(
        select(LiveSession.beat, LiveSession.phase, LiveSession.ended_at).where(LiveSession.id == session_id).with_for_update(read=True)
    ).one_or_none()
    return row is not None and (row.beat, row.phase) == (spot.beat, spot.phase.value) and row.ended_at is None


def voter_of(session: LiveSession, who: str) -> str:
    """The name under which somebody votes: always the same in this lesson, and nothing that anybody can turn back."""
    key: str = current_app.config["SECRET_PEPPER"]
    return hmac.new(key.encode(), f"{session.id}:{who}".encode(), hashlib.sha256).hexdigest()


def counts_of(session: LiveSession, beat: str) -> dict[tuple[int, str], int]:
    """The hands that were counted and the votes of devices together, per round and answer."""
    found: dict[tuple[int, str], int] = {}
    hands = select(HandCount.round, HandCount.option, HandCount.hands).where(HandCount.session_id == session.id, HandCount.beat == beat)
    votes = (
        select(LiveVote.round, LiveVote.option, func.count())
        .where(LiveVote.session_id == session.id, LiveVote.beat == beat)
        .group_by(LiveVote.round, LiveVote.option)
    )
    for rows in (hands, votes):
        for turn, option, number in db.session.execute(rows):
            found[(turn, option)] = found.get((turn, option), 0) + number
    return found


def vote_of(session: LiveSession, beat: str, turn: int, voter: str) -> str | None:
    """What this voter chose in this round."""
    return db.session.scalar(
        select(LiveVote.option).where(
            LiveVote.session_id == session.id, LiveVote.beat == beat, LiveVote.round == turn, LiveVote.voter == voter
        )
    )


def mark_of(session: LiveSession) -> str:
    """Changes with everything that a screen of this lesson shows: where it is, the hands, and the votes and devices that come in."""
    votes = (
        select(LiveVote.beat, LiveVote.round, LiveVote.option, func.count())
        .where(
            LiveVote.session_id == session.id,
            or_(LiveVote.beat == session.beat, LiveVote.beat.startswith(f"{session.beat}:", autoescape=True)),
        )
        .group_by(LiveVote.beat, LiveVote.round, LiveVote.option)
        .order_by(LiveVote.beat, LiveVote.round, LiveVote.option)
    )
    seen = [session.version, devices_in(session), *map(tuple, db.session.execute(votes))] if session.with_devices else session.version
    return hashlib.sha256(f"{session.id}{seen}".encode()).hexdigest()[:16]


def devices_in(session: LiveSession) -> int:
    return db.session.scalar(select(func.count()).select_from(Participant).where(Participant.session_id == session.id)) or 0


def ideas_of(session: LiveSession) -> list[AgreementIdea]:
    return list(
        db.session.scalars(
            select(AgreementIdea).where(AgreementIdea.session_id == session.id).order_by(AgreementIdea.written_at, AgreementIdea.id)
        )
    )
