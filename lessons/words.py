"""Difficult words in what a pupil reads: the first time that one occurs on a screen it becomes a button with its meaning. Pure.

The words, their meanings and the text around them come from authors, so nothing is taken on trust: whatever goes in, the buttons
and their meanings are the only tags that come out new.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

from markupsafe import Markup, escape

from lessons.domain import Word

BUTTON = Markup(
    '<button type="button" class="word" popovertarget="{id}" aria-describedby="{id}">{shown}</button>'
    '<span class="meaning" id="{id}" popover><b>{word}:</b> {meaning}</span>'
)
# Signs that may not begin a line; after a button a browser would let them.
CLINGS = frozenset(".,:;!?)’'\"…")
TOGETHER = Markup('<span class="nowrap">{}{}</span>')
# Where no button may stand: in one, in what is pressed itself, or in what is shown sign by sign.
NOT_INSIDE = frozenset({"a", "abbr", "button", "code", "label", "pre", "script", "style", "summary", "textarea"})


@dataclass
class Glossary:
    """The difficult words of a lesson, for one screen. Each is marked once, where it is met first; longer words go before shorter."""

    words: Sequence[Word]
    part: str = ""
    _met: set[int] = field(default_factory=set)

    def apart(self, part: str) -> Glossary:
        """For a part of the page that a script shows later: what was met so far stays met, and the ids are its own."""
        return Glossary(self.words, f"-{part}", set(self._met))

    def mark(self, text: str) -> Markup:
        """The text, safe to show. Markup is HTML that was cleaned before; anything else is plain text and escaped here."""
        if not self.words:
            return escape(text)
        if isinstance(text, Markup):
            return Markup(_Marker(self._in_html).run(text))  # noqa: S704  (what was clean HTML, with our buttons in it)
        return self._marked(text, escape)

    def _in_html(self, data: str) -> str:
        return self._marked(data, Markup)

    def _marked(self, text: str, safe: Callable[[str], Markup]) -> Markup:
        found, at = [], 0
        for match in self._pattern.finditer(text):
            number = self._forms[(match.lastindex or 1) - 1][1]
            if number not in self._met and match.start() >= at:
                self._met.add(number)
                found += [safe(text[at : match.start()]), self._button(number, safe(match[0]))]
                at = match.end()
                if text[at : at + 1] in CLINGS:
                    found.append(TOGETHER.format(found.pop(), safe(text[at])))
                    at += 1
        return Markup("").join([*found, safe(text[at:])])

    def _button(self, number: int, shown: Markup) -> Markup:
        word = self.words[number]
        return BUTTON.format(id=f"woord-{number + 1}{self.part}", shown=shown, word=word.word, meaning=word.meaning)

    @cached_property
    def _forms(self) -> list[tuple[str, int]]:
        """Each word and plural with the number of its word, the longest first."""
        forms = [(form, number) for number, word in enumerate(self.words) for form in (word.word, word.plural) if form]
        return sorted(forms, key=lambda pair: -len(pair[0]))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        forms = "|".join(f"({re.escape(form)})" for form, _number in self._forms)
        return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)


class _Marker(HTMLParser):
    """Goes through clean HTML, leaves every tag and entity as it stands, and lets the words in between be marked."""

    def __init__(self, mark: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=False)
        self._mark = mark
        self._found: list[str] = []
        self._shut = 0

    def run(self, html: str) -> str:
        self.feed(html)
        self.close()
        return "".join(self._found)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (the name is the library's)
        self._shut += tag in NOT_INSIDE
        self._found.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._found.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._shut -= tag in NOT_INSIDE
        self._found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._found.append(data if self._shut else self._mark(data))

    def handle_entityref(self, name: str) -> None:
        self._found.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._found.append(f"&#{name};")
