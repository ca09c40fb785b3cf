"""What leaves the app as a file opens as text, whatever a pupil is called."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from common.exports import download, to_csv, to_xlsx

NASTY = ["=1+1", "+31", "-2", "@SUM(A1)", "\tx", "\rx"]


@pytest.mark.parametrize("text", NASTY)
def test_a_name_that_looks_like_a_formula_stays_text_in_csv(text: str) -> None:
    assert to_csv([[text]]).decode("utf-8-sig").strip('"\r\n').startswith("'")


def test_csv_opens_in_a_dutch_spreadsheet() -> None:
    body = to_csv([["Leerling", "Aantal"], ["Zoë; Łucja", 3], ["Ömer", None]])
    assert body.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))[1:] == [["Zoë; Łucja", "3"], ["Ömer", ""]]


def test_a_negative_number_stays_a_number() -> None:
    assert to_csv([[-3]]).decode("utf-8-sig").strip() == "-3"


@pytest.mark.parametrize("text", [*NASTY, "http://example.org", "mailto:a@b.nl"])
def test_a_workbook_holds_text_and_no_formulas_or_links(text: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx({"Klas": [["Naam"], [text]]}))).worksheets[0]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].hyperlink is None


def test_sheet_names_that_a_workbook_does_not_allow_are_mended() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx({"Mag dit?/nee": [["a"]], "MAG DIT   nee": [[]], "x" * 40: [["b", 1.5]]})))
    assert len(set(book.sheetnames)) == 3
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_a_download_is_named_for_what_it_is() -> None:
    response = download(b"x", "netjes-klas.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="netjes-klas.csv"'
    assert response.mimetype == "text/csv"
