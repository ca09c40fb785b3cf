"""Tables as files: CSV for a spreadsheet in the Dutch manner, and XLSX. Text from people never becomes a formula or a link."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from flask import Response

Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]

# A spreadsheet reads a cell that begins with one of these as something to work out.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
WIDEST, MOST_IN_A_CELL, LONGEST_SHEET_NAME = 60, 32_000, 31
FORBIDDEN_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def to_csv(rows: Rows) -> bytes:
    """The rows as CSV: UTF-8 with a BOM and semicolons, as a Dutch Excel opens it. Texts that look like a formula get a '."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([_guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def to_xlsx(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook with a sheet per name. The first row of each is its head: bold, and it stays in view."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for name, allowed in _sheet_names(sheets):
        rows, sheet = sheets[name], book.add_worksheet(allowed)
        sheet.freeze_panes(1, 1)
        for column, width in enumerate(_widths(rows)):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, wrapped if number else bold)
    book.close()
    return out.getvalue()


def download(body: bytes, filename: str) -> Response:
    """A file to keep. The name says what it is and never whom it is about."""
    kind = XLSX if filename.endswith(".xlsx") else "text/csv; charset=utf-8"
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else "" if cell is None else cell


def _write(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell[:MOST_IN_A_CELL], style)
    else:
        sheet.write_number(row, column, cell, style)


def _widths(rows: Rows) -> Iterable[int]:
    columns = max((len(row) for row in rows), default=0)
    for column in range(columns):
        yield min(WIDEST, max(8, *(len(str(row[column])) + 2 for row in rows if column < len(row) and row[column] is not None), 8))


def _sheet_names(sheets: Mapping[str, Rows]) -> list[tuple[str, str]]:
    """Each name with what a workbook allows of it: 31 signs, not used twice."""
    found: list[tuple[str, str]] = []
    for name in sheets:
        clean = name.translate(FORBIDDEN_IN_A_SHEET_NAME).strip()[:LONGEST_SHEET_NAME] or "Blad"
        used = {short.casefold() for _name, short in found}
        number = 2
        while clean.casefold() in used:
            clean = f"{clean[: LONGEST_SHEET_NAME - 3]} {number}"
            number += 1
        found.append((name, clean))
    return found
