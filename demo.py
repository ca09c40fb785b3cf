"""The demo: five schools, one on each protocol, the same people, codes and secrets every time it is made.

plan() is pure and says who there is; build() writes it; demo_history gives two classes some weeks of answers.
The secrets are known to everybody who can read this, so the demo refuses to share a database with a real school.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import delete, func, select

import demo_history
import demo_plans
from access.domain import Role
from accounts.models import Person
from accounts.secrets import CODE_LENGTH, CODE_LETTERS, DULL_PINS, PICTURES, WORDS, hash_secret
from common.audit import AuditEvent
from common.database import db, writing
from demo_words import CLASS_AGREEMENTS, CONTACTS, PUPILS, STAFF
from protocols.domain import Corpus, Track
from protocols.parse import load_corpus
from schools.domain import YEAR_GROUPS
from schools.models import ClassAgreement, Mentorship, School, SchoolClass, SchoolContact

SEED = "netjes-demo-1"
PROTOCOLS = ("agora", "liudger", "ichthus", "compass", "tjongeling")
CLASSES = {"agora": (("Groep 7", "groep 7"), ("2a", "klas 2")), "tjongeling": (("Groep 7", "groep 7"), ("Groep 8", "groep 8"))}
OTHER_CLASSES = (("1b", "klas 1"), ("2c", "klas 2"))
HAS_HISTORY = {("tjongeling", "Groep 7"), ("liudger", "1b")}
SECRET_KIND = {"groep 7": "pictures", "groep 8": "pictures", "klas 1": "word", "klas 2": "pin"}
RUNS_INSTALLATION = "agora"
# Where the mentor of the second class looks after the first one too for some days.
HAS_SUBSTITUTE = "compass"


@dataclass(frozen=True)
class DemoStaff:
    role: Role
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class DemoPupil:
    name: str
    secret: str
    half: int


@dataclass(frozen=True)
class DemoClass:
    name: str
    year_group: str
    code: str
    secret_kind: str
    mentor: DemoStaff
    pupils: tuple[DemoPupil, ...]

    @property
    def track(self) -> Track:
        return YEAR_GROUPS[self.year_group]


@dataclass(frozen=True)
class DemoSchool:
    protocol: str
    name: str
    staff: tuple[DemoStaff, ...]
    classes: tuple[DemoClass, ...]


class NotADemo(Exception):
    """The database holds a school that is not a demo."""


# ---- who there is ----


def plan(corpus: Corpus | None = None) -> list[DemoSchool]:
    """The five schools with everybody in them. The same on every machine."""
    corpus = corpus or load_corpus()
    chance = random.Random(SEED)
    staff = iter(STAFF)
    return [_school(protocol, f"{corpus.protocols[protocol].school} (demo)", chance, staff) for protocol in PROTOCOLS]


def _school(protocol: str, name: str, chance: random.Random, names: Iterator[str]) -> DemoSchool:
    roles = ((Role.BEHEERDER, "beheerder"), (Role.TEAMLEIDER, "teamleider"), (Role.MENTOR, "mentor1"), (Role.MENTOR, "mentor2"))
    staff = tuple(DemoStaff(role, next(names), f"{local}@{protocol}.example", _password(chance)) for role, local in roles)
    rows = CLASSES.get(protocol, OTHER_CLASSES)
    classes = tuple(_class(row, mentor, chance) for row, mentor in zip(rows, staff[2:], strict=True))
    return DemoSchool(protocol, name, staff, classes)


def _class(row: tuple[str, str], mentor: DemoStaff, chance: random.Random) -> DemoClass:
    name, year_group = row
    code = "".join(chance.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    kind = SECRET_KIND[year_group]
    names = chance.sample(PUPILS, chance.choice((23, 24, 24, 25)))
    pupils = tuple(DemoPupil(pupil, _secret(kind, chance), number % 2 + 1) for number, pupil in enumerate(names))
    return DemoClass(name, year_group, code, kind, mentor, pupils)


def _password(chance: random.Random) -> str:
    return "-".join([*(chance.choice(WORDS) for _ in range(3)), str(chance.randrange(100, 1000))])


def _secret(kind: str, chance: random.Random) -> str:
    if kind == "pictures":
        return "-".join(chance.sample(PICTURES, 3))
    if kind == "word":
        return f"{chance.choice(WORDS)}{chance.randrange(10, 100)}"
    while (pin := f"{chance.randrange(10_000):04d}") in DULL_PINS:
        pass
    return pin


def id_of(*parts: str) -> str:
    """The key of something in the demo: the same every time."""
    return hashlib.sha256("/".join((SEED, *parts)).encode()).hexdigest()[:32]


def accounts(schools: list[DemoSchool]) -> list[dict[str, str | None]]:
    """Everybody who can sign in, as the demo command prints it."""
    found: list[dict[str, str | None]] = []
    for school in schools:
        base = {"school": school.name, "protocol": school.protocol}
        for person in school.staff:
            own = next((one for one in school.classes if one.mentor is person), None)
            found.append({**base, "role": person.role.value, "class": own.name if own else None, "class_code": own.code if own else None,
                          "track": own.track.value if own else None, "name": person.name, "secret_kind": "password", "secret": None,
                          "email": person.email, "password": person.password})  # fmt: skip
        for one in school.classes:
            found += [
                {**base, "role": "leerling", "class": one.name, "class_code": one.code, "track": one.track.value, "name": pupil.name,
                 "secret_kind": one.secret_kind, "secret": pupil.secret, "email": None, "password": None}
                for pupil in one.pupils
            ]  # fmt: skip
    return found


# ---- making it ----


def is_there() -> bool:
    """Whether all five schools of the demo stand in the database, as this version makes them."""
    wanted = {id_of(protocol) for protocol in PROTOCOLS}
    found = set(db.session.scalars(select(School.id).where(School.is_demo)))
    return wanted <= found


def refuse_real_schools() -> None:
    """Raises NotADemo when anything in this database is not of the demo."""
    if db.session.scalar(select(func.count()).select_from(School).where(School.is_demo.is_(False))):
        raise NotADemo


def build(at: datetime) -> list[DemoSchool]:
    """Make the five schools anew; what was answered in them before is gone. One transaction: all of it or nothing."""
    schools = plan()
    hashes = _hashes(schools)
    with writing():
        refuse_real_schools()
        for school_id in db.session.scalars(select(School.id)).all():
            db.session.execute(delete(AuditEvent).where(AuditEvent.school_id == school_id))
            db.session.execute(delete(School).where(School.id == school_id))
        for school in schools:
            _add_school(school, hashes, at - timedelta(days=60))
        for school in schools:
            for one in school.classes:
                demo_plans.write(id_of(school.protocol, one.name), at, id_of, has_history=(school.protocol, one.name) in HAS_HISTORY)
                if (school.protocol, one.name) in HAS_HISTORY:
                    demo_history.write(id_of(school.protocol, one.name), random.Random(f"{SEED}{one.code}"), at)
                    demo_history.take_up(id_of(school.protocol, one.name), at)
            if school.protocol == HAS_SUBSTITUTE:
                first, second = school.classes
                demo_plans.replace(id_of(school.protocol, first.name), id_of(school.protocol), id_of(second.mentor.email), at)
    return schools


def _hashes(schools: list[DemoSchool]) -> dict[tuple[str, str], str]:
    """Every secret hashed once, before the transaction begins; two at a time."""
    wanted = {("password", person.password) for school in schools for person in school.staff}
    wanted |= {(one.secret_kind, pupil.secret) for school in schools for one in school.classes for pupil in one.pupils}
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def hashed(pair: tuple[str, str]) -> str:
        with app.app_context():
            return hash_secret(*pair)

    ordered = sorted(wanted)
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(ordered, pool.map(hashed, ordered), strict=True))


def _add_school(school: DemoSchool, hashes: dict[tuple[str, str], str], at: datetime) -> None:
    school_id = id_of(school.protocol)
    db.session.add(School(id=school_id, name=school.name, protocol=school.protocol, is_demo=True, created_at=at))
    db.session.flush()
    for person in school.staff:
        db.session.add(
            Person(
                id=id_of(person.email),
                school_id=school_id,
                role=person.role,
                display_name=person.name,
                email=person.email,
                secret_kind="password",
                secret_hash=hashes["password", person.password],
                created_at=at,
                runs_installation=person.role is Role.BEHEERDER and school.protocol == RUNS_INSTALLATION,
            )
        )
    db.session.flush()
    for one in school.classes:
        _add_class(school, one, hashes, at)
    _add_contacts(school, school_id, at)


def _add_class(school: DemoSchool, one: DemoClass, hashes: dict[tuple[str, str], str], at: datetime) -> None:
    school_id, class_id = id_of(school.protocol), id_of(school.protocol, one.name)
    db.session.add(
        SchoolClass(
            id=class_id,
            school_id=school_id,
            name=one.name,
            year_group=one.year_group,
            track=one.track.value,
            code=one.code,
            secret_kind=one.secret_kind,
            created_at=at,
        )
    )
    db.session.flush()
    db.session.add(Mentorship(class_id=class_id, person_id=id_of(one.mentor.email), school_id=school_id))
    for pupil in one.pupils:
        db.session.add(
            Person(
                id=id_of(school.protocol, one.name, pupil.name),
                school_id=school_id,
                class_id=class_id,
                role=Role.PUPIL,
                display_name=pupil.name,
                half=pupil.half,
                secret_kind=one.secret_kind,
                secret_hash=hashes[one.secret_kind, pupil.secret],
                created_at=at,
            )
        )
    for position, text in enumerate(CLASS_AGREEMENTS[school.protocol, one.name], 1):
        db.session.add(ClassAgreement(school_id=school_id, class_id=class_id, position=position, text=text, written_at=at))
    db.session.flush()


def _add_contacts(school: DemoSchool, school_id: str, at: datetime) -> None:
    tracks = sorted({one.track.value for one in school.classes})
    people = [person for track in tracks for person in CONTACTS[track]]
    for position, (name, task, where) in enumerate(people, 1):
        db.session.add(SchoolContact(school_id=school_id, position=position, name=name, task=task, where=where, checked_at=at))
    db.session.flush()
