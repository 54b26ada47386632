"""Texts of USSD: written in three forms, and read by what they are instead of what is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.at import read_ussd
from gateway.domain.errors import EncodeError
from gateway.sms import pack_ussd, read_ussd_text, ucs2_ussd
from gateway.sms.ussd import MAX_TEXT

TRANSCRIPTS = Path(__file__).parents[3] / "shared" / "data" / "modem" / "transcripts"


@pytest.mark.parametrize(
    ("text", "packed"),
    [("*100#", "AA180C3602"), ("1234567", "31D98C56B3DD1A"), ("12345678", "31D98C56B3DD70")],
)
def test_requests_are_packed_with_a_filler_behind_seven(text: str, packed: str) -> None:
    assert pack_ussd(text) == packed


def test_requests_in_ucs2() -> None:
    assert ucs2_ussd("*99#") == "002A003900390023"


def test_what_the_alphabet_lacks_is_refused() -> None:
    with pytest.raises(EncodeError, match="'☃'"):
        pack_ussd("*1☃#")


@given(st.text("0123456789*#", min_size=10, max_size=MAX_TEXT))
def test_requests_are_read_back(text: str) -> None:
    assert read_ussd_text(pack_ussd(text)) == text
    assert read_ussd_text(ucs2_ussd(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Your balance is £12.50. Valid until 12/12/2026",
        "Ihr Guthaben beträgt 7,95 €",
        "1 Top up\n2 Balance\n3 Data",
    ],
)
def test_texts_are_read_in_all_forms(text: str) -> None:
    assert read_ussd_text(text) == text
    assert read_ussd_text(pack_ussd(text)) == text
    assert read_ussd_text(ucs2_ussd(text)) == text


@pytest.mark.parametrize(
    "text",
    ["Баланс: 12,50 грн", "您的余额为 12.50 元", "잔액은 5000원입니다", "الرصيد 5.00", "शेष 5 रु"],
)
def test_texts_of_other_scripts_are_read(text: str) -> None:
    assert read_ussd_text(ucs2_ussd(text)) == text


@pytest.mark.parametrize(
    "text", ["2500", "1234", "12345678", "20260515", "07700900123", "5", "FACE", "+44", "3.50"]
)
def test_a_number_is_not_taken_for_a_coded_text(text: str) -> None:
    assert read_ussd_text(text) == text


def test_garbage_behind_the_end_is_cut() -> None:
    for end in ("0000", "FFFF"):
        assert read_ussd_text(ucs2_ussd("Balance 5") + end + "60B16260EEEEFFFF") == "Balance 5"


def test_a_text_that_was_cut_in_the_middle_of_a_character_is_read_up_to_it() -> None:
    for cut in (1, 2, 3):
        assert read_ussd_text(ucs2_ussd("Balance 5")[:-cut]) == "Balance"


def test_septets_that_came_as_octets_are_characters() -> None:
    assert read_ussd_text("\x01" + "5.00") == "£5.00"


def test_a_text_is_no_longer_than_a_message_can_be() -> None:
    assert len(read_ussd_text("x" * 1000)) == MAX_TEXT


@given(st.text("0123456789ABCDEFabcdef\n\0 ,", max_size=400) | st.text(max_size=400))
def test_anything_is_read_as_something(raw: str) -> None:
    assert len(read_ussd_text(raw)) <= MAX_TEXT


def test_answers_of_real_modems() -> None:
    """gammu's dumps: an E160, an M35, an E3276, a Dell and an HE910 with its garbage."""
    if not TRANSCRIPTS.is_dir():
        pytest.skip("the transcripts of real modems are not on this machine")
    dump = (TRANSCRIPTS / "gammu-at-ussd.txt").read_text()
    said = [read_ussd(line) for line in re.findall(r"(?m)^(\+CUSD:.*)<LF>$", dump)]
    texts = [read_ussd_text(one.text) for one in said if one is not None]
    assert len(texts) == len(said) == 8
    assert texts[0].startswith("Ihr Guthaben")
    assert texts[1] == "Ihr Guthaben für die Nr.4915783647410 beträgt 5.78 Euro"
    assert texts[2].startswith("Kontostand: 3.00 EUR Bitte w")
    assert texts[3].startswith("Maaf, permintaan Anda")
    assert texts[4].startswith("Havi keret: 0Ft. Feltöltött egyenleg")
    assert texts[5].startswith("Для справки ")
    assert texts[6].startswith("On DATA Pack u have 3Gb")
    assert texts[7] == "رصيدك 107.93 د.ل،الصلاحية  2018-11-09", "without language and garbage"
