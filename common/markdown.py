"""Markdown to safe HTML. Raw HTML is never let through, headings start at h2, links go to http(s), mail or here."""

from __future__ import annotations

import re
from functools import lru_cache

import markdown
import nh3
from markdown.extensions import Extension
from markupsafe import Markup, escape

TAGS = {
    "p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h2", "h3", "h4", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td", "abbr", "dl", "dt", "dd", "hr",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
LONGEST = 100_000
DEEPEST_QUOTE = 12
ENDS_A_BLOCK = re.compile(r"^ {0,3}(#{1,6}|[=-]+ *$|([-*_] ?){3,}$|: )")
MOST_ABBREVIATIONS = 100


class _NoRawHtml(Extension):  # type: ignore[misc]  # the library has no types
    """Angle brackets of an author stay text."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  (the name is the library's)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")


def render(text: str) -> Markup:
    """One piece of lesson text as HTML that is safe to show. Raises ValueError above 100,000 characters."""
    if len(text) > LONGEST:
        raise ValueError("te lang")
    return _render(text)


@lru_cache(maxsize=2048)
def _render(text: str) -> Markup:
    md = markdown.Markdown(extensions=["tables", "sane_lists", "def_list", "abbr", _NoRawHtml()])
    try:
        html = md.convert(_shallow(text)).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    except RecursionError:  # lists in lists in lists, by the hundred: shown as it was typed
        html = f"<pre>{escape(text)}</pre>"
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer")
    return Markup(clean)  # noqa: S704  (nh3 has just cleaned it)


def _shallow(text: str) -> str:
    """Quotes, brackets and abbreviations without end would take the parser minutes; nobody writes them on purpose."""
    lines = []
    if text.count("*[") > MOST_ABBREVIATIONS:
        text = text.replace("*[", "* (")
    for line in text.split("\n"):
        quotes = len(line) - len(line.lstrip("> "))
        kept = line.lstrip("> ") if quotes > 2 * DEEPEST_QUOTE else line
        lines.append(kept if kept.count("[") <= 200 else kept.replace("[", "("))
        if ENDS_A_BLOCK.match(kept):
            lines.append("")  # the same to a reader; the parser would take the rest of the text along each time
    return "\n".join(lines)
