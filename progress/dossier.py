"""Everything that Netjes has on one pupil, and nothing of anyone else: for a page, as JSON and as rows for a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import format_datetime
from sqlalchemy import select

from accounts.models import Person, SignIn
from accounts.reading import unusual
from common.audit import AuditEvent
from common.database import db
from common.exports import Cell
from common.words import _
from lessons.certificate import earned_at
from lessons.library import Lesson
from lessons.models import Intention, UnitProgress
from lessons.paper import paper_id
from lessons.queries import lesson_for, lessons_for
from progress.present import care_state_words, moment_words, outcome_words, past_words
from quizzes.domain import JsonDict, Outcome
from quizzes.models import Answer, ScenarioEvent
from quizzes.play import find_choice
from schools.care import cares_of
from schools.groups import groups_of
from schools.log import what_words
from schools.models import SchoolClass

# Every table with rows of a pupil; a test compares this with the database itself.
TABLES = frozenset({"person", "sign_in", "answer", "scenario_event", "unit_progress", "intention", "care_note", "group_member"})
# What goes wrong when an answer belongs to an earlier wording of a question.
NO_LONGER_FITS = (KeyError, IndexError, StopIteration, TypeError)


@dataclass(frozen=True)
class Given:
    """One answer as it was given. raw is what is stored; words tells it in the text of the lesson, as far as that still fits."""

    moment: str
    question: str
    words: tuple[str, ...]
    outcome: str
    raw: JsonDict
    stances: dict[str, str]
    version: str
    at: datetime


@dataclass(frozen=True)
class Said:
    """One choice or step back in a chat."""

    words: str
    at: datetime


@dataclass(frozen=True)
class UnitDossier:
    """One lesson: how far the pupil came, all answers, the whole chat and the intention."""

    unit: str
    title: str
    progress: list[tuple[str, str]]
    answers: list[Given]
    chat: list[Said]
    intention: tuple[str, datetime] | None


@dataclass(frozen=True)
class Noted:
    """What a mentor did about a reason to help, and the words that go with it."""

    about: str
    state: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Dossier:
    """All of it. facts are the fields of the pupil's own record."""

    made_at: datetime
    facts: list[tuple[str, str]]
    units: list[UnitDossier]
    notes: list[Noted]
    sign_ins: list[tuple[datetime, datetime]]
    log: list[tuple[str, datetime]]


def dossier_of(pupil: Person, school_class: SchoolClass, school_name: str, at: datetime) -> Dossier:
    """Read everything. The caller has checked that this pupil may be seen."""
    rows: dict[str, list[Any]] = {"progress": _rows(UnitProgress, pupil), "answers": _rows(Answer, pupil)}
    rows |= {"events": _rows(ScenarioEvent, pupil), "intentions": _rows(Intention, pupil)}
    slugs = sorted({row.unit for found in rows.values() for row in found})
    sign_ins = db.session.scalars(select(SignIn).where(SignIn.person_id == pupil.id).order_by(SignIn.created_at))
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.on_id == pupil.id).order_by(AuditEvent.at))
    return Dossier(
        made_at=at,
        facts=[
            *_facts(pupil, school_class, school_name),
            _certificate(pupil, school_class, rows["progress"]),
            _groups(pupil, school_class),
        ],
        units=[_unit(slug, lesson_for(pupil.school_id, slug), rows) for slug in slugs],
        notes=_notes(pupil, school_class),
        sign_ins=[(row.created_at, row.seen_at) for row in sign_ins],
        log=[(what_words(row.what), row.at) for row in events],
    )


def _rows(table: type[UnitProgress | Answer | ScenarioEvent | Intention], pupil: Person) -> list[Any]:
    return list(db.session.scalars(select(table).where(table.pupil_id == pupil.id)))


def _facts(pupil: Person, school_class: SchoolClass, school_name: str) -> list[tuple[str, str]]:
    kinds = {"pictures": _("drie plaatjes"), "word": _("een woord"), "pin": _("een pincode")}
    secret = (
        _("%(kind)s, alleen onleesbaar bewaard", kind=kinds.get(pupil.secret_kind, pupil.secret_kind))
        if pupil.secret_hash
        else _("nog geen")
    )
    return [
        (_("Naam"), pupil.display_name),
        (_("School"), school_name),
        (_("Klas"), f"{school_class.name}, {school_class.year_group}"),
        (_("Helft van de klas"), _("%(half)s (bepaalt welke vragen aan begin en eind komen)", half=pupil.half)),
        (_("Geheim om in te loggen"), secret),
        (_("Verkeerde pogingen op rij"), str(pupil.wrong_tries)),
        (_("Moet wachten tot"), _moment(pupil.wait_until) if pupil.wait_until else _("nee")),
        (_("Laatst ingelogd op"), _day(pupil.last_sign_in_on) if pupil.last_sign_in_on else _("nog niet")),
        (_("Leest het liefst"), ", ".join(f"{key}: {choice}" for key, choice in unusual(pupil.reading or {}).items()) or _("gewoon")),
        (_("In Netjes sinds"), _moment(pupil.created_at)),
        (_("Nummer in Netjes"), pupil.id),
    ]


def _certificate(pupil: Person, school_class: SchoolClass, progress: Sequence[UnitProgress]) -> tuple[str, str]:
    """Nothing of a certificate is kept: it is worked out from the lessons that are done, each time anew."""
    finished = {row.unit: row.finished_at for row in progress}
    at = earned_at(lessons_for(pupil.school_id, school_class.track), finished)
    return _("Certificaat"), _("alle lessen gedaan op %(at)s", at=_moment(at)) if at else _("nog niet alle lessen gedaan")


def _groups(pupil: Person, school_class: SchoolClass) -> tuple[str, str]:
    names = [group.name for group in groups_of(school_class.id) if pupil.id in group.members]
    return _("Groepen in de klas"), ", ".join(names) or _("geen")


def _notes(pupil: Person, school_class: SchoolClass) -> list[Noted]:
    """What mentors noted of this pupil, the newest first; who wrote it is of somebody else and left out."""
    titles = {lesson.slug: lesson.unit.title for lesson in lessons_for(pupil.school_id, school_class.track)}
    cares = [care for care in cares_of([school_class.id])[school_class.id] if care.pupil_id == pupil.id]
    return [Noted(past_words(care, titles), care_state_words(care.state), care.text, care.at) for care in cares]


def _unit(slug: str, lesson: Lesson | None, rows: dict[str, list[Any]]) -> UnitDossier:
    mine = {kind: [row for row in found if row.unit == slug] for kind, found in rows.items()}
    intention = next(((row.text, row.written_at) for row in mine["intentions"]), None)
    return UnitDossier(
        unit=slug,
        title=lesson.unit.title if lesson else slug,
        progress=_progress(mine["progress"]),
        answers=[_given(row, lesson) for row in sorted(mine["answers"], key=lambda row: row.answered_at)],
        chat=[_said(row, lesson) for row in sorted(mine["events"], key=lambda row: row.number)],
        intention=intention,
    )


def _progress(rows: Sequence[UnitProgress]) -> list[tuple[str, str]]:
    found = []
    for row in rows:
        of = _("%(right)s van %(total)s goed")
        found += [
            (_("Begonnen op"), _moment(row.started_at)),
            (_("Laatst bezig op"), _moment(row.seen_at)),
            (_("Klaar op"), _moment(row.finished_at) if row.finished_at else _("nog niet klaar")),
            (
                _("Bladzijden"),
                _("%(done)s van %(total)s gedaan, bij %(here)s", done=len(row.done), total=row.screens_total, here=row.last_screen),
            ),
            (_("Begin"), of % {"right": row.starter_right, "total": row.starter_total}),
            (_("In de les"), of % {"right": row.lesson_right, "total": row.lesson_total}),
            (_("Eind"), of % {"right": row.closing_right, "total": row.closing_total}),
            (_("Nog niet goed op rij"), str(row.wrong_in_a_row)),
            (_("Vragen van eerder aan het begin"), _came_back(row)),
        ]
    return found


def _came_back(row: UnitProgress) -> str:
    """The questions of earlier that came back at the start of a unit, in their own words where they are still there."""
    if not row.review:
        return _("geen") if row.review is None else _("overgeslagen")
    return " | ".join(_question(row.school_id, *one.partition("/")[::2]) for one in row.review)


def _question(school_id: str, unit: str, item_id: str) -> str:
    lesson = lesson_for(school_id, unit)
    found = next((item.question for item in lesson.quiz.items if item.id == item_id), None) if lesson else None
    return found or _("een vraag die er nu niet meer is (%(id)s)", id=item_id)


def _given(row: Answer, lesson: Lesson | None) -> Given:
    try:
        if lesson is None:
            raise KeyError(row.unit)
        item = lesson.quiz.item(row.item)
        question, words = item.question, tuple(item.said(row.value))
    except NO_LONGER_FITS:
        question, words = _("een vraag die er nu niet meer is (%(id)s)", id=row.item), (json.dumps(row.value, ensure_ascii=False),)
    outcome = outcome_words(Outcome(row.outcome), row.right, row.total)
    moment = moment_words(row.moment)
    if row.answer_id == paper_id(row.pupil_id, row.unit, row.item, row.moment):
        moment = _("%(moment)s, op papier, ingevoerd door de mentor", moment=moment)
    return Given(moment, question, words, outcome, row.value, row.stances, row.item_version, row.answered_at)


def _said(row: ScenarioEvent, lesson: Lesson | None) -> Said:
    if row.kind == "again":
        return Said(_("begon opnieuw"), row.at)
    if row.kind == "back":
        return Said(_("ging terug"), row.at)
    choice = find_choice(lesson.quiz.scenario, row.node, row.choice) if lesson else None
    return Said(choice.text if choice else f"{row.node}: {row.choice}", row.at)


def _moment(at: datetime) -> str:
    return str(format_datetime(at, "d MMMM yyyy, HH:mm"))


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")


# ---- as a file ----


def as_json(found: Dossier) -> JsonDict:
    """The same data for a machine; times are UTC in ISO 8601."""
    return {
        "gemaakt_op": _iso(found.made_at),
        "leerling": dict(found.facts),
        "lessen": [_unit_json(one) for one in found.units],
        "aantekeningen_van_mentoren": [
            {"over": note.about, "stand": note.state, "aantekening": note.text, "op": _iso(note.at)} for note in found.notes
        ],
        "aanmeldingen": [{"begonnen_op": _iso(begun), "laatst_gezien_op": _iso(seen)} for begun, seen in found.sign_ins],
        "logboek": [{"wat": what, "op": _iso(at)} for what, at in found.log],
    }


def _unit_json(one: UnitDossier) -> JsonDict:
    return {
        "les": one.unit,
        "titel": one.title,
        "voortgang": dict(one.progress),
        "antwoorden": [
            {
                "moment": given.moment,
                "vraag": given.question,
                "antwoord": list(given.words),
                "bewaard_als": given.raw,
                "oordeel": given.outcome,
                "afspraken_van_toen": given.stances,
                "versie": given.version,
                "op": _iso(given.at),
            }
            for given in one.answers
        ],
        "gesprek": [{"keuze": said.words, "op": _iso(said.at)} for said in one.chat],
        "voornemen": {"tekst": one.intention[0], "op": _iso(one.intention[1])} if one.intention else None,
    }


def _iso(at: datetime) -> str:
    return f"{at.isoformat()}Z"


def as_rows(found: Dossier) -> list[list[Cell]]:
    """The same data as one table, the head first."""
    rows: list[list[Cell]] = [[_("Onderdeel"), _("Les"), _("Vraag of gegeven"), _("Inhoud"), _("Oordeel"), _("Wanneer")]]
    rows += [[_("Gegevens"), "", label, value, "", ""] for label, value in found.facts]
    for one in found.units:
        rows += [[_("Voortgang"), one.title, label, value, "", ""] for label, value in one.progress]
        rows += [
            [given.moment, one.title, given.question, " | ".join(given.words), given.outcome, _moment(given.at)] for given in one.answers
        ]
        rows += [[_("Gesprek"), one.title, _("keuze"), said.words, "", _moment(said.at)] for said in one.chat]
        if one.intention:
            rows.append([_("Voornemen"), one.title, "", one.intention[0], "", _moment(one.intention[1])])
    rows += [[_("Opgepakt"), "", note.about, note.text, note.state, _moment(note.at)] for note in found.notes]
    rows += [[_("Inloggen"), "", _("begonnen op"), _moment(begun), "", _moment(seen)] for begun, seen in found.sign_ins]
    return rows + [[_("Logboek"), "", "", what, "", _moment(at)] for what, at in found.log]
