"""Journeys 2 to 5: the mentor, the teamleider and the beheerder, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from lessons.domain import screens
from lessons.library import Lesson
from protocols.domain import RuleBook, Stance
from quizzes.types.one_choice import OneChoice
from schools.models import SchoolClass
from schools.queries import book_of
from tests.browser.walk import at_screen, check_button, finish_lesson, shipped_lessons, stand_at
from tests.people import PASSWORD, a_beheerder, a_class, a_mentor, a_pupil, a_school, a_teamleider, as_viewer, with_password

Be = Callable[[Person], None]
with_and_without_javascript = pytest.mark.parametrize(
    "scripts", [True, pytest.param(False, marks=pytest.mark.browser_context_args(java_script_enabled=False))], ids=["js", "nojs"]
)


def sign_in_as_staff(page: Page, person: Person) -> None:
    page.goto("/")
    page.get_by_role("link", name="Ik werk op school").click()
    page.get_by_label("E-mailadres").fill(person.email or "")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.locator("main form button").last.click()


# ---- the mentor ----


def a_class_in_use(track: str = "voortgezet") -> tuple[SchoolClass, Person, Person]:
    """A class with its mentor, one pupil who is done and one who is stuck."""
    school = a_school("liudger" if track == "voortgezet" else "tjongeling")
    school_class = a_class(school, track, name="2b")
    mentor = a_mentor(school, of=[school_class])
    done, busy = a_pupil(school_class, "Zofia", secret="1357"), a_pupil(school_class, "Bram")
    finish_lesson(done, shipped_lessons(track)[0])
    at_screen(busy, "sort")
    return school_class, mentor, done


@with_and_without_javascript
def test_a_mentor_sees_the_class_and_opens_a_pupil(page: Page, scripts: bool) -> None:
    _class, mentor, _pupil = a_class_in_use()
    sign_in_as_staff(page, with_password(mentor))
    expect(page.locator("h1")).to_have_text("Klas 2b")
    page.locator("th[scope=row] a", has_text="Zofia").click()
    expect(page.locator("h1")).to_have_text("Zofia")
    page.get_by_role("link", name=re.compile("^2b|Klas 2b")).first.click()
    page.locator("thead a").first.click()
    expect(page.locator("h1")).to_have_text(shipped_lessons("voortgezet")[0].unit.title)


def test_a_mentor_takes_the_figures_along_as_a_file(page: Page, be: Be) -> None:
    _class, mentor, _pupil = a_class_in_use()
    be(mentor)
    page.goto("/klassen")
    with page.expect_download() as download:
        page.get_by_role("link", name="leerlingen en lessen").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_a_mentor_gives_a_new_secret_and_the_pupil_uses_it(page: Page, be: Be) -> None:
    school_class, mentor, pupil = a_class_in_use("primair")
    be(mentor)
    page.goto(f"/klassen/{school_class.id}/leerlingen/{pupil.id}")
    page.get_by_role("button", name=re.compile("nieuw geheim|kaartje")).click()
    card = page.locator(".login-card")
    expect(card).to_contain_text("Zofia")
    pictures = [re.sub(r"^\d", "", text).strip() for text in card.locator(".pics li").all_inner_texts()]
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("Klascode").fill(school_class.code)
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Zofia").click()
    for picture in pictures:
        page.get_by_role("button", name=picture, exact=True).click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()


def test_a_mentor_looks_along_and_nothing_is_kept(page: Page, be: Be) -> None:
    _class, mentor, _pupil = a_class_in_use("primair")
    be(mentor)
    page.goto("/docent/lessen")
    page.locator("main th a").first.click()
    page.get_by_role("link", name="Bekijk als leerling").click()
    expect(page.locator("body")).to_contain_text("Er wordt niets bewaard")
    check_button(page).click()
    expect(page).to_have_url(re.compile("/bekijk/"))


# ---- the teamleider changes a lesson ----


@with_and_without_javascript
def test_a_teamleider_edits_a_lesson_and_the_pupils_read_it(page: Page, be: Be, scripts: bool) -> None:
    school = a_school("liudger")
    pupil, elsewhere = a_pupil(a_class(school, "voortgezet")), a_pupil(a_class(a_school("liudger"), "voortgezet"))
    lesson = shipped_lessons("voortgezet")[0]
    first = next(step for step in lesson.unit.steps)
    be(a_teamleider(school))
    page.goto("/redactie")
    page.get_by_role("link", name=lesson.unit.title).first.click()
    text = page.get_by_label("Tekst van de les")
    text.fill(text.input_value().replace(f"## {first.title} ", "## Een kop van onze school ", 1))
    page.get_by_role("button", name="Naar verschil en publiceren").click()
    expect(page.locator("main")).to_contain_text("Een kop van onze school")
    page.get_by_role("button", name="Publiceer deze wijziging").click()
    expect(page.get_by_role("status").first).to_be_visible()
    be(pupil)
    page.goto(f"/lessen/{lesson.slug}")
    expect(page.locator("h1")).to_have_text("Een kop van onze school")
    be(elsewhere)
    page.goto(f"/lessen/{lesson.slug}")
    expect(page.locator("h1")).to_have_text(first.title)


def test_the_preview_follows_while_typing(page: Page, be: Be) -> None:
    lesson = shipped_lessons("primair")[0]
    be(a_teamleider(a_school("tjongeling")))
    page.goto(f"/redactie/lessen/{lesson.slug}")
    text = page.get_by_label("Tekst van de les")
    title = lesson.unit.steps[0].title
    text.fill(text.input_value().replace(f"## {title} ", "## Vers getypt ", 1))
    expect(page.locator("[data-preview]")).to_contain_text("Vers getypt")


# ---- the teamleider changes an agreement ----


def a_question_that_turns(book: RuleBook) -> tuple[Lesson, OneChoice, str, Stance]:
    """A question in a lesson, an answer that is right now, and a stance under which it is no longer right."""
    for lesson in shipped_lessons("voortgezet"):
        for screen in screens(lesson.unit, lesson.quiz, 1):
            item = screen.item
            if isinstance(item, OneChoice) and item.rule and item.by_stance and screen.moment == "lesson":
                right = item.by_stance[book.stance_on(item.rule)].right
                turned = [
                    one for one in (Stance.MAG, Stance.MAG_NIET) if not set(right) & {*item.by_stance[one].right, *item.by_stance[one].fair}
                ]
                if right and turned:
                    return lesson, item, right[0], turned[0]
    raise LookupError


@with_and_without_javascript
def test_a_changed_agreement_changes_what_is_right_and_leaves_what_was(page: Page, be: Be, scripts: bool) -> None:
    school = a_school("liudger")
    school_class = a_class(school, "voortgezet")
    before, after = a_pupil(school_class, "Zofia"), a_pupil(school_class, "Bram")
    lesson, item, answer, stance = a_question_that_turns(book_of(as_viewer(before)))

    def answer_as(pupil: Person) -> None:
        be(pupil)
        page.goto(stand_at(pupil, lesson, item.id))
        page.locator(f"input[value={answer}]").check(force=True)
        check_button(page).click()
        expect(page).to_have_url(re.compile("/uitleg$"))

    answer_as(before)
    expect(page.locator(".feedback__head")).to_have_text("Klopt")
    explained = page.url

    be(a_teamleider(school))
    page.goto(f"/redactie/regels/{item.rule}")
    page.locator(f"input[name=antwoord][value={stance.value}]").check(force=True)
    page.get_by_role("button", name="Bekijk de gevolgen").click()
    expect(page.locator("main")).to_contain_text(lesson.unit.title)
    page.get_by_role("button", name="Publiceer deze wijziging").click()
    expect(page.get_by_role("status").first).to_be_visible()

    answer_as(after)
    expect(page.locator(".feedback__head")).not_to_have_text("Klopt")
    be(before)
    page.goto(explained)
    expect(page.locator(".feedback__head")).to_have_text("Klopt")
    expect(page.locator("main")).to_contain_text("Je school heeft de afspraak daarna veranderd")


# ---- the beheerder ----


@with_and_without_javascript
def test_a_beheerder_makes_a_class_and_the_pupils_come_in(page: Page, be: Be, scripts: bool) -> None:
    school = a_school("agora")
    beheerder, mentor = with_password(a_beheerder(school, totp=pyotp.random_base32())), a_mentor(school)
    sign_in_as_staff(page, beheerder)
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(pyotp.TOTP(beheerder.totp_secret or "").now())
    page.locator("main form button").last.click()
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()
    page.goto("/beheer/klassen/nieuw")
    page.get_by_label("Naam", exact=True).fill("7c")
    page.get_by_label("Leerjaar", exact=True).select_option("groep 7")
    page.get_by_role("button", name="Klas toevoegen").click()
    page.get_by_role("link", name="Namen plakken").click()
    page.get_by_label(re.compile("Voornamen")).fill("Noor\nDaan\nD'Angelo\nJosé-María\n")
    page.get_by_role("button", name="Bekijk de lijst").click()
    page.get_by_role("button", name=re.compile(r"^Zet \d leerlingen in de klas$")).click()
    expect(page.locator("main")).to_contain_text("José-María")
    page.get_by_label(mentor.display_name).check()
    page.get_by_role("button", name="Bewaar mentoren").click()
    code = page.locator(".class-code").inner_text()
    be(mentor)
    page.goto("/klassen")
    expect(page.locator("main")).to_contain_text("Noor")
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("Klascode").fill(code)
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("button", name="Noor")).to_be_visible()
