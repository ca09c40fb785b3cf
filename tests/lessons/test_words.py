"""Difficult words become buttons with a meaning; whatever an author writes, nothing else becomes a tag."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from common.markdown import render
from lessons.domain import Word
from lessons.words import Glossary

FOLLOWER = Word(word="volger", plural="volgers", meaning="iemand die ziet wat jij plaatst")
ACCOUNT = Word(word="account", plural="accounts", meaning="jouw plek in een app")
FAKE = Word(word="nep account", meaning="een account van iemand die niet bestaat")
PHOTO = Word(word="foto", plural="foto's", meaning="een beeld")
WORDS = (FOLLOWER, ACCOUNT, FAKE, PHOTO)

OURS = re.compile(r'<button type="button" class="word"[^>]*>(.*?)</button><span class="meaning"[^>]*>.*?</span>', re.DOTALL)
TOGETHER = re.compile(rf'<span class="nowrap">({OURS.pattern}[^<>]{{1,5}})</span>', re.DOTALL)
PARTS = [*"<>&\"'/=! \n;#-abv", "volger", "account", "foto's", "<b>", "</p>", "&lt;", "&#39;", '<a href="']
NASTY = st.lists(st.sampled_from(PARTS), max_size=40).map("".join)


class Tags(HTMLParser):
    """The tags of a page, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(sorted(name for name, _value in attrs))))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def shown(html: str) -> str:
    """What is left when our own buttons are taken out again."""
    return OURS.sub(r"\1", TOGETHER.sub(r"\1", str(html)))


def marked(html: str) -> list[str]:
    return OURS.findall(str(html))


# ---- what is marked ----


def test_the_first_of_a_word_becomes_a_button_and_the_next_stay_text() -> None:
    html = Glossary(WORDS).mark("Een volger is geen vriend. Elke volger ziet alles.")
    assert marked(html) == ["volger"]
    assert shown(html) == "Een volger is geen vriend. Elke volger ziet alles."
    assert "<b>volger:</b> iemand die ziet wat jij plaatst" in html


@pytest.mark.parametrize("sign", [".", ",", "?", ")"])
def test_what_follows_a_word_stays_on_its_line(sign: str) -> None:
    assert re.search(
        rf'<span class="nowrap"><button.*</span>{re.escape(sign)}</span> En meer', Glossary(WORDS).mark(f"Een volger{sign} En meer")
    )
    assert "nowrap" not in Glossary(WORDS).mark("Een volger die kijkt")


def test_a_word_counts_for_the_whole_screen() -> None:
    glossary = Glossary(WORDS)
    assert marked(glossary.mark("Een volger.")) == ["volger"]
    assert marked(glossary.mark(render("Nog een **volger** en een account."))) == ["account"]
    assert marked(glossary.mark("Dat account.")) == []


def test_plurals_and_capitals_are_the_same_word() -> None:
    assert marked(Glossary(WORDS).mark("Volgers zijn volgers.")) == ["Volgers"]


def test_a_part_of_another_word_is_not_marked() -> None:
    assert marked(Glossary(WORDS).mark("Achtervolgers hebben een accountnaam.")) == []


def test_the_longest_word_goes_first() -> None:
    assert marked(Glossary(WORDS).mark("Een nep account is ook een account.")) == ["nep account", "account"]


def test_an_apostrophe_is_found_in_text_and_in_html() -> None:
    assert marked(Glossary(WORDS).mark("Alle foto's.")) == ["foto&#39;s"]
    assert marked(Glossary(WORDS).mark(render("Alle foto's."))) == ["foto's"]


def test_each_button_points_at_a_meaning_of_its_own() -> None:
    html = Glossary(WORDS).mark("Een volger met een account.")
    assert re.findall(r'popovertarget="([^"]+)"', html) == re.findall(r' id="([^"]+)"', html) == ["woord-1", "woord-2"]


def test_the_same_word_keeps_its_name_when_the_page_is_drawn_again() -> None:
    assert 'id="woord-2"' in Glossary(WORDS).mark("Een account.")
    assert 'id="woord-2"' in Glossary(WORDS).mark("Een volger met een account.")


def test_parts_that_are_shown_later_each_explain_a_word_once_under_a_name_of_their_own() -> None:
    page = Glossary(WORDS)
    page.mark("Een volger.")
    for part in ("pauze", "thuis"):
        html = page.apart(part).mark("Een volger, een account en een account.")
        assert marked(html) == ["account"]
        assert f' id="woord-2-{part}"' in html


@pytest.mark.parametrize("text", ["[een volger](https://voorbeeld.nl)", "`volger`", "    volger"])
def test_no_button_stands_in_a_link_or_in_code(text: str) -> None:
    assert marked(Glossary(WORDS).mark(render(text))) == []


@pytest.mark.parametrize("tag", ["button", "label", "summary"])
def test_no_button_stands_in_what_is_pressed_itself(tag: str) -> None:
    html = Markup(f"<{tag}>Een volger</{tag}> en een volger")  # noqa: S704  (the test's own)
    assert Glossary(WORDS).mark(html).startswith(f"<{tag}>Een volger</{tag}> en een <button")


def test_headings_lists_and_tables_are_text_like_any_other() -> None:
    assert marked(Glossary(WORDS).mark(render("## Een volger\n\n- een account\n"))) == ["volger", "account"]


def test_without_words_the_text_is_only_made_safe() -> None:
    assert Glossary(()).mark("Een <b>volger</b>") == "Een &lt;b&gt;volger&lt;/b&gt;"


# ---- what authors can write ----


def test_a_word_and_a_meaning_are_escaped() -> None:
    word = Word(word="<i>", meaning='"><script>alert(1)</script>')
    html = Glossary((word,)).mark("Kijk: <i> staat hier.")
    assert [tag for tag, _names in Tags(html).found] == ["button", "span", "b"]


@pytest.mark.parametrize("word", ["lt", "amp", "gt", "quot", "39"])
def test_a_word_is_not_found_inside_an_entity(word: str) -> None:
    glossary = Glossary((Word(word=word, meaning="iets"),))
    assert marked(glossary.mark("<b> & \"zo\" en 'zo'")) == []
    assert marked(glossary.mark(render("a < b & c > d"))) == []


def test_a_word_is_not_found_inside_a_tag() -> None:
    html = render('[lees](https://voorbeeld.nl/volger "een > volger")\n\nEen volger.')
    found = Glossary(WORDS).mark(html)
    assert shown(found) == html
    assert marked(found) == ["volger"]


@given(NASTY)
def test_plain_text_never_makes_another_tag(text: str) -> None:
    html = Glossary(WORDS).mark(text)
    assert {tag for tag, _names in Tags(html).found} <= {"button", "span", "b"}
    assert "".join(Tags(shown(html)).words) == text


@given(NASTY)
def test_clean_html_stays_what_it_was(text: str) -> None:
    html = render(text)
    assert shown(Glossary(WORDS).mark(html)) == html


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12), st.text(max_size=40))
def test_no_word_or_meaning_makes_another_tag(word: str, meaning: str, around: str) -> None:
    html = Glossary((Word(word=word, meaning=meaning),)).mark(f"{around} {word} {around}")
    assert {tag for tag, _names in Tags(html).found} <= {"button", "span", "b"}


@given(NASTY)
def test_words_are_found_where_the_list_finds_them(text: str) -> None:
    """What the list below a screen names, and what becomes a button in it, is the same, but for words inside longer ones."""
    found = {match.replace("&#39;", "'").lower() for match in marked(Glossary((FOLLOWER, PHOTO)).mark(text))}
    assert {word.word for word in (FOLLOWER, PHOTO) if word.stands_in(text)} == {form.removesuffix("s").removesuffix("'") for form in found}


def test_in_a_template_a_marked_text_is_not_escaped_again(app: Flask) -> None:
    glossary = Glossary(WORDS)
    with app.test_request_context():
        html = render_template_string("{{ mark('Een volger & meer') }}", mark=glossary.mark)
    assert shown(html) == "Een volger &amp; meer"
