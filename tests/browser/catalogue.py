"""Every kind of page, and how to get there in the demo schools: what is held against axe and what is photographed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from uuid import uuid4

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

import demo
from access.domain import Role
from accounts.models import Person
from common.clock import now
from common.database import db
from lessons.models import Intention, UnitProgress
from lessons.queries import KIND
from quizzes.models import Answer, ScenarioEvent
from revisions.actions import publish, save_draft
from revisions.queries import newest_of
from schools.models import Mentorship, SchoolClass
from tests.browser.walk import (
    BY_CLICKS,
    ITEMS,
    a_screen,
    answer_checks,
    at_screen,
    chat_on,
    check_button,
    do_screen,
    finish_everything,
    finish_lesson,
    finish_weeks_ago,
    session_cookie,
    shipped_lessons,
    stand_at,
)
from tests.people import signed_in

PRIMARY, SECONDARY, STAFF = "primair", "voortgezet", "staf"
PUPILS = (PRIMARY, SECONDARY)
TOTP = "JBSWY3DPEHPK3PXP"
# The demo schools whose pupils are looked at: each has one class with a history and one without.
PROTOCOL = {PRIMARY: "tjongeling", SECONDARY: "liudger"}
A_RULE = "vriendschap.leerling-medewerker"
A_LESSON = {PRIMARY: "vriendschapsverzoek-primair", SECONDARY: "vriendschapsverzoek-voortgezet"}


@dataclass
class House:
    """The people of the demo."""

    app: Flask
    base_url: str
    fresh: dict[str, Iterator[str]] = field(default_factory=dict)

    def classes(self, skin: str) -> tuple[SchoolClass, SchoolClass]:
        """The class with a history and the one without."""
        school = demo.id_of(PROTOCOL.get(skin, "liudger"))
        found = db.session.scalars(select(SchoolClass).where(SchoolClass.school_id == school).order_by(SchoolClass.name)).all()
        return found[0], found[1]

    def pupil(self, skin: str) -> Person:
        """A pupil of the class without a history, who has done nothing yet; after the last one the first one again."""
        if skin not in self.fresh:
            quiet = self.classes(skin)[1]
            pupils = select(Person.id).where(Person.class_id == quiet.id).order_by(Person.display_name)
            self.fresh[skin] = cycle(db.session.scalars(pupils).all())
        pupil = db.session.scalars(select(Person).where(Person.id == next(self.fresh[skin]))).one()
        for table in (UnitProgress, Answer, ScenarioEvent, Intention):
            db.session.execute(delete(table).where(table.pupil_id == pupil.id))
        db.session.commit()
        return pupil

    def staff(self, role: str) -> Person:
        """A member of staff of the school with a history; the mentor is the one of that class."""
        if role == Role.MENTOR:
            mentor = select(Mentorship.person_id).where(Mentorship.class_id == self.classes(SECONDARY)[0].id)
            return db.session.scalars(select(Person).where(Person.id == mentor.scalar_subquery())).one()
        runs = Person.runs_installation if role == "operator" else Person.school_id == demo.id_of(PROTOCOL[SECONDARY])
        wanted = Role.BEHEERDER if role == "operator" else role
        return db.session.scalars(select(Person).where(Person.role == wanted, runs).limit(1)).one()


@dataclass
class Trip:
    """On the way to one page, in one skin."""

    house: House
    page: Page
    skin: str

    def be(self, person: Person | None, **session: Any) -> None:
        db.session.rollback()
        values = {"_user_id": signed_in(person), "_fresh": True} if person else {}
        self.page.context.clear_cookies()
        cookie = session_cookie(self.house.app, {**values, **session})
        self.page.context.add_cookies([{"name": "netjes", "value": cookie, "url": self.house.base_url}])

    def open(self, path: str) -> None:
        self.page.goto(self.house.base_url + path)

    def pupil(self) -> Person:
        pupil = self.house.pupil(self.skin)
        self.be(pupil)
        return pupil


@dataclass(frozen=True)
class Kind:
    """One kind of page. role says who looks; complains is the status that the browser grumbles about, if any."""

    name: str
    role: str
    skins: tuple[str, ...]
    go: Callable[[Trip], None]
    complains: str = ""


# ---- nobody signed in ----


def _guest(path: str) -> Callable[[Trip], None]:
    def go(trip: Trip) -> None:
        trip.be(None)
        trip.open(path)

    return go


def _wrong_code(trip: Trip) -> None:
    _guest("/")(trip)
    trip.page.get_by_label("Klascode").fill("ABC1234")
    trip.page.get_by_role("button", name="Verder").click()
    expect(trip.page.locator(".alert--bad")).to_be_visible()


def _at_the_door(path: str, *, with_name: bool) -> Callable[[Trip], None]:
    def go(trip: Trip) -> None:
        pupil = trip.house.pupil(trip.skin)
        trip.be(None, **{"class": pupil.class_id}, **({"pupil": pupil.id} if with_name else {}))
        trip.open(path)

    return go


def _two_pictures(trip: Trip) -> None:
    _at_the_door("/aanmelden/geheim", with_name=True)(trip)
    for picture in ("kat", "zon"):
        trip.page.get_by_role("button", name=picture).click()


def _second_step(trip: Trip) -> None:
    trip.be(None, halfway={"person": trip.house.staff(Role.BEHEERDER).id, "at": now().isoformat(), "onward": None})
    trip.open("/medewerkers/code")


# ---- pupils ----


def _pupil_at(path: str) -> Callable[[Trip], None]:
    def go(trip: Trip) -> None:
        trip.pupil()
        trip.open(path)

    return go


def _busy_home(trip: Trip) -> None:
    pupil = trip.pupil()
    first, second, third, *_ = shipped_lessons(trip.skin)
    finish_lesson(pupil, first)
    stand_at(pupil, second, a_screen(trip.skin, "sort", among=[second])[1].key)
    stand_at(pupil, third, a_screen(trip.skin, "lees", among=[third])[1].key)
    trip.open("/lessen")


def _screen(kind: str, moment: str = "lesson") -> Callable[[Trip], None]:
    def go(trip: Trip) -> None:
        trip.open(at_screen(trip.pupil(), kind, moment=moment))

    return go


def _reading_with(block: str) -> Callable[[Trip], None]:
    """A page to read that holds a certain block: the school's agreement, a word, help."""

    def go(trip: Trip) -> None:
        lesson, screen = a_screen(trip.skin, "lees", holding=block)
        trip.open(stand_at(trip.pupil(), lesson, screen.key))

    return go


def _explained(kind: str) -> Callable[[Trip], None]:
    def go(trip: Trip) -> None:
        _screen(kind)(trip)
        BY_CLICKS[kind](trip.page)
        check_button(trip.page).click()
        expect(trip.page.locator(".feedback__head")).to_be_visible()

    return go


def _nothing_chosen(trip: Trip) -> None:
    _screen("match")(trip)
    check_button(trip.page).click()
    expect(trip.page.locator(".alert--bad")).to_be_visible()


def _chat(choices: int) -> Callable[[Trip], None]:
    def go(trip: Trip) -> None:
        _screen("scenario")(trip)
        chat_on(trip.page, choices=choices)

    return go


def _comes_back(trip: Trip) -> None:
    """Questions of earlier are offered before the first step of the second lesson."""
    first, second, *_ = shipped_lessons(trip.skin)
    finish_weeks_ago(trip.pupil(), first)
    trip.open(f"/lessen/{second.slug}")
    expect(trip.page.get_by_role("button", name="Sla over")).to_be_visible()


def _fetched(trip: Trip) -> None:
    _comes_back(trip)
    trip.page.get_by_role("button", name="Begin met ophalen").click()
    expect(trip.page.locator(".cover__count")).to_contain_text("Ophalen 1 van")


def _fetched_and_explained(trip: Trip) -> None:
    _fetched(trip)
    do_screen(trip.page)
    check_button(trip.page).click()
    expect(trip.page.locator(".feedback__head")).to_be_visible()


def _finished(trip: Trip) -> None:
    pupil = trip.pupil()
    lesson = shipped_lessons(trip.skin)[0]
    finish_lesson(pupil, lesson)
    answer_checks(pupil, lesson)
    words = "Ik vraag het eerst aan wie op de foto staat. Dan pas stuur ik hem door."
    db.session.add(
        Intention(school_id=pupil.school_id, class_id=pupil.class_id, pupil_id=pupil.id, unit=lesson.slug, text=words, written_at=now())
    )
    db.session.commit()
    trip.open(f"/lessen/{lesson.slug}/klaar")


def _with_everything(path: str) -> Callable[[Trip], None]:
    """A page of somebody who did all lessons."""

    def go(trip: Trip) -> None:
        finish_everything(trip.pupil(), trip.skin)
        trip.open(path)

    return go


def _article(trip: Trip) -> None:
    _pupil_at("/afspraken")(trip)
    trip.page.locator(".agreement a").first.click()
    expect(trip.page).to_have_url(trip.house.base_url + "/afspraken/artikel/" + trip.page.url.rsplit("/", 1)[1])


# ---- staff ----


def _staff(role: str, path: str | Callable[[Trip], str]) -> Callable[[Trip], None]:
    def go(trip: Trip) -> None:
        person = trip.house.staff(role)
        if role in (Role.BEHEERDER, "operator"):
            person.totp_secret = TOTP
            db.session.commit()
        trip.be(person)
        trip.open(path if isinstance(path, str) else path(trip))

    return go


def _look_along(trip: Trip) -> None:
    """What a mentor sees who looks along as a pupil."""
    _staff(Role.MENTOR, f"/docent/lessen/{A_LESSON[PRIMARY]}")(trip)
    trip.page.get_by_role("link", name="Bekijk als leerling").click()
    expect(trip.page.locator("main form")).to_be_visible()


def _in_class(rest: str) -> Callable[[Trip], str]:
    """A page of the class with a history; {pupil} is one who answered something in {unit}."""

    def path(trip: Trip) -> str:
        school_class = trip.house.classes(SECONDARY)[0]
        newest = select(Answer).where(Answer.class_id == school_class.id).order_by(Answer.answered_at.desc(), Answer.id).limit(1)
        answer = db.session.scalars(newest).one()
        return f"/klassen/{school_class.id}" + rest.format(pupil=answer.pupil_id, unit=answer.unit)

    return path


def _of_two_classes(trip: Trip) -> str:
    """The classes of a mentor who has more than one; with one class, that class is the first page."""
    mentor, second = trip.house.staff(Role.MENTOR), trip.house.classes(SECONDARY)[1]
    if db.session.get(Mentorship, (second.id, mentor.id)) is None:
        db.session.add(Mentorship(class_id=second.id, person_id=mentor.id, school_id=mentor.school_id))
        db.session.commit()
    return "/klassen"


def _managed(rest: str) -> Callable[[Trip], str]:
    def path(trip: Trip) -> str:
        school_class = trip.house.classes(SECONDARY)[1]
        pupil = db.session.scalars(select(Person).where(Person.class_id == school_class.id).limit(1)).one()
        mentor = trip.house.staff(Role.MENTOR)
        return "/beheer" + rest.format(class_id=school_class.id, pupil=pupil.id, person=mentor.id)

    return path


def _printed_card(trip: Trip) -> None:
    _staff(Role.MENTOR, _in_class("/leerlingen/{pupil}"))(trip)
    trip.page.get_by_role("button", name="Maak een nieuw geheim").click()
    expect(trip.page.locator(".login-card")).to_be_visible()


def _names_read(trip: Trip) -> None:
    """A pasted list with two good names and two that are not."""
    _staff(Role.BEHEERDER, _managed("/klassen/{class_id}/leerlingen/toevoegen"))(trip)
    trip.page.locator("textarea").fill("Noor\nNoor\n" + "Naam" * 15 + "\nJosé-María")
    trip.page.get_by_role("button", name="Bekijk de lijst").click()
    expect(trip.page.locator("table.names-read")).to_be_visible()


def _password_once(trip: Trip) -> None:
    _staff(Role.BEHEERDER, "/beheer/medewerkers/nieuw")(trip)
    trip.page.get_by_label("Naam", exact=True).fill("Anouk de Vries")
    trip.page.get_by_label("E-mailadres van school").fill(f"anouk{uuid4().hex[:6]}@liudger.example")
    trip.page.locator("input[name=rol][value=mentor]").check()
    trip.page.get_by_role("button", name="Medewerker toevoegen").click()
    expect(trip.page.locator("h1")).to_have_text("Eerste wachtwoord")


def _lesson_with_versions(rest: str) -> Callable[[Trip], str]:
    """A lesson of which the school has a version of its own and a newer draft."""

    def path(trip: Trip) -> str:
        teamleider, slug = trip.house.staff(Role.TEAMLEIDER), A_LESSON[SECONDARY]
        school_id, author = teamleider.school_id, teamleider.id
        if newest_of(school_id, KIND, slug) is None:
            unit = trip.house.app.extensions["library"].get(slug).unit
            title, text = unit.steps[0].title, unit.text
            own = text.replace('subtitle: "', 'subtitle: "Bij ons op school: ', 1)
            publish(school_id, KIND, slug, own, seen=0, note="De ondertitel past nu bij onze school.", author_id=author, at=now())
            save_draft(school_id, KIND, slug, own.replace(f"## {title} ", "## Eerst eens kijken ", 1), seen=0, author_id=author, at=now())
            db.session.commit()
        return f"/redactie/lessen/{slug}{rest}"

    return path


def _impact(trip: Trip) -> None:
    """What the change of an agreement touches, before it is made."""
    _staff(Role.TEAMLEIDER, f"/redactie/regels/{A_RULE}")(trip)
    wanted = trip.page.locator("input[name=antwoord]:not(:checked)").first
    wanted.check()
    trip.page.get_by_role("button", name="Bekijk de gevolgen").click()
    expect(trip.page).to_have_url(re.compile(r"/gevolgen$"))


# ---- all of them ----


def kinds() -> Iterator[Kind]:
    yield from _kinds_for_guests()
    yield from _kinds_for_pupils()
    yield from _kinds_for_staff()


def _kinds_for_guests() -> Iterator[Kind]:
    for name, path in (
        ("start", "/"), ("medewerkers", "/medewerkers"), ("over", "/over"), ("privacy", "/privacy"),
        ("privacy-kinderen", "/privacy/kinderen"),
        ("toegankelijkheid", "/toegankelijkheid"), ("hulp-gast", "/hulp"),
        ("zonder-wifi", "/zonder-wifi"), ("zonder-wifi-uitgelogd", "/zonder-wifi/uitgelogd"),
    ):  # fmt: skip
        yield Kind(name, "gast", (SECONDARY,), _guest(path))
    yield Kind("start-fout", "gast", (SECONDARY,), _wrong_code, complains="422")
    yield Kind("tweede-stap", "gast", (SECONDARY,), _second_step)
    yield Kind("naam", "gast", PUPILS, _at_the_door("/aanmelden/naam", with_name=False))
    yield Kind("geheim", "gast", PUPILS, _at_the_door("/aanmelden/geheim", with_name=True))
    yield Kind("geheim-halverwege", "gast", (PRIMARY,), _two_pictures)


def _kinds_for_pupils() -> Iterator[Kind]:
    def kind(name: str, go: Callable[[Trip], None], complains: str = "") -> Kind:
        return Kind(name, "leerling", PUPILS, go, complains)

    yield kind("lessen-nieuw", _pupil_at("/lessen"))
    yield kind("lessen-bezig", _busy_home)
    yield kind("lezen", _screen("lees"))
    yield kind("lezen-regel", _reading_with("regel"))
    yield kind("lezen-hulp", _reading_with("hulp"))
    yield kind("ophalen", _comes_back)
    yield kind("ophalen-vraag", _fetched)
    yield kind("ophalen-uitleg", _fetched_and_explained)
    yield kind("starter", _screen("opgave", "starter"))
    for item in ITEMS:
        yield kind(f"opgave-{item}", _screen(item))
        yield kind(f"uitleg-{item}", _explained(item))
    yield kind("opgave-fout", _nothing_chosen, complains="422")
    for name, choices in (("chat-begin", 0), ("chat-midden", 3), ("chat-einde", 40)):
        yield kind(name, _chat(choices))
    yield kind("praten", _screen("gesprek"))
    yield kind("plan", _screen("intentie"))
    yield kind("klaar", _finished)
    yield kind("wat-ik-weet-leeg", _pupil_at("/wat-ik-weet"))
    yield kind("wat-ik-weet", _with_everything("/wat-ik-weet"))
    yield kind("certificaat-later", _pupil_at("/certificaat"))
    yield kind("certificaat", _with_everything("/certificaat"))
    yield kind("zo-lees-ik", _pupil_at("/zo-lees-ik?terug=/lessen"))
    yield kind("hulp", _pupil_at("/hulp"))
    yield kind("afspraken", _pupil_at("/afspraken"))
    yield kind("afspraken-niets", _pupil_at("/afspraken?zoek=qwzx"))
    yield kind("artikel", _article)
    yield kind("niet-gevonden", _pupil_at("/lessen/bestaat-niet"), complains="404")


def _kinds_for_staff() -> Iterator[Kind]:
    def kinds_of(role: str, pages: dict[str, str | Callable[[Trip], str]]) -> Iterator[Kind]:
        for name, path in pages.items():
            yield Kind(name, role, (STAFF,), _staff(role, path))

    yield from kinds_of(Role.MENTOR, {
        "klassen": _of_two_classes, "klas": _in_class(""),
        "klas-gefilterd": _in_class("?periode=maand"), "klas-groepen": _in_class("/groepen"), "klas-les": _in_class("/lessen/{unit}"),
        "klas-leerling": _in_class("/leerlingen/{pupil}"),
        "klas-antwoorden": _in_class("/leerlingen/{pupil}/lessen/{unit}"), "kaartjes": _in_class("/kaartjes"),
        "klas-afspraken": _in_class("/afspraken"), "klas-poster": _in_class("/afspraken/poster"),
        "klas-planning": _in_class("/planning"), "klas-collega": _in_class("/collega"),
        "klas-invoeren": _in_class("/lessen/{unit}/invoeren?moment=les"), "lesplan": f"/docent/lessen/{A_LESSON[SECONDARY]}/lesplan",
        "brief-thuis": f"/docent/lessen/{A_LESSON[SECONDARY]}/brief",
        "klas-rapport": _in_class("/rapport"), "klas-rapport-team": _in_class("/rapport?namen=zonder"),
        "certificaten": _in_class("/certificaten"), "certificaten-printen": _in_class("/certificaten/printen"),
        "lessen-docent": "/docent/lessen", "mentorpagina": f"/docent/lessen/{A_LESSON[SECONDARY]}",
        "afspraken-medewerker": "/afspraken", "account": "/account",
        "wachtwoord": "/account/wachtwoord", "tweede-stap-instellen": "/account/tweede-stap",
    })  # fmt: skip
    yield Kind("kaartje-afdruk", Role.MENTOR, (STAFF,), _printed_card)
    yield Kind("namen-gelezen", Role.BEHEERDER, (STAFF,), _names_read, complains="422")
    yield Kind("wachtwoord-eenmalig", Role.BEHEERDER, (STAFF,), _password_once)
    yield Kind("meekijken", Role.MENTOR, (STAFF,), _look_along)
    yield from kinds_of(Role.TEAMLEIDER, {
        "voortgang-school": "/voortgang", "voortgang-school-niets": f"/voortgang?les={A_LESSON[SECONDARY]}&periode=vorig",
        "voortgang-verslag": "/voortgang/verslag", "planning": "/docent/planning",
        "redactie": "/redactie", "les-bewerken": _lesson_with_versions(""), "les-verschil": _lesson_with_versions("/publiceren"),
        "les-versies": _lesson_with_versions("/versies"), "les-versie": _lesson_with_versions("/versies/1"),
        "regels": "/redactie/regels", "regel": f"/redactie/regels/{A_RULE}",
    })  # fmt: skip
    yield Kind("regel-gevolgen", Role.TEAMLEIDER, (STAFF,), _impact)
    yield from kinds_of(Role.BEHEERDER, {
        "school": "/beheer", "klassen-beheer": "/beheer/klassen", "klas-nieuw": "/beheer/klassen/nieuw",
        "klas-beheer": _managed("/klassen/{class_id}"), "klas-wijzigen": _managed("/klassen/{class_id}/wijzigen"),
        "klas-verwijderen": _managed("/klassen/{class_id}/verwijderen"), "namen": _managed("/klassen/{class_id}/leerlingen/toevoegen"),
        "leerling-beheer": _managed("/klassen/{class_id}/leerlingen/{pupil}"),
        "leerling-verwijderen": _managed("/klassen/{class_id}/leerlingen/{pupil}/verwijderen"), "medewerkers-beheer": "/beheer/medewerkers",
        "medewerker-nieuw": "/beheer/medewerkers/nieuw", "medewerker": _managed("/medewerkers/{person}"), "hulp-beheer": "/beheer/hulp",
        "hulp-nieuw": "/beheer/hulp/nieuw", "logboek": "/beheer/logboek",
    })  # fmt: skip
    yield from kinds_of("operator", {"scholen": "/beheer/scholen", "school-nieuw": "/beheer/scholen/nieuw"})
