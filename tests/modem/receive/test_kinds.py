"""A report is told from a message by itself, not by what announced it."""

from __future__ import annotations

import pytest

from gateway.at import Stored
from gateway.modem.receive.kinds import Kind, is_empty_report, kind_of
from tests.modem.bench import DRAFT, MESSAGE, REPORT

ZTE = "0297F1061C0F910B487228297020F5317062419272803170624192138000"


@pytest.mark.parametrize(
    ("pdu", "length", "announced", "kind"),
    [
        (REPORT, 24, Kind.REPORT, Kind.REPORT),
        (REPORT, 24, Kind.MESSAGE, Kind.REPORT),
        (REPORT, None, Kind.OTHER, Kind.REPORT),
        (REPORT, 25, Kind.REPORT, Kind.REPORT),
        (ZTE, 27, Kind.REPORT, Kind.REPORT),
        (MESSAGE, 35, Kind.REPORT, Kind.MESSAGE),
        (DRAFT, 18, Kind.REPORT, Kind.OTHER),
        (DRAFT, 18, Kind.OTHER, Kind.OTHER),
        ("07", 24, Kind.REPORT, Kind.REPORT),
        ("07", 24, Kind.OTHER, Kind.OTHER),
    ],
)
def test_kinds(pdu: str, length: int | None, announced: Kind, kind: Kind) -> None:
    assert kind_of(Stored(index=None, pdu=pdu, length=length), announced) is kind


@pytest.mark.parametrize(
    ("pdu", "empty"),
    [
        (REPORT, False),
        (ZTE, False),
        (MESSAGE, False),
        ("07917248014000F506000081" + "0" * 30, True),
        ("00060000" + "80" + "0" * 30, True),
        ("0006000A81" + "0" * 40, True),
    ],
)
def test_a_report_on_nobody_is_empty(pdu: str, empty: bool) -> None:
    assert is_empty_report(Stored(index=None, pdu=pdu, length=None)) is empty
