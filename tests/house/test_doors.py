"""Every door of the app and who may open it. A new route fails here until somebody has decided that."""

from __future__ import annotations

import pytest
from flask import Flask, current_app
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from accounts.models import Person
from tests.page import address, check_page, client_of, send
from tests.world import VISITORS, World, a_world

# OPEN: the page, a redirect further inside, or a form that comes back with what was wrong. SIGN_IN: sent to the front
# door. REFUSED: 403, a function for another role. HIDDEN: 404, the same as what is not there.
OPEN, SIGN_IN, REFUSED, HIDDEN = "open", "sign in", "refused", "hidden"

EVERYBODY = (OPEN,) * 7
SIGNED_IN = (SIGN_IN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN)
STAFF = (SIGN_IN, REFUSED, OPEN, OPEN, OPEN, OPEN, OPEN)
PUPIL = (SIGN_IN, OPEN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED)
MENTOR = (SIGN_IN, REFUSED, OPEN, OPEN, REFUSED, REFUSED, REFUSED)
JOINS = (OPEN, OPEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
# Whoever comes with the code of a live lesson is let in as a guest; who has none is sent to the front door by the view itself.
LET_IN_BY_THE_VIEW = {"classroom.live_now", "classroom.show_live", "classroom.vote"}
IN_THE_CLASS = (SIGN_IN, OPEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
OWN_MENTOR = (SIGN_IN, REFUSED, OPEN, HIDDEN, REFUSED, REFUSED, REFUSED)
WHO_GIVES_LESSONS = (SIGN_IN, REFUSED, OPEN, OPEN, OPEN, REFUSED, REFUSED)
TEAMLEIDER = (SIGN_IN, REFUSED, REFUSED, REFUSED, OPEN, REFUSED, REFUSED)
KEEPS_CONTACTS = (SIGN_IN, REFUSED, REFUSED, REFUSED, OPEN, OPEN, OPEN)
PLANS_LESSONS = (SIGN_IN, REFUSED, OPEN, HIDDEN, OPEN, REFUSED, REFUSED)
SHARES_CLASS = (SIGN_IN, REFUSED, OPEN, HIDDEN, REFUSED, OPEN, OPEN)
BEHEERDER = (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, OPEN, OPEN)
OPERATOR = (SIGN_IN, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, OPEN)

# Columns: guest, pupil, mentor of the class, mentor of another class, teamleider, beheerder, beheerder of the installation.
MATRIX: dict[str, tuple[str, ...]] = {
    "accounts.change_password": STAFF,
    "accounts.enter_code": EVERYBODY,
    "accounts.keep_reading": PUPIL,
    "accounts.set_totp": STAFF,
    "accounts.show_account": STAFF,
    "accounts.show_code": EVERYBODY,
    "accounts.show_password": STAFF,
    "accounts.show_reading": PUPIL,
    "accounts.show_staff_sign_in": EVERYBODY,
    "accounts.show_totp": STAFF,
    "accounts.sign_out": SIGNED_IN,
    "accounts.staff_sign_in": EVERYBODY,
    "accounts.start": EVERYBODY,
    "admin.change_school": BEHEERDER,
    "admin.class_add": BEHEERDER,
    "admin.class_add_names": BEHEERDER,
    "admin.class_change": BEHEERDER,
    "admin.class_code": BEHEERDER,
    "admin.class_delete": BEHEERDER,
    "admin.class_edit": BEHEERDER,
    "admin.class_mentors": BEHEERDER,
    "admin.class_names": BEHEERDER,
    "admin.class_new": BEHEERDER,
    "admin.class_pupil": BEHEERDER,
    "admin.class_pupil_delete": BEHEERDER,
    "admin.class_pupil_dossier": BEHEERDER,
    "admin.class_pupil_export": BEHEERDER,
    "admin.class_pupil_move": BEHEERDER,
    "admin.class_pupil_remove": BEHEERDER,
    "admin.class_pupil_rename": BEHEERDER,
    "admin.class_remove": BEHEERDER,
    "admin.class_show": BEHEERDER,
    "admin.contact_add": KEEPS_CONTACTS,
    "admin.contact_change": KEEPS_CONTACTS,
    "admin.contact_confirm": KEEPS_CONTACTS,
    "admin.contact_edit": KEEPS_CONTACTS,
    "admin.contact_move": KEEPS_CONTACTS,
    "admin.contact_new": KEEPS_CONTACTS,
    "admin.contact_remove": KEEPS_CONTACTS,
    "admin.export_audit": BEHEERDER,
    "admin.list_classes": BEHEERDER,
    "admin.list_schools": OPERATOR,
    "admin.list_staff": BEHEERDER,
    "admin.school_add": OPERATOR,
    "admin.school_new": OPERATOR,
    "admin.show_audit": BEHEERDER,
    "admin.show_contacts": KEEPS_CONTACTS,
    "admin.show_school": BEHEERDER,
    "admin.staff_access": BEHEERDER,
    "admin.staff_add": BEHEERDER,
    "admin.staff_new": BEHEERDER,
    "admin.staff_password": BEHEERDER,
    "admin.staff_role": BEHEERDER,
    "admin.staff_show": BEHEERDER,
    "classroom.board_now": OWN_MENTOR,
    "classroom.choose_lesson": OWN_MENTOR,
    "classroom.do_on_board": OWN_MENTOR,
    "classroom.do_on_lead": OWN_MENTOR,
    "classroom.join_own": PUPIL,
    "classroom.join_with_code": JOINS,
    "classroom.lead_now": OWN_MENTOR,
    "classroom.live_now": IN_THE_CLASS,
    "classroom.show_board": OWN_MENTOR,
    "classroom.show_join": EVERYBODY,
    "classroom.show_lead": OWN_MENTOR,
    "classroom.show_live": IN_THE_CLASS,
    "classroom.show_start": OWN_MENTOR,
    "classroom.start_lesson": OWN_MENTOR,
    "classroom.vote": IN_THE_CLASS,
    "editor.drop_lesson_draft": TEAMLEIDER,
    "editor.edit_lesson": TEAMLEIDER,
    "editor.list_lesson_versions": TEAMLEIDER,
    "editor.list_lessons": TEAMLEIDER,
    "editor.list_rules": TEAMLEIDER,
    "editor.preview_lesson": TEAMLEIDER,
    "editor.publish_lesson": TEAMLEIDER,
    "editor.restore_lesson_version": TEAMLEIDER,
    "editor.restore_shipped_lesson": TEAMLEIDER,
    "editor.rule_edit": TEAMLEIDER,
    "editor.rule_edit_again": TEAMLEIDER,
    "editor.rule_impact": TEAMLEIDER,
    "editor.rule_publish": TEAMLEIDER,
    "editor.save_lesson": TEAMLEIDER,
    "editor.show_lesson_difference": TEAMLEIDER,
    "editor.show_lesson_version": TEAMLEIDER,
    "lessons.answer_screen": PUPIL,
    "lessons.begin_unit": PUPIL,
    "lessons.certificate_pdf": PUPIL,
    "lessons.class_paper": OWN_MENTOR,
    "lessons.class_paper_save": OWN_MENTOR,
    "lessons.class_plan": PLANS_LESSONS,
    "lessons.class_plan_save": PLANS_LESSONS,
    "lessons.home": PUPIL,
    "lessons.list_for_staff": WHO_GIVES_LESSONS,
    "lessons.list_steps": PUPIL,
    "lessons.list_plans": WHO_GIVES_LESSONS,
    "lessons.preview_screen": WHO_GIVES_LESSONS,
    "lessons.resume": PUPIL,
    "lessons.service_worker": EVERYBODY,
    "lessons.show_certificate": PUPIL,
    "lessons.show_chat_on_paper": WHO_GIVES_LESSONS,
    "lessons.show_end": PUPIL,
    "lessons.show_feedback": PUPIL,
    "lessons.show_known": PUPIL,
    "lessons.show_lesson_plan": WHO_GIVES_LESSONS,
    "lessons.show_letter": WHO_GIVES_LESSONS,
    "lessons.show_mentor_page": WHO_GIVES_LESSONS,
    "lessons.show_review": PUPIL,
    "lessons.show_screen": PUPIL,
    "lessons.show_signed_out_without_wifi": EVERYBODY,
    "lessons.show_worksheet": WHO_GIVES_LESSONS,
    "lessons.show_unit": PUPIL,
    "lessons.show_without_wifi": EVERYBODY,
    "lessons.try_screen": WHO_GIVES_LESSONS,
    "progress.class_report_pdf": OWN_MENTOR,
    "progress.export_class": OWN_MENTOR,
    "progress.export_unit": OWN_MENTOR,
    "progress.export_pupil": OWN_MENTOR,
    "progress.export_school": TEAMLEIDER,
    "progress.list_classes": MENTOR,
    "progress.make_cards": OWN_MENTOR,
    "progress.print_certificates": OWN_MENTOR,
    "progress.renew_secret": OWN_MENTOR,
    "progress.show_answers": OWN_MENTOR,
    "progress.show_cards": OWN_MENTOR,
    "progress.show_certificates": OWN_MENTOR,
    "progress.show_class": OWN_MENTOR,
    "progress.show_class_report": OWN_MENTOR,
    "progress.school_report_pdf": TEAMLEIDER,
    "progress.show_pupil": OWN_MENTOR,
    "progress.show_school": TEAMLEIDER,
    "progress.show_school_report": TEAMLEIDER,
    "progress.show_unit": OWN_MENTOR,
    "schools.choose_name": EVERYBODY,
    "schools.class_agreement_add": OWN_MENTOR,
    "schools.class_agreement_change": OWN_MENTOR,
    "schools.class_agreement_edit": OWN_MENTOR,
    "schools.class_agreement_move": OWN_MENTOR,
    "schools.class_agreement_remove": OWN_MENTOR,
    "schools.class_agreements": OWN_MENTOR,
    "schools.class_agreements_poster": OWN_MENTOR,
    "schools.class_care_keep": OWN_MENTOR,
    "schools.class_care_undo": OWN_MENTOR,
    "schools.class_group_add": OWN_MENTOR,
    "schools.class_group_change": OWN_MENTOR,
    "schools.class_group_edit": OWN_MENTOR,
    "schools.class_group_remove": OWN_MENTOR,
    "schools.class_groups": OWN_MENTOR,
    "schools.class_colleague_add": SHARES_CLASS,
    "schools.class_colleague_change": SHARES_CLASS,
    "schools.class_colleagues": SHARES_CLASS,
    "schools.enter_code": EVERYBODY,
    "schools.enter_secret": EVERYBODY,
    "schools.show_about": EVERYBODY,
    "schools.show_accessibility": EVERYBODY,
    "schools.show_agreements": SIGNED_IN,
    "schools.show_article": SIGNED_IN,
    "schools.show_help": EVERYBODY,
    "schools.show_names": EVERYBODY,
    "schools.show_privacy": EVERYBODY,
    "schools.show_privacy_for_children": EVERYBODY,
    "schools.show_secret": EVERYBODY,
}

# What belongs to one school or class: in an address of somebody else these are not found, even for the right role.
OWNED = {"class_id", "pupil_id", "person_id", "staff_id", "contact_id", "agreement_id", "session_id"}
FRONT_DOORS = ("/?", "/medewerkers?")


def _rules(app: Flask) -> dict[str, Rule]:
    return {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"}


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert _rules(app).keys() == MATRIX.keys()


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    without = [rule.endpoint for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], "door")]
    assert not without, f"use @requires(...) or @public on {without}"


@pytest.mark.parametrize("endpoint", MATRIX)
def test_a_door_opens_for_whom_it_should(app: Flask, endpoint: str) -> None:
    if endpoint not in _rules(app):
        pytest.fail(f"{endpoint} is in the matrix but is no route")
    world, rule = a_world(), _rules(app)[endpoint]
    found = {who: _knock(rule, world, world.who(who)) for who in VISITORS}
    assert found == dict(zip(VISITORS, MATRIX[endpoint], strict=True))


def test_what_is_of_another_school_is_not_found_by_the_same_role_elsewhere(app: Flask) -> None:
    here, elsewhere, found = a_world(), a_world("compass"), {}
    for rule in (rule for rule in _rules(app).values() if rule.arguments & OWNED):
        for who in _allowed(rule):
            found[rule.endpoint, who] = _knock(rule, here, elsewhere.who(who))
    assert found
    assert {door: outcome for door, outcome in found.items() if outcome != HIDDEN} == {}


def test_a_pupil_of_another_class_is_not_found_in_the_address_of_the_own_class(app: Flask) -> None:
    world, found = a_world(), {}
    for rule in (rule for rule in _rules(app).values() if {"class_id", "pupil_id"} <= rule.arguments):
        for who in _allowed(rule):
            found[rule.endpoint, who] = _knock(rule, world, world.who(who), {**world.values(rule), "pupil_id": world.colleagues_pupil.id})
    assert found
    assert {door: outcome for door, outcome in found.items() if outcome != HIDDEN} == {}


def _allowed(rule: Rule) -> list[str]:
    return [who for who, outcome in zip(VISITORS, MATRIX[rule.endpoint], strict=True) if outcome == OPEN]


def _knock(rule: Rule, world: World, person: Person | None, values: dict[str, str] | None = None) -> str:
    """Open the page, or send an empty form to it; what came of it."""
    url, client = address(rule.endpoint, **(values or world.values(rule))), client_of(person)
    if "GET" not in (rule.methods or ()):
        return _outcome(send(client, url, {}), person, rule)
    response = client.get(url)
    check_page(response)
    return _outcome(response, person, rule)


def _outcome(response: TestResponse, person: Person | None, rule: Rule) -> str:
    if response.status_code in (403, 404):
        return REFUSED if response.status_code == 403 else HIDDEN
    assert response.status_code < 500, f"{response.request.path}: {response.status_code}"
    to = response.headers.get("Location", "") + "?"
    is_sent_away = response.status_code == 302 and to.startswith(FRONT_DOORS)
    is_public = current_app.view_functions[rule.endpoint].door == "public"  # type: ignore[attr-defined]
    from_a_closed_door = person is None and (not is_public or rule.endpoint in LET_IN_BY_THE_VIEW)
    return SIGN_IN if is_sent_away and (from_a_closed_door or "verder=" in to) else OPEN
