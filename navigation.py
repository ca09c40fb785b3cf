"""What every page gets: who is looking, the school, the skin, and the menu of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, request, url_for
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from markupsafe import Markup, escape

from access.domain import Role, Viewer
from access.guards import viewer_or_none
from accounts import reading
from classroom.queries import open_session_of
from common.clock import today
from common.days import day_words
from lessons.chat_present import CAST, kaft_of, person_shown
from lessons.library import Lesson
from lessons.words import Glossary
from schools.colleagues import replaces_until


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class _School:
    name: str


def page_context() -> dict[str, Any]:
    """The names that the layouts use: viewer, school, skin, nav, looks (how this pupil likes to read), lesson_on_board, replaces_until."""
    someone = viewer_or_none()
    return {
        "viewer": someone,
        "school": _School(someone.school_name) if someone else None,
        "skin": (someone.track if someone.is_pupil else "staf") if someone else "voortgezet",
        "nav": _nav(someone) if someone and someone.is_staff else [],
        "looks": reading.attributes(someone.reading) if someone and someone.is_pupil else {},
        "lesson_on_board": _lesson_on_board,
        "replaces_until": _replaces_until,
    }


def _replaces_until(class_id: str) -> str | None:
    """The last day on which who looks replaces somebody in this class, in words; asked by the pages that tell it only."""
    if "replaces" not in g:
        someone = viewer_or_none()
        g.replaces = replaces_until(someone) if someone else {}
    day = g.replaces.get(class_id)
    return day_words(day, today()) if day else None


def _lesson_on_board() -> bool:
    """Whether the class of this pupil has a lesson open in which devices take part; asked by the pages that offer it only."""
    someone = viewer_or_none()
    found = open_session_of(someone.class_id) if someone and someone.is_pupil and someone.class_id else None
    return found is not None and found.with_devices


def _menu(role: Role) -> list[tuple[str, str]]:
    return {
        Role.MENTOR: [
            (_("Klassen"), "progress.list_classes"), (_("Lessen"), "lessons.list_for_staff"),
            (_("Onze afspraken"), "schools.show_agreements"),
        ],
        Role.TEAMLEIDER: [
            (_("Voortgang"), "progress.show_school"), (_("Lessen"), "editor.list_lessons"), (_("Regels"), "editor.list_rules"),
            (_("Planning"), "lessons.list_plans"),
            (_("Hulp op school"), "admin.show_contacts"),
            (_("Onze afspraken"), "schools.show_agreements"),
        ],
        Role.BEHEERDER: [
            (_("School"), "admin.show_school"), (_("Klassen"), "admin.list_classes"), (_("Medewerkers"), "admin.list_staff"),
            (_("Hulp op school"), "admin.show_contacts"), (_("Logboek"), "admin.show_audit"),
        ],
        Role.PUPIL: [],
    }[role]  # fmt: skip


def _nav(someone: Viewer) -> list[NavItem]:
    items = _menu(someone.role)
    if someone.runs_installation:
        items = [*items, (_("Scholen"), "admin.list_schools")]
    menu = {endpoint for _label, endpoint in items}
    at = request.endpoint if request.endpoint in menu else _room_of(request.endpoint, menu)
    return [NavItem(label, url_for(endpoint), endpoint == at) for label, endpoint in items]


# Pages below a menu item, by the first words of their endpoint. Of several, the first that is in the menu of who looks.
_ROOMS = {
    "progress.": "progress.list_classes", "classroom.": "progress.list_classes",
    "editor.rule": "editor.list_rules", "editor.": "editor.list_lessons",
    "lessons.class_": "progress.list_classes", "lessons.class_plan": "lessons.list_plans",
    "lessons.list_plans": "progress.list_classes", "lessons.": "lessons.list_for_staff", "schools.show_a": "schools.show_agreements",
    "schools.class_": "progress.list_classes", "schools.class_colleague": "admin.list_classes",
    "admin.class": "admin.list_classes",
    "admin.staff": "admin.list_staff", "admin.contact": "admin.show_contacts", "admin.change_school": "admin.show_school",
    "admin.school_": "admin.list_schools",
}  # fmt: skip


def _room_of(endpoint: str | None, menu: set[str]) -> str | None:
    return next((home for start, home in _ROOMS.items() if home in menu and (endpoint or "").startswith(start)), None)


def _face(lesson: Lesson, seed: object) -> str | None:
    """One of the cast of this lesson for the margin: always the same on the same screen."""
    faces = [face for face in (person_shown(lesson.quiz.scenario, one.id)["face"] for one in lesson.quiz.scenario.people) if face]
    return faces[sum(str(seed).encode()) % len(faces)] if faces else None


def _who(name: str) -> dict[str, Any]:
    """Somebody who writes in a lesson, with the face that goes with the name; without one a face like any other."""
    key = name.lower().replace(" ", "-").replace("ë", "e")
    return {"name": name, "face": key if key in CAST else None, "kaft": kaft_of(key)}


def _day(value: date | datetime) -> str:
    """A day in Dutch words: 21 november 2026."""
    return str(format_date(value, "d MMMM yyyy"))


def _month(value: datetime) -> str:
    """A month: november 2026."""
    return str(format_datetime(value, "MMMM yyyy"))


def _moment(value: datetime) -> str:
    """A stored moment (UTC) as people here read it: za 21 nov 2026, 11:42."""
    return str(format_datetime(value, "EEE d MMM yyyy, HH:mm"))


def _with_words(text: str) -> Markup:
    """The text with the difficult words of the lesson explained, where a screen opened a glossary (lessons.player); else the text."""
    glossary: Glossary | None = g.get("glossary")
    return glossary.mark(text) if glossary else escape(text)


def _words_apart(part: str) -> str:
    """Begins a part of the page that a script shows later: its difficult words are met apart from those in other parts."""
    if "glossary" in g:
        whole: Glossary = g.setdefault("whole_glossary", g.glossary)
        g.glossary = whole.apart(part)
    return ""


FILTERS = {
    "gezicht": _face,
    "woorden": _with_words,
    "woorden_apart": _words_apart,
    "datum": _day,
    "maand": _month,
    "moment": _moment,
    "wie": _who,
}
