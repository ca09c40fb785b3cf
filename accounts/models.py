"""People and their sign-ins."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database import Base, new_id

if TYPE_CHECKING:
    from schools.models import School, SchoolClass


class Person(Base):
    """A pupil or a member of staff. Of a pupil this is all that is kept, besides the answers.

    half (1 or 2) decides which form of the starter and closing check a pupil gets. reading is how a pupil likes to read
    (size, spacing, face, speed); empty for who changed nothing.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("email"), Index("ix_person_class_id_display_name", "class_id", "display_name"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    display_name: Mapped[str] = mapped_column(String(40))
    class_id: Mapped[str | None] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    half: Mapped[int] = mapped_column(default=1)
    email: Mapped[str | None] = mapped_column(String(254))
    secret_kind: Mapped[str] = mapped_column(String(12), default="password")
    secret_hash: Mapped[str | None] = mapped_column(String(200))
    secret_expires_at: Mapped[datetime | None]
    must_change_secret: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None] = mapped_column(String(40))
    totp_used_step: Mapped[int | None]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    wait_until: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    runs_installation: Mapped[bool] = mapped_column(default=False)
    last_sign_in_on: Mapped[date | None]
    created_at: Mapped[datetime]
    reading: Mapped[dict[str, str] | None] = mapped_column(JSON)

    school: Mapped[School] = relationship("School", lazy="raise")
    school_class: Mapped[SchoolClass | None] = relationship("SchoolClass", lazy="raise")


class SignIn(Base):
    """One browser in which somebody is signed in. The cookie holds the token; here stands only its hash."""

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    person: Mapped[Person] = relationship(Person, lazy="raise")
