"""A lesson given to a whole class: where the class is, who takes part, and what was voted. No row names a pupil."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from common.database import Base, new_id


class LiveSession(Base):
    """One lesson on the digibord of one class, with or without the devices of pupils.

    beat and phase tell where the class is (classroom.domain); path holds the choices made together in the chat, as
    [node, choice]. version goes up with every change that all screens must show. It ends when the mentor ends it.
    """

    __tablename__ = "live_session"
    __table_args__ = (Index("ix_live_session_class_id", "class_id", "ended_at"), Index("ix_live_session_join_code", "join_code"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    unit: Mapped[str] = mapped_column(String(80))
    opened_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    join_code: Mapped[str] = mapped_column(String(8))
    with_devices: Mapped[bool] = mapped_column(default=False)
    beat: Mapped[str] = mapped_column(String(130))
    phase: Mapped[str] = mapped_column(String(12))
    path: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class HandCount(Base):
    """Hands or cards counted by the mentor: so many for this answer, the first or the second time."""

    __tablename__ = "hand_count"

    session_id: Mapped[str] = mapped_column(ForeignKey("live_session.id", ondelete="CASCADE"), primary_key=True)
    beat: Mapped[str] = mapped_column(String(130), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[str] = mapped_column(String(60), primary_key=True)
    hands: Mapped[int]


class Participant(Base):
    """A device that takes part. voter means nothing to anyone: it is made of the pupil and the lesson with the key of the
    installation, so that the same pupil comes back as the same voter and nobody can tell who it is."""

    __tablename__ = "participant"

    session_id: Mapped[str] = mapped_column(ForeignKey("live_session.id", ondelete="CASCADE"), primary_key=True)
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
    joined_at: Mapped[datetime]


class LiveVote(Base):
    """What one voter chose. Voting again in the same round takes the place of the vote before."""

    __tablename__ = "live_vote"

    session_id: Mapped[str] = mapped_column(ForeignKey("live_session.id", ondelete="CASCADE"), primary_key=True)
    beat: Mapped[str] = mapped_column(String(130), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
    option: Mapped[str] = mapped_column(String(60))


class AgreementIdea(Base):
    """Something a class thinks of agreeing on, before it is chosen."""

    __tablename__ = "agreement_idea"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("live_session.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    hands: Mapped[int] = mapped_column(default=0)
    is_chosen: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
