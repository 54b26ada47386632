from __future__ import annotations

import pytest

from gateway.sms import ReportVerdict, describe_status, remark_of, verdict_of


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        pytest.param(range(0x20), ReportVerdict.DELIVERED, id="completed"),
        pytest.param(range(0x20, 0x40), ReportVerdict.PENDING, id="still trying"),
        pytest.param(range(0x40, 0x60), ReportVerdict.FAILED, id="permanent"),
        pytest.param(range(0x60, 0x80), ReportVerdict.FAILED, id="temporary, no more tries"),
        pytest.param(range(0x80, 0x100), ReportVerdict.FAILED, id="reserved"),
    ],
)
def test_verdict_of_every_code(codes: range, verdict: ReportVerdict) -> None:
    assert {verdict_of(code) for code in codes} == {verdict}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0x00, "0x00 received"),
        (0x41, "0x41 incompatible destination"),
        (0x46, "0x46 validity period expired"),
        (0x30, "0x30 pending, specific to the service centre"),
        (0x05, "0x05 delivered, reserved"),
        (0x4F, "0x4F failed, reserved"),
        (0xAB, "0xAB failed, reserved"),
    ],
)
def test_words_are_stable(code: int, words: str) -> None:
    assert describe_status(code) == words


def test_a_plain_delivery_needs_no_words_and_all_else_has_them() -> None:
    silent = {code for code in range(256) if remark_of(code) is None}
    assert silent == {*range(0x03), *range(0x10, 0x20)}
    assert remark_of(0x05) == "0x05 delivered, reserved"


def test_codes_of_the_standard_have_names() -> None:
    nameless = ("reserved", "specific to the service centre")
    named = {code for code in range(256) if not describe_status(code).endswith(nameless)}
    assert named == {*range(0x03), *range(0x20, 0x26), *range(0x40, 0x4A), *range(0x60, 0x66)}


def test_every_code_has_words_of_its_own() -> None:
    assert len({describe_status(code) for code in range(256)}) == 256
