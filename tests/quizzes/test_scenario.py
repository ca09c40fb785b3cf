"""What a scenario file may hold, what its writer reads when something is wrong, and the proof that it works at each school."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from common.yaml_source import Source
from lessons.library import ROOT, load_library
from protocols.domain import Stance
from protocols.parse import load_corpus
from quizzes.play import Event, ending_lines, play
from quizzes.scenario import Scenario
from quizzes.scenario_check import norm_faults, scenario_faults, scenario_proof
from tests.books import SCHOOLS, a_book_where, the_book_of

RULE = "toestemming.foto-plaatsen"
BOOKS = {school: the_book_of(school) for school in SCHOOLS}
SCENARIOS = {slug: lesson.quiz.scenario for slug, lesson in load_library().lessons.items()}

CHOICES = [
    {"id": "sturen", "text": "In de groep zetten.", "goto": "n2", "set": {"gestuurd": True}, "explain": "Het is nu weg."},
    {"id": "vragen", "text": "'Mag dit?'", "goto": "n2", "explain": "Zo kiest Mei."},
]
BASE: dict[str, Any] = {
    "id": "proef", "title": "Proef", "frame": "group", "goal": "vragen", "intro": "Jij kiest voor Tygo.",
    "people": [{"id": "tygo", "name": "Tygo", "role": "voor hem kies jij"}, {"id": "mei", "name": "Mei", "role": "klasgenoot"}],
    "chats": {
        "klas": {"title": "Groep 8", "kind": "group", "members": ["tygo", "mei"]},
        "mei": {"title": "Mei", "kind": "direct", "members": ["mei"]},
    },
    "flags": {"gestuurd": False},
    "facts": {"gestuurd": "Het filmpje staat in de groep."},
    "start": "n1",
    "nodes": {
        "n1": {"kind": "choice", "chat": "klas", "scene": "Maandag.", "choices": CHOICES},
        "n2": {"kind": "route", "routes": [{"if": {"gestuurd": True}, "goto": "n3", "returns": "n1"}, {"goto": "n4"}]},
        "n3": {
            "kind": "choice", "time": "De volgende ochtend", "chat": "mei", "messages": [{"from": "mei", "text": "Waarom?"}],
            "choices": [
                {"id": "sorry", "text": "'Sorry.'", "goto": "n4", "explain": "Dat helpt."},
                {"id": "niets", "text": "Niets zeggen.", "goto": "n4", "explain": "Mei wacht."},
            ],
        },
        "n4": {
            "kind": "empathy", "about": "mei", "scene": "Later.",
            "choices": [
                {"id": "boos", "text": "Boos.", "goto": "e1", "explain": "Ja."},
                {"id": "raar", "text": "Raar.", "goto": "e2", "explain": "Ja."},
            ],
        },
    },
    "endings": {
        "e1": {"title": "Klaar", "text": "Het is klaar.", "next": "Vraag het."},
        "e2": {"title": "Open", "text": "Het is open.", "next": "Ga terug.", "back_to": "n1"},
    },
    "review": {"title": "Terug", "intro": "Kijk.", "turning_points": {"n1": {"sturen": "Gestuurd.", "vragen": "Gevraagd."}}},
}  # fmt: skip


JESSE = {"id": "jesse", "name": "Jesse", "role": "klasgenoot"}


def _with(change: Callable[[dict[str, Any]], Any]) -> Scenario:
    data = copy.deepcopy(BASE)
    change(data)
    return Scenario.model_validate(data)


def _told(scenario: Scenario) -> list[str]:
    return [message for _path, message, _remedy in scenario_faults(scenario, load_corpus())]


def _put(place: str, **values: Any) -> Callable[[dict[str, Any]], None]:
    """Set fields at a place such as nodes.n1."""

    def change(data: dict[str, Any]) -> None:
        for part in place.split(".") if place else ():
            data = data[int(part)] if part.isdigit() else data[part]
        data.update(values)

    return change


def _says(**message: Any) -> Callable[[dict[str, Any]], None]:
    return _put("nodes.n3", messages=[message])


def test_the_small_scenario_of_these_tests_is_right() -> None:
    assert _told(Scenario.model_validate(BASE)) == []


# ---- in the writer's words ----


WRONG = {
    "an unknown talk at a node": (_put("nodes.n3", chat="weg"), "n3: gesprek weg staat niet bij chats"),
    "an unknown talk at a choice": (_put("nodes.n1.choices.0", chat="weg"), "n1: gesprek weg staat niet bij chats"),
    "no talk to begin in": (_put("nodes.n1", chat=None), "n1: in welk gesprek begint het?"),
    "an unknown member": (_put("chats.mei", members=["wie"]), "mei: wie staat niet bij people"),
    "a direct talk with two others": (
        lambda data: (data["people"].append(JESSE), data["chats"]["mei"]["members"].append("jesse")),
        "mei: in een direct gesprek zit één ander",
    ),
    "a fact without a flag": (_put("facts", weg="Weg."), "facts: vlag weg staat niet bij flags"),
    "a feeling of nobody": (_put("nodes.n4", about="wie"), "n4: wie staat niet bij people"),
    "a message from nobody": (_says(text="Hoi"), "n3: van een bericht ontbreekt from"),
    "a message without anything": (_says(**{"from": "mei"}), "n3: een bericht is leeg"),
    "a message of two kinds": (
        _says(**{"from": "mei", "text": "Hoi", "deleted": True}), "n3: een bericht is van één soort, niet deleted en text of photo",
    ),
    "a forwarded voice note": (
        _says(**{"from": "mei", "voice": "Hoi", "forwarded": True}), "n3: alleen tekst of een foto kan doorgestuurd zijn",
    ),
    "sending nothing": (_put("nodes.n1.choices.0", send={"forwarded": True}), "n1, sturen: wat er verstuurd wordt is leeg"),
    "a choice that is none comes back": (_put("nodes.n3", returns="n2"), "n3: returns noemt n2, en dat is geen keuze"),
    "a choice comes back that set nothing": (
        _put("nodes.n2.routes.0", returns="n4"), "n2: geen keuze bij n4 zet een vlag van deze route",
    ),
    "a choice comes back that need not be made": (
        _put("nodes.n4", returns="n3"), "n4: hier kom je ook zonder een keuze bij n3 ()",
    ),
    "an ending with half a rule": (_put("endings.e1", rule=RULE), "e1: rule en by_stance horen bij elkaar"),
    "an ending that leaves a stance out": (
        _put("endings.e1", rule=RULE, by_stance={"mag": "Mag."}), "e1: mag-niet, mag-als, moet, school-beslist, niet-geregeld ontbreekt",
    ),
    "a circle without a choice": (
        _put("nodes", n5={"kind": "route", "routes": [{"goto": "n6"}]}, n6={"kind": "route", "routes": [{"goto": "n5"}]},
             n1={**BASE["nodes"]["n1"], "choices": [CHOICES[0], {**CHOICES[1], "goto": "n5"}]}),
        "n5: van hier draait het rond zonder keuze ()",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_writer_reads_what_is_wrong(name: str) -> None:
    change, message = WRONG[name]
    assert message in _told(_with(change))


@pytest.mark.parametrize("wrong", ["kind: video", "kind: direct, kleur: rood", "kind: direct, members: mei"])
def test_a_talk_of_another_shape_is_a_problem_with_its_line(wrong: str) -> None:
    source = Source("proef.yaml", f"chats:\n  klas: {{title: Groep 8, kind: group}}\n  mei: {{title: Mei, {wrong}}}\n")
    assert source.parse(Scenario) is None
    assert 3 in {problem.line for problem in source.problems}


def test_old_files_stay_valid() -> None:
    old = _with(lambda data: (data.pop("chats"), data.pop("facts"), [data["nodes"][key].pop("chat", None) for key in data["nodes"]]))
    assert _told(old) == []


def test_a_plain_text_is_enough_for_a_photo_a_voice_note_and_what_is_sent() -> None:
    scenario = _with(_put("nodes.n3", messages=[{"from": "mei", "photo": "Een duif."}, {"from": "mei", "voice": "Hoi."}]))
    photo, voice = scenario.nodes["n3"].messages  # type: ignore[union-attr]
    assert (photo.photo.alt, photo.photo.scene, voice.voice.transcript) == ("Een duif.", None, "Hoi.")  # type: ignore[union-attr]


def test_every_kind_of_message_in_the_guide_is_one() -> None:
    guide = (ROOT / "docs/content.md").read_text(encoding="utf-8")
    examples = re.findall(r"^\|[^|]*\| `(\{(?:from|note): .*?\})`", guide, re.MULTILINE)
    assert len(examples) == 7
    for example in examples:
        said = Source("docs/content.md", example).data
        people = [*BASE["people"], *({"id": one, "name": one, "role": "x"} for one in ("dayo", "nep"))]
        assert _told(_with(lambda data, said=said, people=people: (_says(**said)(data), data.update(people=people)))) == []  # type: ignore[misc]


# ---- the proof ----


@pytest.mark.parametrize("slug", SCENARIOS)
def test_every_shipped_chat_is_as_this_house_wants_it(slug: str) -> None:
    assert list(norm_faults(SCENARIOS[slug])) == []


def test_what_this_house_wants_is_told_when_it_is_missing() -> None:
    bare = _with(lambda data: (data["nodes"]["n2"]["routes"][0].pop("returns"), data["nodes"]["n4"].update(kind="choice")))
    told = " ".join(message for _path, message, _remedy in norm_faults(bare))
    assert all(part in told for part in ("4 knopen", "2 aflopen", "geen enkele keuze komt later terug", "geen knoop met kind: empathy"))


@pytest.mark.parametrize("slug", SCENARIOS)
@pytest.mark.parametrize("school", SCHOOLS)
def test_every_chat_is_proved_at_every_school(slug: str, school: str) -> None:
    scenario = SCENARIOS[slug]
    proof = scenario_proof(scenario, {school: BOOKS[school]})[school]
    assert proof.holds
    assert len(proof.endings) >= 3
    assert 0 < proof.shortest <= proof.longest
    assert {*proof.nodes, *proof.endings, *proof.not_here} == scenario.nodes.keys() | scenario.endings.keys()


def test_the_proof_counts_choices() -> None:
    proof = scenario_proof(Scenario.model_validate(BASE), {"agora": BOOKS["agora"]})["agora"]
    assert (proof.shortest, proof.longest) == (2, 3)


def test_what_only_another_stance_leads_to_is_told_as_not_at_this_school() -> None:
    by_stance = {stance.value: {"goto": "n4"} for stance in Stance} | {"moet": {"goto": "e1"}}

    def change(data: dict[str, Any]) -> None:
        data["nodes"]["n9"] = {"kind": "rule", "rule": RULE, "by_stance": by_stance}
        data["nodes"]["n3"]["choices"][0]["goto"] = "n9"
        data["endings"]["e1"]["back_to"] = "n1"
        for choice in data["nodes"]["n4"]["choices"]:
            choice["goto"] = "e2"

    scenario = _with(change)
    assert _told(scenario) == []
    must = a_book_where(RULE, Stance.MOET)
    proofs = scenario_proof(scenario, {"mag-niet": a_book_where(RULE, Stance.MAG_NIET), "moet": must})
    assert proofs["mag-niet"].not_here == ("e1",)
    assert proofs["moet"].not_here == ()


# ---- what follows ----


def test_the_choice_that_comes_back_is_known_at_the_moment_where_it_does() -> None:
    scenario = Scenario.model_validate(BASE)
    sent = play(scenario, [Event("choose", "n1", "sturen")], BOOKS["agora"])
    asked = play(scenario, [Event("choose", "n1", "vragen")], BOOKS["agora"])
    assert (sent.moments[-1].node, sent.moments[-1].came_from) == ("n3", "n1")
    assert (asked.moments[-1].node, asked.moments[-1].came_from) == ("n4", None)


def test_of_several_choices_the_one_that_made_it_so_comes_back() -> None:
    """Sami gave the number of Mei first and pressed on the class photo later: each comes back as its own."""
    scenario = SCENARIOS["toestemming-primair"]
    way = [("n01-repetitie", "sturen"), ("n02-roos", "tygo"), ("n04-hoe-vragen", "plagend"), ("n09-half-ja", "doorvragen")]
    position = play(scenario, [Event("choose", *step) for step in way], BOOKS["agora"])
    assert (position.node, position.moments[-1].came_from) == ("n12-zusje", "n01-repetitie")


def test_the_talk_goes_on_where_it_was_until_it_moves() -> None:
    scenario = Scenario.model_validate(BASE)
    position = play(scenario, [Event("choose", "n1", "sturen"), Event("choose", "n3", "sorry")], BOOKS["agora"])
    assert [moment.chat for moment in position.moments] == ["klas", "mei", "mei"]


def test_an_ending_can_follow_the_school() -> None:
    by_stance = {stance.value: f"Hier: {stance.value}." for stance in Stance}
    scenario = _with(_put("endings.e1", rule=RULE, by_stance=by_stance))
    assert _told(scenario) == []
    assert ending_lines(scenario.endings["e1"], {}, a_book_where(RULE, Stance.MOET))[-1] == "Hier: moet."
    assert RULE in scenario.rules
