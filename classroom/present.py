"""What the board and the mentor's own screen show, as plain values for the templates. Names of pupils are nowhere in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from markupsafe import Markup

from classroom.domain import SECOND, Beat, Kind, Phase, Tally, changed_mind, right_at, tallies, voted
from classroom.stage import Stage
from classroom.timing import planned
from common.words import _, ngettext
from lessons.chat_present import current_chat, drawings, ending_shown, person_shown, question_shown
from lessons.domain import Prose
from lessons.library import Lesson
from lessons.present import reading_pieces, said
from quizzes.domain import Item, Outcome, Part, Verdict
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
        Kind.START: (_("Welkom"), "board"), Kind.TOGETHER: (_("Samen"), beat.item.icon if beat.item else "users"), Kind.CHAT: (_("Gesprek"), "chat"),
        Kind.PLAN: (_("Mijn plan"), "pen"), Kind.AGREE: (_("Onze klas"), "users"), Kind.END: (_("Klaar"), "flag"),
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
    stages = [(phase_words(beat, one), one is phase) for one in beat.phases] if len(beat.phases) > 1 and beat.kind is not Kind.CHAT else []
    shown: dict[str, Any] = {
        "beat": beat, "phase": phase.value, "mark": mark, "mark_icon": icon, "stages": stages, "kaft": stage.lesson.cover,
        "skin": stage.lesson.unit.track.value, "unit": stage.lesson.unit, "onward": onward_words(stage), "can_go_on": stage.following is not None,
        "voted": stage.voted, "poll": stage.poll, "session": stage.session, "is_ended": stage.is_ended, "says": status_words(stage), "bust": None,
    }  # fmt: skip
    if beat.kind in (Kind.START, Kind.PLAN, Kind.END) or (beat.kind is Kind.READ and mark_of_beat(beat, phase)[1] in ("book", "think", "info")):
        shown["bust"] = face_for(stage.lesson, beat.key)
    return shown | _PARTS.get(beat.kind, lambda _stage: {})(stage)


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
    return f"{mark}. {stage.beat.title}"


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
    says = (
        ngettext("Minstens 1 van jullie dacht er na het praten anders over.", "Minstens %(num)s van jullie dachten er na het praten anders over.", changed)
        if changed
        else _("Na het praten zijn de aantallen bijna gelijk gebleven.") if first != second else _("Na het praten zijn de aantallen gelijk gebleven.")
    )  # fmt: skip
    note = None if first == second else _("Eerst waren er %(first)s stemmen, daarna %(second)s.", first=first, second=second)
    return {"says": says, "note": note}


# ---- what fits ----


def _right_verdict(stage: Stage, item: Item) -> Verdict:
    """An answer that fits at this school, weighed and explained."""
    return judge(stage.lesson.quiz, item, item.imagined(Random(0), 1.0, stage.book), stage.book)


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
    part = _part_of(beat, _right_verdict(stage, beat.item)) if beat.item else None
    shown["why"] = part.why if part and part.why != say else None
    return shown


def _part_of(beat: Beat, verdict: Verdict) -> Part | None:
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
        verdict = _right_verdict(stage, item)
        rule, say = _rule_shown(stage)
        talks = verdict.outcome is Outcome.TALK
        shown["answer"] = {
            "rule": rule, "say": say, "talk": (item.talk or stage.lesson.quiz.notes.talk) if talks else None,
            "lines": [] if talks else item.said(item.imagined(Random(0), 1.0, stage.book)), "why": getattr(item, "after", None),
        }  # fmt: skip
    return shown


# ---- chat ----

# What may be said again above the question: the last thing that somebody else wrote or did.
HEARD = ("message", "scene", "note")


def _chat(stage: Stage) -> dict[str, Any]:
    scenario = stage.lesson.quiz.scenario
    shown: dict[str, Any] = {"scenario": scenario, "hero": person_shown(scenario, scenario.hero), "chat": current_chat(scenario, stage.position),
                             "is_first": not stage.made}  # fmt: skip
    if stage.phase is Phase.VOTE:
        node = scenario.nodes[stage.position.node or ""]
        assert isinstance(node, ChoiceNode)
        shown["asked"] = question_shown(scenario, node)
        shown["heard"] = next((line["text"] for line in reversed(stage.chat_pages[-1]) if line["kind"] in HEARD and line.get("text")), None)
    elif stage.phase is Phase.ENDING:
        shown["ending"] = ending_shown(scenario, stage.position, stage.book)
    elif stage.phase is Phase.RULE:
        shown["rule"] = stage.chat_rules[-1]
        shown["say"] = said(stage.lesson, stage.chat_rules[-1].key, stage.book)
    else:
        shown["lines"] = stage.chat_pages[min(stage.look, len(stage.chat_pages) - 1)]
        shown["drawings"] = drawings(scenario, shown["lines"])
    return shown


_PARTS = {Kind.READ: _reading, Kind.VOTE: _vote, Kind.TOGETHER: _together, Kind.CHAT: _chat}


# ---- the mentor's own screen ----


def lead_shown(stage: Stage, at: datetime) -> dict[str, Any]:
    """What the mentor sees besides the board: the counts, the notes, the time, what comes next and every beat."""
    after = stage.following
    next_beat = stage.beats[min(stage.number + 1, len(stage.beats) - 1)]
    within = after is not None and after.beat == stage.beat.key
    return {
        "number": stage.number + 1, "total": len(stage.beats), "phases": [(one.value, phase_words(stage.beat, one)) for one in stage.beat.phases],
        "next_words": phase_words(stage.beat, after.phase) if within and after else next_beat.title if next_beat is not stage.beat else None,
        "next_kind": None if within or next_beat is stage.beat else mark_of_beat(next_beat, next_beat.phases[0])[0],
        "hands": _hands(stage), "notes": notes_shown(stage), "jumps": jumps(stage), "minutes": minutes_shown(stage, at), "sections": sections_shown(stage),
    }  # fmt: skip


def _hands(stage: Stage) -> list[dict[str, Any]]:
    """The votes of this round, answer by answer: only the mentor sees them before the class does."""
    poll = stage.poll
    return [{"id": key, "text": text, "count": stage.counts.get((poll.turn, key), 0)} for key, text in poll.options] if poll else []


@dataclass(frozen=True)
class Note:
    """What an answer tells: what is sensible in it, and why it fits or not. fits says in words how it is weighed here."""

    text: str
    fits: str
    think: str | None
    why: str | None


def notes_shown(stage: Stage) -> list[Note]:
    """The answers that can be given, with what each tells about who gives it."""
    beat, item = stage.beat, stage.beat.item
    if item is None or not item.is_scored:
        return []
    verdict = _right_verdict(stage, item)
    if beat.ballot and beat.ballot.part:
        return [_part_note(stage, beat, _part_of(beat, verdict))]
    return [Note(part.text, _fits_words(part, item), part.think, part.why) for part in verdict.parts]


def _part_note(stage: Stage, beat: Beat, part: Part | None) -> Note:
    right = right_at(beat, stage.book)
    names = " / ".join(text for key, text in beat.options if key in (right or []))
    return Note(names or _("Hier praat je over"), _("past") if right else _("praten"), part.think if part else None, part.why if part else None)


def _fits_words(part: Part, item: Item) -> str:
    if not part.outcome.is_scored:
        return _("praten")
    if part.outcome is Outcome.FAIR:
        return _("ook netjes")
    return _("past") if (part.fits if item.ticks else part.outcome.is_right) else _("past niet")


def jumps(stage: Stage) -> list[dict[str, Any]]:
    """All beats in the order of the lesson, under the step to which they belong."""
    found: list[dict[str, Any]] = []
    for number, beat in enumerate(stage.beats):
        title = stage.lesson.unit.steps[beat.screen.step].title if beat.screen else beat.title
        if not found or found[-1]["title"] != title:
            found.append({"title": title, "beats": [], "here": False})
        mark, icon = mark_of_beat(beat, beat.phases[0])
        here = number == stage.number
        found[-1]["beats"].append(
            {"key": beat.key, "mark": mark, "icon": icon, "text": _opening(beat), "here": here, "done": number < stage.number}
        )
        found[-1]["here"] = found[-1]["here"] or here
    return found


def sections_shown(stage: Stage) -> list[dict[str, Any]]:
    """What the mentor page says that helps right now: how to vote, what to ask, what to do when it becomes sensitive."""
    is_talk = stage.beat.screen is not None and stage.beat.screen.kind == "gesprek"
    keys = (*(("stemmen",) if is_talk else ()), "vragen", "gevoelig")
    found = [stage.lesson.mentor.section(key) for key in keys]
    return [{"title": one.title, "html": Markup("").join(piece.html for piece in one.pieces if isinstance(piece, Prose))} for one in found]


LONGEST_OPENING = 60


def _opening(beat: Beat) -> str:
    """The first words of a beat, to know it by."""
    piece = beat.screen.pieces[0] if beat.kind is Kind.READ and beat.screen else None
    text = (
        beat.title
        if piece is None
        else piece.text
        if isinstance(piece, Prose)
        else getattr(piece.data, "intro", None) or getattr(piece.data, "text", None) or piece.id
    )
    text = " ".join(text.replace("*", "").split())
    return text if len(text) <= LONGEST_OPENING else text[:LONGEST_OPENING].rsplit(" ", 1)[0] + " …"


def minutes_shown(stage: Stage, at: datetime) -> dict[str, Any]:
    """What the mentor page plans for this step and for the whole, and how long the lesson is going on."""
    rows = planned(stage.lesson.mentor.section("tijd").pieces)
    step = stage.lesson.unit.steps[stage.beat.screen.step].title if stage.beat.screen else None
    here = next((row for row in rows if row.step == step), None)
    gone = int((at - stage.session.opened_at).total_seconds() // 60)
    until = sum(row.minutes for row in rows[: rows.index(here) + 1]) if here else None
    return {"step": here, "total": stage.lesson.mentor.meta.minutes, "gone": gone if gone <= LONGEST_LESSON else None, "until": until}


LONGEST_LESSON = 180
