"""Five schools, one question: each gets its own answer, and a school may change it."""

from __future__ import annotations

import pytest

from common.clock import now
from common.database import db
from common.problems import Problem
from protocols import actions
from protocols.domain import Change, Stance, Track
from protocols.parse import DATA, load_corpus, parse_corpus
from protocols.queries import history_of, rule_book_of
from tests.books import SCHOOLS, the_book_of
from tests.people import a_school, a_teamleider

RULE = "vriendschap.leerling-medewerker"


def _problems(old: str, new: str, file: str = "rules.yaml") -> list[Problem]:
    texts = {name: (DATA / name).read_text(encoding="utf-8") for name in ("articles.yaml", "rules.yaml")}
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    return parse_corpus(texts["articles.yaml"], texts["rules.yaml"])[1]


def test_all_219_articles_and_60_rules_are_there() -> None:
    corpus = load_corpus()
    assert (len(corpus.articles), len(corpus.rules), len(corpus.protocols)) == (219, 60, 5)


def test_five_schools_answer_the_same_question_differently() -> None:
    stances = {school: the_book_of(school).stance_on(RULE) for school in SCHOOLS}
    assert stances == {
        "agora": Stance.MAG_NIET, "liudger": Stance.MAG_NIET, "ichthus": Stance.MAG_ALS, "compass": Stance.NIET_GEREGELD,
        "tjongeling": Stance.MAG_NIET,
    }  # fmt: skip


@pytest.mark.parametrize("school", SCHOOLS)
def test_every_answer_of_a_school_stands_on_its_own_articles_or_says_that_the_protocol_is_silent(school: str) -> None:
    book = the_book_of(school)
    for key, answer in book.answers.items():
        assert bool(book.articles_on(key)) == (answer.stance is not Stance.NIET_GEREGELD), key


def test_every_condition_has_a_short_wording_for_primary_pupils() -> None:
    without = [
        (rule.key, school)
        for rule in load_corpus().rules.values()
        for school, answer in rule.answers.items()
        if answer.condition and not answer.condition_primary
    ]
    assert without == []


def test_a_primary_pupil_reads_the_short_condition_and_a_secondary_pupil_the_formal_one() -> None:
    answer = the_book_of("liudger").answer_to("toestemming.school-plaatst")
    assert answer.condition_for(Track.SECONDARY) == answer.condition
    assert answer.condition_for(Track.PRIMARY) == answer.condition_primary != answer.condition


def test_an_unknown_article_is_told_with_its_line() -> None:
    problems = _problems("articles: [agora.A.5]", "articles: [agora.Z.9]")
    assert len(problems) == 1
    assert problems[0].line > 50
    assert "agora.Z.9" in problems[0].message


def test_an_unknown_stance_is_told_with_the_words_to_choose_from() -> None:
    problems = _problems("stance: mag-als", "stance: misschien")
    assert "mag-niet" in problems[0].remedy


def test_an_answer_under_a_condition_needs_the_condition() -> None:
    problems = _problems('        condition: "iedereen die erop staat duidelijk ja zegt tegen het plaatsen"\n', "")
    assert any("zonder voorwaarde" in problem.message for problem in problems)


def test_a_key_that_stands_twice_is_refused() -> None:
    problems = _problems("version: 1\n", "version: 1\nversion: 1\n")
    assert problems
    assert "YAML" in problems[0].message


@pytest.mark.usefixtures("app")
class TestASchoolThatChangesARule:
    def test_its_own_pupils_get_the_new_answer_and_other_schools_keep_theirs(self) -> None:
        school, other = a_school("agora"), a_school("agora")
        leader = a_teamleider(school)
        change = Change(RULE, Stance.MAG_ALS, "de klas het weet", None, ("agora.A.5",))
        actions.change_rule(school.id, change, author_id=leader.id, at=now(), seen=0)
        db.session.commit()
        assert rule_book_of(school.id, "agora").answer_to(RULE).condition == "de klas het weet"
        assert rule_book_of(school.id, "agora").answer_to(RULE).own
        assert rule_book_of(other.id, "agora").stance_on(RULE) is Stance.MAG_NIET

    def test_an_undo_brings_back_what_was_there_before_and_history_keeps_everything(self) -> None:
        school = a_school("agora")
        leader = a_teamleider(school)
        for number, condition in enumerate(("eerst zo", "dan zo")):
            change = Change(RULE, Stance.MAG_ALS, condition, None, ())
            actions.change_rule(school.id, change, author_id=leader.id, at=now(), seen=number)
        actions.undo(school.id, RULE, author_id=leader.id, at=now(), seen=2)
        db.session.commit()
        assert rule_book_of(school.id, "agora").answer_to(RULE).condition == "eerst zo"
        assert len(history_of(school.id, RULE)) == 3

    def test_undoing_the_first_change_leads_back_to_the_protocol(self) -> None:
        school = a_school("agora")
        leader = a_teamleider(school)
        actions.change_rule(school.id, Change(RULE, Stance.MAG, None, None, ()), author_id=leader.id, at=now(), seen=0)
        actions.undo(school.id, RULE, author_id=leader.id, at=now(), seen=1)
        db.session.commit()
        assert rule_book_of(school.id, "agora").stance_on(RULE) is Stance.MAG_NIET
        assert not rule_book_of(school.id, "agora").answer_to(RULE).own

    def test_with_nothing_changed_there_is_nothing_to_undo(self) -> None:
        school = a_school("agora")
        assert actions.undo(school.id, RULE, author_id=a_teamleider(school).id, at=now(), seen=0) is None

    def test_two_teamleiders_do_not_overwrite_each_other_unseen(self) -> None:
        school = a_school("agora")
        leader = a_teamleider(school)
        actions.change_rule(school.id, Change(RULE, Stance.MAG, None, None, ()), author_id=leader.id, at=now(), seen=0)
        with pytest.raises(actions.ColleagueWasFirst):
            actions.change_rule(school.id, Change(RULE, Stance.MOET, None, None, ()), author_id=leader.id, at=now(), seen=0)
