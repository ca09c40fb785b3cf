"""A teamleider writes a lesson: preview, draft, difference, publish, history."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Person
from common.audit import AuditEvent
from common.clock import now
from common.database import db
from lessons.queries import KIND, lesson_for, library
from revisions.actions import ColleagueWasFirst, publish
from revisions.models import Draft, Revision
from tests.page import client_of, post, visit
from tests.people import a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider

UNIT = "vriendschapsverzoek-primair"
TITLE = 'title: "Wie laat jij erbij?"'
pytestmark = pytest.mark.usefixtures("app")


def shipped_text() -> str:
    lesson = library().get(UNIT)
    assert lesson is not None
    return lesson.unit.text


def a_text(title: str = "Wie mag erbij?") -> str:
    """The lesson with a title of the school's own."""
    return shipped_text().replace(TITLE, f'title: "{title}"')


def a_draft(leader: Person, text: str, seen: int = 0) -> None:
    response = post(leader, "editor.save_lesson", {"les_tekst": text, "gezien": str(seen), "doe": "bewaar"}, unit=UNIT)
    assert response.status_code == 302


def published(leader: Person, text: str, number: int = 0) -> None:
    a_draft(leader, text)
    draft = db.session.scalar(select(Draft).where(Draft.school_id == leader.school_id))
    assert draft is not None
    response = post(leader, "editor.publish_lesson", {"versie": str(draft.version), "nummer": str(number), "notitie": "Beter"}, unit=UNIT)
    assert response.status_code == 302, response.text[:2000]
    db.session.expire_all()


def broken_publication(leader: Person, number: int = 0) -> None:
    """A text that was right when it was published, and no longer is."""
    text = shipped_text().replace("::: opgave drie-kringen\n:::\n", "")
    publish(leader.school_id, KIND, UNIT, text, seen=number, note="", author_id=leader.id, at=now())
    db.session.commit()


def test_the_list_tells_that_every_lesson_is_still_that_of_netjes(app: Flask) -> None:
    page = visit(a_teamleider(a_school()), "editor.list_lessons")
    assert page.status_code == 200
    assert "Wie laat jij erbij?" in page.text
    assert "de les van Netjes" in page.text


def test_the_editor_shows_the_text_beside_every_screen_as_a_pupil_sees_it() -> None:
    page = visit(a_teamleider(a_school("agora")), "editor.edit_lesson", unit=UNIT)
    assert "Een vriendschapsverzoek is een vraag." in page.text
    assert 'data-skin="primair"' in page.text
    assert "rule-card" in page.text
    assert 'class="phone"' in page.text
    assert page.text.count("seen__screen") > 15


def test_every_shipped_lesson_opens_without_problems() -> None:
    leader = a_teamleider(a_school())
    for unit in library().lessons:
        assert "De les klopt" in visit(leader, "editor.edit_lesson", unit=unit).text


def test_the_preview_wears_the_skin_of_the_chosen_track_half_and_light() -> None:
    page = visit(a_teamleider(a_school()), "editor.edit_lesson", unit=UNIT, spoor="voortgezet", helft="2", licht="donker")
    assert re.search(r'class="preview kaft-\d" data-skin="voortgezet" data-theme="donker"', page.text)


def test_looking_keeps_what_was_typed_and_stores_nothing() -> None:
    leader = a_teamleider(a_school())
    page = post(leader, "editor.save_lesson", {"les_tekst": a_text("Nieuwe titel"), "gezien": "0", "doe": "bekijk"}, unit=UNIT)
    assert page.status_code == 200
    assert "Nieuwe titel" in page.text
    assert "nog niet bewaard" in page.text
    assert db.session.scalar(select(Draft)) is None


def test_a_draft_is_kept_and_pupils_do_not_get_it() -> None:
    leader = a_teamleider(a_school())
    a_draft(leader, a_text("Concepttitel"))
    assert "Concepttitel" in visit(leader, "editor.edit_lesson", unit=UNIT).text
    lesson = lesson_for(leader.school_id, UNIT)
    assert lesson is not None
    assert lesson.unit.title == "Wie laat jij erbij?"


def test_a_draft_with_problems_can_be_kept_but_not_published() -> None:
    leader = a_teamleider(a_school())
    a_draft(leader, shipped_text().replace("::: hulp", "::: hupl"))
    page = visit(leader, "editor.show_lesson_difference", unit=UNIT)
    assert "onbekend blok hupl" in page.text.casefold()
    assert "Publiceer deze wijziging" not in page.text
    refused = post(leader, "editor.publish_lesson", {"versie": "1", "nummer": "0"}, unit=UNIT)
    assert refused.status_code == 422
    assert db.session.scalar(select(Revision)) is None


def test_a_problem_is_told_with_its_line_its_text_and_a_remedy() -> None:
    leader = a_teamleider(a_school())
    text = shipped_text().replace("::: opgave drie-kringen", "::: opgave bestaat-niet")
    line = text.split("\n").index("::: opgave bestaat-niet") + 1
    page = post(leader, "editor.preview_lesson", {"les_tekst": text}, unit=UNIT)
    assert f"regel {line}" in page.text
    assert "opgave bestaat-niet bestaat niet" in page.text.casefold()
    assert f'id="tekstregel-{line}"' in page.text
    assert "Neem een opgave met use: lesson" in page.text


def test_a_fault_in_the_head_has_a_column_and_the_lesson_is_still_drawn() -> None:
    leader = a_teamleider(a_school())
    page = post(leader, "editor.preview_lesson", {"les_tekst": shipped_text().replace("minutes: 30", "minutes: lang")}, unit=UNIT)
    assert re.search(r"regel \d+, teken \d+", page.text)
    assert "Een vriendschapsverzoek is een vraag." in page.text


def test_long_sentences_are_advice_and_do_not_stop_publishing() -> None:
    leader = a_teamleider(a_school())
    long = "Dit is een zin die veel en veel en veel en veel en veel en veel te lang is voor een kind."
    published(leader, shipped_text().replace("En wachten mag ook.", long))
    page = visit(leader, "editor.edit_lesson", unit=UNIT)
    assert "advies over leesbaarheid" in page.text
    lesson = lesson_for(leader.school_id, UNIT)
    assert lesson is not None
    assert lesson.own


def test_the_difference_shows_what_goes_and_what_comes() -> None:
    leader = a_teamleider(a_school())
    a_draft(leader, a_text("Wie mag erbij?"))
    page = visit(leader, "editor.show_lesson_difference", unit=UNIT)
    assert "<del>laat</del>" in page.text or "<del>laat jij</del>" in page.text
    assert "<ins>mag</ins>" in page.text
    assert "1 regel is anders" in page.text


def test_a_published_lesson_is_for_this_school_only() -> None:
    ours, theirs = a_teamleider(a_school()), a_teamleider(a_school())
    published(ours, a_text("Alleen bij ons"))
    mine, other = lesson_for(ours.school_id, UNIT), lesson_for(theirs.school_id, UNIT)
    assert mine is not None
    assert other is not None
    assert (mine.unit.title, other.unit.title) == ("Alleen bij ons", "Wie laat jij erbij?")
    assert "Alleen bij ons" not in visit(theirs, "editor.edit_lesson", unit=UNIT).text
    assert visit(theirs, "editor.show_lesson_version", unit=UNIT, number=1).status_code == 404
    assert "eigen versie 1" in visit(ours, "editor.list_lessons").text


def test_publishing_is_noted_with_who_and_which_version() -> None:
    leader = a_teamleider(a_school())
    published(leader, a_text())
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.what == "les-gepubliceerd"))
    assert event is not None
    assert (event.actor_id, event.school_id, event.on_id) == (leader.id, leader.school_id, f"{UNIT}:1")
    assert db.session.scalar(select(Draft)) is None


def test_a_draft_that_changes_nothing_is_not_published() -> None:
    leader = a_teamleider(a_school())
    a_draft(leader, shipped_text())
    assert "Er valt niets te publiceren" in visit(leader, "editor.show_lesson_difference", unit=UNIT).text
    assert post(leader, "editor.publish_lesson", {"versie": "1", "nummer": "0"}, unit=UNIT).status_code == 422


def test_a_colleague_who_saved_first_is_not_overwritten() -> None:
    school = a_school()
    first, second = a_teamleider(school), a_teamleider(school)
    a_draft(first, a_text("Van de eerste"))
    page = post(second, "editor.save_lesson", {"les_tekst": a_text("Van de tweede"), "gezien": "0", "doe": "bewaar"}, unit=UNIT)
    assert page.status_code == 409
    assert "Een collega was je voor" in page.text
    assert "Van de tweede" in page.text
    assert "eerste" in page.text
    assert 'name="gezien" value="1"' in page.text
    draft = db.session.scalar(select(Draft))
    assert draft is not None
    assert "Van de eerste" in draft.text


def test_after_seeing_theirs_the_second_writer_can_save_on_top() -> None:
    school = a_school()
    first, second = a_teamleider(school), a_teamleider(school)
    a_draft(first, a_text("Van de eerste"))
    a_draft(second, a_text("Samengevoegd"), seen=1)
    draft = db.session.scalar(select(Draft))
    assert draft is not None
    assert "Samengevoegd" in draft.text
    assert draft.version == 2


def test_a_draft_that_was_published_meanwhile_is_told() -> None:
    school = a_school()
    first, second = a_teamleider(school), a_teamleider(school)
    published(first, a_text("Al gepubliceerd"))
    page = post(second, "editor.save_lesson", {"les_tekst": a_text("Te laat"), "gezien": "1", "doe": "bewaar"}, unit=UNIT)
    assert page.status_code == 409
    assert "Te laat" in page.text


def test_publishing_a_draft_that_a_colleague_changed_is_refused() -> None:
    school = a_school()
    first, second = a_teamleider(school), a_teamleider(school)
    a_draft(first, a_text("Een"))
    a_draft(second, a_text("Twee"), seen=1)
    page = post(first, "editor.publish_lesson", {"versie": "1", "nummer": "0"}, unit=UNIT)
    assert page.status_code == 409
    assert "Een collega was je voor" in page.text
    assert db.session.scalar(select(Revision)) is None


def test_publishing_over_a_version_that_was_not_seen_is_refused() -> None:
    school = a_school()
    first, second = a_teamleider(school), a_teamleider(school)
    published(first, a_text("Een"))
    a_draft(second, a_text("Twee"))
    page = post(second, "editor.publish_lesson", {"versie": "1", "nummer": "0"}, unit=UNIT)
    assert page.status_code == 409
    assert len(db.session.scalars(select(Revision)).all()) == 1
    assert db.session.scalar(select(Draft)) is not None


def test_a_draft_can_be_thrown_away() -> None:
    leader = a_teamleider(a_school())
    a_draft(leader, a_text())
    assert post(leader, "editor.drop_lesson_draft", {"gezien": "1"}, unit=UNIT).status_code == 302
    assert db.session.scalar(select(Draft)) is None


def test_a_draft_that_a_colleague_changed_is_not_thrown_away() -> None:
    leader = a_teamleider(a_school())
    a_draft(leader, a_text())
    post(leader, "editor.drop_lesson_draft", {"gezien": "7"}, unit=UNIT)
    assert db.session.scalar(select(Draft)) is not None


def test_the_history_tells_every_version_and_an_older_one_can_be_put_back() -> None:
    leader = a_teamleider(a_school())
    published(leader, a_text("Eerste versie"))
    published(leader, a_text("Tweede versie"), number=1)
    page = visit(leader, "editor.list_lesson_versions", unit=UNIT)
    assert "Versie 2" in page.text
    assert "Beter" in page.text
    one = visit(leader, "editor.show_lesson_version", unit=UNIT, number=1)
    assert "Zet deze terug" in one.text
    assert post(leader, "editor.restore_lesson_version", {"nummer": "2"}, unit=UNIT, number=1).status_code == 302
    db.session.expire_all()
    lesson = lesson_for(leader.school_id, UNIT)
    assert lesson is not None
    assert lesson.unit.title == "Eerste versie"
    assert len(db.session.scalars(select(Revision)).all()) == 3


def test_the_school_can_go_back_to_the_lesson_of_netjes() -> None:
    leader = a_teamleider(a_school())
    published(leader, a_text("Eigen"))
    assert post(leader, "editor.restore_shipped_lesson", {"nummer": "1"}, unit=UNIT).status_code == 302
    lesson = lesson_for(leader.school_id, UNIT)
    assert lesson is not None
    assert not lesson.own
    assert visit(leader, "editor.show_lesson_version", unit=UNIT, number=2).status_code == 200
    assert "de les van Netjes" in visit(leader, "editor.list_lessons").text


def test_putting_back_on_top_of_a_newer_version_is_refused() -> None:
    leader = a_teamleider(a_school())
    published(leader, a_text("Een"))
    published(leader, a_text("Twee"), number=1)
    post(leader, "editor.restore_lesson_version", {"nummer": "1"}, unit=UNIT, number=1)
    assert len(db.session.scalars(select(Revision)).all()) == 2


def test_a_published_text_that_no_longer_fits_falls_back_and_the_teamleider_is_warned() -> None:
    leader = a_teamleider(a_school())
    published(leader, a_text("Nog goed"))
    broken_publication(leader, number=1)
    lesson = lesson_for(leader.school_id, UNIT)
    assert lesson is not None
    assert lesson.unit.title == "Nog goed"
    page = visit(leader, "editor.list_lessons")
    assert "De eigen versie past niet meer" in page.text
    assert "drie-kringen" in page.text
    assert "De eigen versie past niet meer" in visit(leader, "editor.edit_lesson", unit=UNIT).text
    assert "past niet meer" in visit(leader, "editor.show_lesson_version", unit=UNIT, number=2).text


def test_a_version_that_no_longer_fits_is_not_put_back() -> None:
    leader = a_teamleider(a_school())
    broken_publication(leader)
    published(leader, a_text("Hersteld"), number=1)
    assert post(leader, "editor.restore_lesson_version", {"nummer": "2"}, unit=UNIT, number=1).status_code == 422


HOSTILE = {
    "empty": "",
    "nul": "---\n\x00\n---\n",
    "crlf": "---\r\nschema: netjes-lesson/1\r\n---\r\n## Stap {#een}\r\n",
    "no head": "zomaar wat tekst",
    "open head": "---\nminutes: 9" + "9" * 6000,
    "open block": "---\n---\n## Een {#een}\n::: regel x\n",
    "strange keys": "---\n? [a, b]\n: c\n? {d: e}\n: f\n---\n## Een {#een}\n",
    "aliases": "---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n---\n## Een {#een}\n",
    "deep": "---\nx: " + "[" * 3000 + "\n---\n## Een {#een}\n",
    "brackets": "---\n---\n## Een {#een}\n" + "[" * 5000,
    "html": '---\n---\n## <script>alert(1)</script> {#een}\n<img src=x onerror=alert(1)>\n::: denk <b>\ntext: "<script>"\n:::\n',
    "unknown": (
        "---\n---\n## Een {#een}\n::: woord onbekend\nexample: x\n:::\n"
        "::: regel niet.bestaand\nintro: x\nreason: {}\n:::\n::: scenario ander\n:::\n"
    ),
    "twice": (
        "---\n---\n## Een {#een}\n" + "::: opgave drie-kringen\n:::\n" * 3 + "::: opgave x\ncheck: starter\n:::\n" * 2 + "## Twee {#een}\n"
    ),
    "surrogate": "---\n---\n## Een {#een}\n\ud800 en \u202e",
    "date": "---\nschema: 2026-13-45\n---\n## Een {#een}\n",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_odd_input_is_never_a_fault(name: str) -> None:
    leader = a_teamleider(a_school())
    text = HOSTILE[name].encode("utf-8", "surrogatepass").decode("utf-8", "replace") if name == "surrogate" else HOSTILE[name]
    page = post(leader, "editor.save_lesson", {"les_tekst": text, "gezien": "x", "doe": "bekijk"}, unit=UNIT)
    assert page.status_code in (200, 422)
    assert "<script>alert" not in page.text
    assert "onerror" not in re.sub(r"<textarea.*?</textarea>|<code.*?</code>", "", page.text, flags=re.DOTALL) or "&lt;img" in page.text
    assert post(leader, "editor.preview_lesson", {"les_tekst": text}, unit=UNIT).status_code == 200


def test_a_text_over_the_limit_is_refused_and_kept() -> None:
    leader = a_teamleider(a_school())
    page = post(leader, "editor.save_lesson", {"les_tekst": "a" * 100_001, "gezien": "0", "doe": "bewaar"}, unit=UNIT)
    assert page.status_code == 422
    assert "te lang" in page.text
    assert "a" * 100_001 in page.text


def test_windows_line_ends_are_kept_as_plain_ones() -> None:
    leader = a_teamleider(a_school())
    a_draft(leader, a_text().replace("\n", "\r\n"))
    draft = db.session.scalar(select(Draft))
    assert draft is not None
    assert "\r" not in draft.text
    assert "De les klopt" in visit(leader, "editor.edit_lesson", unit=UNIT).text


def test_numbers_without_end_are_not_found() -> None:
    leader = a_teamleider(a_school())
    assert visit(leader, "editor.show_lesson_version", unit=UNIT, number=10**30).status_code == 404
    assert visit(leader, "editor.edit_lesson", unit="bestaat-niet").status_code == 404


def test_only_a_teamleider_comes_in() -> None:
    school = a_school()
    pupil = a_pupil(a_class(school))
    for person in (pupil, a_mentor(school), a_beheerder(school)):
        for endpoint in ("editor.list_lessons", "editor.list_rules"):
            assert visit(person, endpoint).status_code == 403
        assert visit(person, "editor.edit_lesson", unit=UNIT).status_code == 403
        assert post(person, "editor.preview_lesson", {"les_tekst": "x"}, unit=UNIT).status_code == 403
    assert client_of(None).get(f"/redactie/lessen/{UNIT}").status_code == 302


def test_a_long_name_of_a_colleague_stands_apart() -> None:
    leader = a_teamleider(a_school())
    leader.display_name = "M" * 40
    db.session.commit()
    published(leader, a_text())
    assert f"<bdi>{'M' * 40}</bdi>" in visit(leader, "editor.list_lesson_versions", unit=UNIT).text


def test_two_who_publish_at_the_very_same_moment_do_not_both_win(monkeypatch: pytest.MonkeyPatch) -> None:
    leader = a_teamleider(a_school())
    broken_publication(leader)
    monkeypatch.setattr("revisions.actions.newest_of", lambda *_key: None)
    with pytest.raises(ColleagueWasFirst):
        publish(leader.school_id, KIND, UNIT, "x", seen=0, note="", author_id=leader.id, at=now())
    assert len(db.session.scalars(select(Revision)).all()) == 1


def test_two_who_begin_a_draft_at_the_very_same_moment_do_not_both_win(monkeypatch: pytest.MonkeyPatch) -> None:
    leader = a_teamleider(a_school())
    a_draft(leader, a_text("De eerste"))
    monkeypatch.setattr("revisions.actions.draft_of", lambda *_key, **_how: None)
    page = post(leader, "editor.save_lesson", {"les_tekst": a_text("De tweede"), "gezien": "0", "doe": "bewaar"}, unit=UNIT)
    assert page.status_code == 409
    assert "De tweede" in page.text
    assert "<del>eerste</del>" in page.text


def test_what_comes_into_the_preview_is_never_sent_along() -> None:
    page = visit(a_teamleider(a_school()), "editor.edit_lesson", unit=UNIT)
    form = page.text[page.text.index('<form id="les"') :]
    assert 'type="radio"' not in form[: form.index("</form>")]


def test_a_draft_can_not_be_saved_without_a_token_of_the_session() -> None:
    leader = a_teamleider(a_school())
    assert client_of(leader).post(f"/redactie/lessen/{UNIT}", data={"les_tekst": a_text(), "doe": "bewaar"}).status_code == 400
