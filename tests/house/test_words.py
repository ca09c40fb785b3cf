"""Addresses, templates, settings and documents keep the manners of the house."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import ForeignKey

from common.database import Base
from tests.house.test_floors import ROOMS

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
KEBAB = re.compile(r"^(/([a-z]+(-[a-z]+)*(\.[a-z]+)?|<[a-z_:(), .]+>|[a-z]+\.<[a-z_:(), ]+>))*/?$")
# Dutch words that English has too are fine; these would be English ones in an address.
ENGLISH = {"lessons", "classes", "pupils", "staff", "help", "settings", "new", "edit", "delete", "login", "logout", "rules", "school"}
FROM_IMPORT = re.compile(r"{%-?\s*from\s+(['\"])([^'\"]+)\1\s+import\s+(.+?)-?%}", re.DOTALL)


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_addresses_are_dutch_words_with_dashes(app: Flask) -> None:
    addresses = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    assert [address for address in addresses if not KEBAB.match(address)] == []
    english = [address for address in addresses if ENGLISH & set(re.findall(r"[a-z]+", re.sub(r"<[^>]*>", "", address)))]
    assert english == []


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_a_template_holds_no_inline_script_or_style(file: Path) -> None:
    text = re.sub(r"{#.*?#}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style[\s>]|\sstyle=|\son[a-z]+=\"|javascript:", text), "the content security policy forbids it"
    assert not [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
    assert "https://" not in text.replace("https://www.w3.org", "") or _only_links(text), "nothing is fetched from elsewhere"


def _only_links(text: str) -> bool:
    """Whether every foreign address is one that a person clicks, not one that the browser fetches."""
    return not re.search(r"(src|srcset|data|action|poster)=\"https?://|<link[^>]+https?://", text)


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_a_template_uses_every_macro_that_it_imports(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    body = FROM_IMPORT.sub("", text)
    unused = []
    for match in FROM_IMPORT.finditer(text):
        for part in match[3].replace("with context", "").split(","):
            name = part.split(" as ")[-1].strip()
            if not re.search(rf"\b{re.escape(name)}\b", body):
                unused.append(name)
    assert not unused


@pytest.mark.parametrize("file", TEMPLATES, ids=_name)
def test_a_template_never_switches_escaping_off(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if _name(file) == "templates/components/icons.html":
        text = text.replace("|safe", "", 1)  # the drawings of our own, a table in that very file
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", text)


def test_each_ignored_lint_rule_carries_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    first = lines.index("ignore = [") + 1
    ignored = lines[first : first + lines[first:].index("]")]
    assert ignored
    assert [line for line in ignored if "#" not in line] == []


@pytest.mark.parametrize("room", [*ROOMS, "bench"])
def test_each_exception_in_the_code_carries_its_reason(room: str) -> None:
    bare = []
    for file in (ROOT / room).rglob("*.py"):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"# noqa\b(?!: [A-Z]+\d+)", line):
                bare.append(f"{_name(file)}:{number}")
    assert not bare, "say which rule and why"


def test_settings_are_all_documented() -> None:
    names = set(re.findall(r"\"([A-Z][A-Z_]{3,})\"", (ROOT / "config.py").read_text(encoding="utf-8")))
    levels = {"DEBUG", "INFO", "WARNING", "ERROR"}
    documented = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")) if file.exists())
    assert {name for name in names - levels if f"`{name}`" not in documented} == set()


def test_every_column_about_a_person_stands_in_the_processing_register() -> None:
    """docs/privacy/verwerkingen.md names tabel.kolom, or tabel.* for a whole table."""
    register = (ROOT / "docs" / "privacy" / "verwerkingen.md").read_text(encoding="utf-8")
    missing = []
    for table in Base.metadata.sorted_tables:
        about_a_person = table.name == "person" or any(
            isinstance(key, ForeignKey) and key.column.table.name == "person" for column in table.columns for key in column.foreign_keys
        )
        if not about_a_person or f"`{table.name}.*`" in register:
            continue
        personal = (
            table.columns if table.name in ("person", "sign_in") else [c for c in table.columns if c.foreign_keys and c.name != "school_id"]
        )
        missing += [
            f"{table.name}.{column.name}" for column in personal if column.name != "id" and f"`{table.name}.{column.name}`" not in register
        ]
    assert missing == []


def test_the_package_says_its_licence_and_its_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "EUPL-1.2"
    assert project["requires-python"] == ">=3.11"


def test_pins_carry_hashes_and_no_place_of_the_machine_that_made_them() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--find-links" not in text
        assert "file://" not in text
        packages = re.findall(r"^[a-z0-9._-]+(?:\[[a-z]+\])?==", text, re.MULTILINE)
        assert len(packages) > 10
        assert all("--hash=sha256:" in part for part in re.split(r"\n(?=[a-z0-9])", text.strip())[1:] if "==" in part)


@pytest.mark.parametrize("file", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]), ids=_name)
def test_a_document_points_only_to_what_is_there(file: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", file.read_text(encoding="utf-8"))
    own = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in own if not (file.parent / target).exists()] == []


def test_the_front_door_names_every_target_in_its_help() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)[1].split())  # type: ignore[index]
    assert {name for name in targets if not re.search(rf"^{name}:.*## \w", text, re.MULTILINE)} == set()
