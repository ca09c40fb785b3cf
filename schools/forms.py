"""What a beheerder fills in, read and checked. Each reader gives the form, and what was filled in when it is good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from access.domain import Role
from accounts.models import Person
from common.database import db
from common.forms import Form, is_email
from common.words import _
from protocols.domain import Track
from protocols.parse import load_corpus
from schools.domain import LONGEST_AGREEMENT, LONGEST_NAME, MOST_NAMES, SECRET_KINDS, YEAR_GROUPS, NameRow, names_in
from schools.models import SchoolClass

Source = Mapping[str, str]
STAFF_ROLES = (Role.MENTOR.value, Role.TEAMLEIDER.value, Role.BEHEERDER.value)
KIND_WORDS = {"pictures": "drie plaatjes", "word": "een woord", "pin": "een pincode"}
LONGEST_LIST = 20_000


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


@dataclass(frozen=True)
class NewContact:
    name: str
    task: str
    where: str


def read_school(source: Source) -> tuple[Form, NewSchool | None]:
    form = Form()
    name = read_school_name(form, source)
    protocols = load_corpus().protocols
    protocol = form.pick(source, "protocol", protocols, label=_("een protocol: %(keys)s", keys=", ".join(protocols)))
    return form, None if form.problems else NewSchool(name, protocol)


def read_school_name(form: Form, source: Source) -> str:
    return form.read(source, "naam", label=_("de naam van de school"), longest=80)


def read_class(source: Source, school_id: str, *, known: SchoolClass | None = None) -> tuple[Form, NewClass | None]:
    """A new class, or changes to a known one, which stays in its track. Without a way to sign in, a class gets the first of its track."""
    form = Form()
    name = form.read(source, "naam", label=_("de naam van de klas"), longest=20)
    groups = year_groups(Track(known.track)) if known else YEAR_GROUPS
    year_group = form.pick(source, "leerjaar", groups, label=_("een leerjaar: %(groups)s", groups=", ".join(groups)))
    kind = _kind(form, source, YEAR_GROUPS.get(year_group))
    if name and not form.problem_of("naam") and has_class_named(school_id, name, but=known.id if known else None):
        form.add("naam", _("Er is al een klas %(name)s. Kies een andere naam.", name=name))
    return form, None if form.problems else NewClass(name, year_group, kind)


def year_groups(track: Track) -> dict[str, Track]:
    return {name: found for name, found in YEAR_GROUPS.items() if found is track}


def _kind(form: Form, source: Source, track: Track | None) -> str:
    asked = source.get("inlog", "")
    form.values["inlog"] = asked
    kinds = SECRET_KINDS[track] if track else SECRET_KINDS[Track.PRIMARY]
    if not asked:
        return kinds[0]
    if asked not in kinds:
        words = ", ".join(f"{KIND_WORDS[kind]} ({kind})" for kind in kinds)
        form.add("inlog", _("Kies hoe leerlingen inloggen: %(kinds)s.", kinds=words))
    return asked


def has_class_named(school_id: str, name: str, *, but: str | None = None) -> bool:
    """Whether the school has a class of this name, capitals or not."""
    rows = db.session.execute(select(SchoolClass.id, SchoolClass.name).where(SchoolClass.school_id == school_id))
    return any(class_id != but and known.casefold() == name.casefold() for class_id, known in rows)


def read_staff(source: Source, *, roles: tuple[str, ...] = STAFF_ROLES) -> tuple[Form, NewStaff | None]:
    """A new member of staff. An address is used once in the whole installation, since it is what people sign in with."""
    form = Form()
    name = form.read(source, "naam", label=_("de naam"), longest=LONGEST_NAME)
    email = form.read(source, "email", label=_("het e-mailadres"), longest=254).lower()
    role = form.pick(source, "rol", roles, label=_("een rol: mentor, teamleider of beheerder"))
    if email and not form.problem_of("email"):
        if not is_email(email):
            form.add("email", _("Dit is geen volledig e-mailadres. Schrijf het als naam@school.nl."))
        elif db.session.scalar(select(func.count()).select_from(Person).where(Person.email == email)):
            form.add("email", _("Met dit e-mailadres is er al een account."))
    return form, None if form.problems else NewStaff(name, email, Role(role))


def read_names(source: Source, known: list[str]) -> tuple[Form, list[NameRow]]:
    """A pasted list of names, all or nothing: any problem in any row is a problem of the form."""
    form = Form()
    text = source.get("namen", "")[: LONGEST_LIST + 1].replace("\x00", "")
    form.values["namen"] = text[:LONGEST_LIST]
    rows = names_in(text, known=known)
    wrong = sum(row.problem is not None for row in rows)
    if len(text) > LONGEST_LIST or len(rows) > MOST_NAMES:
        form.add("namen", _("Dit is te veel in één keer: hooguit %(n)s namen.", n=MOST_NAMES))
    elif not rows:
        form.add("namen", _("Plak de namen, op elke regel één."))
    elif wrong:
        form.add("namen", _("%(wrong)s van de %(all)s regels kloppen nog niet. Er is nog niemand toegevoegd.", wrong=wrong, all=len(rows)))
    return form, rows[:MOST_NAMES]


def read_pupil_name(source: Source, others: list[str]) -> tuple[Form, str]:
    form = Form()
    name = form.read(source, "naam", label=_("de naam"), longest=LONGEST_NAME)
    row = next(iter(names_in(name, known=others)), None) if name and not form.problems else None
    if row is not None and row.problem:
        form.add("naam", row.problem[:1].upper() + row.problem[1:] + ".")
    return form, name


def read_contact(source: Source) -> tuple[Form, NewContact | None]:
    form = Form()
    name = form.read(source, "naam", label=_("de naam zoals leerlingen die kennen"), longest=60)
    task = form.read(source, "taak", label=_("de taak op school"), longest=80)
    where = form.read(source, "waar", label=_("waar en wanneer een leerling deze persoon vindt"), longest=160)
    return form, None if form.problems else NewContact(name, task, where)


def read_class_agreement(source: Source, others: Iterable[str]) -> tuple[Form, str]:
    """One agreement of a class, in one line. others are those that the class has already."""
    form = Form()
    text = form.read(source, "tekst", label=_("de afspraak"), longest=LONGEST_AGREEMENT)
    if text and not form.problems and text.casefold() in {other.casefold() for other in others}:
        form.add("tekst", _("Deze afspraak staat er al."))
    return form, text
