"""An intention: a beginning that the lesson offers, and the rest in the pupil's own words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

OWN = "eigen"
# Where a beginning stops and the pupil goes on. One with a gap halfway ("om ... en hij ligt dan ...") stops at the first.
GAP = re.compile(r"\s*(?:\.\.\.|…)")


def beginning(starter: str) -> str:
    return GAP.split(starter, maxsplit=1)[0].rstrip()


def completed(starter: str, words: str) -> str:
    """The whole sentence. Who typed the beginning once more does not get it twice."""
    begin, rest = beginning(starter), re.sub(r"^(?:\.\.\.|…)\s*", "", words)
    return rest if rest.casefold().startswith(begin.casefold()) else f"{begin} {rest}"


def taken_apart(text: str, starters: Sequence[str]) -> tuple[str, str]:
    """An intention as it goes back into the form: which beginning was chosen (its place, or "eigen") and what was typed."""
    for place, starter in enumerate(starters):
        begin = beginning(starter)
        if text.startswith(f"{begin} "):
            return str(place), text[len(begin) + 1 :]
    return OWN, text


def chosen_starter(begin: str, starters: Sequence[str]) -> str | None:
    """The beginning that was chosen in the form; None for an own sentence, and for anything that is no place in the list."""
    places = {str(place): starter for place, starter in enumerate(starters)}
    return places.get(begin)
