"""The log book in words: what happened, who did it, and to what, as far as that is still there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_datetime

from common.audit import AuditEvent
from common.database import is_id
from common.exports import Cell
from common.words import _
from schools.queries import names_behind

SAID = {
    "aangemeld": "ingelogd",
    "aanmelden-mislukt": "inloggen mislukt",
    "aanmelden-wacht": "inloggen moet even wachten na te veel pogingen",
    "wachtwoord-gewijzigd": "eigen wachtwoord gewijzigd",
    "wachtwoord-vernieuwd": "nieuw eerste wachtwoord gegeven",
    "tweede-stap-ingesteld": "tweede stap ingesteld",
    "toegang-geweigerd": "toegang geweigerd",
    "geheim-vernieuwd": "nieuw inlogkaartje gemaakt",
    "uitvoer": "gegevens als bestand opgehaald",
    "inzage": "alle gegevens van een leerling bekeken",
    "school-gemaakt": "school gemaakt",
    "school-gewijzigd": "naam van de school gewijzigd",
    "klas-gemaakt": "klas gemaakt",
    "klas-gewijzigd": "klas gewijzigd",
    "klas-verwijderd": "klas verwijderd, met alle leerlingen",
    "klascode-vernieuwd": "nieuwe klascode gemaakt",
    "mentor-gekoppeld": "mentor aan een klas gekoppeld",
    "mentor-losgemaakt": "mentor van een klas gehaald",
    "vervanger-gekoppeld": "collega tijdelijk toegang gegeven tot een klas",
    "vervanging-verlengd": "laatste dag van een vervanger gewijzigd",
    "vervanging-gestopt": "toegang van een vervanger gestopt",
    "planning-gewijzigd": "planning van een klas gewijzigd",
    "antwoorden-ingevoerd": "antwoorden van papier ingevoerd door de mentor",
    "klasafspraken-gewijzigd": "afspraken van een klas gewijzigd",
    "leerlingen-toegevoegd": "leerlingen toegevoegd",
    "leerling-gewijzigd": "naam van een leerling gewijzigd",
    "leerling-verplaatst": "leerling naar een andere klas gezet",
    "leerling-verwijderd": "leerling verwijderd",
    "medewerker-gemaakt": "account voor een medewerker gemaakt",
    "medewerker-uitgezet": "account van een medewerker uitgezet",
    "medewerker-aangezet": "account van een medewerker weer aangezet",
    "rol-gewijzigd": "rol van een medewerker gewijzigd",
    "hulp-gewijzigd": "hulp op school gewijzigd",
    "hulp-nagekeken": "hulp op school nagekeken",
    "hulp-verwijderd": "iemand uit hulp op school gehaald",
    "concept-weggegooid": "concept van een les weggegooid",
    "regel-gewijzigd": "afspraak van de school gewijzigd",
    "regel-ongedaan-gemaakt": "wijziging van een afspraak ongedaan gemaakt",
    "regel-terug-naar-protocol": "afspraak teruggezet naar het protocol",
}


@dataclass(frozen=True)
class ShownEvent:
    """One line of the log book. who and on are names where they still exist; a deleted pupil leaves none."""

    at: datetime
    what: str
    who: str
    on: str


def shown_events(school_id: str, events: Sequence[AuditEvent]) -> list[ShownEvent]:
    ids = {part for one in events for part in one.on_id.split()} | {one.actor_id for one in events if one.actor_id}
    names = names_behind(school_id, ids)
    return [ShownEvent(one.at, what_words(one.what), _who(one, names), _on(one, names)) for one in events]


def what_words(what: str) -> str:
    said = SAID.get(what) or what.replace("-", " ")
    return said[:1].upper() + said[1:]


def _who(event: AuditEvent, names: dict[str, str]) -> str:
    if event.actor_id is None:
        return _("niet ingelogd") if event.what.startswith("aanmelden") else _("beheer van de installatie")
    return names.get(event.actor_id) or _("iemand van buiten deze school, of een verwijderd account")


def _on(event: AuditEvent, names: dict[str, str]) -> str:
    """What it was done to: one thing, or several with a space between them (a person and a class, a class and a lesson)."""
    if event.on_id in (event.actor_id, event.school_id):
        return ""
    return ", ".join(names.get(part) or (_("verwijderd") if is_id(part) else part) for part in event.on_id.split())


def log_rows(events: Sequence[ShownEvent]) -> list[list[Cell]]:
    """The log book as rows for a file, the head first."""
    rows: list[list[Cell]] = [[_("Wanneer"), _("Wat"), _("Wie"), _("Waarvan")]]
    return rows + [[format_datetime(one.at, "yyyy-MM-dd HH:mm:ss"), one.what, one.who, one.on] for one in events]
