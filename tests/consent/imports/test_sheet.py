"""Files: whatever program wrote them, their rows are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.consent.imports.columns import find_columns
from gateway.consent.imports.sheet import SheetError, read_sheet

ROWS = [["phone", "source"], ["+447700900123", "Zoë's form, second floor"]]


def write(path: Path, delimiter: str, encoding: str) -> Path:
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in ROWS]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "understood"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_encoding_and_delimiter_are_recognised(
    tmp_path: Path, delimiter: str, encoding: str, understood: str
) -> None:
    sheet = read_sheet(write(tmp_path / "a.csv", delimiter, encoding))
    assert (sheet.encoding, sheet.delimiter) == (understood, delimiter)
    assert sheet.header == ("phone", "source")
    assert list(sheet.rows()) == [(2, ROWS[1])]


def test_what_excel_says_of_the_delimiter_is_no_header(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("sep=;\nphone;source\n1;a,b\n")
    sheet = read_sheet(file)
    assert (sheet.delimiter, sheet.header) == (";", ("phone", "source"))
    assert list(sheet.rows()) == [(3, ["1", "a,b"])]


def test_a_row_is_named_by_its_line_though_a_cell_has_several(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('phone,text\n1,"one\ntwo"\n\n , \n2,three\n')
    assert [line for line, _ in read_sheet(file).rows()] == [3, 6]


@pytest.mark.parametrize(
    ("octets", "says"),
    [(b"", "is empty"), (b"PK\3\4\0\0", "not a workbook"), (b"a,\x81\x8d", "is no text")],
)
def test_what_is_no_table_is_one_sentence(tmp_path: Path, octets: bytes, says: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(octets)
    with pytest.raises(SheetError, match=says):
        read_sheet(file)


@pytest.mark.parametrize(
    ("header", "facts", "says_sms"),
    [
        ("Phone Number,SMS Consent,SMS Consent Timestamp", "phone state at", True),
        ("phone,state,opt_in_level,consent_updated_at,consent_collected_from", None, False),
        ("To;Accepts SMS Marketing".replace(";", ","), "phone state", True),
        ("msisdn,consent,consentedAt,textVersion", "phone state at text_version", False),
    ],
)
def test_the_columns_of_known_systems_are_recognised(
    header: str, facts: str | None, says_sms: bool
) -> None:
    columns = find_columns(header.split(","))
    wanted = (facts or "phone state opt_in_level at source").split()
    assert set(columns.places) == set(wanted)
    assert (columns.says_sms, columns.ignored) == (says_sms, ())


def test_a_file_without_numbers_is_refused() -> None:
    with pytest.raises(SheetError, match="no column has the numbers"):
        find_columns(["email", "consent"])


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(SheetError, match="names state twice"):
        find_columns(["phone", "State", "state"])
