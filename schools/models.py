"""Schools, their classes, who mentors which class, and who helps at the school."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
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
    """Who mentors which class. until_on is the last day of a substitute, whose right then ends by itself."""

    __tablename__ = "mentorship"

    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    until_on: Mapped[date | None]


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


class PupilGroup(Base):
    """Some pupils of a class whom the mentor wants to see together: a table, a level, a year in a combined class."""

    __tablename__ = "pupil_group"
    __table_args__ = (UniqueConstraint("class_id", "name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))


class GroupMember(Base):
    """Who is in which group; a pupil may be in several."""

    __tablename__ = "group_member"

    group_id: Mapped[str] = mapped_column(ForeignKey("pupil_group.id", ondelete="CASCADE"), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class PlannedUnit(Base):
    """A unit that a mentor gives to a class: in which place, and on which day if that is known."""

    __tablename__ = "planned_unit"
    __table_args__ = (UniqueConstraint("class_id", "unit"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    unit: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    give_on: Mapped[date | None]
    planned_at: Mapped[datetime]


class CareNote(Base):
    """What a mentor did about a reason to help a pupil: seen, spoken or done. reason and unit name what it was about."""

    __tablename__ = "care_note"
    __table_args__ = (UniqueConstraint("pupil_id", "reason", "unit"), Index("ix_care_note_class_id", "class_id"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    pupil_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]
