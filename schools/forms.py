"""What a beheerder fills in, read and checked. Each reader gives the form, and what was filled in when it is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from access.domain import Role
from accounts.models import Person
from common.database import db
from common.forms import Form, is_email
from protocols.domain import Track
from protocols.parse import load_corpus
from schools.domain import LONGEST_NAME, SECRET_KINDS, YEAR_GROUPS
from schools.models import SchoolClass

Source = Mapping[str, str]
STAFF_ROLES = (Role.MENTOR.value, Role.TEAMLEIDER.value, Role.BEHEERDER.value)
KIND_WORDS = {"pictures": "plaatjes", "word": "een woord", "pin": "een pincode"}


@dataclass(frozen=True)
class NewSchool:
    name: str
    protocol: str


@dataclass(frozen=True)
class NewClass:
    name: str
    year_group: str
    secret_kind: str


@dataclass(frozen=True)
class NewStaff:
    name: str
    email: str
    role: Role


def read_school(source: Source) -> tuple[Form, NewSchool | None]:
    form = Form()
    name = form.read(source, "naam", label="de naam van de school", longest=80)
    protocol = form.pick(source, "protocol", load_corpus().protocols, label="een protocol: " + ", ".join(load_corpus().protocols))
    return form, None if form.problems else NewSchool(name, protocol)


def read_class(source: Source, school_id: str) -> tuple[Form, NewClass | None]:
    """A new class. Without a way to sign in, it gets the first one of its track."""
    form = Form()
    name = form.read(source, "naam", label="de naam van de klas", longest=20)
    year_group = form.pick(source, "leerjaar", YEAR_GROUPS, label="een leerjaar: groep 5 tot en met 8, of klas 1, 2 of 3")
    kind = _kind(form, source, YEAR_GROUPS.get(year_group))
    if name and not form.problem_of("naam") and has_class_named(school_id, name):
        form.add("naam", f"Er is al een klas {name}. Kies een andere naam.")
    return form, None if form.problems else NewClass(name, year_group, kind)


def _kind(form: Form, source: Source, track: Track | None) -> str:
    asked = source.get("inlog", "")
    form.values["inlog"] = asked
    kinds = SECRET_KINDS[track] if track else ("pictures", "word", "pin")
    if not asked:
        return kinds[0]
    if asked not in kinds:
        form.add("inlog", f"Kies hoe leerlingen inloggen: {', '.join(KIND_WORDS[kind] for kind in kinds)} ({', '.join(kinds)}).")
    return asked


def has_class_named(school_id: str, name: str) -> bool:
    found = select(func.count()).select_from(SchoolClass).where(SchoolClass.school_id == school_id, func.lower(SchoolClass.name) == name.lower())
    return bool(db.session.scalar(found))


def read_staff(source: Source, *, roles: tuple[str, ...] = STAFF_ROLES) -> tuple[Form, NewStaff | None]:
    """A new member of staff. An address is used once in the whole installation, since it is what people sign in with."""
    form = Form()
    name = form.read(source, "naam", label="de naam", longest=LONGEST_NAME)
    email = form.read(source, "email", label="het e-mailadres", longest=254).lower()
    role = form.pick(source, "rol", roles, label="een rol: mentor, teamleider of beheerder" if len(roles) > 1 else "een rol")
    if email and not form.problem_of("email"):
        if not is_email(email):
            form.add("email", "Dit is geen volledig e-mailadres. Schrijf het als naam@school.nl.")
        elif db.session.scalar(select(func.count()).select_from(Person).where(Person.email == email)):
            form.add("email", "Met dit e-mailadres is er al een account.")
    return form, None if form.problems else NewStaff(name, email, Role(role))
