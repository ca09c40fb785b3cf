"""How a pupil likes to read: which settings there are, and what may stand in them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One thing that a pupil may choose. The first choice is the usual one; attribute tells <html> about any other."""

    key: str
    attribute: str
    choices: tuple[str, ...]

    @property
    def usual(self) -> str:
        return self.choices[0]


SETTINGS = (
    Setting("tekst", "data-text", ("gewoon", "groter", "grootst")),
    Setting("ruimte", "data-space", ("gewoon", "ruimer")),
    Setting("letter", "data-face", ("gewoon", "leesletter")),
    Setting("kleuren", "data-theme", ("apparaat", "licht", "donker")),
    Setting("tempo", "data-pace", ("gewoon", "rustig", "vlot")),
)


def chosen(kept: Mapping[str, str] | None) -> dict[str, str]:
    """Every setting with its choice. What is not, or no longer, on the list counts as the usual choice."""
    kept = kept or {}
    return {one.key: kept[one.key] if kept.get(one.key) in one.choices else one.usual for one in SETTINGS}


def unusual(choices: Mapping[str, str]) -> dict[str, str]:
    """What is worth keeping: only what differs from the usual."""
    return {key: choice for key, choice in chosen(choices).items() if choice != _usual(key)}


def attributes(kept: Mapping[str, str] | None) -> dict[str, str]:
    """What <html> says about it, for the stylesheets."""
    return {one.attribute: choice for one in SETTINGS if (choice := chosen(kept)[one.key]) != one.usual}


def _usual(key: str) -> str:
    return next(one.usual for one in SETTINGS if one.key == key)
