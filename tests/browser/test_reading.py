"""Reading: the voice of the device, the pupil's own settings, and difficult words. The voice is a stand-in that says nothing aloud."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from accounts.models import Person
from common.database import db
from lessons.domain import Block
from tests.browser.test_accessibility import EVERYTHING, axe_source, beyond, faults
from tests.browser.walk import ITEMS, a_screen, at_screen, check_button, do_screen, shipped_lessons, stand_at
from tests.people import a_class, a_pupil, a_school

Be = Callable[[Person], None]

LOCAL = {"name": "Xander", "lang": "nl-NL", "localService": True}
ONLINE = {"name": "Google Nederlands", "lang": "nl-NL", "localService": False}
ENGLISH = {"name": "Daniel", "lang": "en-GB", "localService": True}
# A voice that keeps what it is given; say() lets it finish one sentence, as the browser would tell.
VOICE = """
(() => {
  const voices = %s;
  const synth = new EventTarget();
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  };
  window.said = [];
  window.hushed = 0;
  synth.getVoices = () => voices;
  synth.speak = (utterance) => { if (!utterance.text) return; window.said.push(utterance.text); window.now = utterance; };
  synth.cancel = () => { window.hushed += 1; window.now = null; };
  Object.defineProperty(window, "speechSynthesis", { value: synth });
  window.arrive = (voice) => { voices.push(voice); synth.dispatchEvent(new Event("voiceschanged")); };
  window.say = () => window.now?.dispatchEvent(new Event("end"));
})();
"""
LARGEST = {"tekst": "grootst", "ruimte": "ruimer", "letter": "leesletter"}

without_javascript = pytest.mark.browser_context_args(java_script_enabled=False)


def with_voices(page: Page, *voices: dict[str, object]) -> None:
    page.add_init_script(VOICE % json.dumps(voices))


def a_pupil_of(track: str = "primair") -> Person:
    return a_pupil(a_class(a_school(), track))


def read_aloud(page: Page) -> None:
    page.get_by_role("button", name="Lees voor").click()
    expect(page.get_by_role("group", name="Voorlezen")).to_be_visible()


def said(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.said")
    return found


def to_the_end(page: Page) -> list[str]:
    """Let the voice finish whatever it still has to say on this page."""
    for _sentence in range(300):
        if not page.evaluate("Boolean(window.now)"):
            break
        page.evaluate("window.say()")
    return said(page)


def in_order(wanted: list[str], found: list[str]) -> None:
    places = [next((number for number, line in enumerate(found) if part in line), None) for part in wanted]
    assert None not in places, dict(zip(wanted, places, strict=True))
    assert places == sorted(places), found  # type: ignore[type-var]


def marked(page: Page, name: str = "voorlezen") -> str:
    text: str = page.evaluate("name => [...(CSS.highlights.get(name) ?? [])].map(String).join()", name)
    return text


# ---- whether there is a button ----


@pytest.mark.parametrize("voices", [(), (ONLINE,), (ENGLISH,), (ONLINE, ENGLISH)], ids=["none", "online", "english", "both"])
def test_without_a_dutch_voice_of_the_device_there_is_no_button_and_nothing_is_fetched(
    page: Page, be: Be, voices: tuple[dict[str, object], ...]
) -> None:
    with_voices(page, *voices)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_screen(pupil, "one-choice"), wait_until="networkidle")
    expect(page.get_by_role("button", name="Lees voor")).to_have_count(0)
    assert not [url for url in fetched if "read-aloud" in url]


@pytest.mark.parametrize("lang", ["nl-NL", "nl-BE", "nl_NL", "nl"])
def test_with_a_dutch_voice_of_the_device_there_is_one(page: Page, be: Be, lang: str) -> None:
    with_voices(page, ONLINE, {**LOCAL, "lang": lang})
    be(a_pupil_of())
    page.goto("/lessen")
    expect(page.get_by_role("button", name="Lees voor")).to_be_visible()


def test_a_voice_may_come_late(page: Page, be: Be) -> None:
    with_voices(page)
    be(a_pupil_of())
    page.goto("/lessen")
    expect(page.get_by_role("button", name="Lees voor")).to_have_count(0)
    page.evaluate("voice => window.arrive(voice)", LOCAL)
    expect(page.get_by_role("button", name="Lees voor")).to_be_visible()


@without_javascript
def test_without_javascript_there_is_no_button(page: Page, be: Be) -> None:
    be(a_pupil_of())
    page.goto("/lessen")
    expect(page.get_by_role("link", name="zo lees ik")).to_be_visible()
    expect(page.get_by_role("button", name="Lees voor")).to_have_count(0)


# ---- what is read ----


def test_a_page_is_read_from_its_heading_to_its_agreement(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    pupil = a_pupil_of()
    be(pupil)
    lesson, screen = a_screen("primair", "lees", holding="regel")
    page.goto(stand_at(pupil, lesson, screen.key))
    read_aloud(page)
    lines = to_the_end(page)
    assert lines[0] == screen.title
    card = page.locator(".rule-card")
    wanted = [
        page.locator(".prose p").first,
        card.locator(".rule-card__head"),
        card.locator(".rule-card__say"),
        card.locator(".prose").first,
    ]
    in_order([screen.title, *(part.first.inner_text().split(".")[0][:30] for part in wanted)], lines)
    unsaid = ["Verder", "Terug", "Uitloggen", "Moeilijke woorden", "Lees voor", "Hulp"]
    assert not [line for line in lines if line.strip(" .") in unsaid]
    expect(page.get_by_role("group", name="Voorlezen")).to_be_hidden()


def test_answers_are_read_with_their_number(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_screen(pupil, "one-choice"))
    texts = page.locator(".option__text").all_inner_texts()
    read_aloud(page)
    lines = to_the_end(page)
    for number, text in enumerate(texts, 1):
        assert any(line.startswith(f"Antwoord {number}: {text.split('.')[0]}") for line in lines), lines


def test_an_explanation_is_read(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_screen(pupil, "one-choice"))
    do_screen(page)
    check_button(page).click()
    expect(page.locator(".feedback__head")).to_be_visible()
    read_aloud(page)
    in_order([page.locator(".feedback__head").inner_text(), "Jij koos", "Wat kun je nu doen?"], to_the_end(page))


@pytest.mark.parametrize("track", ["primair", "voortgezet"])
@pytest.mark.parametrize("item", ITEMS)
def test_every_type_of_item_can_be_read(page: Page, be: Be, track: str, item: str) -> None:
    with_voices(page, LOCAL)
    pupil = a_pupil_of(track)
    be(pupil)
    page.goto(at_screen(pupil, item))
    words = page.locator("main label:visible, main legend:visible, main .order__text:visible").all_inner_texts()
    read_aloud(page)
    spoken = re.sub(r"\W+", " ", " ".join(to_the_end(page)))
    for text in words:
        part = re.sub(r"\W+", " ", text.split("\n")[-1]).strip()
        assert len(part) < 2 or part in spoken, (text, spoken)


def test_long_sentences_are_cut_so_that_no_browser_falls_silent(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    be(a_pupil_of())
    page.goto("/privacy")
    page.locator("h1").evaluate("node => { node.textContent = 'Een heel lang woord, en nog iets '.repeat(40); }")
    read_aloud(page)
    assert all(len(line) <= 200 for line in to_the_end(page))


def test_a_talk_is_read_with_who_says_what_and_goes_on_with_new_lines(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_screen(pupil, "scenario"))
    for _choice in range(2):
        number = page.locator("main form input[name=nummer]").first
        before = int(number.input_value())
        page.locator("#keuze label").first.click()
        page.get_by_role("button", name="Doe dit").click()
        expect(number).to_have_value(str(before + 1))
    read_aloud(page)
    before_lines = to_the_end(page)
    assert [line for line in before_lines if re.match(r"\w[\w ]* zegt: ", line)], before_lines
    assert any(line.startswith("Antwoord 1: ") for line in before_lines)
    expect(page.get_by_role("group", name="Voorlezen")).to_be_visible()
    talk = page.locator(".phone__title bdi").inner_text()
    expect(page.locator(".phone")).to_have_accessible_name(f"Gesprek: {talk}")
    messages = page.locator("[role=log] li")
    known, heard = messages.count(), len(before_lines)
    page.locator("#keuze label").first.click()
    page.get_by_role("button", name="Doe dit").click()
    expect(page.locator("main form input[name=nummer]").first).to_have_value("3")
    fresh: str = messages.nth(known).evaluate("line => (line.querySelector('.bubble') ?? line).lastChild.textContent")
    in_order([fresh.strip().split(".")[0][:25], "Antwoord 1: "], to_the_end(page)[heard:])


# ---- working the voice ----


def test_what_is_read_is_marked_sentence_and_word(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    be(a_pupil_of())
    page.goto("/privacy")
    heading = page.locator("h1").inner_text()
    read_aloud(page)
    assert marked(page) == heading
    page.evaluate("window.now.dispatchEvent(Object.assign(new Event('boundary'), {name: 'word', charIndex: 0, charLength: 7}))")
    assert marked(page, "voorlezen-woord") == heading[:7]
    page.evaluate("window.say()")
    assert marked(page) == said(page)[1]
    assert marked(page, "voorlezen-woord") == ""


def test_where_a_browser_cannot_mark_words_the_block_is_marked(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    page.add_init_script("delete CSS.highlights; Object.defineProperty(window, 'Highlight', {value: undefined});"
                         "Object.setPrototypeOf(CSS, {__proto__: null, supports: CSS.supports.bind(CSS)});")  # fmt: skip
    be(a_pupil_of())
    page.goto("/privacy")
    read_aloud(page)
    expect(page.locator(".is-read")).to_have_text(page.locator("h1").inner_text())
    page.evaluate("window.say()")
    expect(page.locator(".is-read")).to_have_count(1)
    expect(page.locator("h1.is-read")).to_have_count(0)


def test_a_pause_remembers_its_sentence(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    be(a_pupil_of())
    page.goto("/privacy")
    read_aloud(page)
    page.evaluate("window.say()")
    page.get_by_role("button", name="Pauze").click()
    assert page.evaluate("window.now") is None
    page.get_by_role("group", name="Voorlezen").get_by_role("button", name="Verder").click()
    lines = said(page)
    assert lines[1:] == [lines[1], lines[1]]
    expect(page.get_by_role("button", name="Pauze")).to_be_focused()


def test_stop_hushes_the_voice_and_gives_the_focus_back(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    be(a_pupil_of())
    page.goto("/privacy")
    read_aloud(page)
    page.get_by_role("button", name="Stop").click()
    assert page.evaluate("window.now") is None
    assert marked(page) == ""
    expect(page.get_by_role("group", name="Voorlezen")).to_be_hidden()
    button = page.get_by_role("button", name="Lees voor")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_tap_on_a_text_reads_on_from_there(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    be(a_pupil_of())
    page.goto("/privacy")
    read_aloud(page)
    target = page.locator("main h2").nth(1)
    target.click()
    assert said(page)[-1] == target.inner_text()


def test_choosing_an_answer_still_chooses_and_is_read(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_screen(pupil, "one-choice"))
    read_aloud(page)
    page.locator(".option").nth(1).click()
    expect(page.locator(".option input").nth(1)).to_be_checked()
    assert said(page)[-1].startswith("Antwoord 2: ")


def test_by_keyboard_the_voice_goes_piece_by_piece(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    be(a_pupil_of())
    page.goto("/privacy")
    page.get_by_role("button", name="Lees voor").press("Enter")
    for _stop in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Volgende stukje")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    third = said(page)[-1]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert said(page)[-1] == said(page)[1] != third


def test_the_pace_stays_with_the_pupil(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    pupil = a_pupil_of()
    be(pupil)
    page.goto("/privacy")
    read_aloud(page)
    usual = page.evaluate("window.now.rate")
    with page.expect_response("**/zo-lees-ik"):
        page.get_by_label("Tempo").select_option("rustig")
    assert page.evaluate("window.now.rate") < usual
    db.session.rollback()
    assert db.session.scalars(select(Person.reading).where(Person.id == pupil.id)).one() == {"tempo": "rustig"}
    page.goto("/lessen")
    read_aloud(page)
    expect(page.get_by_label("Tempo")).to_have_value("rustig")
    assert page.evaluate("window.now.rate") < usual


def test_leaving_the_page_hushes_the_voice(page: Page, be: Be) -> None:
    with_voices(page, LOCAL)
    be(a_pupil_of())
    page.goto("/privacy")
    read_aloud(page)
    page.evaluate("addEventListener('pagehide', () => sessionStorage.setItem('speaking', String(Boolean(window.now))))")
    page.goto("/lessen")
    assert page.evaluate("sessionStorage.getItem('speaking')") == "false"
    page.evaluate("sessionStorage.removeItem('speaking')")


@pytest.mark.parametrize("width", [360, 1366])
def test_axe_finds_nothing_while_the_voice_reads(page: Page, be: Be, width: int) -> None:
    with_voices(page, LOCAL)
    be(a_pupil_of())
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/privacy")
    read_aloud(page)
    page.evaluate(axe_source())
    assert not faults(page, EVERYTHING)
    assert beyond(page) <= 0


# ---- settings ----


def test_a_choice_shows_at_once_and_is_kept_by_sending(page: Page, be: Be) -> None:
    pupil = a_pupil_of()
    be(pupil)
    page.goto("/lessen")
    page.get_by_role("link", name="zo lees ik").click()
    for name, value in (*LARGEST.items(), ("kleuren", "donker")):
        page.locator(f"input[name={name}][value={value}]").check()
    html = page.locator("html")
    for attribute, value in (("data-text", "grootst"), ("data-space", "ruimer"), ("data-face", "leesletter"), ("data-theme", "donker")):
        expect(html).to_have_attribute(attribute, value)
    page.locator("input[name=kleuren][value=apparaat]").check()
    expect(html).not_to_have_attribute("data-theme", re.compile(".*"))
    page.get_by_role("button", name="Bewaar").click()
    expect(page).to_have_url(re.compile("/lessen$"))
    expect(page.get_by_role("status").filter(has_text="Bewaard")).to_be_visible()
    expect(html).to_have_attribute("data-text", "grootst")
    assert page.evaluate("document.fonts.check('16px \"Netjes Leesletter\"')")


def test_what_was_only_tried_is_gone_on_the_next_page(page: Page, be: Be) -> None:
    be(a_pupil_of())
    page.goto("/zo-lees-ik")
    page.locator("input[name=tekst][value=grootst]").check()
    page.goto("/lessen")
    expect(page.locator("html")).not_to_have_attribute("data-text", re.compile(".*"))
    page.goto("/zo-lees-ik")
    expect(page.locator("input[name=tekst][value=gewoon]")).to_be_checked()


@without_javascript
def test_settings_work_without_javascript(page: Page, be: Be) -> None:
    be(a_pupil_of("voortgezet"))
    page.goto("/afspraken")
    page.get_by_role("link", name="zo lees ik").click()
    page.get_by_label("Groter").check()
    page.get_by_label("Donker").check()
    page.get_by_role("button", name="Bewaar").click()
    expect(page).to_have_url(re.compile("/afspraken$"))
    expect(page.locator("html")).to_have_attribute("data-text", "groter")
    expect(page.locator("html")).to_have_attribute("data-theme", "donker")


def test_the_next_pupil_on_the_device_reads_as_usual(page: Page, be: Be) -> None:
    one, other = a_pupil_of(), a_pupil_of()
    db.session.execute(update(Person).where(Person.id == one.id).values(reading=LARGEST))
    db.session.commit()
    be(one)
    page.goto("/lessen")
    expect(page.locator("html")).to_have_attribute("data-text", "grootst")
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_label("Klascode")).to_be_visible()
    expect(page.locator("html")).not_to_have_attribute("data-text", re.compile(".*"))
    be(other)
    page.goto("/lessen")
    expect(page.locator("html")).not_to_have_attribute("data-text", re.compile(".*"))


@pytest.mark.parametrize("track", ["primair", "voortgezet"])
@pytest.mark.parametrize("kind", [*ITEMS, "scenario", "lees", "gesprek", "intentie"])
def test_the_largest_text_fits_the_narrowest_window(page: Page, be: Be, kind: str, track: str) -> None:
    with_voices(page, LOCAL)
    pupil = a_pupil_of(track)
    db.session.execute(update(Person).where(Person.id == pupil.id).values(reading=LARGEST))
    db.session.commit()
    be(pupil)
    page.goto(at_screen(pupil, kind))
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert beyond(page) <= 0, width
    read_aloud(page)
    assert beyond(page) <= 0
    assert page.get_by_role("group", name="Voorlezen").bounding_box()["height"] < 400  # type: ignore[index]


# ---- difficult words ----


def at_a_word(pupil: Person, track: str) -> str:
    """A page to read in which the prose holds a difficult word."""
    for lesson in shipped_lessons(track):
        for screen in lesson.screens(1):
            told = "\n".join(piece.text for piece in screen.pieces if not isinstance(piece, Block))
            if screen.kind == "lees" and any(word.stands_in(told) for word in lesson.unit.meta.words):
                return stand_at(pupil, lesson, screen.key)
    raise LookupError(track)


@pytest.mark.parametrize("track", ["primair", "voortgezet"])
@pytest.mark.parametrize("width", [360, 1366])
def test_a_word_opens_its_meaning_near_by_and_escape_closes_it(page: Page, be: Be, track: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    pupil = a_pupil_of(track)
    be(pupil)
    page.goto(at_a_word(pupil, track))
    word = page.locator(".word").first
    word.click()
    meaning = page.locator(".meaning:popover-open")
    expect(meaning).to_be_visible()
    expect(meaning).to_contain_text(re.compile(word.inner_text()[:4], re.IGNORECASE))
    box, at = meaning.bounding_box(), word.bounding_box()
    assert box
    assert at
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert min(abs(box["y"] - at["y"] - at["height"]), abs(at["y"] - box["y"] - box["height"])) < 40
    page.evaluate(axe_source())
    assert not faults(page, EVERYTHING)
    page.keyboard.press("Escape")
    expect(page.locator(".meaning:popover-open")).to_have_count(0)
    expect(word).to_be_focused()


def test_by_keyboard_a_word_opens_and_closes(page: Page, be: Be) -> None:
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_a_word(pupil, "primair"))
    word = page.locator(".word").first
    word.focus()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        expect(page.locator(".meaning:popover-open")).to_be_visible()
        page.keyboard.press(key)
        expect(page.locator(".meaning:popover-open")).to_have_count(0)
        expect(word).to_be_focused()


def test_a_screen_reader_hears_the_meaning_with_the_word(page: Page, be: Be) -> None:
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_a_word(pupil, "primair"))
    word = page.locator(".word").first
    expect(word).to_have_accessible_description(page.locator(".meaning").first.inner_text() or re.compile(r"\w+: \w"))


@without_javascript
def test_without_javascript_a_word_opens_too(page: Page, be: Be) -> None:
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_a_word(pupil, "primair"))
    page.locator(".word").first.click()
    expect(page.locator(".meaning").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".meaning").first).to_be_hidden()


def test_on_paper_every_meaning_can_be_read(page: Page, be: Be) -> None:
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_a_word(pupil, "primair"))
    page.emulate_media(media="print")
    expect(page.locator(".meaning").first).to_be_visible()


@pytest.mark.parametrize("item", ITEMS)
def test_no_button_stands_inside_what_is_chosen(page: Page, be: Be, item: str) -> None:
    pupil = a_pupil_of()
    be(pupil)
    page.goto(at_screen(pupil, item))
    expect(page.locator("label .word, button .word, a .word, summary .word")).to_have_count(0)
