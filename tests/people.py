"""Builders: each says only what matters to the story and is kept in the database at once."""

from __future__ import annotations

from itertools import count

from access.domain import Role, Viewer
from accounts import actions as account_actions
from accounts.models import Person
from accounts.queries import viewer_of
from accounts.secrets import draw_class_code, hash_secret
from common.clock import now
from common.database import db, new_id
from schools.models import Mentorship, School, SchoolClass

_numbers = count(1)
PASSWORD = "een-lange-zin-voor-de-test"


def a_school(protocol: str = "agora", name: str | None = None, *, is_demo: bool = False) -> School:
    school = School(name=name or f"School {next(_numbers)}", protocol=protocol, is_demo=is_demo, created_at=now())
    db.session.add(school)
    db.session.commit()
    return school


def a_class(school: School, track: str = "primair", mentor: Person | None = None, name: str | None = None) -> SchoolClass:
    primary = track == "primair"
    made = SchoolClass(
        school_id=school.id, name=name or f"{next(_numbers)}", year_group="groep 7" if primary else "klas 2", track=track,
        code=draw_class_code(), secret_kind="pictures" if primary else "pin", created_at=now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    if mentor is not None:
        db.session.add(Mentorship(class_id=made.id, person_id=mentor.id, school_id=school.id))
    db.session.commit()
    return made


def a_pupil(school_class: SchoolClass, name: str | None = None, *, secret: str | None = None, half: int = 1) -> Person:
    pupil = account_actions.add_pupil(
        school_class.school_id, school_class.id, name or f"Leerling {next(_numbers)}", school_class.secret_kind, now(), half=half
    )
    if secret:
        pupil.secret_hash = hash_secret(school_class.secret_kind, secret)
    db.session.commit()
    return pupil


def a_mentor(school: School, of: tuple[SchoolClass, ...] | list[SchoolClass] = ()) -> Person:
    mentor = _staff(school, Role.MENTOR)
    for school_class in of:
        db.session.add(Mentorship(class_id=school_class.id, person_id=mentor.id, school_id=school.id))
    db.session.commit()
    return mentor


def a_teamleider(school: School) -> Person:
    return _staff(school, Role.TEAMLEIDER)


def a_beheerder(school: School, *, runs_installation: bool = False, totp: str | None = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP") -> Person:
    """A beheerder who has set up the second step, unless totp is None."""
    person = _staff(school, Role.BEHEERDER)
    person.runs_installation, person.totp_secret = runs_installation, totp
    db.session.commit()
    return person


def _staff(school: School, role: Role) -> Person:
    number = next(_numbers)
    person = Person(
        school_id=school.id, role=role, display_name=f"Medewerker {number}", email=f"medewerker{number}@school.test",
        secret_kind="password", created_at=now(),
    )  # fmt: skip
    db.session.add(person)
    db.session.commit()
    return person


def with_password(person: Person, password: str = PASSWORD) -> Person:
    person.secret_hash = hash_secret("password", password)
    db.session.commit()
    return person


def signed_in(person: Person) -> str:
    """The token of a fresh sign-in, as it would stand in the cookie."""
    token = account_actions.begin_sign_in(person, now())
    db.session.commit()
    return token


def as_viewer(person: Person) -> Viewer:
    """The person as the app sees the one who is looking."""
    found = viewer_of(signed_in(person))
    assert found is not None
    return found


def an_answer_id() -> str:
    return new_id()
