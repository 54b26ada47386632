from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import EncodeError
from gateway.sms import (
    Concat,
    Deliver,
    EncodedPdu,
    NumberType,
    Submit,
    count_parts,
    decode_submit,
    encode_submits,
    join_parts,
)

texts = st.text(max_size=400) | st.text("abc€{\r\n😀ф\u0301", min_size=60, max_size=500)
numbers = st.from_regex(r"\+[1-9][0-9]{6,14}|[0-9*#]{3,15}", fullmatch=True)


def submits(text: str, **changes: object) -> list[Submit]:
    return [decode_submit(pdu.hex, length=pdu.length) for pdu in encoded(text, **changes)]


def encoded(text: str, **changes: object) -> tuple[EncodedPdu, ...]:
    defaults = {"to": "+447700900123", "reference": 7, "report": True, "validity": None}
    return encode_submits(text=text, **(defaults | changes))  # type: ignore[arg-type]


def delivered(submit: Submit) -> Deliver:
    return Deliver(sender=submit.destination, user_data=submit.user_data, timestamp=None)


@given(texts, st.integers(0, 0xFFFF))
def test_text_survives_the_way_to_its_reader(text: str, reference: int) -> None:
    parts = submits(text, reference=reference)
    assert join_parts(delivered(part) for part in reversed(parts)) == text
    assert len(parts) == count_parts(text, reference_width=8 if reference < 256 else 16).parts


@given(numbers)
def test_number_survives(number: str) -> None:
    (submit,) = submits("hello", to=number)
    international = submit.destination.type is NumberType.INTERNATIONAL
    assert submit.destination.number == number
    assert international is number.startswith("+")


@given(texts)
def test_length_is_what_cmgs_wants(text: str) -> None:
    for pdu in encoded(text, smsc="+46705008999"):
        assert pdu.hex == pdu.hex.upper()
        assert len(pdu.hex) == 2 * (8 + pdu.length)
        assert pdu.length <= 164


def test_known_pdu() -> None:
    pdu = encode_submits(
        to="+46708251358",
        text="hellohello",
        reference=0,
        report=False,
        validity=timedelta(days=4),
    )
    assert pdu == (EncodedPdu(hex="0011000B916407281553F80000AA0AE8329BFD4697D9EC37", length=23),)


def test_every_part_asks_for_its_report() -> None:
    assert [part.report for part in submits("a" * 400)] == [True] * 3
    assert [part.report for part in submits("a" * 400, report=False)] == [False] * 3


@pytest.mark.parametrize("text", ["a" * 400, "я" * 200, "€" * 300, "hello"])
def test_the_bit_that_asks_for_a_report_is_in_every_part(text: str) -> None:
    """Some networks send none unless it is (MODEMS.md 3.20)."""
    first_octets = [int(pdu.hex[2:4], 16) for pdu in encoded(text)]
    assert len(first_octets) == count_parts(text).parts
    assert all(octet & 0x20 for octet in first_octets)
    assert not any(int(pdu.hex[2:4], 16) & 0x20 for pdu in encoded(text, report=False))


def test_flags_are_those_asked_for() -> None:
    (submit,) = submits("a", reject_duplicates=True, validity=timedelta(minutes=61))
    assert (submit.reference, submit.protocol, submit.reply_path) == (0, 0, False)
    assert submit.reject_duplicates
    assert submit.validity
    assert submit.validity.period == timedelta(hours=1)
    (plain,) = submits("a")
    assert (plain.reject_duplicates, plain.validity, plain.smsc) == (False, None, None)


@pytest.mark.parametrize(("reference", "width"), [(0, 8), (255, 8), (256, 16), (65535, 16)])
def test_parts_are_numbered(reference: int, width: int) -> None:
    places = [part.user_data.header.concat for part in submits("a" * 400, reference=reference)]
    assert places == [
        Concat(reference=reference, total=3, sequence=sequence, width=width)
        for sequence in (1, 2, 3)
    ]


def test_one_part_has_no_header() -> None:
    assert submits("a" * 160)[0].user_data.header.elements == ()


def test_same_question_same_answer() -> None:
    assert encoded("a" * 400) == encoded("a" * 400)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"to": "Shop"}, "TP-DA", id="no number"),
        pytest.param({"smsc": "x"}, "SMSC", id="no service centre"),
        pytest.param({"reference": -1}, "UDH", id="reference too small"),
        pytest.param({"reference": 65536}, "UDH", id="reference too great"),
        pytest.param({"validity": timedelta()}, "TP-VP", id="too late"),
    ],
)
def test_what_cannot_be_sent_names_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(EncodeError) as caught:
        encoded("hello", **changes)
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["a" * (255 * 153 + 1), "\ud83d"])
def test_text_that_cannot_be_sent(text: str) -> None:
    with pytest.raises(EncodeError, match="TP-UD"):
        encoded(text)


def test_longest_text_that_can_be_sent() -> None:
    assert len(encoded("a" * (255 * 153))) == 255
