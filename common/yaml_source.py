"""YAML with the place of every value: strict YAML 1.2, no doubles, and problems with line and column."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from common.problems import Problem

M = TypeVar("M", bound=BaseModel)
DEEPEST = 40

WORDS = {
    "missing": ("{field} ontbreekt", "voeg de regel {field}: toe"),
    "extra_forbidden": ("{field} is hier geen bekend veld", "haal het weg of verbeter de naam"),
    "string_type": ("{field} moet tekst zijn", "zet de tekst tussen dubbele aanhalingstekens"),
    "int_type": ("{field} moet een heel getal zijn", "schrijf een getal zonder aanhalingstekens"),
    "bool_type": ("{field} moet true of false zijn", "schrijf true of false"),
    "list_type": ("{field} moet een lijst zijn", "schrijf elk deel op een regel die met - begint"),
    "tuple_type": ("{field} moet een lijst zijn", "schrijf elk deel op een regel die met - begint"),
    "dict_type": ("{field} moet velden hebben", "schrijf er naam: waarde onder"),
    "model_type": ("{field} moet velden hebben", "schrijf er naam: waarde onder"),
    "model_attributes_type": ("{field} moet velden hebben", "schrijf er naam: waarde onder"),
    "literal_error": ("{field} heeft een onbekende waarde", "kies uit: {expected}"),
    "enum": ("{field} heeft een onbekende waarde", "kies uit: {expected}"),
    "union_tag_invalid": ("{field} heeft een onbekende soort", "kies uit: {expected_tags}"),
    "union_tag_not_found": ("{field} zegt niet welke soort het is", "voeg type: of kind: toe"),
    "string_too_short": ("{field} is leeg", "vul een tekst in"),
    "string_too_long": ("{field} is te lang", "hooguit {max_length} tekens"),
    "string_pattern_mismatch": ("{field} heeft een verkeerde vorm", "gebruik kleine letters, cijfers en streepjes"),
    "too_short": ("{field} heeft te weinig delen", "ten minste {min_length}"),
    "too_long": ("{field} heeft te veel delen", "hooguit {max_length}"),
}


class Source:
    """One YAML text with where each value stands. data is plain Python: dict, list, str, int, float, bool, None."""

    def __init__(self, file: str, text: str, first_line: int = 1) -> None:
        self.file, self.text, self.first_line = file, text, first_line
        self.problems: list[Problem] = []
        self.data: Any = None
        self._root: Node | None = None
        deep = _line_that_nests_too_deep(text)
        if deep:
            self.problems.append(Problem(file, first_line + deep - 1, "hier staan te veel haken in elkaar", "haal haken weg"))
            return
        try:
            self._root, self.data = _composed_and_constructed(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = first_line + (mark.line if mark else 0)
            column = mark.column + 1 if mark else 0
            self.problems.append(
                Problem(
                    file,
                    line,
                    f"dit is geen geldige YAML: {error.problem}",
                    "kijk naar inspringen, aanhalingstekens en dubbele namen",
                    column,
                )
            )
        except (YAMLError, ValueError, RecursionError) as error:
            self.problems.append(Problem(file, first_line, f"dit is geen geldige YAML: {error}", "verwijder vreemde tekens"))

    def place(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Line and column (from 1) of the value at a path; of its nearest parent when it is not there."""
        node, mark = self._root, None
        for part in path:
            found = _child(node, part)
            if found is None:
                continue
            mark, node = found
        mark = mark or (self._root.start_mark if self._root else None)
        return (self.first_line + mark.line, mark.column + 1) if mark else (self.first_line, 0)

    def problem(self, path: Sequence[str | int], message: str, remedy: str) -> Problem:
        line, column = self.place(path)
        return Problem(self.file, line, message, remedy, column)

    def parse(self, model: type[M]) -> M | None:
        """The text as a model; None with self.problems filled when it does not fit."""
        if self.problems:
            return None
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            for fault in error.errors():
                path = [part for part in fault["loc"] if not (isinstance(part, str) and part.startswith("function-"))]
                self.problems.append(self._told(fault, path))
            return None

    def _told(self, fault: Any, path: list[str | int]) -> Problem:
        context = {k: str(v) for k, v in (fault.get("ctx") or {}).items()}
        field = str(path[-1]) if path else "het bestand"
        message, remedy = WORDS.get(fault["type"], ("{field}: {error}", "verbeter de waarde"))
        if fault["type"] == "value_error":
            message, _, remedy = str(fault["ctx"]["error"]).partition(" → ")
        fill = {"field": field, "error": fault["msg"], **context}
        where = " › ".join(str(part) for part in path[:-1])
        told = message.format_map(_Lenient(fill))
        return self.problem(path, f"{where}: {told}" if where else told, (remedy or "verbeter de waarde").format_map(_Lenient(fill)))


def _composed_and_constructed(text: str) -> tuple[Node | None, Any]:
    """The nodes with their places and the values made from them, reading the text once (it is the slow part)."""
    yaml = YAML(typ="safe", pure=True)
    constructor, _parser = yaml.get_constructor_parser(io.StringIO(text))
    node = constructor.composer.get_single_node()
    return node, None if node is None else constructor.construct_document(node)


def _line_that_nests_too_deep(text: str) -> int:
    """The first line with more open brackets than anybody writes; 0 when there is none. The parser would take seconds over it."""
    for number, line in enumerate(text.split("\n"), 1):
        depth = 0
        for sign in line:
            depth += (sign in "[{") - (sign in "]}")
            if depth > DEEPEST:
                return number
    return 0


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


def _child(node: Node | None, part: str | int) -> tuple[Any, Node] | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark, value
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark, node.value[part]
    return None
