"""Schools, their classes, who mentors which class, and who helps at the school."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.database import Base, new_id


class School(Base):
    """One school, on one of the five protocols. is_demo marks what the demo made and may make again."""

    __tablename__ = "school"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80))
    protocol: Mapped[str] = mapped_column(String(20))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SchoolClass(Base):
    """A class. code is what pupils type to find it; secret_kind is how they sign in (pictures, word or pin)."""

    __tablename__ = "school_class"
    __table_args__ = (UniqueConstraint("code"), UniqueConstraint("school_id", "name"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(20))
    year_group: Mapped[str] = mapped_column(String(10))
    track: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(8))
    secret_kind: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]


class Mentorship(Base):
    """Who mentors which class."""

    __tablename__ = "mentorship"

    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))


class SchoolContact(Base):
    """Somebody at the school to whom a pupil can go, as the school itself filled in."""

    __tablename__ = "school_contact"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    task: Mapped[str] = mapped_column(String(80))
    where: Mapped[str] = mapped_column(String(160))
    checked_at: Mapped[datetime]


class ClassAgreement(Base):
    """One thing that a class agreed on in its own words. position is its place in the list."""

    __tablename__ = "class_agreement"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime]
