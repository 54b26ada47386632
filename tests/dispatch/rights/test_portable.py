"""What a person takes along as a table is text to a spreadsheet, whatever they wrote."""

from __future__ import annotations

import csv
import io

import pytest

from gateway.dispatch.rights.access import portable_table


@pytest.mark.rule("G-9")
@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("https://evil.example")', '\'=HYPERLINK("https://evil.example")'),
        ("@SUM(1)", "'@SUM(1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("+447700900123", "+447700900123"),
        ("Is it blue?", "Is it blue?"),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    reply = {"store": "acme", "received_at": "2026-11-23T09:00:00Z", "text": text}
    nothing: dict[str, list[object]] = {"profile": [], "consents": [], "orders": []}
    table = portable_table({"data": {"replies": [reply], **nothing}})
    assert list(csv.reader(io.StringIO(table)))[1][-1] == cell
