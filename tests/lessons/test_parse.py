"""A lesson file with a mistake is told so that its author can mend it: file, line, what and how."""

from __future__ import annotations

import pytest

from common.problems import Problem
from lessons.domain import screens
from lessons.library import ROOT, load_library
from lessons.parse import parse_mentor_page, parse_unit
from protocols.parse import load_corpus
from quizzes.parse import parse_quiz

LESSON = load_library().lessons["vriendschapsverzoek-primair"]
TEXT = LESSON.unit.text
QUIZ_TEXT = (ROOT / "quizzes/content/primair/vriendschapsverzoek.yaml").read_text(encoding="utf-8")


def _lesson_with(old: str, new: str) -> list[Problem]:
    assert old in TEXT
    return parse_unit("les.md", TEXT.replace(old, new, 1), LESSON.quiz, load_corpus())[1]


def _quiz_with(old: str, new: str) -> list[Problem]:
    assert old in QUIZ_TEXT
    return parse_quiz("vragen.yaml", QUIZ_TEXT.replace(old, new, 1), load_corpus())[1]


def _line_of(needle: str, text: str = TEXT) -> int:
    return text[: text.index(needle)].count("\n") + 1


def test_the_whole_lesson_has_no_problems() -> None:
    assert parse_unit("les.md", TEXT, LESSON.quiz, load_corpus())[1] == []


def test_a_rule_that_does_not_exist_is_told_at_its_own_line() -> None:
    problem = _lesson_with("::: regel twijfel-overleg", "::: regel twijfel-weg")[0]
    assert problem.line == _line_of("::: regel twijfel-overleg")
    assert "twijfel-weg" in problem.message


def test_a_block_that_is_not_closed_is_told_where_it_begins() -> None:
    cut = TEXT[: TEXT.rindex(":::")]
    problems = parse_unit("les.md", cut, LESSON.quiz, load_corpus())[1]
    assert any("niet gesloten" in problem.message for problem in problems)


def test_an_unknown_kind_of_block_names_the_kinds_there_are() -> None:
    assert "weetje" in _lesson_with("::: weetje", "::: weetjes")[0].remedy


def test_a_misspelt_field_in_a_block_is_told_at_its_line() -> None:
    problem = _lesson_with("school_first: true", "school_frist: true")[0]
    assert problem.line in (_line_of("school_first: true"), _line_of("::: hulp"), _line_of("::: hulp") + 1)


def test_a_step_without_a_name_is_told() -> None:
    assert any("heeft geen naam" in problem.message for problem in _lesson_with(" {#praten}", ""))


def test_an_item_that_is_placed_twice_or_nowhere_is_told() -> None:
    messages = [problem.message for problem in _lesson_with("::: opgave half-bekend", "::: opgave drie-kringen")]
    assert any("twee keer" in message for message in messages)
    assert any("half-bekend staat nergens" in message for message in messages)


def test_rules_in_the_front_matter_must_be_what_the_lesson_does() -> None:
    problem = _lesson_with("taught: [vriendschap.leerling-medewerker, melden.aan-wie, twijfel-overleg]", "taught: [melden.aan-wie]")[0]
    assert "twijfel-overleg" in problem.remedy


def test_help_begins_with_the_schools_own_people() -> None:
    problems = _lesson_with("routes: [school-contacten, kindertelefoon, helpwanted]", "routes: [kindertelefoon]")
    assert "voorop" in problems[0].message


@pytest.mark.parametrize(
    "text", ["", "---", "geen kop\n## Stap {#a}", "---\ntitle: x\n---\n", "---\n: :\n---\n## A {#a}\n", "\x00" * 50, ":::\n" * 500]
)
def test_odd_text_is_told_and_never_breaks(text: str) -> None:
    unit, problems = parse_unit("les.md", text, LESSON.quiz, load_corpus())
    assert unit is None
    assert problems


def test_a_lesson_without_end_is_refused() -> None:
    assert "te lang" in parse_unit("les.md", TEXT + "x" * 100_001, LESSON.quiz, load_corpus())[1][0].message


def test_windows_line_ends_make_no_difference() -> None:
    assert parse_unit("les.md", TEXT.replace("\n", "\r\n"), LESSON.quiz, load_corpus())[1] == []


def test_two_right_answers_where_one_is_meant_are_told() -> None:
    problems = _quiz_with("      - id: ken-hem\n        text:", "      - id: ken-hem\n        right: true\n        text:")
    assert "precies één" in problems[0].message


def test_a_stance_that_is_left_out_is_told_since_a_school_may_choose_it() -> None:
    assert any("moet ontbreekt" in problem.message for problem in _quiz_with("      moet: {right: [ja], fair: [voorwaarde]}\n", ""))


def test_silence_may_not_be_made_into_permission() -> None:
    problems = _quiz_with("      niet-geregeld: {talk: true}\n  - id: b-school", "      niet-geregeld: {right: [ja]}\n  - id: b-school")
    assert any("geen toestemming" in problem.message for problem in problems)


def test_forms_that_are_not_equally_heavy_are_told() -> None:
    problems = _quiz_with(
        "  - id: b-kring\n    type: one-choice\n    use: check\n    goal: kring",
        "  - id: b-kring\n    type: one-choice\n    use: check\n    goal: zien",
    )
    assert any("niet even zwaar" in problem.message for problem in problems)


def test_forms_of_which_one_is_easier_to_guess_at_some_school_are_told() -> None:
    problems = _quiz_with("by_stance: *docent-keuze", EASIER)
    assert any("niet even zwaar" in problem.message for problem in problems)


EASIER = """by_stance:
      mag: {right: [ja], fair: [nee, voorwaarde]}
      mag-niet: {right: [nee], fair: [voorwaarde]}
      mag-als: {right: [voorwaarde], fair: [nee]}
      moet: {right: [ja], fair: [voorwaarde]}
      school-beslist: {right: [voorwaarde], fair: [nee]}
      niet-geregeld: {talk: true}"""


def test_a_page_may_not_be_called_like_a_question_that_comes_back() -> None:
    for problem in (_lesson_with("{#praten}", "{#ophalen-2}"), _lesson_with("::: intentie ", "::: intentie ophalen-")):
        assert any("al bezet" in one.message for one in problem)


def test_a_chat_that_goes_nowhere_is_told() -> None:
    assert any("bestaat niet" in problem.message for problem in _quiz_with("goto: e-nog-open", "goto: e-bestaat-niet"))


def test_a_chat_in_which_a_pupil_can_walk_in_circles_for_ever_is_told() -> None:
    text = QUIZ_TEXT.replace("goto: n19-balans", "goto: n10-zondag")
    problems = parse_quiz("vragen.yaml", text, load_corpus())[1]
    assert any("nooit bereikt" in problem.message or "komt niemand bij een afloop" in problem.message for problem in problems)


def test_a_path_to_a_good_end_that_passes_nobodys_feelings_is_told() -> None:
    text = QUIZ_TEXT.replace("      kind: empathy\n", "      kind: choice\n")
    problems = parse_quiz("vragen.yaml", text, load_corpus())[1]
    assert any("stond bij niemand stil" in problem.message for problem in problems)


def test_a_mentor_page_has_its_nine_parts_in_order() -> None:
    text = (ROOT / "lessons/content/primair/vriendschapsverzoek.mentor.md").read_text(encoding="utf-8")
    problems = parse_mentor_page("mentor.md", text.replace("{#tijd}", "{#duur}"), load_corpus())[1]
    assert any("negen" in problem.remedy for problem in problems)


@pytest.mark.parametrize("slug", load_library().lessons)
@pytest.mark.parametrize("half", [1, 2])
def test_every_lesson_is_a_chain_of_screens_with_names_of_their_own(slug: str, half: int) -> None:
    lesson = load_library().lessons[slug]
    keys = [screen.key for screen in screens(lesson.unit, lesson.quiz, half)]
    assert len(keys) == len(set(keys))
    assert len(keys) >= 20


@pytest.mark.parametrize("slug", load_library().lessons)
def test_the_halves_of_a_class_swap_forms_between_start_and_end(slug: str) -> None:
    quiz = load_library().lessons[slug].quiz
    first, second = ({item.id for item in quiz.check_items("starter", half)} for half in (1, 2))
    assert first == {item.id for item in quiz.check_items("closing", 2)}
    assert second == {item.id for item in quiz.check_items("closing", 1)}
    assert not first & second


@pytest.mark.parametrize("slug", load_library().lessons)
def test_a_lesson_is_long_and_varied_enough_for_a_real_hour(slug: str) -> None:
    quiz = load_library().lessons[slug].quiz
    scored = [item for item in quiz.items if item.use == "lesson" and item.is_scored]
    assert len(scored) >= 8
    assert len({item.type for item in scored}) >= 4
    assert {"scale", "open"} <= {item.type for item in quiz.items}


def test_there_are_eight_lessons_four_themes_in_two_tracks() -> None:
    themes = ("toestemming", "pesten", "vriendschapsverzoek", "groepsapp")
    assert set(load_library().lessons) == {f"{theme}-{track}" for theme in themes for track in ("primair", "voortgezet")}


def test_every_core_rule_of_the_four_themes_is_taught_and_asked_in_both_tracks() -> None:
    themes = {"toestemming", "pesten", "vriendschapsverzoek", "whatsapp"}
    core = {rule.key for rule in load_corpus().rules.values() if rule.is_core and themes & set(rule.themes)}
    for track in ("primair", "voortgezet"):
        lessons = load_library().of_track(track)
        taught = {rule for lesson in lessons for rule in lesson.unit.meta.rules.taught}
        asked = {rule for lesson in lessons for rule in lesson.unit.meta.rules.asked}
        assert core - taught == set(), track
        assert core - asked == set(), track
