"""What the pages of a chat show: people with their faces, talks, messages, moments, endings and the path that was taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from lessons.library import Lesson
from lessons.present import said
from protocols.domain import RuleBook
from quizzes.play import Moment, Position, ending_lines
from quizzes.scenario import ChoiceNode, Ending, Message, Photo, RouteNode, RuleNode, Scenario, ScenarioChoice, Sent
from schools.present import shown_rule

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
CAST = frozenset(file.stem for file in (IMAGES / "cast").glob("*.svg"))
SCENES = frozenset(file.stem for file in (IMAGES / "scenes").glob("*.svg"))
QUOTES = "'\"‘’“”"
WORDS_A_SECOND = 2.5
DRAWING = re.compile(r'^<svg[^>]*viewBox="(?P<box>[^"]+)"[^>]*>(?P<inner>.*)</svg>\s*$', re.DOTALL)

Line = dict[str, Any]


# ---- people, talks and drawings ----


def kaft_of(person_id: str) -> int:
    """A fixed colour behind a face."""
    return sum(person_id.encode()) % 6 + 1


def person_shown(scenario: Scenario, person_id: str) -> dict[str, Any]:
    person = scenario.person(person_id)
    face = next((key for key in (person_id, person.name.lower().replace(" ", "-").replace("ë", "e")) if key in CAST), None)
    return {"id": person_id, "name": person.name, "role": person.role, "face": face, "kaft": kaft_of(person_id)}


def people_shown(scenario: Scenario) -> list[dict[str, Any]]:
    return [person_shown(scenario, person.id) for person in scenario.people]


def chat_shown(scenario: Scenario, key: str | None) -> dict[str, Any]:
    """The bar of the phone and the line at which the talk moves here. Without talks of its own a scenario is one talk."""
    hero = person_shown(scenario, scenario.hero)
    if key is None:
        others = [person_shown(scenario, person.id) for person in scenario.people[1:4]]
        return {
            "key": "",
            "kind": "group",
            "title": scenario.title,
            "sub": _("Jij kiest voor %(name)s", name=hero["name"]),
            "faces": others,
        }
    chat = scenario.chats[key]
    others = [person_shown(scenario, member) for member in chat.members if member != scenario.hero]
    names = [hero["name"], *(one["name"] for one in others)]
    sub = _("privégesprek") if chat.kind == "direct" else ", ".join(names)
    moved = {"group": _("In de groep"), "direct": _("Privé"), "talk": _("Praten")}[chat.kind]
    return {"key": key, "kind": chat.kind, "title": chat.title, "sub": sub, "faces": others[:3], "moved": moved}


@lru_cache(maxsize=256)
def _drawing(folder: str, name: str) -> dict[str, Any]:
    """A drawing of our own, to stand in the page itself: no request, and there when the network is not."""
    found = DRAWING.match((IMAGES / folder / f"{name}.svg").read_text(encoding="utf-8"))
    assert found is not None, f"{folder}/{name}.svg is not one svg with a viewBox"
    return {"id": f"{folder}-{name}", "box": found["box"], "inner": Markup(found["inner"])}  # noqa: S704  (our own file)


def drawings(scenario: Scenario, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Every face and scene that these lines can show, once."""
    faces = {person["face"] or "onbekend" for person in people_shown(scenario)}
    scenes = {line["photo"]["scene"] for line in lines if line.get("photo")}
    return [_drawing("cast", name) for name in sorted(faces)] + [_drawing("scenes", name) for name in sorted(scenes)]


# ---- the lines of a talk ----


def _photo(photo: Photo | None) -> dict[str, str] | None:
    return {"alt": photo.alt, "scene": photo.scene if photo.scene in SCENES else "foto"} if photo else None


def _sent(sent: Sent) -> Line:
    forwarded = _("Doorgestuurd") if sent.forwarded is True else _("Doorgestuurd van %(name)s", name=sent.forwarded)
    return {"kind": "message", "text": sent.text, "photo": _photo(sent.photo), "forwarded": forwarded if sent.forwarded else None}


def _message(scenario: Scenario, message: Message) -> Line:
    if message.note:
        return {"kind": "note", "text": message.note}
    assert message.sender is not None
    person = None if message.sender == scenario.hero else person_shown(scenario, message.sender)
    line = {**_sent(message), "person": person, "deleted": message.deleted}
    if message.request:
        line.update(kind="request", request=message.request)
    if message.voice:
        seconds = message.voice.seconds or max(2, round(len(message.voice.transcript.split()) / WORDS_A_SECOND))
        clock = f"{seconds // 60}:{seconds % 60:02}"
        line["voice"] = {"seconds": seconds, "clock": clock, "transcript": message.voice.transcript}
    return line


def _told(scenario: Scenario, scene: str | None, messages: Sequence[Message]) -> list[Line]:
    lines: list[Line] = [{"kind": "scene", "text": scene}] if scene else []
    for message in messages:
        line = _message(scenario, message)
        before = lines[-1] if lines else {}
        line["again"] = before.get("kind") == "message" == line["kind"] and before["person"] == line["person"]
        lines.append(line)
    return lines


def is_speech(text: str) -> bool:
    """Whether a choice is said and nothing else: all of it stands between quotation marks."""
    return text.strip().startswith(tuple(QUOTES)) and text.strip().endswith(tuple(QUOTES))


def _chosen(scenario: Scenario, choice: ScenarioChoice, kind: str, about: str | None) -> list[Line]:
    """What a choice comes to: what the pupil does, the message that goes out, and what it means. A feeling is never said aloud."""
    spoken = is_speech(choice.text) and not choice.send and kind != "empathy"
    lines: list[Line] = [] if spoken else [{"kind": "did", "text": choice.text.strip()}]
    sent = Sent(text=choice.text.strip().strip(QUOTES)) if spoken else choice.send
    if sent:
        lines.append({**_sent(sent), "person": None, "again": False, "seen": choice.seen})
    feels = person_shown(scenario, about) if about and kind == "empathy" else None
    lines.append({"kind": "why", "text": choice.explain, "person": feels})
    return lines


def _is_face_to_face(scenario: Scenario, chat: str | None) -> bool:
    return chat is not None and scenario.chats[chat].kind == "talk"


def moments_shown(scenario: Scenario, moments: Sequence[Moment]) -> list[dict[str, Any]]:
    """The talk as one list: each moment with its lines. Lines where the talk moves, and ticks, follow from what stands around them."""
    shown: list[dict[str, Any]] = []
    where = day = None
    earlier: list[Moment] = []
    for moment in moments:
        lines: list[Line] = [{"kind": "day", "text": moment.time}] if moment.time and moment.time != day else []
        day = moment.time or day
        if moment.chat != where:
            lines.append({"kind": "chat", "chat": chat_shown(scenario, moment.chat)})
            where = moment.chat
        cause = next((one.choice for one in reversed(earlier) if one.node == moment.came_from and one.choice), None)
        if cause:
            lines.append({"kind": "back", "text": cause.text})
        lines += _in(where, _told(scenario, moment.scene, moment.messages))
        if moment.choice:
            chosen = _chosen(scenario, moment.choice, moment.kind, moment.about)
            goes_to = moment.choice.chat or where
            if goes_to != where:
                where = goes_to
                place = int(chosen[0]["kind"] == "did")  # first what was done, then where it went
                chosen.insert(place, {"kind": "chat", "chat": chat_shown(scenario, where)})
            lines += _in(where, chosen)
        shown.append({"node": moment.node, "kind": moment.kind, "lines": lines})
        earlier.append(moment)
    _put_ticks(scenario, [line for moment in shown for line in moment["lines"]])
    return shown


def _in(chat: str | None, lines: list[Line]) -> list[Line]:
    for line in lines:
        line["in"] = chat
    return lines


def _put_ticks(scenario: Scenario, lines: Sequence[Line]) -> None:
    """Own messages are sent; they are read once somebody wrote in the same talk after them. Face to face nothing is sent."""
    answered: set[str | None] = set()
    for line in reversed(lines):
        line["live"] = _is_face_to_face(scenario, line.get("in"))
        if line["kind"] == "message" and line["person"]:
            answered.add(line["in"])
        elif line["kind"] == "message" and not line["live"]:
            line["ticks"] = _tick(line, read=line["in"] in answered or bool(line.get("seen")))


def _tick(line: Line, *, read: bool) -> dict[str, Any]:
    """early: known as soon as it is sent, since the author says who read it."""
    return {"read": read, "words": line.get("seen") or _("Gelezen"), "early": bool(line.get("seen"))}


def current_chat(scenario: Scenario, position: Position) -> dict[str, Any]:
    """The talk that was shown last: where the newest message went, else where the newest moment is."""
    last = position.moments[-1] if position.moments else None
    sent_to = last.choice.chat if last and last.choice else None
    return chat_shown(scenario, sent_to or (last.chat if last else None))


def question_shown(scenario: Scenario, node: ChoiceNode) -> dict[str, Any]:
    """The question beside the phone; at a moment for somebody else it asks after that person by name."""
    if node.kind != "empathy":
        return _usual_question(scenario, node.choices)
    about = person_shown(scenario, node.about) if node.about else None
    text = _("Hoe is dit voor %(name)s?", name=about["name"]) if about else _("Hoe is dit voor de ander?")
    return {"text": text, "about": about, "choices": node.choices, "is_other": True}


def _usual_question(scenario: Scenario, choices: Sequence[ScenarioChoice]) -> dict[str, Any]:
    text = _("Wat doet %(name)s?", name=scenario.person(scenario.hero).name)
    return {"text": text, "about": None, "choices": choices, "is_other": False}


def facts_shown(scenario: Scenario, flags: dict[str, bool]) -> list[dict[str, Any]]:
    return [{"flag": flag, "text": text, "holds": flags.get(flag, False)} for flag, text in scenario.facts.items()]


# ---- playing on without the server ----


def live_shown(scenario: Scenario, book: RuleBook) -> dict[str, Any]:
    """Every node and ending as it is at this school, to play on in the browser: what to draw, and how one leads to another."""
    nodes = [_live_node(scenario, key, node, book) for key, node in scenario.nodes.items() if not isinstance(node, RouteNode)]
    endings = [_live_ending(key, ending, book) for key, ending in scenario.endings.items()]
    lines: list[Line] = [line for node in nodes for line in node["lines"]]
    lines += [line for node in nodes for one in node["after"] for line in one["lines"]]
    for line in lines:
        if line["kind"] == "message" and not line["person"]:
            line["ticks"] = _tick(line, read=False)
    return {
        "nodes": nodes, "endings": endings, "drawings": drawings(scenario, lines),
        "chats": [chat_shown(scenario, key) for key in scenario.chats], "usual": _usual_question(scenario, _first_choice(scenario)),
        "graph": {
            "start": scenario.start, "flags": [key for key, on in scenario.flags.items() if on],
            "nodes": {key: _steps_of(node, book) for key, node in scenario.nodes.items()},
        },
    }  # fmt: skip


def _first_choice(scenario: Scenario) -> Sequence[ScenarioChoice]:
    """One choice, to make others after."""
    return next(node.choices[:1] for node in scenario.nodes.values() if isinstance(node, ChoiceNode))


def _live_node(scenario: Scenario, key: str, node: ChoiceNode | RuleNode, book: RuleBook) -> dict[str, Any]:
    """The lines of a node as they are drawn. Where the talk moves or a choice comes back depends on the path: the browser adds that."""
    told = node if isinstance(node, ChoiceNode) else node.by_stance[book.stance_on(node.rule)]
    time = told.time or node.time
    lines: list[Line] = [{"kind": "day", "text": time}] if time else []
    lines += _told(scenario, told.scene, told.messages)
    shown: dict[str, Any] = {"key": key, "lines": lines, "after": [], "question": None}
    if isinstance(node, ChoiceNode):
        shown["question"] = question_shown(scenario, node)
        for choice in node.choices:
            after = _chosen(scenario, choice, node.kind, node.about)
            shown["after"].append({"id": choice.id, "text": choice.text, "lines": after})
    return shown


def _live_ending(key: str, ending: Ending, book: RuleBook) -> dict[str, Any]:
    extra = [{"when": line.when, "text": line.text} for line in ending.extra]
    if ending.rule:
        extra.append({"when": {}, "text": ending.by_stance[book.stance_on(ending.rule)]})
    return {"key": key, "title": ending.title, "text": ending.text, "extra": extra, "next": ending.next, "back_to": ending.back_to}


def _steps_of(node: ChoiceNode | RouteNode | RuleNode, book: RuleBook) -> dict[str, Any]:
    """Where a node leads, as data: choices, routes with their conditions, or straight on. What is empty is left out."""
    if isinstance(node, RouteNode):
        return {"routes": [_full({"if": one.when, "to": one.goto, "returns": one.returns}) for one in node.routes]}
    if isinstance(node, ChoiceNode):
        choices = {one.id: _full({"to": one.goto, "set": one.set, "chat": one.chat}) for one in node.choices}
        return _full({"choices": choices, "chat": node.chat, "returns": node.returns})
    branch = node.by_stance[book.stance_on(node.rule)]
    return _full({
        "to": branch.goto or node.goto, "set": branch.set, "chat": branch.chat or node.chat, "returns": branch.returns or node.returns,
    })  # fmt: skip


def _full(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


# ---- the end, and looking back ----


def ending_shown(scenario: Scenario, position: Position, book: RuleBook, seen: Iterable[str] = ()) -> dict[str, Any]:
    assert position.ending is not None
    ending = scenario.endings[position.ending]
    found = set(seen)
    return {
        "title": ending.title,
        "lines": ending_lines(ending, position.flags, book),
        "next": ending.next,
        "back_to": ending.back_to,
        "others": [{"title": other.title, "here": key == position.ending, "seen": key in found} for key, other in scenario.endings.items()],
    }


def path_taken(lesson: Lesson, position: Position, book: RuleBook) -> list[dict[str, Any]]:
    """Every choice with what it came to, now and later; at a rule the school's own answer stands with it."""
    scenario = lesson.quiz.scenario
    found: list[dict[str, Any]] = []
    for number, moment in enumerate(position.moments):
        if moment.rule:
            found.append({
                "title": _("Zo is het op jouw school"), "said": said(lesson, moment.rule, book),
                "rule": shown_rule(book, moment.rule, lesson.unit.track),
            })  # fmt: skip
        elif moment.choice:
            lines = scenario.review.turning_points.get(moment.node, {})
            found.append({
                "node": moment.node, "when": _begins(moment), "title": moment.choice.text, "rule": None, "turning": bool(lines),
                "said": lines.get(moment.choice.id, moment.choice.explain),
                "later": [_begins(other) for other in _came_back(position.moments, number)],
            })  # fmt: skip
    return found


def _came_back(moments: Sequence[Moment], number: int) -> list[Moment]:
    """The moments at which the choice of this one came back, until the same moment was passed again."""
    found = []
    for other in moments[number + 1 :]:
        if other.came_from == moments[number].node:
            found.append(other)
        if other.node == moments[number].node:
            break
    return found


def _begins(moment: Moment) -> str:
    """How a moment begins, to know it by: the day, and the first sentence of what happened or was said."""
    told = moment.scene or next((message.text for message in moment.messages if message.text), None) or ""
    first = re.split(r"(?<=[.?!])\s", told, maxsplit=1)[0]
    return f"{moment.time}. {first}" if moment.time and first else moment.time or first
