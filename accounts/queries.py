"""Reading people. What is asked for by id always comes with the scope of the one who asks."""

from __future__ import annotations

import logging
import unicodedata
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, column, exists, select, table
from sqlalchemy.exc import OperationalError

from access.domain import Role, Viewer
from accounts.domain import SEEN_EVERY, has_ended
from accounts.models import Person, SignIn
from accounts.secrets import token_hash
from common.clock import now
from common.database import db, writing

log = logging.getLogger("netjes")


# Read with every request, so it is one select of just these columns, built once. The tables of the rooms above are named, not imported.
_SCHOOL = table("school", column("id"), column("name"), column("protocol"), column("is_demo"))
_CLASS = table("school_class", column("id"), column("track"))
_RULE_CHANGE = table("rule_change", column("school_id"))
_REVISION = table("revision", column("school_id"))
_VIEWER = (
    select(
        SignIn.id, SignIn.created_at, SignIn.seen_at, Person.id, Person.school_id, _SCHOOL.c.name, _SCHOOL.c.protocol,
        _SCHOOL.c.is_demo, Person.role, Person.display_name, Person.class_id, _CLASS.c.track, Person.half,
        Person.must_change_secret, Person.totp_secret, Person.runs_installation, Person.reading,
        exists().where(_RULE_CHANGE.c.school_id == Person.school_id), exists().where(_REVISION.c.school_id == Person.school_id),
    )
    .join(Person, Person.id == SignIn.person_id)
    .join(_SCHOOL, _SCHOOL.c.id == Person.school_id)
    .outerjoin(_CLASS, _CLASS.c.id == Person.class_id)
    .where(SignIn.id == bindparam("sign_in"), Person.is_active)
)  # fmt: skip


def viewer_of(token: str) -> Viewer | None:
    """The person behind a cookie, or None when the sign-in ended, was ended, or never was."""
    if not isinstance(token, str):
        return None
    row = db.session.connection().execute(_VIEWER, {"sign_in": token_hash(token)}).first()
    if row is None:
        return None
    (sign_in, created_at, seen_at, person_id, school_id, school_name, protocol, is_demo, role, display_name, class_id, track, half,
     must_change, totp, runs_installation, reading, own_rules, own_lessons) = row  # fmt: skip
    at = now()
    if has_ended(created_at, seen_at, at):
        return None
    if at - seen_at > SEEN_EVERY:
        _still_here(sign_in, at)
    return Viewer(
        id=person_id, sign_in=token, school_id=school_id, school_name=school_name, protocol=protocol, role=Role(role),
        display_name=display_name, class_id=class_id, track=track, half=half,
        must_do=_must_do(Role(role), must_change=must_change, has_totp=bool(totp), is_demo=bool(is_demo)),
        runs_installation=runs_installation, reading=reading or {}, has_own_rules=bool(own_rules), has_own_lessons=bool(own_lessons),
    )  # fmt: skip


def _still_here(sign_in_id: str, at: datetime) -> None:
    """Note that this browser is in use. A full disk may not stop who only reads, so that fault is logged and let go."""
    try:
        with writing():
            row = db.session.get(SignIn, sign_in_id)
            if row is not None:
                row.seen_at = at
    except OperationalError as fault:
        log.warning("seen_at was not kept: %s", type(fault.orig).__name__)


def _must_do(role: Role, *, must_change: bool, has_totp: bool, is_demo: bool) -> str | None:
    if must_change:
        return "password"
    required = current_app.config["TOTP_REQUIRED"] and role is Role.BEHEERDER and not is_demo
    return "totp" if required and not has_totp else None


def staff_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def pupil_in_class(class_id: str, pupil_id: str) -> Person | None:
    """A pupil, only when in this class."""
    return db.session.scalar(
        select(Person).where(Person.id == pupil_id, Person.class_id == class_id, Person.role == Role.PUPIL, Person.is_active)
    )


def pupils_of(class_id: str) -> list[Person]:
    """The pupils of a class by name. The caller has checked who may see the class."""
    rows = db.session.scalars(select(Person).where(Person.class_id == class_id, Person.role == Role.PUPIL, Person.is_active))
    return sorted(rows, key=lambda person: (by_name(person.display_name), person.id))


def by_name(name: str) -> str:
    """How a name sorts in a class list: without capitals and accents, so that Łukasz stands with the L."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_NOT_DECOMPOSED))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


# Letters that Unicode does not take apart into a letter and a mark.
_NOT_DECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"})
