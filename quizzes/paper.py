"""Answers on paper, typed over in signs: B, or ABBA for four cards, or 1-5 for an opinion. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from common.words import _, ngettext
from quizzes.domain import Item, JsonDict, OnPaper

# What people put between signs without meaning anything by it.
BETWEEN = re.compile(r"[\s,.;/+&-]+")
LONGEST = 40


class Unread(ValueError):
    """What was typed cannot be an answer on this sheet; its text says why."""


def signs_of(keys: OnPaper, row: int = 0) -> str:
    """The signs that stand on paper for a row: ABCD, or 12345."""
    count = len(keys.rows[row][1])
    return "".join(str(number) for number in range(1, count + 1)) if keys.digits else ascii_uppercase[:count]


def answer_in(item: Item, text: str) -> JsonDict:
    """The answer that was typed over, as if it came out of the form of the item. Raises Unread."""
    keys = item.on_paper()
    if keys is None:
        raise Unread(_("Deze vraag is in eigen woorden en wordt niet ingevoerd."))
    typed = BETWEEN.sub("", text).upper()
    found = item.read(_Pairs(_places(keys, typed) if keys.places else _many(keys, typed) if keys.many else _each(keys, typed)))
    if found.problems:
        raise Unread(found.problems[0].text)
    return found.value


def _each(keys: OnPaper, typed: str) -> list[tuple[str, str]]:
    """A sign for each row."""
    if len(typed) != len(keys.rows):
        if len(keys.rows) == 1:
            raise Unread(_("Typ één teken: %(signs)s.", signs=_choice(signs_of(keys))))
        raise Unread(_("Typ %(n)s letters, voor elke regel één. Je typte er %(typed)s.", n=len(keys.rows), typed=len(typed)))
    return [(field, values[_place(signs_of(keys, row), typed[row])]) for row, (field, values) in enumerate(keys.rows)]


def _many(keys: OnPaper, typed: str) -> list[tuple[str, str]]:
    """Whatever was crossed, in any order."""
    ((field, values),) = keys.rows
    return [(field, values[_place(signs_of(keys), sign)]) for sign in dict.fromkeys(typed)]


def _places(keys: OnPaper, typed: str) -> list[tuple[str, str]]:
    """The number that each part got."""
    ((field, values),) = keys.rows
    if sorted(typed) != list(signs_of(keys)):
        raise Unread(_("Typ de cijfers van boven naar beneden: 1 tot en met %(n)s, elk één keer.", n=len(values)))
    return [(field, values[typed.index(sign)]) for sign in signs_of(keys)]


def _place(signs: str, sign: str) -> int:
    if sign not in signs:
        raise Unread(_("%(sign)s staat niet op het blad. Kies %(signs)s.", sign=f"“{sign}”", signs=_choice(signs)))
    return signs.index(sign)


def _choice(signs: str) -> str:
    return _("%(first)s of %(last)s", first=", ".join(signs[:-1]), last=signs[-1])


def as_typed(item: Item, value: JsonDict) -> str:
    """An answer in the signs of the sheet. Raises KeyError (or the like) when the wording no longer fits."""
    keys = item.on_paper()
    if keys is None:
        raise KeyError(item.id)
    sent = item.sent(value)
    if keys.places:
        order = [key for _field, key in sent]
        return "".join(str(order.index(key) + 1) for key in keys.rows[0][1])
    if keys.many:
        chosen = {key for _field, key in sent}
        return "".join(sign for sign, key in zip(signs_of(keys), keys.rows[0][1], strict=True) if key in chosen)
    put = dict(sent)
    return "".join(signs_of(keys, row)[values.index(put[field])] for row, (field, values) in enumerate(keys.rows))


def how_to_type(keys: OnPaper) -> str:
    """What is typed for a question, in a few words: for the head of its column."""
    signs = max((signs_of(keys, row) for row in range(len(keys.rows))), key=len)
    span = f"{signs[0]}-{signs[-1]}"
    if keys.places:
        return ngettext("%(num)s cijfer", "%(num)s cijfers", len(signs))
    if keys.many:
        return _("alle kruisjes, %(span)s", span=span)
    return span if len(keys.rows) == 1 else _("%(n)s letters, %(span)s", n=len(keys.rows), span=span)


def pattern_of(keys: OnPaper) -> str:
    """What a browser may mark as a slip of the keys while it is typed; the server says it in words."""
    between = r"[ ,.;\/+&\-]*"
    rows = [f"[{signs_of(keys, row)}{signs_of(keys, row).lower()}]" for row in range(len(keys.rows))]
    if keys.many:
        return rf"-|({rows[0]}{between})+"
    return "-|" + between.join(rows * len(keys.rows[0][1]) if keys.places else rows)


class _Pairs:
    """Pairs as a form, for Item.read."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = pairs

    def get(self, key: str, default: str, /) -> str:
        return next((value for name, value in self.pairs if name == key), default)

    def getlist(self, key: str, /) -> list[str]:
        return [value for name, value in self.pairs if name == key]

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _value in self.pairs])
