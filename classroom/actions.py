"""What a mentor and a class do in a live lesson. Each is one small write, so that nothing is lost when a laptop falls asleep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from access.domain import Viewer
from accounts.secrets import draw_class_code
from classroom.domain import MOST_HANDS, Spot
from classroom.models import AgreementIdea, HandCount, LiveSession, LiveVote, Participant
from classroom.queries import ideas_of, open_session_of
from common.database import db, new_id
from schools.actions import add_class_agreement
from schools.models import SchoolClass
from schools.queries import class_agreements_of

MOST_IDEAS = 20


def open_lesson(mentor: Viewer, school_class: SchoolClass, unit: str, start: Spot, at: datetime, *, with_devices: bool) -> LiveSession:
    """Begin a lesson on the board, or go on with the one that this class has open for this unit. Another one is ended."""
    known = open_session_of(school_class.id)
    if known is not None and known.unit == unit:
        if known.with_devices != with_devices:
            known.with_devices = with_devices
            _changed(known, at)
        return known
    if known is not None:
        end_lesson(known, at)
    session = LiveSession(
        id=new_id(), school_id=school_class.school_id, class_id=school_class.id, unit=unit, opened_by_id=mentor.id,
        join_code=draw_class_code(), with_devices=with_devices, beat=start.beat, phase=start.phase.value, path=[], version=1,
        opened_at=at, moved_at=at,
    )  # fmt: skip
    db.session.add(session)
    db.session.flush()
    return session


def move_to(session: LiveSession, spot: Spot, at: datetime) -> None:
    if (session.beat, session.phase) != (spot.beat, spot.phase.value):
        session.beat, session.phase = spot.beat, spot.phase.value
        _changed(session, at)


def end_lesson(session: LiveSession, at: datetime) -> None:
    if session.ended_at is None:
        session.ended_at = at
        _changed(session, at)


def reopen_lesson(session: LiveSession, at: datetime) -> None:
    """Go on with a lesson that was ended too soon; the one that the class is in now ends."""
    known = open_session_of(session.class_id)
    if known is not None and known.id != session.id:
        end_lesson(known, at)
    if session.ended_at is not None:
        session.ended_at = None
        _changed(session, at)


def take_path(session: LiveSession, path: Sequence[Sequence[str]], at: datetime) -> None:
    """The choices that the class has made in the chat."""
    session.path = [list(step) for step in path]
    _changed(session, at)


def one_at_a_time(session: LiveSession) -> None:
    """Let one screen at a time change a lesson, and know what the one before did. SQLite has one writer anyway."""
    db.session.refresh(session, with_for_update=True)


def _changed(session: LiveSession, at: datetime) -> None:
    """Every screen must show something else now."""
    session.version, session.moved_at = session.version + 1, at
    db.session.flush()


# ---- hands ----


def count_hands(session: LiveSession, beat: str, turn: int, option: str, change: int, at: datetime) -> int:
    """So many hands more or fewer for an answer, between none and more than a class has. Returns how many there are now."""
    row = db.session.get(HandCount, (session.id, beat, turn, option))
    if row is None:
        row = HandCount(session_id=session.id, beat=beat, round=turn, option=option, hands=0)
        db.session.add(row)
    row.hands = max(0, min(MOST_HANDS, row.hands + change))
    _changed(session, at)
    return row.hands


def wipe_round(session: LiveSession, beat: str, turn: int, at: datetime) -> None:
    """Count a round anew."""
    for table in (HandCount, LiveVote):
        db.session.execute(delete(table).where(table.session_id == session.id, table.beat == beat, table.round == turn))
    _changed(session, at)


# ---- devices ----


def join(session_id: str, voter: str, at: datetime) -> None:
    """Take part; coming back changes nothing."""
    _put(Participant, {"session_id": session_id, "voter": voter, "joined_at": at}, ["session_id", "voter"], None)


def cast_vote(session_id: str, beat: str, turn: int, voter: str, option: str) -> None:
    """Vote; a second vote in the same round takes the place of the first. The session row is left alone, so that thirty
    who vote at once do not wait for each other."""
    row = {"session_id": session_id, "beat": beat, "round": turn, "voter": voter, "option": option}
    _put(LiveVote, row, ["session_id", "beat", "round", "voter"], {"option": option})


def _put(table: type[Participant | LiveVote], row: dict[str, object], key: list[str], changes: dict[str, object] | None) -> None:
    """Insert, or change what is there under the same key; without changes, leave it."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table).values(row)
    db.session.execute(insert.on_conflict_do_update(index_elements=key, set_=changes) if changes else insert.on_conflict_do_nothing())


# ---- the class's own agreements ----


def add_idea(session: LiveSession, text: str, at: datetime) -> bool:
    """Write down something to agree on. False when there are as many as fit on a board, or the very same stands there."""
    known = db.session.scalars(select(AgreementIdea.text).where(AgreementIdea.session_id == session.id)).all()
    if len(known) >= MOST_IDEAS or text.casefold() in {one.casefold() for one in known}:
        return False
    db.session.add(AgreementIdea(session_id=session.id, text=text, written_at=at))
    _changed(session, at)
    return True


def change_idea(session: LiveSession, idea_id: str, at: datetime, *, hands: int = 0, turn_choice: bool = False) -> None:
    """So many hands more or fewer for an idea, or choose it or leave it."""
    row = db.session.scalar(select(AgreementIdea).where(AgreementIdea.id == idea_id, AgreementIdea.session_id == session.id))
    if row is None:
        return
    row.hands = max(0, min(MOST_HANDS, row.hands + hands))
    if turn_choice:
        row.is_chosen = not row.is_chosen
    _changed(session, at)


def drop_idea(session: LiveSession, idea_id: str, at: datetime) -> None:
    db.session.execute(delete(AgreementIdea).where(AgreementIdea.id == idea_id, AgreementIdea.session_id == session.id))
    _changed(session, at)


def keep_chosen(session: LiveSession, school_class: SchoolClass, at: datetime, *, actor_id: str) -> tuple[int, bool]:
    """Make the chosen ideas agreements of the class. Returns how many are new, and whether all of them fitted."""
    known = {one.text.casefold() for one in class_agreements_of(school_class.id)}
    new = 0
    for idea in ideas_of(session):
        if not idea.is_chosen or idea.text.casefold() in known:
            continue
        if add_class_agreement(school_class, idea.text, at, actor_id=actor_id) is None:
            return new, False
        new += 1
    _changed(session, at)
    return new, True
