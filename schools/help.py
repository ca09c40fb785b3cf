"""The national help lines, as data with a source and the day it was checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from common.problems import ContentError, Problem
from common.yaml_source import Source

HELP_NAME = "protocols/data/help.yaml"
FILE = Path(__file__).resolve().parent.parent / HELP_NAME
GROWS_OLD_AFTER = timedelta(days=183)


class _Route(BaseModel):
    model_config = ConfigDict(extra="forbid")
    key: str
    name: str
    phone: str | None
    tel: str | None
    url: str | None
    also: str | None = None
    for_pupils: bool
    text_primary: str
    text_secondary: str
    source: str
    checked_on: date


class HelpFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: Literal[1]
    language: Literal["nl"]
    checked_on: date
    routes: list[_Route]


@dataclass(frozen=True)
class HelpRoute:
    """One help line, in the words of a track."""

    key: str
    name: str
    text: str
    phone: str | None
    url: str | None
    source: str
    checked_on: date

    def is_old(self, today: date) -> bool:
        return today - self.checked_on > GROWS_OLD_AFTER


@lru_cache(maxsize=1)
def load_help() -> HelpFile:
    """The file with the help lines, read once. Raises ContentError with every problem."""
    found, problems = parse_help(FILE.read_text(encoding="utf-8"))
    if found is None:
        raise ContentError(problems)
    return found


def parse_help(text: str) -> tuple[HelpFile | None, list[Problem]]:
    source = Source(HELP_NAME, text)
    return source.parse(HelpFile), source.problems


def help_routes(track: str, keys: tuple[str, ...] | None = None) -> list[HelpRoute]:
    """The help lines for a track: all of them, or those named, in that order."""
    primary = track == "primair"
    found = {
        r.key: HelpRoute(r.key, r.name, r.text_primary if primary else r.text_secondary, r.phone, r.url, r.source, r.checked_on)
        for r in load_help().routes
    }
    wanted = list(found) if keys is None else [key for key in keys if key in found]
    return [found[key] for key in wanted]
