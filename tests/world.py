"""One school with everybody in it and a second school beside it, for tests that try every door of the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from werkzeug.routing import Rule

from accounts.models import Person
from classroom.models import LiveSession
from common.clock import now
from common.database import db
from lessons.domain import screens
from lessons.library import Lesson
from lessons.models import UnitProgress
from lessons.queries import KIND
from revisions.actions import publish
from schools.models import ClassAgreement, PupilGroup, School, SchoolClass, SchoolContact
from tests.people import a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider, signed_in

UNIT = "vriendschapsverzoek-primair"
RULE = "vriendschap.leerling-medewerker"
VISITORS = ("guest", "pupil", "mentor", "colleague", "teamleider", "beheerder", "operator")


@dataclass(frozen=True)
class World:
    """A school with a class and its mentor, a colleague with another class, a teamleider, a beheerder, and the operator:
    the beheerder of the installation. classmate sits beside the pupil. far is the same of another school."""

    school: School
    school_class: SchoolClass
    colleagues_class: SchoolClass
    pupil: Person
    classmate: Person
    colleagues_pupil: Person
    mentor: Person
    colleague: Person
    teamleider: Person
    beheerder: Person
    operator: Person
    contact: SchoolContact
    agreement: ClassAgreement
    group_id: str
    session: LiveSession

    def who(self, name: str) -> Person | None:
        return None if name == "guest" else getattr(self, name)

    def values(self, rule: Rule) -> dict[str, Any]:
        """The values that lead to something of this school, for a route; see ADDRESSES for the exceptions."""
        known = {
            "class_id": self.school_class.id, "pupil_id": self.pupil.id, "person_id": self.mentor.id, "staff_id": self.mentor.id,
            "contact_id": self.contact.id, "agreement_id": self.agreement.id, "group_id": self.group_id, "session_id": self.session.id,
            "code": self.session.join_code, "school_id": self.school.id, "unit": UNIT,
            "screen": first_screen("lees"), "rule_key": RULE,
            "article_id": an_article(self.school), "number": 1, "kind": "csv", "filename": "css/pupil.css", "track": "primair",
            **ADDRESSES.get(rule.endpoint, {}),
        }  # fmt: skip
        strange = rule.arguments - known.keys()
        assert not strange, f"{rule.endpoint} has {strange} in its address: say in tests/world.py what may stand there"
        return {name: known[name] for name in rule.arguments}


# Where a route wants another screen than a page to read.
ADDRESSES: dict[str, dict[str, Any]] = {"lessons.show_feedback": {"screen": "half-bekend"}}


def a_world(protocol: str = "agora") -> World:
    school = a_school(protocol)
    school_class, colleagues_class = a_class(school), a_class(school)
    teamleider = a_teamleider(school)
    contact = SchoolContact(
        school_id=school.id, position=1, name="Juf Noor", task="vertrouwenspersoon", where="lokaal 12", checked_at=now()
    )
    agreement = ClassAgreement(school_id=school.id, class_id=school_class.id, position=1, text="Eerst vragen", written_at=now())
    session = LiveSession(
        school_id=school.id, class_id=school_class.id, unit=UNIT, join_code="BCDFGH", beat=":begin", phase="kijk", path=[], opened_at=now(),
        moved_at=now(), with_devices=True,
    )  # fmt: skip
    group = PupilGroup(school_id=school.id, class_id=school_class.id, name="Tafel 1")
    db.session.add_all([contact, agreement, group, session])
    db.session.flush()
    publish(school.id, KIND, UNIT, None, seen=0, note="", author_id=teamleider.id, at=now())
    db.session.commit()
    return World(
        school=school, school_class=school_class, colleagues_class=colleagues_class, pupil=a_pupil(school_class),
        classmate=a_pupil(school_class), colleagues_pupil=a_pupil(colleagues_class), mentor=a_mentor(school, of=[school_class]),
        colleague=a_mentor(school, of=[colleagues_class]), teamleider=teamleider, beheerder=a_beheerder(school),
        operator=a_beheerder(school, runs_installation=True), contact=contact, agreement=agreement, group_id=group.id,
        session=session,
    )  # fmt: skip


def lesson() -> Lesson:
    found: Lesson = current_app.extensions["library"].get(UNIT)
    return found


def first_screen(kind: str) -> str:
    """The first screen of this kind, or with an item of this type, in the lesson of the world."""
    shown = screens(lesson().unit, lesson().quiz, 1)
    return next(screen.key for screen in shown if kind in (screen.kind, getattr(screen.item, "type", None)))


def an_article(school: School) -> str:
    from protocols.parse import load_corpus

    return next(article.id for article in load_corpus().articles.values() if article.protocol == school.protocol)


def finish(pupil: Person, school_class: SchoolClass, *, but: str | None = None) -> None:
    """Let a pupil have done every screen of the lesson, so that each can be opened; but is where the pupil still has to be."""
    shown = screens(lesson().unit, lesson().quiz, pupil.half)
    done = [screen.key for screen in shown if screen.key != but]
    db.session.add(
        UnitProgress(
            school_id=pupil.school_id,
            class_id=school_class.id,
            pupil_id=pupil.id,
            unit=UNIT,
            last_screen=but or done[-1],
            done=done,
            screens_total=len(shown),
            started_at=now(),
            seen_at=now(),
            finished_at=None if but else now(),
        )
    )
    db.session.commit()


def cookie_of(app: Flask, person: Person) -> str:
    """The cookie that this person would have after signing in, for a client outside the app."""
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value: str = serializer.dumps({"_user_id": signed_in(person), "_fresh": True})
    return value


def routes(app: Flask, method: str) -> list[Rule]:
    """Every route that takes this method, the static files apart."""
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]
