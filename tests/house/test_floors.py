"""The floors of the house: a room uses what lies below it, never what is above or beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = [{"common"}, {"access"}, {"accounts", "protocols", "revisions"}, {"schools", "quizzes"}, {"lessons"},
          {"progress", "classroom", "editor"}]  # fmt: skip
ROOMS = sorted(set().union(*FLOORS))
# What stands on top of all rooms and may know every one of them; no room knows these.
ROOF = {"app", "commands", "demo", "demo_history", "demo_plans", "demo_words", "navigation", "config"}
# What a pure heart may not know: a request, a table or the time.
IMPURE = {"flask", "flask_login", "flask_babel", "sqlalchemy", "common.database", "common.clock"}


def _floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def _imports(file: Path) -> Iterator[str]:
    """Every module that a file imports; what is for the types only does not count."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    only_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in only_types:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_only_from_floors_below(room: str) -> None:
    below = set().union(*FLOORS[: _floor_of(room)]) | {room}
    wrong = {
        f"{file.relative_to(ROOT)} imports {module}"
        for file in (ROOT / room).rglob("*.py")
        for module in _imports(file)
        if (module.partition(".")[0] in set(ROOMS) - below) or module.partition(".")[0] in ROOF
    }
    assert not wrong


def test_every_room_is_on_a_floor() -> None:
    rooms = {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert rooms == set(ROOMS)


@pytest.mark.parametrize("file", sorted(ROOT.glob("*/domain.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_domain_knows_no_request_no_table_and_no_clock(file: Path) -> None:
    wrong = {module for module in _imports(file) if module in IMPURE or module.partition(".")[0] in IMPURE}
    assert not wrong


@pytest.mark.parametrize("room", ROOMS)
def test_actions_flush_and_never_commit(room: str) -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in (ROOT / room).rglob("*.py")
        if file.name != "database.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert not wrong, f"only common/database.py commits: {wrong}"
