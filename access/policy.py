"""Who may do what: one table of named rules. Pure; what is not named here is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from access.domain import Role, Viewer

Predicate = Callable[[Viewer], bool]


class Permission(StrEnum):
    SIGN_OUT = "uitloggen"
    OWN_ACCOUNT = "eigen account van een medewerker"
    OWN_READING = "zelf kiezen hoe je leest"
    TAKE_LESSON = "les volgen en antwoorden"
    PREVIEW_LESSON = "les bekijken zonder dat er iets bewaard wordt"
    READ_AGREEMENTS = "onze afspraken lezen"
    LEAD_LESSON = "een les op het bord geven aan de eigen klassen"
    VIEW_PROGRESS = "voortgang van de eigen klassen"
    RESET_SECRET = "geheim van een leerling vernieuwen"  # noqa: S105  (a name, not a secret)
    EDIT_CONTENT = "lessen en regels van de school wijzigen"
    KEEP_CONTACTS = "hulp op school bijhouden"
    KEEP_CLASS_AGREEMENTS = "afspraken van de eigen klassen bijhouden"
    KEEP_CARE = "aantekeningen en groepen in de eigen klassen"
    SHARE_CLASS = "een collega toegang geven tot een klas"
    PLAN_LESSONS = "lessen klaarzetten voor een klas"
    ENTER_PAPER = "antwoorden van papier invoeren"
    MANAGE_SCHOOL = "klassen, leerlingen en medewerkers"
    SEE_SCHOOL = "voortgang van de school, zonder namen en zonder kleine aantallen"
    READ_AUDIT = "logboek lezen"
    CREATE_SCHOOL = "scholen maken"


def is_anyone(viewer: Viewer) -> bool:  # noqa: ARG001  (every rule of the table asks about somebody)
    return True


def is_pupil(viewer: Viewer) -> bool:
    return viewer.role is Role.PUPIL


def is_mentor(viewer: Viewer) -> bool:
    return viewer.role is Role.MENTOR


def is_teamleider(viewer: Viewer) -> bool:
    return viewer.role is Role.TEAMLEIDER


def is_beheerder(viewer: Viewer) -> bool:
    return viewer.role is Role.BEHEERDER


def is_staff(viewer: Viewer) -> bool:
    return viewer.is_staff


def runs_the_installation(viewer: Viewer) -> bool:
    return viewer.role is Role.BEHEERDER and viewer.runs_installation


POLICY: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.SIGN_OUT: (is_anyone,),
    Permission.OWN_ACCOUNT: (is_staff,),
    Permission.OWN_READING: (is_pupil,),
    Permission.TAKE_LESSON: (is_pupil,),
    Permission.PREVIEW_LESSON: (is_mentor, is_teamleider),
    Permission.READ_AGREEMENTS: (is_anyone,),
    Permission.LEAD_LESSON: (is_mentor,),
    Permission.VIEW_PROGRESS: (is_mentor,),
    Permission.RESET_SECRET: (is_mentor,),
    Permission.EDIT_CONTENT: (is_teamleider,),
    Permission.KEEP_CONTACTS: (is_teamleider, is_beheerder),
    Permission.KEEP_CLASS_AGREEMENTS: (is_mentor,),
    Permission.KEEP_CARE: (is_mentor,),
    Permission.SHARE_CLASS: (is_mentor, is_beheerder),
    Permission.PLAN_LESSONS: (is_mentor, is_teamleider),
    Permission.ENTER_PAPER: (is_mentor,),
    Permission.MANAGE_SCHOOL: (is_beheerder,),
    Permission.SEE_SCHOOL: (is_teamleider,),
    Permission.READ_AUDIT: (is_beheerder,),
    Permission.CREATE_SCHOOL: (runs_the_installation,),
}


def allows(viewer: Viewer, permission: Permission) -> bool:
    """Whether any rule of the table lets this person do this. About the thing itself, the loaders decide."""
    return any(predicate(viewer) for predicate in POLICY[permission])
