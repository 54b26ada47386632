"""Every code has the class that MODEMS.md 2a gives it."""

from __future__ import annotations

import pytest

from gateway.at import read_final
from gateway.domain.causes import CME, CMS
from gateway.domain.failures import CONGESTION, FailureClass, Phase, classify, is_cms, reason_of
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
        ([8, 10, 28, 50, 69, 193, 302, 310, 311, 312, 313, 315, 316, 317, 318, 330, 772], L),
        ([17, 22, 41, 42, 47, 127, 192, 194, 331, 529, 530, 615, 616, 639, 640], N),
        ([27, 38], FailureClass.OUTAGE),
        ([208, 209, 211, 212, 314, 322, 515], B),
        ([81, 95, 96, 97, 98, 99, 111, 198, 199, 301, 303, 304, 305, 321], D),
        ([538, 549, 550, 551, 552, 553, 554], D),
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
        (cms(512), FailureClass.COLLISION),
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


VENDOR = {
    (ResultKind.CMS, 512): FailureClass.COLLISION,
    (ResultKind.CMS, 513): U,
    (ResultKind.CMS, 515): P,
    (ResultKind.CME, 3): L,
}


@pytest.mark.parametrize(
    ("result", "phase", "expected"),
    [
        (cms(512), Phase.AFTER_PDU, FailureClass.COLLISION),
        (cms(515), Phase.BEFORE_PDU, P),
        (cme(3), Phase.AFTER_PDU, L),
        (cms(513), Phase.AFTER_PDU, U),
        (cms(513), Phase.BEFORE_PDU, N),
        (cms(21), Phase.AFTER_PDU, P),
        (cms(None), Phase.BEFORE_PDU, N),
    ],
)
def test_a_vendors_own_meaning_wins_over_the_common_one(
    result: FinalResult, phase: Phase, expected: FailureClass
) -> None:
    assert classify(result, phase, VENDOR) is expected


def test_texts_have_the_class_of_their_codes() -> None:
    """AT+CMEE=2 (MODEMS.md 1.7): every text that there is, in the writing of a modem."""
    for kind, texts in ((ResultKind.CMS, CMS), (ResultKind.CME, CME)):
        for code, text in texts.items():
            result = read_final(f"{kind.value}: {text.upper()}")
            assert result is not None
            assert result.code is not None
            told = classify(result, Phase.AFTER_PDU)
            assert told is classify(FinalResult(kind=kind, code=result.code), Phase.AFTER_PDU)
            assert texts[result.code] == text, f"{code} is read as {result.code}"


@pytest.mark.parametrize(
    ("result", "codes", "expected"),
    [(cms(322), {322}, True), (cme(322), {322}, False), (cms(1), {322}, False), (None, {1}, False)],
)
def test_a_result_is_one_of_some_codes(
    result: FinalResult | None, codes: set[int], expected: bool
) -> None:
    assert is_cms(result, frozenset(codes)) is expected


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


@pytest.mark.parametrize(
    ("code", "too_much"),
    [
        (42, True),  # congestion
        (22, True),
        (47, True),  # resources unavailable
        (192, True),  # the service centre is busy
        (21, True),  # what operators bar too many messages with
        (332, True),  # the network answered too late
        (41, False),  # a failure of the moment: again at once
        (331, False),  # no coverage
        (38, False),  # out of order, or no credit
        (17, False),
        (500, False),
        (513, False),
    ],
)
def test_what_says_that_the_network_has_too_much(code: int, *, too_much: bool) -> None:
    assert is_cms(cms(code), CONGESTION) is too_much
