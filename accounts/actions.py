"""Signing in and out, secrets, and the making of people. Actions flush; who calls them commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from access.domain import Role
from accounts.domain import ABSOLUTE, FIRST_PASSWORD_LASTS, seconds_to_wait, wait_after
from accounts.models import Person, SignIn
from accounts.secrets import draw_password, draw_secret, hash_secret, new_token, token_hash
from common import audit
from common.database import db


def begin_sign_in(person: Person, at: datetime) -> str:
    """Sign somebody in and return the token for the cookie. Clears the wrong tries."""
    token = new_token()
    db.session.execute(delete(SignIn).where(SignIn.created_at < at - ABSOLUTE))
    db.session.add(SignIn(id=token_hash(token), person_id=person.id, created_at=at, seen_at=at))
    person.wrong_tries, person.wait_until, person.last_sign_in_on = 0, None, at.date()
    if person.role != Role.PUPIL:
        audit.note("aangemeld", person.school_id, person.id)
    db.session.flush()
    return token


def try_to_enter(person_id: str, at: datetime, *, fits: bool) -> str | None:
    """The token for the cookie when the secret was right, else count the try. None: not let in.

    Whether the account waits is asked once more, in this transaction: of many guesses that are sent at the same moment
    only the first five count, and the right one among the others is too late.
    """
    person = db.session.scalars(select(Person).where(Person.id == person_id, Person.is_active).with_for_update()).one_or_none()
    if person is None or seconds_to_wait(person.wait_until, at):
        return None
    if fits:
        return begin_sign_in(person, at)
    note_wrong_try(person, at)
    return None


def note_wrong_try(person: Person, at: datetime) -> None:
    """Count a wrong try; from the fifth in a row the account waits. It ends by itself."""
    person.wrong_tries += 1
    wait = wait_after(person.wrong_tries)
    person.wait_until = at + wait if wait else None
    audit.note("aanmelden-mislukt" if wait is None else "aanmelden-wacht", person.school_id, None, person.id)
    db.session.flush()


def end_sign_in(token: str) -> None:
    db.session.execute(delete(SignIn).where(SignIn.id == token_hash(token)))


def end_all_sign_ins(person_id: str, *, but: str | None = None) -> None:
    """End every sign-in of a person, if need be except the one with this token."""
    statement = delete(SignIn).where(SignIn.person_id == person_id)
    db.session.execute(statement.where(SignIn.id != token_hash(but)) if but else statement)


@dataclass(frozen=True)
class Drawn:
    """A new secret, shown once: on the card of a pupil or to the one who made a staff account."""

    person_id: str
    display_name: str
    kind: str
    secret: str


def add_pupil(school_id: str, class_id: str, name: str, secret_kind: str, at: datetime, *, half: int) -> Person:
    pupil = Person(
        school_id=school_id, class_id=class_id, role=Role.PUPIL, display_name=name, secret_kind=secret_kind, half=half, created_at=at
    )
    db.session.add(pupil)
    db.session.flush()
    return pupil


@dataclass(frozen=True)
class FirstPassword:
    """A password drawn for a member of staff, to be shown once, with its hash."""

    password: str
    hashed: str


def draw_first_password() -> FirstPassword:
    """A first password, not given yet. Hashing takes a while: do it outside the transaction."""
    password = draw_password()
    return FirstPassword(password, hash_secret("password", password))


def add_staff(school_id: str, role: Role, name: str, email: str, first: FirstPassword, at: datetime) -> Person:
    """A member of staff with a first password that must be changed and expires after 14 days."""
    person = Person(school_id=school_id, role=role, display_name=name, email=email.strip().lower(), secret_kind="password", created_at=at)  # noqa: S106  (the kind)
    _give(person, first, at)
    db.session.add(person)
    db.session.flush()
    return person


def renew_password(person: Person, first: FirstPassword, at: datetime, *, forget_totp: bool) -> None:
    """A new first password for who lost the own one; ends every sign-in. forget_totp: the second step is lost too."""
    _give(person, first, at)
    person.wrong_tries, person.wait_until = 0, None
    if forget_totp:
        person.totp_secret, person.totp_used_step = None, None
    end_all_sign_ins(person.id)
    db.session.flush()


def _give(person: Person, first: FirstPassword, at: datetime) -> None:
    person.secret_hash, person.secret_expires_at, person.must_change_secret = first.hashed, at + FIRST_PASSWORD_LASTS, True


def set_active(person: Person, *, active: bool) -> None:
    """Let a member of staff in or keep the account shut; shutting ends every sign-in at once."""
    person.is_active = active
    if not active:
        end_all_sign_ins(person.id)
    db.session.flush()


def draw_for(pupil_id: str, name: str, kind: str) -> tuple[Drawn, str]:
    """A new secret with its hash, not given yet. Hashing takes a while: do it outside the transaction, then keep_secret."""
    drawn = Drawn(pupil_id, name, kind, draw_secret(kind))
    return drawn, hash_secret(kind, drawn.secret)


def keep_secret(pupil: Person, drawn: Drawn, hashed: str) -> None:
    """Give a pupil the secret that was drawn; ends every sign-in of that pupil and the wait after wrong tries."""
    pupil.secret_kind, pupil.secret_hash = drawn.kind, hashed
    pupil.wrong_tries, pupil.wait_until = 0, None
    end_all_sign_ins(pupil.id)
    db.session.flush()


def new_secret(pupil: Person, kind: str) -> Drawn:
    """Draw a new secret for a pupil and give it at once."""
    drawn, hashed = draw_for(pupil.id, pupil.display_name, kind)
    keep_secret(pupil, drawn, hashed)
    return drawn


def change_password(person_id: str, password_hash: str, *, keep: str) -> None:
    person = db.session.scalars(select(Person).where(Person.id == person_id)).one()
    person.secret_hash, person.must_change_secret, person.secret_expires_at = password_hash, False, None
    end_all_sign_ins(person_id, but=keep)
    audit.note("wachtwoord-gewijzigd", person.school_id, person_id)
