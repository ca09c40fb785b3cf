""" "Onze afspraken": each school reads its own answers, in the words of its pupils."""

from __future__ import annotations

import pytest

from common.clock import now
from common.database import db
from protocols import actions
from protocols.domain import Change, Stance, Track
from schools.present import agreements, shown_rule
from tests.books import SCHOOLS, the_book_of
from tests.page import visit
from tests.people import a_class, a_mentor, a_pupil, a_school, a_teamleider


def test_a_private_quarrel_that_the_school_leaves_alone_still_leads_to_help() -> None:
    for track in Track:
        shown = shown_rule(the_book_of("compass"), "ruzie-prive", track)
        assert shown.words == "Nee, daar kun je niet op rekenen. Hulp vragen kan wel."


@pytest.mark.parametrize("school", SCHOOLS)
@pytest.mark.parametrize("track", list(Track))
def test_the_whole_rule_book_is_shown_in_groups_with_a_stance_for_each_rule(school: str, track: Track) -> None:
    groups = agreements(the_book_of(school), track)
    shown = [rule for group in groups for rule in group.rules]
    assert len(groups) == 6
    assert len(shown) == sum(track in rule.tracks for rule in the_book_of(school).corpus.rules.values())
    assert all(rule.words or rule.condition for rule in shown)


@pytest.mark.usefixtures("app")
class TestThePage:
    def test_a_pupil_reads_the_condition_the_article_and_whether_it_is_literal(self) -> None:
        page = visit(a_pupil(a_class(a_school("tjongeling"))), "schools.show_agreements")
        assert "Letterlijk uit het protocol" in page.text
        assert "Zo lezen wij het protocol" in page.text
        assert "Dat is nog geen ja" in page.text

    def test_every_member_of_a_school_can_read_them(self) -> None:
        school = a_school("ichthus")
        for person in (a_pupil(a_class(school, "voortgezet")), a_mentor(school), a_teamleider(school)):
            assert visit(person, "schools.show_agreements").status_code == 200

    def test_searching_keeps_what_fits_and_says_when_nothing_does(self) -> None:
        pupil = a_pupil(a_class(a_school("agora")))
        found = visit(pupil, "schools.show_agreements", zoek="whatsapp")
        assert "WhatsApp" in found.text
        assert "Mag ik muziek" not in found.text
        assert "Niets gevonden" in visit(pupil, "schools.show_agreements", zoek="zeppelin").text

    def test_an_own_agreement_of_the_school_is_named_as_such(self) -> None:
        school = a_school("agora")
        leader = a_teamleider(school)
        change = Change("pesten", Stance.MAG_ALS, "<b>vet</b> & 'gek'", None, ())
        actions.change_rule(school.id, change, author_id=leader.id, at=now(), seen=0)
        db.session.commit()
        page = visit(a_pupil(a_class(school)), "schools.show_agreements")
        assert "Eigen afspraak van de school" in page.text
        assert "&lt;b&gt;vet&lt;/b&gt;" in page.text

    def test_an_article_shows_which_agreements_stand_on_it(self) -> None:
        pupil = a_pupil(a_class(a_school("agora")))
        page = visit(pupil, "schools.show_article", article_id="agora.A.5")
        assert "Afspraken die hierop staan" in page.text

    def test_an_article_of_another_schools_protocol_is_not_there(self) -> None:
        pupil = a_pupil(a_class(a_school("agora")))
        for article in ("liudger.A.2", "bestaat.niet", "%00"):
            assert visit(pupil, "schools.show_article", article_id=article).status_code == 404
