"""The five protocols, from the files in data/ to the domain, every article and rule checked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from common.problems import ContentError, Problem
from common.yaml_source import Source
from protocols.domain import NEEDS_CONDITION, Answer, Article, Corpus, Protocol, Rule, Stance, Track

DATA = Path(__file__).parent / "data"
SILENT = Stance.NIET_GEREGELD


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Section(_Strict):
    key: str
    title: str
    items: int


class _Protocol(_Strict):
    school: str
    title: str
    level: Literal["primary", "secondary", "both"]
    dated: str | None
    remark: str
    platforms_named: list[str]
    sections: list[_Section]


class _Article(_Strict):
    id: str
    protocol: str
    section_key: str
    section: str
    number: str
    cite: str
    audience: list[str]
    modality: str
    themes: list[str]
    pupil_relevance: Literal["direct", "indirect", "none"]
    min_track: Literal["primary", "secondary", "both"]
    summary: str = Field(min_length=1)
    no_rule_because: str | None = None


class _Articles(_Strict):
    version: Literal[1]
    language: Literal["nl"]
    vocabularies: dict[str, dict[str, str]]
    protocols: dict[str, _Protocol]
    articles: list[_Article]


class _Answer(_Strict):
    stance: Stance
    basis: Literal["letterlijk", "afgeleid"] | None = None
    condition: str | None = None
    condition_primary: str | None = None
    articles: list[str] = Field(default_factory=list)


class _Rule(_Strict):
    key: str
    group: str
    question: str = Field(min_length=1)
    question_primary: str | None = None
    actor: str
    track: Literal["primary", "secondary", "both"]
    themes: list[str]
    priority: Literal["kern", "extra"]
    form: Literal["ja-nee", "open"]
    agree: bool
    schools: dict[str, _Answer]
    note: str | None
    law: str | None
    law_primary: str | None = None


class _Rules(_Strict):
    version: Literal[1]
    language: Literal["nl"]
    vocabularies: dict[str, dict[str, object]]
    rules: list[_Rule]


@lru_cache(maxsize=1)
def load_corpus() -> Corpus:
    """The protocols that come with the app. Raises ContentError with every problem."""
    corpus, problems = parse_corpus((DATA / "articles.yaml").read_text(encoding="utf-8"), (DATA / "rules.yaml").read_text(encoding="utf-8"))
    if problems or corpus is None:
        raise ContentError(problems)
    return corpus


def parse_corpus(articles_text: str, rules_text: str) -> tuple[Corpus | None, list[Problem]]:
    """Read both files. The corpus is None when a file cannot be read; problems holds all that was found."""
    articles_source = Source("protocols/data/articles.yaml", articles_text)
    rules_source = Source("protocols/data/rules.yaml", rules_text)
    articles, rules = articles_source.parse(_Articles), rules_source.parse(_Rules)
    if articles is None or rules is None:
        return None, articles_source.problems + rules_source.problems
    problems = [*_article_problems(articles, articles_source), *_rule_problems(rules, articles, rules_source)]
    return _corpus(articles, rules), problems


def _article_problems(file: _Articles, source: Source) -> list[Problem]:
    problems, seen = [], set()
    for number, article in enumerate(file.articles):
        at: list[str | int] = ["articles", number]
        if article.id in seen:
            problems.append(source.problem([*at, "id"], f"artikel {article.id} staat er twee keer", "geef een eigen id"))
        seen.add(article.id)
        if article.protocol not in file.protocols:
            problems.append(source.problem([*at, "protocol"], f"onbekend protocol {article.protocol}", "neem er een uit protocols"))
        for field, values in (("audience", article.audience), ("themes", article.themes), ("modality", [article.modality])):
            unknown = set(values) - file.vocabularies[field].keys()
            if unknown:
                problems.append(
                    source.problem([*at, field], f"onbekend woord {', '.join(sorted(unknown))}", "neem een woord uit vocabularies")
                )
    return problems


def _rule_problems(file: _Rules, articles: _Articles, source: Source) -> list[Problem]:
    known = {article.id: article for article in articles.articles}
    problems, seen = [], set()
    for number, rule in enumerate(file.rules):
        at: list[str | int] = ["rules", number]
        if rule.key in seen:
            problems.append(source.problem([*at, "key"], f"regel {rule.key} staat er twee keer", "geef een eigen key"))
        seen.add(rule.key)
        if rule.schools.keys() != articles.protocols.keys():
            problems.append(
                source.problem([*at, "schools"], f"{rule.key}: niet elke school heeft een antwoord", "geef elk protocol een stance")
            )
        for protocol, answer in rule.schools.items():
            path = [*at, "schools", protocol]
            problems += [
                source.problem(path, f"{rule.key}, {protocol}: {told}", remedy) for told, remedy in _answer_faults(protocol, answer, known)
            ]
    return problems


def _answer_faults(protocol: str, answer: _Answer, known: dict[str, _Article]) -> list[tuple[str, str]]:
    faults = []
    if answer.stance is SILENT and (answer.articles or answer.basis):
        faults.append(("niet-geregeld staat nergens op", "haal articles en basis weg"))
    if answer.stance is not SILENT and not (answer.articles and answer.basis):
        faults.append(("een antwoord zonder artikel of basis", "noem articles en basis"))
    if answer.stance in NEEDS_CONDITION and not answer.condition:
        faults.append((f"{answer.stance} zonder voorwaarde", "vul condition in"))
    for key in answer.articles:
        if key not in known or known[key].protocol != protocol:
            faults.append((f"artikel {key} is niet van dit protocol", "verbeter het id"))
    return faults


def _corpus(file: _Articles, rules: _Rules) -> Corpus:
    return Corpus(
        protocols={key: Protocol(key, p.school, p.title, _tracks(p.level), p.dated, p.remark) for key, p in file.protocols.items()},
        articles={
            a.id: Article(a.id, a.protocol, a.section, a.number, a.cite, a.summary, a.pupil_relevance, a.min_track) for a in file.articles
        },
        rules={rule.key: _rule(rule) for rule in rules.rules},
    )


def _rule(rule: _Rule) -> Rule:
    return Rule(
        key=rule.key,
        group=rule.group,
        question=rule.question,
        question_primary=rule.question_primary or rule.question,
        actor=rule.actor,
        tracks=_tracks(rule.track),
        themes=tuple(rule.themes),
        priority=rule.priority,
        form=rule.form,
        law=rule.law,
        law_primary=rule.law_primary,
        answers={key: Answer(a.stance, a.condition, a.condition_primary, a.basis, tuple(a.articles)) for key, a in rule.schools.items()},
    )


def _tracks(level: str) -> frozenset[Track]:
    return {
        "primary": frozenset({Track.PRIMARY}),
        "secondary": frozenset({Track.SECONDARY}),
        "both": frozenset({Track.PRIMARY, Track.SECONDARY}),
    }[level]
