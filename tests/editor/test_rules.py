"""A teamleider changes an agreement: the table, the form, what it touches, publishing, undoing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Person
from common.audit import AuditEvent
from common.clock import now
from common.database import db, new_id
from lessons.queries import library
from protocols.actions import change_rule
from protocols.domain import Change, Stance
from protocols.models import RuleChange
from protocols.queries import rule_book_of
from quizzes.actions import record_answer
from quizzes.judge import judge
from tests.page import post, visit
from tests.people import a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider, as_viewer

RULE = "vriendschap.leerling-medewerker"
UNIT = "vriendschapsverzoek-primair"
pytestmark = pytest.mark.usefixtures("app")


def typed(stance: str = "mag", seen: int = 0, **more: Any) -> dict[str, Any]:
    return {"wat": "wijzig", "antwoord": stance, "voorwaarde": "", "voorwaarde_kort": "", "gezien": str(seen), **more}


def stance_at(person: Person, rule: str = RULE) -> Stance:
    db.session.expire_all()
    return rule_book_of(person.school_id, "agora").stance_on(rule)


def other_stance(person: Person) -> str:
    """A stance that differs from what is in force and needs nothing more."""
    return "mag" if stance_at(person) is not Stance.MAG else "mag-niet"


def test_the_table_holds_every_rule_with_its_answer(app: Flask) -> None:
    page = visit(a_teamleider(a_school("agora")), "editor.list_rules")
    assert page.text.count('scope="row"') == 60
    assert "60 van de 60 regels" in page.text
    assert "volgt overal het protocol" in page.text


@pytest.mark.parametrize(
    ("wanted", "fewer"),
    [
        ({"kern": "1"}, True),
        ({"open": "1"}, True),
        ({"spoor": "primair"}, True),
        ({"zoek": "whatsapp"}, True),
        ({"spoor": "x", "groep": "y"}, False),
    ],
)
def test_a_filter_keeps_what_was_asked_for(wanted: dict[str, str], fewer: bool) -> None:
    page = visit(a_teamleider(a_school("agora")), "editor.list_rules", **wanted)
    assert (page.text.count('scope="row"') < 60) is fewer


def test_a_search_without_a_match_says_so_and_offers_a_way_back() -> None:
    page = visit(a_teamleider(a_school()), "editor.list_rules", zoek="zxqwv <b>")
    assert "Geen regel past bij deze keuze" in page.text
    assert "<b>" not in page.text.replace("<b ", "")[page.text.find("zxqwv") :][:40]


def test_only_changed_shows_the_rules_of_the_school_itself() -> None:
    leader = a_teamleider(a_school("agora"))
    post(leader, "editor.rule_publish", typed(other_stance(leader)), rule_key=RULE)
    page = visit(leader, "editor.list_rules", aangepast="1")
    assert page.text.count('scope="row"') == 1
    assert "aangepast" in page.text


@pytest.mark.parametrize("protocol", ["agora", "liudger", "ichthus", "compass", "tjongeling"])
def test_every_rule_opens_at_every_school(protocol: str) -> None:
    leader = a_teamleider(a_school(protocol))
    for rule in rule_book_of(leader.school_id, protocol).answers:
        assert visit(leader, "editor.rule_edit", rule_key=rule).status_code == 200


def test_the_second_page_tells_what_the_change_touches_and_stores_nothing() -> None:
    leader = a_teamleider(a_school("agora"))
    page = post(leader, "editor.rule_impact", typed(other_stance(leader)), rule_key=RULE)
    assert page.status_code == 200
    assert "Wie laat jij erbij?" in page.text
    assert "verandert" in page.text
    assert "Er is nog niets veranderd" in page.text
    assert db.session.scalar(select(RuleChange)) is None


def test_what_was_typed_travels_to_the_second_page_and_back() -> None:
    leader = a_teamleider(a_school("agora"))
    article = rule_book_of(leader.school_id, "agora").corpus.articles_of("agora")[0].id
    sent = typed("mag-als", voorwaarde='als <u>iedereen</u> "ja" zegt', voorwaarde_kort="iedereen zegt ja", artikel=article)
    second = post(leader, "editor.rule_impact", sent, rule_key=RULE)
    assert 'value="als &lt;u&gt;iedereen&lt;/u&gt; &#34;ja&#34; zegt"' in second.text
    assert f'name="artikel" value="{article}"' in second.text
    back = post(leader, "editor.rule_edit_again", sent, rule_key=RULE)
    assert back.status_code == 200
    assert "iedereen zegt ja" in back.text
    assert f'value="{article}" checked' in back.text


def test_publishing_changes_the_rule_book_of_this_school_only() -> None:
    ours, theirs = a_teamleider(a_school("agora")), a_teamleider(a_school("agora"))
    wanted = other_stance(ours)
    assert post(ours, "editor.rule_publish", typed(wanted), rule_key=RULE).status_code == 302
    assert stance_at(ours) == wanted
    assert stance_at(theirs) != wanted
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.what == "regel-gewijzigd"))
    assert event is not None
    assert (event.actor_id, event.on_id) == (ours.id, RULE)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (typed("mag-als"), "Vul de voorwaarde in"),
        (typed("school-beslist"), "Vul de voorwaarde in"),
        (typed("niks"), "Kies wat jullie school antwoordt"),
        (typed("mag", voorwaarde="x" * 601), "hooguit 600"),
        (typed("mag", voorwaarde="x", voorwaarde_kort="x" * 301), "hooguit 300"),
        (typed("mag", voorwaarde_kort="kort"), "Vul ook de hele voorwaarde in"),
        (typed("niet-geregeld", voorwaarde="toch iets"), "Maak dit veld leeg"),
    ],
)
def test_a_form_that_does_not_fit_is_told_and_kept(sent: dict[str, Any], told: str) -> None:
    leader = a_teamleider(a_school("agora"))
    for endpoint in ("editor.rule_impact", "editor.rule_publish"):
        page = post(leader, endpoint, sent, rule_key=RULE)
        assert page.status_code == 422
        assert told in page.text
        assert "<title>Fout:" in page.text
    assert db.session.scalar(select(RuleChange)) is None


def test_what_is_not_regulated_stands_in_no_article() -> None:
    leader = a_teamleider(a_school("agora"))
    article = rule_book_of(leader.school_id, "agora").corpus.articles_of("agora")[0].id
    page = post(leader, "editor.rule_impact", typed("niet-geregeld", artikel=article), rule_key=RULE)
    assert page.status_code == 422
    assert "Haal de vinkjes" in page.text


def test_an_article_of_another_protocol_is_not_taken() -> None:
    leader = a_teamleider(a_school("agora"))
    foreign = rule_book_of(leader.school_id, "agora").corpus.articles_of("liudger")[0].id
    post(leader, "editor.rule_publish", typed(other_stance(leader), artikel=foreign), rule_key=RULE)
    assert rule_book_of(leader.school_id, "agora").answer_to(RULE).articles == ()


def test_the_same_answer_again_is_no_change() -> None:
    leader = a_teamleider(a_school("agora"))
    answer = rule_book_of(leader.school_id, "agora").answer_to(RULE)
    sent = {**typed(answer.stance.value), "voorwaarde": answer.condition or "", "voorwaarde_kort": answer.condition_primary or ""}
    sent["artikel"] = list(answer.articles)
    page = post(leader, "editor.rule_impact", sent, rule_key=RULE)
    assert page.status_code == 422
    assert "Er is nog niets veranderd" in page.text


def test_a_colleague_who_was_first_is_shown_and_nothing_typed_is_lost() -> None:
    school = a_school("agora")
    first, second = a_teamleider(school), a_teamleider(school)
    post(first, "editor.rule_publish", typed("mag-als", voorwaarde="als de eerste het zegt"), rule_key=RULE)
    for endpoint in ("editor.rule_impact", "editor.rule_publish"):
        page = post(second, endpoint, typed("school-beslist", voorwaarde="de tweede beslist"), rule_key=RULE)
        assert page.status_code == 409
        assert "Een collega was je voor" in page.text
        assert "als de eerste het zegt" in page.text
        assert "de tweede beslist" in page.text
        assert 'name="gezien" value="1"' in page.text
    again = typed("school-beslist", seen=1, voorwaarde="de tweede beslist")
    assert post(second, "editor.rule_publish", again, rule_key=RULE).status_code == 302


def test_a_change_can_be_undone_after_seeing_what_that_touches() -> None:
    leader = a_teamleider(a_school("agora"))
    before = stance_at(leader)
    post(leader, "editor.rule_publish", typed(other_stance(leader)), rule_key=RULE)
    seen = post(leader, "editor.rule_impact", {"wat": "ongedaan", "gezien": "1"}, rule_key=RULE)
    assert "Wat ongedaan maken raakt" in seen.text
    assert post(leader, "editor.rule_publish", {"wat": "ongedaan", "gezien": "1"}, rule_key=RULE).status_code == 302
    assert stance_at(leader) is before


def test_a_rule_can_go_back_to_the_protocol() -> None:
    leader = a_teamleider(a_school("agora"))
    before = stance_at(leader)
    post(leader, "editor.rule_publish", typed("mag-als", voorwaarde="een"), rule_key=RULE)
    post(leader, "editor.rule_publish", typed("mag-als", seen=1, voorwaarde="twee"), rule_key=RULE)
    assert "protocol" in visit(leader, "editor.rule_edit", rule_key=RULE).text
    post(leader, "editor.rule_publish", {"wat": "protocol", "gezien": "2"}, rule_key=RULE)
    assert stance_at(leader) is before
    assert not rule_book_of(leader.school_id, "agora").answer_to(RULE).own


def test_undoing_what_a_colleague_changed_again_sends_back_to_look() -> None:
    leader = a_teamleider(a_school("agora"))
    post(leader, "editor.rule_publish", typed("mag-als", voorwaarde="een"), rule_key=RULE)
    assert post(leader, "editor.rule_publish", {"wat": "ongedaan", "gezien": "0"}, rule_key=RULE).status_code == 302
    assert len(db.session.scalars(select(RuleChange)).all()) == 1


def test_the_history_of_a_rule_tells_who_and_what() -> None:
    leader = a_teamleider(a_school("agora"))
    post(leader, "editor.rule_publish", typed("mag-als", voorwaarde="als het op school is"), rule_key=RULE)
    page = visit(leader, "editor.rule_edit", rule_key=RULE)
    assert leader.display_name in page.text
    assert "als het op school is" in page.text
    assert "Maak de laatste ongedaan" in page.text


def test_the_schools_own_condition_stands_on_a_line_of_its_own_for_a_pupil() -> None:
    school = a_school("agora")
    leader, pupil = a_teamleider(school), a_pupil(a_class(school))
    sent = typed("mag-als", voorwaarde="eigen tekst van de school", voorwaarde_kort="kort gezegd")
    post(leader, "editor.rule_publish", sent, rule_key=RULE)
    page = visit(pupil, "schools.show_agreements")
    assert "kort gezegd" in page.text
    assert "als kort gezegd" not in page.text.casefold()


def test_an_answer_given_before_a_change_shows_the_verdict_of_then() -> None:
    school = a_school("agora")
    leader, pupil = a_teamleider(school), a_pupil(a_class(school))
    lesson = library().get(UNIT)
    assert lesson is not None
    item = lesson.quiz.item("sami-en-juf-noor")
    book = rule_book_of(school.id, "agora")
    choice = item.by_stance[book.stance_on(RULE)].right[0]
    rulings = {stance: item.by_stance[stance] for stance in ("mag", "mag-niet", "moet")}
    other = next(stance for stance, ruling in rulings.items() if choice not in (*ruling.right, *ruling.fair))
    verdict = judge(lesson.quiz, item, {"choice": choice}, book)
    record_answer(as_viewer(pupil), UNIT, lesson.quiz, item, "lesson", {"choice": choice}, verdict, answer_id=new_id(), at=now())
    db.session.commit()
    before = visit(pupil, "lessons.show_feedback", unit=UNIT, screen=item.id)
    assert "is-klopt" in before.text.split("feedback__head")[0][-400:]
    assert post(leader, "editor.rule_publish", typed(other), rule_key=RULE).status_code == 302
    after = visit(pupil, "lessons.show_feedback", unit=UNIT, screen=item.id)
    assert "is-klopt" in after.text.split("feedback__head")[0][-400:]
    assert "uitleg van toen" in after.text


def test_the_law_is_told_beside_the_answer() -> None:
    leader = a_teamleider(a_school("agora"))
    book = rule_book_of(leader.school_id, "agora")
    key = next(rule.key for rule in book.corpus.rules.values() if rule.law)
    assert "Let op: de wet" in visit(leader, "editor.rule_edit", rule_key=key).text


def test_a_rule_that_is_not_there_and_an_unknown_way_are_refused() -> None:
    leader = a_teamleider(a_school())
    assert visit(leader, "editor.rule_edit", rule_key="bestaat.niet").status_code == 404
    assert post(leader, "editor.rule_impact", {"wat": "hack"}, rule_key=RULE).status_code == 400
    assert post(leader, "editor.rule_publish", {}, rule_key=RULE).status_code == 400


def test_undoing_where_nothing_was_changed_changes_nothing() -> None:
    leader = a_teamleider(a_school("agora"))
    before = stance_at(leader)
    post(leader, "editor.rule_publish", {"wat": "ongedaan", "gezien": "0"}, rule_key=RULE)
    assert stance_at(leader) is before


def test_odd_signs_in_a_condition_are_no_fault() -> None:
    leader = a_teamleider(a_school("agora"))
    odd = "a\x00b\u202e\U0001f600" + "̈" * 50
    assert post(leader, "editor.rule_publish", typed("mag-als", voorwaarde=odd), rule_key=RULE).status_code == 302
    assert visit(leader, "editor.rule_edit", rule_key=RULE).status_code == 200


def test_a_rule_of_another_school_is_never_touched() -> None:
    ours, theirs = a_teamleider(a_school("agora")), a_school("agora")
    change_rule(theirs.id, Change(RULE, Stance.MAG_ALS, "geheim van hen", None, ()), author_id=a_teamleider(theirs).id, at=now(), seen=0)
    db.session.commit()
    assert "geheim van hen" not in visit(ours, "editor.rule_edit", rule_key=RULE).text


def test_only_a_teamleider_changes_a_rule() -> None:
    school = a_school("agora")
    for person in (a_pupil(a_class(school)), a_mentor(school), a_beheerder(school)):
        assert visit(person, "editor.rule_edit", rule_key=RULE).status_code == 403
        for endpoint in ("editor.rule_impact", "editor.rule_publish", "editor.rule_edit_again"):
            assert post(person, endpoint, typed(), rule_key=RULE).status_code == 403
