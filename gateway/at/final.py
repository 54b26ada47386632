"""Final results on the wire (3GPP TS 27.007 clause 9, TS 27.005 clause 3.2.5).

Whole lines only: an ``OK`` inside a text is no result. Numbers of ATV0, texts of CMEE=2, lower case
and text after the code are read alike (MODEMS.md 1.7).
"""

from __future__ import annotations

import re
from typing import Final

from gateway.domain.causes import CME, CMS
from gateway.domain.results import FinalResult, ResultKind

_LONGEST_FIXED: Final = 24
"""Characters of the longest result without a code; longer lines are not looked up."""

_FIXED: Final = {
    "OK": ResultKind.OK,
    "0": ResultKind.OK,
    "ERROR": ResultKind.ERROR,
    "4": ResultKind.ERROR,
    "NO CARRIER": ResultKind.NO_CARRIER,
    "3": ResultKind.NO_CARRIER,
    "COMMAND NOT SUPPORT": ResultKind.OTHER,
    "COMMAND NOT SUPPORTED": ResultKind.OTHER,
    "TOO MANY PARAMETERS": ResultKind.OTHER,
    "NA": ResultKind.OTHER,
}

_CODED: Final = re.compile(r"\+?(CM[ES]) ERROR\s*:\s*(.*)|(MODEM ERROR|ERROR)\s*:.*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,5}(?!\w)")


def _codes(texts: dict[int, str]) -> dict[str, int]:
    return {_key(text): code for code, text in reversed(texts.items())}


def _key(text: str) -> str:
    """Vendors write (U)SIM for SIM and differ in blanks, dashes and dots."""
    return re.sub(r"[^a-z0-9]", "", text.lower()).replace("usim", "sim")


_TEXTS: Final = {ResultKind.CMS: _codes(CMS), ResultKind.CME: _codes(CME)}


def read_final(text: str) -> FinalResult | None:
    """Return the final result that a line is, or None when it is none."""
    if len(text) <= _LONGEST_FIXED and (kind := _FIXED.get(text.upper())):
        return FinalResult(kind=kind, text=text)
    coded = _CODED.fullmatch(text)
    if coded is None:
        return None
    if coded.group(1) is None:
        error = coded.group(3).upper() == "ERROR"
        return FinalResult(kind=ResultKind.ERROR if error else ResultKind.OTHER, text=text)
    kind = ResultKind.CMS if coded.group(1).upper() == "CMS" else ResultKind.CME
    return FinalResult(kind=kind, code=_code(kind, coded.group(2)), text=text)


def _code(kind: ResultKind, written: str) -> int | None:
    if number := _NUMBER.match(written):
        return int(number.group())
    return _TEXTS[kind].get(_key(written))
