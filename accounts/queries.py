"""Reading people. What is asked for by id always comes with the scope of the one who asks."""

from __future__ import annotations

import logging
import unicodedata
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from access.domain import Role, Viewer
from accounts.domain import SEEN_EVERY, has_ended
from accounts.models import Person, SignIn
from accounts.secrets import token_hash
from common.clock import now
from common.database import db, writing

log = logging.getLogger("netjes")


def viewer_of(token: str) -> Viewer | None:
    """The person behind a cookie, or None when the sign-in ended, was ended, or never was."""
    row = db.session.scalar(
        select(SignIn)
        .where(SignIn.id == token_hash(token))
        .options(joinedload(SignIn.person).joinedload(Person.school), joinedload(SignIn.person).joinedload(Person.school_class))
    )
    if row is None or not row.person.is_active or has_ended(row.created_at, row.seen_at, now()):
        return None
    found = _viewer(row.person, token)
    if now() - row.seen_at > SEEN_EVERY:
        _still_here(row.id, now())
    return found


def _still_here(sign_in_id: str, at: datetime) -> None:
    """Note that this browser is in use. A full disk may not stop who only reads, so that fault is logged and let go."""
    try:
        with writing():
            row = db.session.get(SignIn, sign_in_id)
            if row is not None:
                row.seen_at = at
    except OperationalError as fault:
        log.warning("seen_at was not kept: %s", type(fault.orig).__name__)


def _viewer(person: Person, token: str) -> Viewer:
    school_class = person.school_class
    return Viewer(
        id=person.id,
        sign_in=token,
        school_id=person.school_id,
        school_name=person.school.name,
        protocol=person.school.protocol,
        role=Role(person.role),
        display_name=person.display_name,
        class_id=person.class_id,
        track=school_class.track if school_class else None,
        half=person.half,
        theme=person.theme,
        must_do=_must_do(person),
        runs_installation=person.runs_installation,
    )


def _must_do(person: Person) -> str | None:
    if person.must_change_secret:
        return "password"
    required = current_app.config["TOTP_REQUIRED"] and person.role == Role.BEHEERDER and not person.school.is_demo
    return "totp" if required and not person.totp_secret else None


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
