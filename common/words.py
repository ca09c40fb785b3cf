"""Sentences of the interface for code that is not a template: gettext, with its types said."""

from __future__ import annotations

from collections.abc import Iterable

import flask_babel  # type: ignore[import-untyped,unused-ignore]


def _(text: str, /, **values: object) -> str:
    """The sentence in the reader's language, with the values filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, more: str, num: int, /, **values: object) -> str:
    """The sentence for one or for more; %(num)s is the number."""
    return str(flask_babel.ngettext(one, more, num, **values))


def quoted(titles: Iterable[str]) -> str:
    """Titles of lessons in a sentence: ‘A’, ‘B’ en ‘C’."""
    names = [f"‘{title}’" for title in titles]
    return _("%(first)s en %(last)s", first=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)
