"""What content makers ask: is everything right, and what is taught and asked."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

import commands
from common.problems import Problem
from lessons.check import check, reading_problems
from lessons.coverage import coverage, differs
from lessons.library import load_library
from protocols.domain import rule_book
from protocols.parse import load_corpus
from tests.commands.test_demo import run

ROOT = Path(commands.__file__).parent
LESSON = "lessons/content/primair/vriendschapsverzoek.md"
QUIZ = "quizzes/content/primair/vriendschapsverzoek.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A small house: the protocols and one lesson."""
    shutil.copytree(ROOT / "protocols" / "data", tmp_path / "protocols" / "data")
    for name in (LESSON, QUIZ, LESSON.replace(".md", ".mentor.md")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def change(root: Path, name: str, old: str, new: str) -> int:
    """Replace something in a file; the line at which the change stands."""
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_content_is_right() -> None:
    assert check(ROOT) == []


def test_a_copy_of_one_lesson_is_right_too(copy: Path) -> None:
    assert check(copy) == []


LONG = "Dit is een zin die veel te lang is voor een kind van tien, want hij gaat maar door en door."


def test_a_long_sentence_in_a_lesson_is_told_with_its_line(copy: Path) -> None:
    line = change(copy, LESSON, "Op een vraag mag je ja zeggen, maar ook nee.", LONG)
    (problem,) = check(copy)
    assert (problem.file, problem.line, problem.is_advice) == (LESSON, line, True)
    assert "een zin van 21 woorden" in problem.message


def test_a_long_sentence_in_an_option_is_told_with_its_line(copy: Path) -> None:
    text = "Op jouw school wordt een juf of meester privé geen online vriend van kinderen."
    line = change(copy, QUIZ, text, LONG)
    assert [(one.file, one.line) for one in check(copy)] == [(QUIZ, line)]


def test_a_file_that_is_hard_on_the_whole_is_told_once() -> None:
    from common.reading import Norm

    text = "---\nschema: x\n---\n\n## Kop {#kop}\n\nEen twee drie vier.\nEen twee drie vier vijf zes.\n"
    found = list(reading_problems("les.md", text, Norm(3, 15)))
    assert [(one.line, one.message) for one in found] == [(1, "gemiddeld 3,7 woorden in een zin")]


def test_a_word_that_is_explained_and_never_used_is_told(copy: Path) -> None:
    line = change(copy, LESSON, "  - {word: account,", '  - {word: zeppelin, meaning: "een luchtschip"}\n  - {word: account,')
    assert [(one.file, one.line, "zeppelin" in one.message) for one in check(copy)] == [(LESSON, line, True)]
    change(copy, LESSON, "{word: zeppelin,", "{word: zeppelin, from: rule,")
    assert check(copy) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (QUIZ, "revision: 1", "revision: een"),
        (LESSON, "::: opgave begin", "::: opgaven begin"),
        ("protocols/data/rules.yaml", "stance: mag-niet", "stance: misschien"),
        ("protocols/data/help.yaml", "for_pupils: true", "for_pupils: soms"),
        ("protocols/data/help.yaml", "key: kindertelefoon", "key: kinderlijn"),
    ],
)
def test_every_kind_of_file_is_checked(copy: Path, name: str, old: str, new: str) -> None:
    change(copy, name, old, new)
    assert name in {problem.file for problem in check(copy)}


def test_a_file_that_is_missing_or_unreadable_is_told(copy: Path) -> None:
    (copy / LESSON).write_bytes(b"\xff\xfe\x00")
    (copy / "lessons/content/primair/stray.md").write_text("x", encoding="utf-8")
    assert {LESSON, "lessons/content/primair/stray.md"} <= {problem.file for problem in check(copy)}
    (copy / "protocols/data/help.yaml").unlink()
    assert [problem.file for problem in check(copy)] == ["protocols/data/help.yaml"]


def test_the_command_tells_every_problem_and_ends_with_one(app: Flask, copy: Path) -> None:
    assert run(app, "content", "check", str(copy)) == (0, "Alles klopt.\n")
    change(copy, LESSON, "Op een vraag mag je ja zeggen, maar ook nee.", LONG)
    code, output = run(app, "content", "check", str(copy))
    assert code == 1
    assert f"{LESSON}:" in output
    code, output = run(app, "content", "check", "--json", str(copy))
    (problem,) = json.loads(output)
    assert code == 1
    assert problem.keys() == Problem("x", 1, "x", "x").as_dict().keys()


def test_broken_content_stops_the_app_but_not_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    import app as house
    from common.problems import ContentError

    def broken(_settings: object = None) -> Flask:
        raise ContentError([Problem("les.md", 3, "fout", "maak het goed")])

    monkeypatch.setattr(house, "create_app", broken)
    monkeypatch.setattr("sys.argv", ["flask", "--app", "app", "run"])
    with pytest.raises(SystemExit, match=r"les\.md:3"):
        house.application()
    monkeypatch.setattr("sys.argv", ["flask", "--app", "app", "content", "check"])
    assert "content" in house.application().cli.commands


# ---- coverage ----


def test_coverage_has_the_shape_that_was_promised(app: Flask) -> None:
    code, output = run(app, "content", "coverage", "--json")
    found = json.loads(output)
    assert code == 0
    assert found.keys() == {"rules", "articles", "items", "scenarios"}
    assert found["rules"].keys() == load_corpus().rules.keys()
    assert found["articles"].keys() == load_corpus().articles.keys()
    for tracks in found["rules"].values():
        assert tracks.keys() == {"primary", "secondary"}
        assert all(part.keys() == {"taught", "asked"} for part in tracks.values())
    for key, item in found["items"].items():
        assert item.keys() == {"unit", "track", "type", "rule", "answers"}
        assert key.startswith(f"{item['unit']}/")
        assert item["answers"].keys() == load_corpus().protocols.keys()
        assert all(answer is None or answer for answer in item["answers"].values())
    for schools in found["scenarios"].values():
        assert schools.keys() == load_corpus().protocols.keys()
        assert all(proof["proved"] for proof in schools.values())
    asked = {key for tracks in found["rules"].values() for part in tracks.values() for key in part["asked"]}
    assert asked <= found["items"].keys()


def test_coverage_follows_the_stance_of_each_school() -> None:
    lesson, corpus = load_library().lessons["vriendschapsverzoek-primair"], load_corpus()
    items = coverage([lesson], corpus)["items"]
    for key, item in items.items():
        if item["type"] == "one-choice" and item["rule"]:
            asked = lesson.quiz.item(key.rpartition("/")[2])
            for protocol, answers in item["answers"].items():
                ruling = asked.by_stance[rule_book(corpus, protocol).stance_on(item["rule"])]
                assert answers == (None if ruling.talk else list(ruling.right))
    chats = [item for item in items.values() if item["type"] == "chat-scenario"]
    assert len(chats) == 1
    assert all("→" in way for answers in chats[0]["answers"].values() for way in answers)
    assert any(item["type"] == "sort-card" for item in items.values())


def test_enough_questions_follow_the_school() -> None:
    items = coverage(load_library().lessons.values(), load_corpus())["items"]
    assert sum(differs(item["answers"]) for item in items.values() if item["type"] != "chat-scenario") >= 16


def test_the_table_of_coverage_can_be_read(app: Flask) -> None:
    code, output = run(app, "content", "coverage")
    assert code == 0
    assert "vriendschap.leerling-medewerker" in output
    assert "van de 219 artikelen" in output


def test_a_chat_in_which_nothing_comes_back_is_told(copy: Path) -> None:
    text = (copy / QUIZ).read_text(encoding="utf-8")
    (copy / QUIZ).write_text(re.sub(r", returns: [^}]*\}", "}", text), encoding="utf-8")
    assert [problem.message for problem in check(copy)] == ["geen enkele keuze komt later terug"]


def test_a_drawing_that_is_not_there_is_told_with_its_node(copy: Path) -> None:
    change(copy, QUIZ, "scene: klas}", "scene: maan}")
    (problem,) = check(copy)
    assert "de tekening maan is er niet" in problem.message
    assert "gym" in problem.remedy
