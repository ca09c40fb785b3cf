"""A rule as a page shows it: the answer in words, the condition as a line of its own, the articles, the basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from common.fitting import height_of_list, largest_that_fits
from common.words import _
from protocols.domain import Article, Rule, RuleBook, Stance, Track

SAYS = {
    Stance.MAG: "Ja, dat mag.",
    Stance.MAG_NIET: "Nee, dat mag niet.",
    Stance.MAG_ALS: "Alleen als …",
    Stance.MOET: "Ja, dat moet.",
    Stance.SCHOOL_BESLIST: "Dat beslist de school.",
    Stance.NIET_GEREGELD: "Dat staat niet in het protocol.",
}
# A question that does not ask what may be done needs another yes and no. "De school lost geen privéruzies op" must
# never sound as if nobody helps, so that answer says so at once.
_EXPECT = {
    Stance.MAG: "Ja, daar kun je op rekenen.",
    Stance.MOET: "Ja, daar kun je op rekenen.",
    Stance.MAG_NIET: "Nee, daar kun je niet op rekenen. Hulp vragen kan wel.",
}
SAYS_TO = {
    "Mag ik verwachten": _EXPECT,
    "Mag ik van school verwachten": _EXPECT,
    "Kan": {Stance.MAG: "Ja, dat kan.", Stance.MOET: "Ja, dat is zo.", Stance.MAG_NIET: "Nee, dat kan niet."},
}


@dataclass(frozen=True)
class Cite:
    number: str
    label: str
    id: str


@dataclass(frozen=True)
class ShownRule:
    """Everything a page needs to show one rule of one school to a reader of one track."""

    key: str
    question: str
    stance: str
    words: str
    condition: str | None
    cites: list[Cite] = field(default_factory=list)
    basis: str | None = None
    law: str | None = None
    is_own: bool = False
    is_core: bool = False


@dataclass(frozen=True)
class RuleGroup:
    title: str
    rules: list[ShownRule]


def class_title(name: str) -> str:
    """The name of a class as one says it: “Klas 2B”, but “Groep 7”."""
    return name if name.casefold().startswith(("groep", "klas", "unit")) else _("Klas %(name)s", name=name)


# The letters of a poster in points, from large to small: poster--0 to poster--14 of components/certificate.css. Below it the height and
# width that its list has.
POSTER_SIZES = (44.0, 40.0, 36.0, 33.0, 30.0, 27.5, 25.0, 22.5, 20.0, 18.0, 16.0, 14.0, 12.5, 11.0, 10.0)
POSTER_ROOM, POSTER_WIDE = 590.0, 410.0


def poster_size(agreements: Sequence[str]) -> int:
    """The largest letters with which the agreements of a class stay on one sheet."""

    def height(size: float) -> float:
        return height_of_list(agreements, POSTER_WIDE / (size * 0.5), size * 1.2, size * 0.7)

    return largest_that_fits(POSTER_SIZES, POSTER_ROOM, height)


def shown_rule(book: RuleBook, key: str, track: Track) -> ShownRule:
    """One rule of a school's rule book, in the words of a track."""
    rule, answer = book.rule(key), book.answer_to(key)
    is_open = rule.form == "open" and answer.condition is not None
    words = "" if is_open else _yes_or_no(rule.question_for(track), answer.stance)
    return ShownRule(
        key=key,
        question=rule.question_for(track),
        stance=answer.stance.value,
        words=words,
        condition=answer.condition_for(track),
        cites=[Cite(article.number, article.cite, article.id) for article in book.articles_on(key)],
        basis=answer.basis,
        law=rule.law_for(track),
        is_own=answer.own,
        is_core=rule.is_core,
    )


def _yes_or_no(question: str, stance: Stance) -> str:
    other = next((says for start, says in SAYS_TO.items() if question.startswith(f"{start} ")), {})
    return other.get(stance, SAYS[stance])


def agreements(book: RuleBook, track: Track, query: str = "") -> list[RuleGroup]:
    """The rule book in groups, for one track; query keeps the rules in which these words occur."""
    groups: dict[str, list[ShownRule]] = {}
    for rule in book.corpus.rules.values():
        if track in rule.tracks:
            shown = shown_rule(book, rule.key, track)
            if _fits(shown, rule, query):
                groups.setdefault(rule.group, []).append(shown)
    return [RuleGroup(title, rules) for title, rules in groups.items()]


def _fits(shown: ShownRule, rule: Rule, query: str) -> bool:
    text = f"{shown.question} {shown.condition or ''} {shown.words} {rule.group}".casefold()
    return all(word in text for word in query.casefold().split())


def article_page(book: RuleBook, article: Article, track: Track) -> dict[str, Any]:
    """What the page of one article shows: the article, and the rules of the rule book that stand on it."""
    standing = [key for key, answer in book.answers.items() if article.id in answer.articles and track in book.rule(key).tracks]
    return {"article": article, "protocol": book.protocol, "rules": [shown_rule(book, key, track) for key in standing]}
