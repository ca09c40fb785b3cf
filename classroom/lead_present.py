"""What the mentor's own screen shows besides the board: the counts, the notes, the time, what comes next and every beat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from classroom.domain import Beat, Kind, Phase, right_at
from classroom.present import mark_of_beat, part_of, phase_words, right_verdict
from classroom.stage import Stage
from classroom.timing import planned
from common.words import _
from lessons.domain import Prose
from quizzes.domain import Item, Outcome, Part

# A lesson that goes on longer was put away for another day: then the minutes say nothing.
LONGEST_LESSON = 180
LONGEST_OPENING = 60


def lead_shown(stage: Stage, shown: dict[str, Any], at: datetime) -> dict[str, Any]:
    """shown is what stands on the board (present.board_shown)."""
    return {
        "number": stage.number + 1, "total": len(stage.beats), "next": _next(stage), "hands": _hands(stage),
        "reads": on_board(stage, shown),
        "phases": [(one.value, phase_words(stage.beat, one)) for one in stage.beat.phases], "notes": notes_shown(stage),
        "minutes": minutes_shown(stage, at), "sections": sections_shown(stage), "jumps": jumps(stage),
    }  # fmt: skip


def _next(stage: Stage) -> str | None:
    """What comes next, in words: the next phase, else the next beat."""
    after = stage.following
    if after is not None and after.beat == stage.beat.key:
        return phase_words(stage.beat, after.phase)
    if stage.number + 1 == len(stage.beats):
        return None
    beat = stage.beats[stage.number + 1]
    return f"{mark_of_beat(beat, beat.phases[0])[0]} · {_opening(beat)}"


def on_board(stage: Stage, shown: dict[str, Any]) -> list[str]:
    """What the class reads now, in short, for who has the board behind the back."""
    texts: list[str | None] = []
    for piece in shown.get("pieces", []):
        texts += _said_in(piece)
    if stage.phase is Phase.TALK:
        texts.append(shown["talk"])
    if answer := shown.get("answer"):
        texts += [answer["talk"], *(one.text for one in answer.get("fits", [])), *answer.get("lines", []), answer["why"]]
        texts += [answer["rule"].words, answer["rule"].condition] if answer["rule"] else []
    texts += [line.get("text") for line in shown.get("lines", [])]
    if ending := shown.get("ending"):
        texts += [ending["title"], *ending["lines"], ending["next"]]
    return [text for text in texts if text]


def _said_in(piece: dict[str, Any]) -> list[str | None]:
    if piece["kind"] == "prose":
        return [" ".join(line.split()) for line in piece["html"].striptags().split("\n")]
    if piece["kind"] == "regel":
        return [piece["rule"].words, piece["say"], piece["rule"].condition, piece["reason"]]
    return [
        piece.get("meaning"),
        getattr(piece["data"], "intro", None),
        getattr(piece["data"], "text", None),
        getattr(piece["data"], "example", None),
    ]


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
    verdict = right_verdict(stage, item)
    if beat.ballot and beat.ballot.part:
        return [_part_note(stage, beat, part_of(beat, verdict))]
    return [Note(part.text, _fits_words(part, item), part.think, part.why) for part in verdict.parts]


def _part_note(stage: Stage, beat: Beat, part: Part | None) -> Note:
    right = right_at(beat, stage.book)
    names = " / ".join(text for key, text in beat.options if key in (right or []))
    return Note(
        names or _("Hier praat je over"), _("past") if right else _("praten"), part.think if part else None, part.why if part else None
    )


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
            found.append({"title": title, "beats": []})
        mark, icon = mark_of_beat(beat, beat.phases[0])
        here = number == stage.number
        found[-1]["beats"].append(
            {"key": beat.key, "mark": mark, "icon": icon, "text": _opening(beat), "here": here, "done": number < stage.number}
        )
    return found


def sections_shown(stage: Stage) -> list[dict[str, Any]]:
    """What the mentor page says that helps right now: how to vote, what to ask, what to do when it becomes sensitive."""
    is_talk = stage.beat.screen is not None and stage.beat.screen.kind == "gesprek"
    keys = (*(("stemmen",) if is_talk else ()), "vragen", "gevoelig")
    found = [stage.lesson.mentor.section(key) for key in keys]
    return [{"title": one.title, "html": Markup("").join(piece.html for piece in one.pieces if isinstance(piece, Prose))} for one in found]


def _opening(beat: Beat) -> str:
    """The first words of a beat, to know it by."""
    text = " ".join(_first_text(beat).replace("*", "").split())
    return text if len(text) <= LONGEST_OPENING else text[:LONGEST_OPENING].rsplit(" ", 1)[0] + " …"


def _first_text(beat: Beat) -> str:
    if beat.kind is not Kind.READ or beat.screen is None:
        return beat.title
    piece = beat.screen.pieces[0]
    if isinstance(piece, Prose):
        return piece.text
    return getattr(piece.data, "intro", None) or getattr(piece.data, "text", None) or piece.id


def minutes_shown(stage: Stage, at: datetime) -> dict[str, Any]:
    """What the mentor page plans for this step and for the whole, and how long the lesson is going on."""
    rows = planned(stage.lesson.mentor.section("tijd").pieces)
    step = stage.lesson.unit.steps[stage.beat.screen.step].title if stage.beat.screen else None
    here = next((row for row in rows if row.step == step), None)
    gone = int((at - stage.session.opened_at).total_seconds() // 60)
    until = sum(row.minutes for row in rows[: rows.index(here) + 1]) if here else None
    return {"step": here, "total": stage.lesson.mentor.meta.minutes, "gone": gone if gone <= LONGEST_LESSON else None, "until": until}
