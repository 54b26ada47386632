"""Final results: every form of them, and nothing else."""

from __future__ import annotations

import pytest

from gateway.at import read_final
from gateway.domain.results import ResultKind


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("OK", ResultKind.OK, None),
        ("ok", ResultKind.OK, None),
        ("0", ResultKind.OK, None),
        ("ERROR", ResultKind.ERROR, None),
        ("4", ResultKind.ERROR, None),
        ("ERROR: 5", ResultKind.ERROR, None),
        ("NO CARRIER", ResultKind.NO_CARRIER, None),
        ("COMMAND NOT SUPPORT", ResultKind.OTHER, None),
        ("MODEM ERROR: 3", ResultKind.OTHER, None),
        ("NA", ResultKind.OTHER, None),
        ("+CMS ERROR: 500", ResultKind.CMS, 500),
        ("+CMS ERROR:500", ResultKind.CMS, 500),
        ("+cms error : 38", ResultKind.CMS, 38),
        ("+CMS ERROR: 500 (unknown error)", ResultKind.CMS, 500),
        ("CMS ERROR: 304", ResultKind.CMS, 304),
        ("+CMS ERROR: SIM busy", ResultKind.CMS, 314),
        ("+CMS ERROR: invalid memory index", ResultKind.CMS, 321),
        ("+CME ERROR: 3517", ResultKind.CME, 3517),
        ("+CME ERROR: SIM not inserted", ResultKind.CME, 10),
        ("+CME ERROR: (U)SIM not inserted", ResultKind.CME, 10),
        ("+CME ERROR: no network service", ResultKind.CME, 30),
        ("+CME ERROR: SIM BUSY", ResultKind.CME, 14),
        ("+CME ERROR: operation temporary not allowed", ResultKind.CME, None),
        ("+CME ERROR:", ResultKind.CME, None),
    ],
)
def test_results_are_read(text: str, kind: ResultKind, code: int | None) -> None:
    result = read_final(text)
    assert result is not None
    assert (result.kind, result.code, result.text) == (kind, code, text)


@pytest.mark.parametrize(
    "text",
    [
        "OKAY",
        "NOT OK",
        "ERRORS",
        "ALL OK",
        "+CMGS: 0",
        "00",
        "40",
        "+CMSERROR",
        "ERROR in line",
        "K",
    ],
)
def test_whole_lines_only(text: str) -> None:
    assert read_final(text) is None
