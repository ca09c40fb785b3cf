"""Asking the own password again, before something that cannot be undone or that gives somebody rights."""

from __future__ import annotations

from sqlalchemy import select

from accounts import actions
from accounts.models import Person
from accounts.secrets import secret_fits
from common.clock import now
from common.database import db, writing
from common.words import _


def password_problem(person_id: str, typed: str) -> str | None:
    """What is wrong with the password that somebody typed again; None when it is right.

    Call it outside any transaction: hashing takes a while. Wrong tries count as they do at the door.
    """
    person = db.session.scalars(select(Person).where(Person.id == person_id)).one()
    hashed, wait = person.secret_hash, max(0, int((person.wait_until - now()).total_seconds())) if person.wait_until else 0
    db.session.rollback()
    if not typed:
        return _("Vul je eigen wachtwoord in.")
    if wait:
        return _("Even wachten. Over %(n)s seconden kun je het weer proberen.", n=wait)
    if secret_fits("password", hashed, typed[:500]):
        return None
    with writing():
        actions.note_wrong_try(db.session.scalars(select(Person).where(Person.id == person_id)).one(), now())
    return _("Dit is niet je wachtwoord.")
