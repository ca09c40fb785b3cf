"""Joining modules into the script that names them, without a build step: a page of a lesson then asks for one file.

Only the forms that our own modules use are understood; anything else stops the start, with the file and what to do. Pure.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

STATIC_IMPORT = re.compile(
    r"""^import\s+(?:\{(?P<names>[^}]*)\}|\*\s+as\s+(?P<all>\w+))\s+from\s+(['"])(?P<path>[^'"]+)\3;$""", re.MULTILINE
)
DYNAMIC_IMPORT = re.compile(r"""\bimport\(\s*(['"])(?P<path>[^'"]+)\1\s*\)""")
EXPORT = re.compile(r"^export\s+(?=(?:async\s+function|function\*?|const|class)\s+(?P<name>\w+))", re.MULTILINE)
EXPORT_LIST = re.compile(r"^export\s*\{(?P<names>[^}]*)\};?[ \t]*$", re.MULTILINE)
NOT_UNDERSTOOD = re.compile(r"^(?:import\b(?!\s*\().*|export\b.*)$", re.MULTILINE)
REMARK = re.compile(r"^[ \t]*(?://.*|/\*(?!!)(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)

LOADER = """const $made = {};
const $load = (name) => ($made[name] ??= $parts[name]());
const $later = (name) => Promise.resolve(name).then($load);
"""


class NotUnderstood(ValueError):
    """A module is written in a way that cannot be joined."""


def orders(text: str) -> dict[str, list[str]]:
    """The sections of an ORDER file: the name in brackets and the files below it."""
    found: dict[str, list[str]] = {}
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("["):
            current = found.setdefault(line.strip("[] "), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return found


def target_of(name: str, path: str) -> str:
    """The file that a module imports, seen from the static folder: js/main.js and ./modules/x.js give js/modules/x.js."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def joined(name: str, read: Callable[[str], str], parts: list[str]) -> str:
    """The script with these modules in itself. Each is run when it is first asked for, and once, as the browser would."""
    inside = set(parts)
    modules = ",\n".join(f'"{part}": () => {{\n{_as_part(part, read(part), inside)}}}' for part in parts)
    return f"const $parts = {{\n{modules}\n}};\n{LOADER}{_without_imports(name, read(name), inside)}"


def _as_part(name: str, text: str, inside: set[str]) -> str:
    exported: dict[str, str] = {}

    def of_list(match: re.Match[str]) -> str:
        exported.update(_pairs(match["names"]))
        return ""

    exported.update({match["name"]: match["name"] for match in EXPORT.finditer(text)})
    text = EXPORT.sub("", EXPORT_LIST.sub(of_list, text))
    given = ", ".join(f"{outside}: {own}" if outside != own else own for own, outside in exported.items())
    return f"{_without_imports(name, text, inside)}\nreturn {{ {given} }};\n"


def _pairs(names: str) -> Mapping[str, str]:
    """The names in braces, with what they are called on the other side."""
    parts = [part.split() for part in names.split(",") if part.strip()]
    return {words[0]: words[-1] for words in parts}


def _without_imports(name: str, text: str, inside: set[str]) -> str:
    def static(match: re.Match[str]) -> str:
        target = target_of(name, match["path"])
        if target not in inside:
            raise NotUnderstood(f"static/{name} importeert {target}: noem dat bestand ook in static/js/ORDER")
        names = ", ".join(own if own == there else f"{there}: {own}" for there, own in _pairs(match["names"] or "").items())
        return f'const {match["all"] or f"{{ {names} }}"} = $load("{target}");'

    def dynamic(match: re.Match[str]) -> str:
        target = target_of(name, match["path"])
        return f'$later("{target}")' if target in inside else match[0]

    text = DYNAMIC_IMPORT.sub(dynamic, STATIC_IMPORT.sub(static, REMARK.sub("", text)))
    strange = NOT_UNDERSTOOD.search(text)
    if strange:
        raise NotUnderstood(f"static/{name} kan niet worden samengevoegd: {strange[0][:80]}")
    return text
