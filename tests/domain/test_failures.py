"""Every code has the class that MODEMS.md 2a gives it."""

from __future__ import annotations

import pytest

from gateway.domain.failures import FailureClass, Phase, classify, reason_of
from gateway.domain.results import FinalResult, ResultKind

P, L, N = FailureClass.PERMANENT, FailureClass.LINE, FailureClass.NETWORK
B, D, U = FailureClass.BUSY, FailureClass.DRIVER, FailureClass.UNKNOWN


def cms(code: int | None) -> FinalResult:
    return FinalResult(kind=ResultKind.CMS, code=code, text=f"+CMS ERROR: {code}")


def cme(code: int | None) -> FinalResult:
    return FinalResult(kind=ResultKind.CME, code=code, text=f"+CME ERROR: {code}")


ERROR = FinalResult(kind=ResultKind.ERROR, text="ERROR")
NOT_SUPPORTED = FinalResult(kind=ResultKind.OTHER, text="COMMAND NOT SUPPORT")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([1, 21, 29, 30, 128, 144, 145, 176, 195, 196, 531], P),
        ([8, 10, 28, 50, 69, 193, 208, 302, 310, 311, 316, 318, 322, 330, 772], L),
        ([17, 22, 27, 38, 41, 42, 47, 127, 192, 194, 331, 529, 615], N),
        ([212, 314, 515], B),
        ([81, 95, 99, 111, 198, 199, 303, 304, 305, 321, 538, 549, 554], D),
        ([197], FailureClass.DUPLICATE),
    ],
)
@pytest.mark.parametrize("phase", Phase)
def test_cms_codes_that_mean_the_same_at_any_time(
    codes: list[int], expected: FailureClass, phase: Phase
) -> None:
    assert {code: classify(cms(code), phase) for code in codes} == dict.fromkeys(codes, expected)


@pytest.mark.parametrize(
    ("result", "before"),
    [
        (cms(300), L),
        (cms(332), N),
        (cms(500), N),
        (cms(512), B),
        (cms(513), N),
        (cms(514), N),
        (cms(517), N),
        (cms(3517), N),
        (cms(None), N),
        (cme(0), L),
        (cme(1), L),
        (cme(31), N),
        (cme(100), D),
        (cme(3517), N),
        (cme(None), N),
        (ERROR, N),
        (NOT_SUPPORTED, N),
        (FinalResult(kind=ResultKind.NO_CARRIER), N),
    ],
)
def test_results_that_prove_nothing_after_the_pdu(
    result: FinalResult, before: FailureClass
) -> None:
    assert classify(result, Phase.BEFORE_PDU) is before
    assert classify(result, Phase.AFTER_PDU) is U


@pytest.mark.parametrize(
    ("code", "expected"),
    [(3, D), (4, D), (10, L), (11, L), (14, B), (16, L), (20, D), (30, N), (32, N), (515, B)],
)
def test_cme_codes(code: int, expected: FailureClass) -> None:
    assert classify(cme(code), Phase.AFTER_PDU) is expected


def test_ok_is_no_failure() -> None:
    with pytest.raises(ValueError, match="OK"):
        classify(FinalResult(kind=ResultKind.OK), Phase.AFTER_PDU)


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (cms(21), "cms 21 short message transfer rejected"),
        (cms(517), "cms 517"),
        (cms(None), "cms error without a known code"),
        (cme(10), "cme 10 SIM not inserted"),
        (ERROR, "error"),
        (NOT_SUPPORTED, "command not support"),
        (FinalResult(kind=ResultKind.NO_CARRIER), "no carrier"),
    ],
)
def test_reasons_are_short_words(result: FinalResult, reason: str) -> None:
    assert reason_of(result) == reason
