"""Who is looking: what the app knows of the person who is signed in, read anew for every request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    PUPIL = "pupil"
    MENTOR = "mentor"
    TEAMLEIDER = "teamleider"
    BEHEERDER = "beheerder"


@dataclass(frozen=True)
class Viewer:
    """The person behind a request. Plain values, so that nothing is read again half-way through a transaction.

    sign_in is the id of the row in the database that this browser's cookie points to. track, class_id and half
    are a pupil's only. must_do names what has to happen before anything else: "password", "totp" or nothing.
    reading is how a pupil likes to read, as {setting: choice}; empty for the usual.
    has_own_rules and has_own_lessons are False when the school never changed any: then nobody needs to look for them.
    """

    id: str
    sign_in: str
    school_id: str
    school_name: str
    protocol: str
    role: Role
    display_name: str
    class_id: str | None = None
    track: str | None = None
    half: int = 1
    must_do: str | None = None
    runs_installation: bool = False
    reading: Mapping[str, str] = field(default_factory=dict)
    has_own_rules: bool = True
    has_own_lessons: bool = True

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.sign_in

    @property
    def is_pupil(self) -> bool:
        return self.role is Role.PUPIL

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.PUPIL
