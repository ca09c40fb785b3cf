"""What the board and the mentor's own screen show, as plain values for the templates. Names of pupils are nowhere in it."""

from __future__ import annotations

from random import Random
from typing import Any

from classroom.domain import SECOND, Beat, Kind, Phase, Tally, changed_mind, right_at, tallies, voted
from classroom.stage import Stage
from common.words import _, ngettext
from lessons.chat_present import drawings, ending_shown, person_shown, question_shown
from lessons.library import Lesson
from lessons.present import reading_pieces, said
from protocols.domain import RuleBook
from quizzes.domain import Item, JsonDict, Outcome, Part, Verdict
from quizzes.judge import judge
from quizzes.scenario import ChoiceNode
from schools.present import ShownRule, shown_rule


def phase_words(beat: Beat, phase: Phase) -> str:
    """A phase in one or two words, as it stands at the foot of the board."""
    if beat.kind is Kind.AGREE:
        return {Phase.LOOK: _("Bedenk"), Phase.VOTE: _("Kies"), Phase.RULE: _("Spreek af")}[phase]
    if beat.kind is Kind.CHAT and phase is Phase.VOTE:
        return _("Wat doen we?")
    return {
        Phase.LOOK: _("Kijk"), Phase.LOOK_2: _("Kijk verder"), Phase.LOOK_3: _("Kijk verder"), Phase.LOOK_4: _("Kijk verder"),
        Phase.VOTE: _("Stem"), Phase.TALK: _("Praat"), Phase.AGAIN: _("Stem weer"), Phase.SHIFT: _("Het verschil"),
        Phase.ENDING: _("Afloop"), Phase.RULE: _("Onze afspraak") if _has_rule(beat) else _("Wat past?"),
    }[phase]  # fmt: skip


def _has_rule(beat: Beat) -> bool:
    return beat.item is None or bool(rule_key(beat))


def rule_key(beat: Beat) -> str | None:
    """The rule that what is asked stands on."""
    if beat.ballot and beat.ballot.bound:
        return beat.ballot.bound.rule
    return (beat.item.rule or beat.item.cite_if_ruled) if beat.item else None


def mark_of_beat(beat: Beat, phase: Phase) -> tuple[str, str]:
    """The word and the icon in the margin of the board."""
    if beat.kind is Kind.VOTE or (beat.kind is Kind.TOGETHER and phase is Phase.RULE):
        icons = {Phase.TALK: "talk", Phase.SHIFT: "chart", Phase.RULE: "school" if _has_rule(beat) else "bulb"}
        return phase_words(beat, phase), icons.get(phase, "hand")
    if beat.kind is Kind.READ and beat.screen:
        kind = getattr(beat.screen.pieces[0], "kind", "prose")
        return {
            "regel": (_("Op school"), "school"), "woord": (_("Nieuw woord"), "book"), "weetje": (_("Weetje"), "info"),
            "denk": (_("Denk"), "think"), "hulp": (_("Hulp"), "heart"),
        }.get(kind, (_("Lees"), "book"))  # fmt: skip
    if beat.kind is Kind.CHAT and phase in (Phase.VOTE, Phase.ENDING, Phase.RULE):
        return phase_words(beat, phase), {Phase.VOTE: "hand", Phase.ENDING: "flag", Phase.RULE: "school"}[phase]
    return {
        Kind.START: (_("Welkom"), "board"), Kind.TOGETHER: (_("Samen"), beat.item.icon if beat.item else "users"),
        Kind.CHAT: (_("Gesprek"), "chat"), Kind.PLAN: (_("Mijn plan"), "pen"), Kind.AGREE: (_("Onze klas"), "users"),
        Kind.END: (_("Klaar"), "flag"),
    }[beat.kind]  # fmt: skip


def onward_words(stage: Stage) -> str:
    """What the button that goes on says."""
    after = stage.following
    if after is None or after.beat != stage.beat.key:
        return _("Verder")
    if stage.beat.kind is Kind.CHAT:
        return {Phase.VOTE: _("Wat doen we?"), Phase.ENDING: _("Hoe loopt het af?"), Phase.RULE: _("Onze afspraak")}.get(
            after.phase, _("Verder")
        )
    if stage.beat.kind is Kind.AGREE:
        return {Phase.VOTE: _("Tel de handen"), Phase.RULE: _("Dit spreken we af")}.get(after.phase, _("Verder"))
    return {
        Phase.TALK: _("Sluit de stemming"), Phase.AGAIN: _("Stem weer"), Phase.SHIFT: _("Laat het verschil zien"),
        Phase.RULE: phase_words(stage.beat, Phase.RULE),
    }.get(after.phase, _("Verder"))  # fmt: skip


# ---- one screen of the board ----


def board_shown(stage: Stage) -> dict[str, Any]:
    """Everything on the board now, by the kind of beat."""
    beat, phase = stage.beat, stage.phase
    mark, icon = mark_of_beat(beat, phase)
    shown: dict[str, Any] = {
        "session": stage.session, "unit": stage.lesson.unit, "skin": stage.lesson.unit.track.value, "kaft": stage.lesson.cover,
        "is_ended": stage.is_ended, "beat": beat, "phase": phase.value, "mark": mark, "mark_icon": icon, "stages": _stages(stage),
        "bust": face_for(stage.lesson, beat.key) if _has_room(beat, icon) else None, "onward": onward_words(stage),
        "can_go_on": stage.following is not None, "poll": stage.poll, "voted": stage.voted, "says": status_words(stage),
        "shows_voted": stage.poll is not None and (beat.kind is Kind.VOTE or stage.voted > 0),
    }  # fmt: skip
    return shown | _PARTS.get(beat.kind, lambda _stage: {})(stage)


def _stages(stage: Stage) -> list[tuple[str, bool]]:
    """The phases for the foot of the board, and which one it is; a chat has no fixed road."""
    phases = stage.beat.phases
    return (
        [(phase_words(stage.beat, one), one is stage.phase) for one in phases]
        if len(phases) > 1 and stage.beat.kind is not Kind.CHAT
        else []
    )


def _has_room(beat: Beat, icon: str) -> bool:
    """Whether somebody of the lesson looks on from the margin: where it is calm."""
    return beat.kind in (Kind.START, Kind.PLAN, Kind.END) or (beat.kind is Kind.READ and icon in ("book", "think", "info"))


def face_for(lesson: Lesson, seed: str) -> str | None:
    """One of the cast of this lesson for the margin: always the same at the same beat."""
    scenario = lesson.quiz.scenario
    faces = [face for face in (person_shown(scenario, one.id)["face"] for one in scenario.people) if face]
    return faces[sum(seed.encode()) % len(faces)] if faces else None


def status_words(stage: Stage) -> str:
    """What a screen reader hears when the board changed."""
    if stage.poll:
        return voted_words(stage.voted)
    mark, _icon = mark_of_beat(stage.beat, stage.phase)
    return f"{mark}: {stage.beat.title}"


def voted_words(number: int) -> str:
    return ngettext("Er is %(num)s keer gestemd", "Er is %(num)s keer gestemd", number) if number else _("Nog niemand heeft gestemd")


def _reading(stage: Stage) -> dict[str, Any]:
    return {"pieces": reading_pieces(stage.lesson, stage.beat.screen, stage.book) if stage.beat.screen else []}


def _vote(stage: Stage) -> dict[str, Any]:
    beat, phase = stage.beat, stage.phase
    shown: dict[str, Any] = {"question": beat.ballot.question if beat.ballot else beat.title, "talk": _talk_words(beat)}
    if beat.item is not None and beat.ballot and beat.ballot.part:
        shown["whole"] = beat.item.question
    if phase is Phase.SHIFT:
        # What fits stays out of this on purpose: the class looks at itself first.
        shown["rows"], shown["shift"] = _bars(tallies(beat, stage.counts, None)), shift_words(tallies(beat, stage.counts, None))
    if phase is Phase.RULE:
        shown["answer"] = answer_shown(stage)
    return shown


def _talk_words(beat: Beat) -> str:
    block = beat.screen.block if beat.screen else None
    own = getattr(block.data, "talk", None) if block is not None and block.kind == "gesprek" else None
    return own or _("Vertel je buur wat jij koos, en waarom. Luister ook: wat zou jou kunnen overhalen?")


def _bars(found: list[Tally]) -> list[dict[str, Any]]:
    """Rows with both counts. The longest bar is the larger of the two rounds, so that rounds can be compared."""
    most = max(1, sum(one.first for one in found), sum(one.second for one in found))
    return [
        {"id": one.option, "text": one.text, "was": one.first, "count": one.second, "was_part": round(100 * one.first / most),
         "part": round(100 * one.second / most)}
        for one in found
    ]  # fmt: skip


def shift_words(found: list[Tally]) -> dict[str, str | None]:
    """The shift in a sentence. Hands do not say whose they are, so it is a lower bound and says so."""
    first, second = sum(one.first for one in found), sum(one.second for one in found)
    if not first or not second:
        return {"says": _("Er is maar één keer gestemd.") if first or second else _("Er is nog niet gestemd."), "note": None}
    changed = changed_mind(found)
    if changed == 1:
        says = _("Minstens één van jullie dacht er na het praten anders over.")
    elif changed:
        says = _("Minstens %(n)s van jullie dachten er na het praten anders over.", n=changed)
    else:
        says = (
            _("Na het praten zijn de aantallen gelijk gebleven.") if first == second else _("Na het praten zijn ze bijna gelijk gebleven.")
        )
    note = None if first == second else _("Eerst waren er %(first)s stemmen, daarna %(second)s.", first=first, second=second)
    return {"says": says, "note": note}


# ---- what fits ----


def right_value(item: Item, book: RuleBook) -> JsonDict:
    """An answer that fits at this school: what somebody gives who knows all of it."""
    return item.imagined(Random(0), 1.0, book)  # noqa: S311  (nothing is drawn: it knows)


def right_verdict(stage: Stage, item: Item) -> Verdict:
    """The same, weighed and explained."""
    return judge(stage.lesson.quiz, item, right_value(item, stage.book), stage.book)


def answer_shown(stage: Stage) -> dict[str, Any]:
    """What fits at this school, why, and by which agreement; where the school is silent, that nobody is right."""
    beat, book = stage.beat, stage.book
    right = right_at(beat, book)
    rule, say = _rule_shown(stage)
    shown: dict[str, Any] = {"rule": rule, "say": say, "talk": None, "fits": [], "why": None, "second": voted(stage.counts, SECOND) > 0}
    if right is None:
        shown["talk"] = (beat.item.talk if beat.item else None) or stage.lesson.quiz.notes.talk
        return shown
    shown["fits"] = [one for one in tallies(beat, stage.counts, right) if one.fits]
    shown["votes"] = voted(stage.counts, SECOND) or voted(stage.counts, 1)
    part = part_of(beat, right_verdict(stage, beat.item)) if beat.item else None
    shown["why"] = part.why if part and part.why != say else None
    return shown


def part_of(beat: Beat, verdict: Verdict) -> Part | None:
    if beat.ballot and beat.ballot.part:
        return next((part for part in verdict.parts if part.id == beat.ballot.part), None)
    return next(iter(verdict.chosen), None)


def _rule_shown(stage: Stage) -> tuple[ShownRule | None, str]:
    key = rule_key(stage.beat)
    if key is None or (stage.beat.item and key == stage.beat.item.cite_if_ruled and not stage.book.answer_to(key).articles):
        return None, ""
    return shown_rule(stage.book, key, stage.lesson.unit.track), said(stage.lesson, key, stage.book)


def _together(stage: Stage) -> dict[str, Any]:
    item = stage.beat.item
    assert item is not None
    shown: dict[str, Any] = {"item": item, "fields": item.fields({}, item.id)}
    if stage.phase is Phase.RULE:
        verdict = right_verdict(stage, item)
        rule, say = _rule_shown(stage)
        talks = verdict.outcome is Outcome.TALK
        shown["answer"] = {
            "rule": rule, "say": say, "talk": (item.talk or stage.lesson.quiz.notes.talk) if talks else None,
            "lines": [] if talks else item.said(right_value(item, stage.book)), "why": getattr(item, "after", None),
        }  # fmt: skip
    return shown


# ---- chat ----

# What may be said again above the question: the last thing that somebody else wrote or did.
HEARD = ("message", "scene", "note")


def _chat(stage: Stage) -> dict[str, Any]:
    scenario = stage.lesson.quiz.scenario
    shown: dict[str, Any] = {"scenario": scenario}
    if stage.phase is Phase.VOTE:
        node = scenario.nodes[stage.position.node or ""]
        assert isinstance(node, ChoiceNode)
        shown["asked"] = question_shown(scenario, node)
        shown["heard"] = _last_heard(stage)
    elif stage.phase is Phase.ENDING:
        shown["ending"] = ending_shown(scenario, stage.position, stage.book)
        passed = {node for node, _choice in stage.made}
        shown["back_to"] = shown["ending"]["back_to"] if shown["ending"]["back_to"] in passed else None
    elif stage.phase is Phase.RULE:
        shown["rule"] = stage.chat_rules[-1]
        shown["say"] = said(stage.lesson, stage.chat_rules[-1].key, stage.book)
    else:
        shown["lines"] = stage.chat_pages[min(stage.look, len(stage.chat_pages) - 1)]
        shown["drawings"] = drawings(scenario, shown["lines"])
    return shown


def _last_heard(stage: Stage) -> str | None:
    """The last thing that somebody wrote, with the name, or that happened: above the question, so that nobody has to remember it."""
    line = next((line for line in reversed(stage.chat_pages[-1]) if line["kind"] in HEARD and line.get("text")), None)
    if line is None:
        return None
    return f"{line['person']['name']}: {line['text']}" if line.get("person") else line["text"]


_PARTS = {Kind.READ: _reading, Kind.VOTE: _vote, Kind.TOGETHER: _together, Kind.CHAT: _chat}
