"""What a change of an agreement touches: in which lessons, questions and chat choices, and what happens there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lessons.domain import Block
from lessons.library import Lesson
from lessons.present import said
from protocols.domain import RuleBook, Track
from quizzes.domain import Item, Ruling
from quizzes.scenario import Message, RuleBranch, RuleNode, Scenario

TALK = "Hier praat de klas over: er is geen goed of fout antwoord."


class Touch(StrEnum):
    """In what way a piece of a lesson stands on an agreement."""

    TAUGHT = "uitleg"
    QUESTION = "vraag"
    CARD = "kaartje"
    CHAT = "gesprek"
    CITED = "bron"
    MENTOR = "mentorpagina"


@dataclass(frozen=True)
class Effect:
    """One place that a change touches. before and after are what a pupil gets there; equal when only the reason follows."""

    touch: Touch
    where: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class LessonImpact:
    """Everything in one lesson that a change touches."""

    slug: str
    title: str
    track: Track
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Counts:
    """A change in figures."""

    lessons: int
    turned: int
    kept: int
    chats: int


def impact_of(before: RuleBook, after: RuleBook, lessons: Iterable[Lesson]) -> list[LessonImpact]:
    """Per lesson that stands on a changed agreement: what is there now, and what would be there."""
    changed = {key for key, answer in after.answers.items() if before.answers.get(key) != answer}
    found = [(lesson, tuple(_effects(lesson, changed, before, after))) for lesson in lessons]
    return [LessonImpact(lesson.slug, lesson.unit.title, lesson.unit.track, effects) for lesson, effects in found if effects]


def counts_of(impacts: Iterable[LessonImpact]) -> Counts:
    """How many lessons; questions and cards whose right answer turns; those whose answer stays; chat moments that turn."""
    found = list(impacts)
    effects = [effect for impact in found for effect in impact.effects]
    asked = [effect for effect in effects if effect.touch in (Touch.QUESTION, Touch.CARD)]
    return Counts(
        lessons=len(found),
        turned=sum(effect.changes for effect in asked),
        kept=sum(not effect.changes for effect in asked),
        chats=sum(effect.changes for effect in effects if effect.touch is Touch.CHAT),
    )


def units_using(lessons: Iterable[Lesson]) -> dict[str, int]:
    """Of each agreement, in how many lessons something stands on it."""
    counted: dict[str, int] = {}
    for lesson in lessons:
        for rule in _rules_in(lesson):
            counted[rule] = counted.get(rule, 0) + 1
    return counted


def _rules_in(lesson: Lesson) -> set[str]:
    found = {*lesson.unit.taught}
    for item in lesson.quiz.items:
        found |= {*item.rules(), *([item.cite_if_ruled] if item.cite_if_ruled else [])}
    found |= lesson.quiz.scenario.rules
    return found | {block.id for block in _mentor_blocks(lesson)}


def _mentor_blocks(lesson: Lesson) -> list[Block]:
    return [block for section in lesson.mentor.sections for block in section.blocks if block.kind == "regel"]


def _effects(lesson: Lesson, changed: set[str], before: RuleBook, after: RuleBook) -> Iterator[Effect]:
    for step in lesson.unit.steps:
        for block in step.blocks:
            if block.kind == "regel" and block.id in changed:
                yield Effect(Touch.TAUGHT, step.title, said(lesson, block.id, before), said(lesson, block.id, after))
    for item in lesson.quiz.items:
        yield from _item_effects(item, changed, before, after)
    for node in lesson.quiz.scenario.nodes.values():
        if isinstance(node, RuleNode) and node.rule in changed:
            yield _chat_effect(lesson.quiz.scenario, node, before, after)
    for block in _mentor_blocks(lesson):
        if block.id in changed:
            yield Effect(Touch.MENTOR, "Pagina voor de mentor", said(lesson, block.id, before), said(lesson, block.id, after))


def _item_effects(item: Item, changed: set[str], before: RuleBook, after: RuleBook) -> Iterator[Effect]:
    bounds = [bound for bound in item.bound() if bound.rule in changed]
    is_asked = any(bound.part is None for bound in bounds)
    if not is_asked and (item.rule in changed or item.cite_if_ruled in changed):
        yield Effect(Touch.CITED, item.question, "", "")
    for bound in bounds:
        was, will = (_words(bound.by_stance[book.stance_on(bound.rule)], bound.names) for book in (before, after))
        if bound.part is None:
            yield Effect(Touch.QUESTION, item.question, was, will)
        else:
            yield Effect(Touch.CARD, f"{item.question} Kaartje: {bound.text}", was, will)


def _words(ruling: Ruling, names: Mapping[str, str]) -> str:
    """The right answers under one stance, in the words of the options."""
    if ruling.talk:
        return TALK
    right = "; ".join(names[key] for key in ruling.right)
    fair = "; ".join(names[key] for key in ruling.fair)
    return f"{right} (ook netjes: {fair})" if fair else right


def _chat_effect(scenario: Scenario, node: RuleNode, before: RuleBook, after: RuleBook) -> Effect:
    was, will = (node.by_stance[book.stance_on(node.rule)] for book in (before, after))
    now, then = _said_in(scenario, was), _said_in(scenario, will)
    places = [branch.goto or node.goto or "" for branch in (was, will)]
    if places[0] != places[1]:
        now, then = (_joined(said, _after(scenario, place)) for said, place in zip((now, then), places, strict=True))
    elif was != will and now == then:
        now, then = _joined(now, "Het gesprek gaat verder zoals nu."), _joined(then, "Later in het gesprek loopt het anders.")
    return Effect(Touch.CHAT, scenario.title, now, then)


def _said_in(scenario: Scenario, branch: RuleBranch) -> str:
    lines = [_line_of(scenario, message) for message in branch.messages]
    return " ".join([*([branch.scene.strip()] if branch.scene else []), *lines])


def _line_of(scenario: Scenario, message: Message) -> str:
    shown = [message.text, message.voice.transcript if message.voice else None, message.photo.alt if message.photo else None, message.note]
    told = next((text for text in shown if text), "…")
    return f"{scenario.person(message.sender).name}: {told}" if message.sender else told


def _line(scenario: Scenario, message: Message) -> str:
    """What somebody says or shows; a line of the app itself stands without a name."""
    shown = (message.voice and message.voice.transcript) or (message.photo and message.photo.alt) or message.note
    words = message.text or shown or (message.request.name if message.request else "")
    return f"{scenario.person(message.sender).name}: {words}" if message.sender else words


def _after(scenario: Scenario, key: str) -> str:
    place = _place_in(scenario, key)
    return f"Daarna: {place}" if place else "Daarna gaat het gesprek verder."


def _place_in(scenario: Scenario, key: str) -> str:
    """A node or ending in words that the reader knows from the chat."""
    if key in scenario.endings:
        return f"einde “{scenario.endings[key].title}”"
    node = scenario.nodes[key]
    scene = getattr(node, "scene", None)
    messages = getattr(node, "messages", ())
    first = messages[0].text if messages else None
    return (scene or first or "").strip()


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
