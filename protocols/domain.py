"""Articles and rules, and the rule book of a school: its protocol plus its own changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Stance(StrEnum):
    """What a school answers to the question of a rule."""

    MAG = "mag"
    MAG_NIET = "mag-niet"
    MAG_ALS = "mag-als"
    MOET = "moet"
    SCHOOL_BESLIST = "school-beslist"
    NIET_GEREGELD = "niet-geregeld"


NEEDS_CONDITION = frozenset({Stance.MAG_ALS, Stance.SCHOOL_BESLIST})


class Track(StrEnum):
    """Primary school (groep 5-8) or secondary school (klas 1-3). The value is the Dutch name used in files."""

    PRIMARY = "primair"
    SECONDARY = "voortgezet"

    @property
    def english(self) -> str:
        return "primary" if self is Track.PRIMARY else "secondary"


@dataclass(frozen=True)
class Article:
    """One numbered point of a protocol, in our own words."""

    id: str
    protocol: str
    section: str
    number: str
    cite: str
    summary: str
    pupil_relevance: str
    min_track: str


@dataclass(frozen=True)
class Answer:
    """What one school says to one rule. condition is the school's own text: never woven into a sentence."""

    stance: Stance
    condition: str | None
    condition_primary: str | None
    basis: str | None
    articles: tuple[str, ...]
    own: bool = False

    def condition_for(self, track: Track) -> str | None:
        if track is Track.PRIMARY and self.condition_primary:
            return self.condition_primary
        return self.condition


@dataclass(frozen=True)
class Rule:
    """A question that a pupil would ask, with the answer of each protocol."""

    key: str
    group: str
    question: str
    question_primary: str
    actor: str
    tracks: frozenset[Track]
    themes: tuple[str, ...]
    priority: str
    form: str
    law: str | None
    law_primary: str | None
    answers: Mapping[str, Answer]

    @property
    def is_core(self) -> bool:
        return self.priority == "kern"

    def question_for(self, track: Track) -> str:
        return self.question_primary if track is Track.PRIMARY else self.question

    def law_for(self, track: Track) -> str | None:
        return (self.law_primary or self.law) if track is Track.PRIMARY else self.law


@dataclass(frozen=True)
class Protocol:
    """One of the five protocols. levels is what kind of school it fits."""

    key: str
    school: str
    title: str
    levels: frozenset[Track]
    dated: str | None
    remark: str


@dataclass(frozen=True)
class Corpus:
    """All protocols, articles and rules that come with the app."""

    protocols: Mapping[str, Protocol]
    articles: Mapping[str, Article]
    rules: Mapping[str, Rule]

    def articles_of(self, protocol: str) -> list[Article]:
        return [article for article in self.articles.values() if article.protocol == protocol]


@dataclass(frozen=True)
class Change:
    """A school's own answer to one rule, in place of its protocol's."""

    rule_key: str
    stance: Stance
    condition: str | None
    condition_primary: str | None
    articles: tuple[str, ...]


@dataclass(frozen=True)
class RuleBook:
    """What one school answers to every rule: its protocol plus its own changes."""

    protocol: Protocol
    corpus: Corpus
    answers: Mapping[str, Answer]

    def stance_on(self, rule_key: str) -> Stance:
        return self.answers[rule_key].stance

    def answer_to(self, rule_key: str) -> Answer:
        return self.answers[rule_key]

    def rule(self, rule_key: str) -> Rule:
        return self.corpus.rules[rule_key]

    def articles_on(self, rule_key: str) -> list[Article]:
        return [self.corpus.articles[key] for key in self.answers[rule_key].articles]

    def as_it_was(self, stances: Mapping[str, str]) -> RuleBook:
        """This book with the stances by which an answer was judged, so that yesterday's result stays true.

        Where a stance changed since, the condition and articles of today no longer fit it and are left out.
        """
        changed = {
            key: Answer(Stance(stance), None, None, None, (), own=True)
            for key, stance in stances.items()
            if key in self.answers and stance in set(Stance) and self.answers[key].stance != stance
        }
        return replace(self, answers={**self.answers, **changed}) if changed else self

    def with_change(self, change: Change) -> RuleBook:
        """This book as it would be after one more change."""
        return replace(self, answers={**self.answers, change.rule_key: _answer_of(change)})


def rule_book(corpus: Corpus, protocol: str, changes: Iterable[Change] = ()) -> RuleBook:
    """The rule book of a school on a protocol. Raises KeyError for an unknown protocol."""
    answers = {key: rule.answers[protocol] for key, rule in corpus.rules.items()}
    answers.update({change.rule_key: _answer_of(change) for change in changes if change.rule_key in answers})
    return RuleBook(corpus.protocols[protocol], corpus, answers)


def _answer_of(change: Change) -> Answer:
    return Answer(
        stance=change.stance,
        condition=change.condition,
        condition_primary=change.condition_primary,
        basis=None,
        articles=change.articles,
        own=True,
    )
