"""Taking something home, in real Chromium: the intention, "wat ik nu weet", the agreements of a class, and paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from common.clock import now
from common.database import db, new_id
from lessons.known import intention_screen
from schools import actions
from schools.models import School, SchoolClass
from tests.browser.conftest import Console
from tests.browser.walk import finish_everything, finish_lesson, shipped_lessons
from tests.people import a_class, a_mentor, a_pupil, a_school

Be = Callable[[Person], None]
TRACKS = ("primair", "voortgezet")
PHONE = {"width": 360, "height": 740}
A_PAGE = re.compile(rb"/Type\s*/Page\b")

without_javascript = pytest.mark.browser_context_args(java_script_enabled=False)


def a_finisher(
    track: str, name: str = "Sami", *, agreements: tuple[str, ...] = ("Eerst vragen, dan pas filmen.",)
) -> tuple[SchoolClass, Person]:
    """A pupil who did every lesson, in a class that agreed on something."""
    school_class = a_class(a_school("tjongeling" if track == "primair" else "liudger"), track)
    for text in agreements:
        actions.add_class_agreement(school_class, text, now(), actor_id=new_id())
    pupil = a_pupil(school_class, name)
    finish_everything(pupil, track)
    return school_class, pupil


def sheets_of(page: Page) -> int:
    """On how many sheets this page comes out of a printer."""
    return len(A_PAGE.findall(page.pdf(prefer_css_page_size=True)))


# ---- the intention ----


def change_the_sentence(page: Page, be: Be, track: str) -> None:
    _class, pupil = a_finisher(track)
    lesson = shipped_lessons(track)[0]
    be(pupil)
    page.goto(f"/lessen/{lesson.slug}/klaar")
    page.get_by_role("link", name="Verander je zin").click()
    expect(page).to_have_url(re.compile(f"/stap/{intention_screen(lesson, pupil.half)}$"))
    page.locator("label.option").first.click()
    page.get_by_label("Maak de zin af").fill("")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("alert")).to_contain_text("Maak de zin af.")
    expect(page.locator("input[name=begin]").first).to_be_checked()
    page.get_by_label("Maak de zin af").fill("of het goed is")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.goto("/wat-ik-weet")
    expect(page.locator(".wrote").first).to_contain_text("of het goed is")


def test_a_sentence_is_changed_from_the_end_of_the_lesson(page: Page, be: Be, console: Console) -> None:
    console.expect("422")
    change_the_sentence(page, be, "primair")


@without_javascript
def test_a_sentence_is_changed_without_javascript(page: Page, be: Be, console: Console) -> None:
    console.expect("422")
    change_the_sentence(page, be, "voortgezet")


# ---- paper ----


@pytest.mark.parametrize("track", TRACKS)
def test_the_certificate_comes_out_of_the_printer_as_one_sheet_and_without_the_page_around_it(page: Page, be: Be, track: str) -> None:
    be(a_finisher(track)[1])
    page.goto("/certificaat")
    assert sheets_of(page) == 1
    page.emulate_media(media="print")
    expect(page.locator(".certificate__name")).to_have_text("Sami")
    for around in (".topbar", ".certificate-tools", ".offline"):
        expect(page.locator(around)).to_be_hidden()


FULL = {
    "words": ("woord " * 33,) * 12,
    "no spaces": ("x" * 200,) * 12,
    "broad letters": ("W" * 200,) * 12,
    "another script": ("漢" * 200,) * 12,
}


@pytest.mark.parametrize("full", FULL)
def test_a_full_certificate_is_one_sheet_and_leaves_room_to_sign(page: Page, be: Be, full: str) -> None:
    texts = tuple(f"{number}{text}"[:200] for number, text in enumerate(FULL[full]))
    be(a_finisher("primair", "W" * 40, agreements=texts)[1])
    page.goto("/certificaat")
    page.set_viewport_size({"width": 1366, "height": 900})
    page.emulate_media(media="print")
    lowest = page.locator(".certificate__own").last.bounding_box()
    signature = page.locator(".certificate__sign").bounding_box()
    assert lowest
    assert signature
    assert lowest["y"] + lowest["height"] <= signature["y"]
    assert sheets_of(page) == 1


def test_own_plans_are_left_out_at_the_wish_of_the_pupil(page: Page, be: Be) -> None:
    be(a_finisher("primair")[1])
    page.goto("/certificaat")
    expect(page.locator(".certificate")).to_contain_text("Dit neem ik mee")
    page.get_by_label("Zet mijn eigen plannen erop").uncheck()
    page.get_by_role("button", name="Pas toe").click()
    expect(page.locator(".certificate")).not_to_contain_text("Dit neem ik mee")
    expect(page.get_by_label("Zet mijn eigen plannen erop")).not_to_be_checked()


def test_the_button_prints(page: Page, be: Be) -> None:
    be(a_finisher("voortgezet")[1])
    page.add_init_script("window.print = () => document.documentElement.setAttribute('data-printed', 'ja')")
    for path in ("/certificaat", "/wat-ik-weet"):
        page.goto(path)
        page.get_by_role("button", name="Druk af").click()
        expect(page.locator("html[data-printed=ja]")).to_have_count(1)


@without_javascript
def test_without_javascript_no_button_is_there_that_does_nothing(page: Page, be: Be) -> None:
    be(a_finisher("primair")[1])
    page.goto("/certificaat")
    expect(page.locator(".certificate__name")).to_have_text("Sami")
    expect(page.get_by_role("button", name="Druk af")).to_have_count(0)


@pytest.mark.parametrize("track", TRACKS)
def test_a_phone_shows_the_certificate_and_what_i_know_without_moving_sideways(page: Page, be: Be, track: str) -> None:
    be(a_finisher(track, "Alexandria-Josephine van der Wolkenstein", agreements=("x" * 200,))[1])
    page.set_viewport_size(PHONE)
    for path in ("/certificaat", "/wat-ik-weet", "/lessen"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_before_the_last_lesson_the_page_leads_to_what_is_left(page: Page, be: Be) -> None:
    pupil = a_pupil(a_class(a_school("tjongeling")))
    first, second, *_ = shipped_lessons("primair")
    finish_lesson(pupil, first)
    be(pupil)
    page.goto("/certificaat")
    expect(page.locator("h1")).to_have_text("Je certificaat komt eraan")
    page.get_by_role("link", name=second.unit.title).click()
    expect(page).to_have_url(re.compile(f"/lessen/{second.slug}"))


# ---- the mentor ----


def keep_the_list(page: Page, be: Be) -> None:
    school_class, pupil = a_finisher("primair", agreements=())
    mentor = a_mentor(db.session.get_one(School, school_class.school_id), of=[school_class])
    be(mentor)
    page.goto(f"/klassen/{school_class.id}/afspraken")
    for text in ("Stop is stop.", "Eerst vragen."):
        page.get_by_label("Afspraak", exact=True).fill(text)
        page.get_by_role("button", name="Voeg toe").click()
        expect(page.locator(".contact").last).to_contain_text(text)
    page.get_by_role("button", name="Afspraak 2 omhoog").click()
    expect(page.locator(".contact").first).to_contain_text("Eerst vragen.")
    page.get_by_role("link", name="Maak een poster").click()
    assert page.locator(".poster__list li").all_inner_texts()[0].endswith("Eerst vragen.")
    be(pupil)
    page.goto("/lessen")
    expect(page.locator(".agreed-on li")).to_have_text(["Eerst vragen.", "Stop is stop."])


def test_a_mentor_keeps_the_agreements_of_the_class_and_the_class_reads_them(page: Page, be: Be) -> None:
    keep_the_list(page, be)


@without_javascript
def test_a_mentor_keeps_the_agreements_without_javascript(page: Page, be: Be) -> None:
    keep_the_list(page, be)


def test_all_certificates_of_a_class_are_a_sheet_each_and_the_poster_is_one(page: Page, be: Be) -> None:
    school_class, _first = a_finisher(
        "voortgezet", agreements=("Groep op stil na tienen.", *("woord " * 33 + str(number) for number in range(9)))
    )
    for name in ("Vera", "Yiğit"):
        finish_everything(a_pupil(school_class, name), "voortgezet")
    a_pupil(school_class, "Nog bezig")
    be(a_mentor(db.session.get_one(School, school_class.school_id), of=[school_class]))
    page.goto(f"/klassen/{school_class.id}/certificaten")
    page.get_by_role("link", name="Print 3 certificaten").click()
    expect(page.locator(".certificate__name")).to_have_text(["Sami", "Vera", "Yiğit"])
    assert sheets_of(page) == 3
    page.goto(f"/klassen/{school_class.id}/afspraken/poster")
    assert sheets_of(page) == 1
