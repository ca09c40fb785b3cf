"""What the buttons of the board and of the mentor's own screen do. Both screens send the same forms to the same deeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from access.domain import Viewer
from classroom import actions
from classroom.domain import Kind, Phase, Spot, backward, jump
from classroom.stage import Stage
from common.database import is_id
from common.forms import Form
from common.words import _
from quizzes.play import find_choice
from schools.domain import LONGEST_AGREEMENT, MOST_AGREEMENTS
from schools.models import SchoolClass

LONGEST_VALUE = 200


def place_token(stage: Stage) -> str:
    """What a form says of where the class was when it was drawn."""
    return f"{stage.beat.key}|{stage.phase.value}"


def perform(stage: Stage, school_class: SchoolClass, sent: Mapping[str, str], by: Viewer, at: datetime) -> str | None:
    """Do what the pressed button says. Returns what is wrong, in Dutch; what means nothing, or comes too late, does nothing."""
    actions.one_at_a_time(stage.session)
    for name, deed in _ANYWHERE.items():
        if name in sent:
            return deed(stage, school_class, sent, by, at)
    if stage.is_ended or sent.get("plek") != place_token(stage):
        return None  # the class is somewhere else by now: a double click, or the other screen was first
    for name, do in _HERE.items():
        if name in sent:
            do(stage, sent[name][:LONGEST_VALUE], at)
            return None
    _count(stage, sent, at)
    return None


# ---- going on ----


def _step(stage: Stage, way: str, at: datetime) -> None:
    if way == "verder" and stage.following:
        actions.move_to(stage.session, stage.following, at)
    elif way == "terug":
        _back(stage, at)
    elif way == "uit-gesprek" and stage.beat.kind is Kind.CHAT and stage.number + 1 < len(stage.beats):
        after = stage.beats[stage.number + 1]
        actions.move_to(stage.session, Spot(after.key, after.phases[0]), at)


def _back(stage: Stage, at: datetime) -> None:
    """One phase back; at the first page of a chat, back to the choice that was made last."""
    if stage.beat.kind is Kind.CHAT and stage.made and stage.phase is Phase.LOOK:
        actions.take_path(stage.session, stage.made[:-1], at)
        actions.move_to(stage.session, Spot(stage.beat.key, Phase.VOTE), at)
    else:
        actions.move_to(stage.session, backward(stage.beats, stage.spot), at)


def _to_phase(stage: Stage, phase: str, at: datetime) -> None:
    if phase in stage.beat.phases:
        actions.move_to(stage.session, Spot(stage.beat.key, Phase(phase)), at)


def _to_beat(stage: Stage, key: str, at: datetime) -> None:
    spot = jump(stage.beats, key)
    if spot:
        actions.move_to(stage.session, spot, at)


# ---- the chat ----


def _choose(stage: Stage, choice: str, at: datetime) -> None:
    node = stage.position.node
    if stage.beat.kind is Kind.CHAT and node and find_choice(stage.lesson.quiz.scenario, node, choice):
        actions.take_path(stage.session, [*stage.made, [node, choice]], at)
        actions.move_to(stage.session, Spot(stage.beat.key, Phase.LOOK), at)


def _play_again(stage: Stage, node: str, at: datetime) -> None:
    """From the beginning; with the name of a moment, from the last time that the class chose there."""
    if stage.beat.kind is not Kind.CHAT:
        return
    passed = [number for number, (where, _choice) in enumerate(stage.made) if where == node]
    actions.take_path(stage.session, stage.made[: passed[-1]] if passed else [], at)
    actions.move_to(stage.session, Spot(stage.beat.key, Phase.VOTE if passed else Phase.LOOK), at)


# ---- hands ----


def _count(stage: Stage, sent: Mapping[str, str], at: datetime) -> None:
    """A hand more or fewer. The name of the button holds the answer, so that a tap needs nothing else."""
    poll = stage.poll
    for name in sent:
        way, _sign, option = name.partition(":")
        if poll and way in _HANDS and option in dict(poll.options):
            actions.count_hands(stage.session, poll.key, poll.turn, option, _HANDS[way], at)
            return
        if way in _IDEA_HANDS and is_id(option):
            actions.change_idea(stage.session, option, at, hands=_IDEA_HANDS[way])
            return


def _count_anew(stage: Stage, _value: str, at: datetime) -> None:
    if stage.poll:
        actions.wipe_round(stage.session, stage.poll.key, stage.poll.turn, at)


# ---- the class's own agreements ----


def _choose_idea(stage: Stage, idea: str, at: datetime) -> None:
    actions.change_idea(stage.session, idea, at, turn_choice=True)


def _drop_idea(stage: Stage, idea: str, at: datetime) -> None:
    actions.drop_idea(stage.session, idea, at)


def _write_idea(stage: Stage, _class: SchoolClass, sent: Mapping[str, str], _by: Viewer, at: datetime) -> str | None:
    form = Form()
    text = form.read(sent, "tekst", label=_("de afspraak"), longest=LONGEST_AGREEMENT)
    if form.problems:
        return form.problems[0].text
    if stage.is_ended or not actions.add_idea(stage.session, text, at):
        return _("Dit staat er al, of de lijst is vol: %(n)s ideeën.", n=actions.MOST_IDEAS)
    return None


def _keep_ideas(stage: Stage, school_class: SchoolClass, _sent: Mapping[str, str], by: Viewer, at: datetime) -> str | None:
    _new, all_fitted = actions.keep_chosen(stage.session, school_class, at, actor_id=by.id)
    return None if all_fitted else _("De lijst van de klas is vol: %(n)s afspraken. Haal er eerst een weg.", n=MOST_AGREEMENTS)


# ---- the lesson itself ----


def _end(stage: Stage, _class: SchoolClass, _sent: Mapping[str, str], _by: Viewer, at: datetime) -> None:
    actions.end_lesson(stage.session, at)


def _reopen(stage: Stage, _class: SchoolClass, _sent: Mapping[str, str], _by: Viewer, at: datetime) -> None:
    actions.reopen_lesson(stage.session, at)


_HANDS = {"erbij": 1, "eraf": -1}
_IDEA_HANDS = {"idee-erbij": 1, "idee-eraf": -1}
_HERE: dict[str, Callable[[Stage, str, datetime], None]] = {
    "stap": _step, "fase": _to_phase, "naar": _to_beat, "kies": _choose, "speel": _play_again, "opnieuw": _count_anew,
    "idee-kies": _choose_idea, "idee-weg": _drop_idea,
}  # fmt: skip
_ANYWHERE: dict[str, Callable[[Stage, SchoolClass, Mapping[str, str], Viewer, datetime], str | None]] = {
    "schrijf": _write_idea, "bewaar": _keep_ideas, "einde": _end, "heropen": _reopen,
}  # fmt: skip
