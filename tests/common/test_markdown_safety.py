"""Text of authors: raw HTML stays text, addresses stay harmless, and odd text takes no longer than a page."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest

from common.markdown import LONGEST, render

MAD = {
    "brackets": "[" * 5000,
    "closed brackets": "[" * 2500 + "]" * 2500,
    "links without end": "[a](" * 5000,
    "pictures without end": "![a](" * 5000,
    "stars": "*" * 5000,
    "stars and words": "**a *b " * 4000,
    "underscores": "_a" * 9000,
    "quotes": ">" * 5000,
    "quotes with text": "> " * 2000 + "x",
    "lists in lists": "\n".join("  " * n + "- x" for n in range(300)),
    "backticks": "`" * 5000,
    "angle brackets": "<" * 50_000,
    "tags": "<b>" * 9000,
    "ampersands": "&#x" * 9000,
    "tables": "|a|b|\n|-|-|\n" + "|x|y|\n" * 8000,
    "headings": "# a\n" * 25_000,
    "lines": "---\n" * 25_000,
    "underlined": "a\n=\n" * 25_000,
    "definitions": "a\n: b\n" * 14_000,
    "definitions in definitions": "\n".join("    " * n + "a\n" + "    " * n + ":   b" for n in range(200)),
    "lists in lists in lists": "\n".join("    " * n + "- a" for n in range(220)),
    "references": "".join(f"[a{n}]: b\n" for n in range(9000)),
    "a long line": "woord " * 16_000,
    "abbreviations": "\n".join(f"*[w{n}]: x" for n in range(3000)) + "\n\n" + "w1 w2 " * 500,
    "backslashes": "\\" * 50_000,
    "blank": "\n" * 90_000,
}
DANGEROUS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<form action=//elders><input name=wachtwoord></form>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "<a href='javascript:alert(1)'>x</a>",
    "![x](https://elders.example/p.png)",
    "<style>*{display:none}</style>",
    "<iframe src=https://elders.example></iframe>",
    "<svg/onload=alert(1)>",
    '[x](x "onmouseover=alert(1)")',
    "<div style='position:fixed'>x</div>",
    "`<script>`",
    "[x]: javascript:alert(1)\n\n[x]",
    "<!-- <b> --><b onclick=x>x</b>",
    '<math><mi//xlink:href="data:x">',
    "a{: onclick=alert(1) }",
    "<base href=//elders>",
    "<meta http-equiv=refresh content=0>",
    "\x00<script>",
    "<scr<script>ipt>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)
HARMLESS = {"p", "a", "br", "strong", "em", "ul", "ol", "li", "code", "pre", "h2", "h3", "h4", "blockquote", "abbr", "dl", "dt", "dd"}


class _Seen(HTMLParser):
    """What a browser would make of it: the tags, and the attributes with their values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attributes]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_author_text_becomes_code_a_form_or_a_request(text: str) -> None:
    seen = _Seen(render(text))
    assert seen.tags <= HARMLESS
    assert {name for name, _value in seen.attributes} <= {"href", "title", "rel"}
    addresses = [value.lower() for name, value in seen.attributes if name == "href"]
    assert [found for found in addresses if ":" in found and not found.startswith(("http:", "https:", "mailto:"))] == []


@pytest.mark.parametrize("kind", MAD)
def test_mad_text_takes_no_longer_than_a_page(kind: str) -> None:
    """A bound against blow-up, generous for a busy machine; a page takes milliseconds."""
    began = time.thread_time()
    render(MAD[kind][:LONGEST])
    assert time.thread_time() - began < 4


def test_a_hundred_kilobytes_of_lesson_is_read_in_a_breath() -> None:
    text = ("## Een kop\n\nEen **zin** met een [link](https://school.example) en *nadruk*. Nog een zin.\n\n- een\n- twee\n\n" * 1200)[
        :LONGEST
    ]
    began = time.thread_time()
    assert "<h2>" in render(text)
    assert time.thread_time() - began < 4


def test_longer_than_a_hundred_thousand_signs_is_refused() -> None:
    with pytest.raises(ValueError, match="lang"):
        render("a" * (LONGEST + 1))


def test_headings_begin_at_the_second_and_links_stay_with_the_school() -> None:
    html = render("# Kop\n\n[hier](/afspraken) en [daar](https://school.example)")
    assert "<h1" not in html
    assert 'rel="noopener noreferrer"' in html


def test_a_list_of_definitions_stays_one_list() -> None:
    html = render("Account\n: jouw plek in een app\nProfiel\n: wat anderen zien\n\nEn verder.")
    assert html.count("<dl>") == 1
    assert html.count("<dt>") == html.count("<dd>") == 2


def test_a_heading_a_line_and_a_table_are_read_as_before() -> None:
    html = render("# Kop\nTekst\n\n---\n\nOnderstreept\n---\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n")
    assert html.count("<h2>") == 2
    assert html.count("<hr>") == 1
    assert html.count("<td>") == 2
