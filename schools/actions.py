"""Making and changing schools, classes, pupils, staff and contacts. Actions flush; who calls them commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from accounts.actions import add_pupil
from accounts.models import Person
from accounts.secrets import draw_class_code
from common.audit import note
from common.database import db
from schools.domain import YEAR_GROUPS, halves_after
from schools.models import Mentorship, School, SchoolClass, SchoolContact

MOST_DRAWS = 20


def add_school(name: str, protocol: str, at: datetime, *, actor_id: str | None = None) -> School:
    school = School(name=name, protocol=protocol, created_at=at)
    db.session.add(school)
    db.session.flush()
    note("school-gemaakt", school.id, actor_id, school.id)
    return school


def add_class(school_id: str, name: str, year_group: str, secret_kind: str, at: datetime, *, actor_id: str | None = None) -> SchoolClass:
    """A class with a code of its own; the year group gives the track."""
    made = SchoolClass(
        school_id=school_id, name=name, year_group=year_group, track=YEAR_GROUPS[year_group].value, code=_fresh_code(),
        secret_kind=secret_kind, created_at=at,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    note("klas-gemaakt", school_id, actor_id, made.id)
    return made


def _fresh_code() -> str:
    """A class code that no class in this installation has."""
    for _ in range(MOST_DRAWS):
        code = draw_class_code()
        if not db.session.scalar(select(func.count()).select_from(SchoolClass).where(SchoolClass.code == code)):
            return code
    raise RuntimeError("no free class code")
