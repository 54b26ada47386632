"""TPDUs: read as python-gsmmodem-new wrote them, and written as it reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import gsmmodem.pdu as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.simulator.errors import PduError
from hardware.simulator.pdu import (
    Alphabet,
    Concat,
    alphabet_of,
    decode_submit,
    encode_status_report,
)

AT = datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC)
HELLO = bytes.fromhex("21000C91447700091032000005C8329BFD06")


def submits(text: str, *, to: str = "+447700900123", **options: object) -> list[bytes]:
    """The TPDUs of a text as the oracle writes them, without service centre address."""
    return [bytes(pdu.data)[1:] for pdu in oracle.encodeSmsSubmitPdu(to, text, **options)]


@given(
    st.text(alphabet="abc @£€[]{}~Äöß0189", min_size=1, max_size=70),
    st.sampled_from(["+447700900123", "+4915112345678", "07700900123", "60123"]),
)
def test_a_submit_of_another_encoder_is_read(text: str, to: str) -> None:
    (tpdu,) = submits(text.rstrip("@") or "x", to=to)
    submit = decode_submit(tpdu)
    assert (submit.text, submit.to) == (text.rstrip("@") or "x", to)


def test_ucs2_is_read() -> None:
    (tpdu,) = submits("Žluťoučký kůň 12 €")
    assert decode_submit(tpdu).text == "Žluťoučký kůň 12 €"


@pytest.mark.parametrize("text", ["word " * 80, "Žluť " * 60], ids=["gsm", "ucs2"])
def test_the_parts_of_a_long_text_join(text: str) -> None:
    parts = [decode_submit(tpdu) for tpdu in submits(text, reference=7)]
    assert "".join(part.text or "" for part in parts) == text
    assert [part.concat for part in parts] == [
        Concat(ref=7, total=len(parts), seq=at + 1) for at in range(len(parts))
    ]


def test_a_sixteen_bit_reference_is_read() -> None:
    tpdu = bytes.fromhex("41000C914477000910320004090608041234020141")[:-1]
    header = bytes.fromhex("060804123402010041")
    submit = decode_submit(tpdu[:12] + bytes([len(header)]) + header)
    assert submit.concat == Concat(ref=0x1234, total=2, seq=1)


@pytest.mark.parametrize(
    ("first", "repeat", "report"),
    [(0x01, False, False), (0x21, False, True), (0x05, True, False), (0x25, True, True)],
)
def test_the_wishes_of_the_first_octet(first: int, repeat: bool, report: bool) -> None:
    submit = decode_submit(bytes([first]) + HELLO[1:])
    assert (submit.repeat, submit.report) == (repeat, report)


@pytest.mark.parametrize(
    ("format_bits", "validity"), [(0x00, ""), (0x10, "a7"), (0x18, "62119032850000")]
)
def test_the_validity_is_found_behind_the_coding(format_bits: int, validity: str) -> None:
    octets = bytes.fromhex(validity)
    tpdu = bytes([0x01 | format_bits]) + HELLO[1:12] + octets + HELLO[12:]
    submit = decode_submit(tpdu)
    assert (submit.validity, submit.text) == (octets, "Hello")


def test_octets_have_no_text() -> None:
    assert decode_submit(HELLO[:11] + bytes([0x04, 3]) + b"\x00\x01\xff").text is None


@pytest.mark.parametrize(
    ("coding", "alphabet"),
    [
        (0x00, Alphabet.GSM),
        (0x04, Alphabet.OCTETS),
        (0x08, Alphabet.UCS2),
        (0x11, Alphabet.GSM),
        (0x18, Alphabet.UCS2),
        (0xC8, Alphabet.GSM),
        (0xE0, Alphabet.UCS2),
        (0xF1, Alphabet.GSM),
        (0xF5, Alphabet.OCTETS),
    ],
)
def test_codings(coding: int, alphabet: Alphabet) -> None:
    assert alphabet_of(coding) is alphabet


@pytest.mark.parametrize(
    ("tpdu", "field"),
    [
        ("", "first octet"),
        ("00000C91447700091032000005C8329BFD06", "TP-MTI"),
        ("2100", "TP-DA"),
        ("21000C914477", "TP-DA"),
        ("21000C91FF7700091032000005C8329BFD06", "TP-DA"),
        ("21000C9144770009103200", "TP-DCS"),
        ("21000C914477000910320000", "TP-UDL"),
        ("21000C91447700091032000005C8329BFD", "TP-UDL"),
        ("21000C91447700091032000005C8329BFD0600", "TP-UDL"),
        ("61000C91447700091032000405FF00000000", "TP-UDHL"),
    ],
)
def test_a_wrong_submit_is_refused_with_its_field(tpdu: str, field: str) -> None:
    with pytest.raises(PduError) as refused:
        decode_submit(bytes.fromhex(tpdu))
    assert refused.value.field == field


@given(st.binary(max_size=180))
def test_any_octets_are_read_or_refused(tpdu: bytes) -> None:
    try:
        submit = decode_submit(tpdu)
    except PduError:
        return
    assert submit.user_data == tpdu[len(tpdu) - len(submit.user_data) :]


@pytest.mark.parametrize("to", ["+447700900123", "+49151123456", "60123"])
@pytest.mark.parametrize("status", [0x00, 0x30, 0x46])
def test_a_report_reads_as_it_was_meant(to: str, status: int) -> None:
    tpdu = encode_status_report(
        reference=200, to=to, submitted=AT, discharged=AT.replace(second=9), status=status
    )
    read = oracle.decodeSmsPdu((b"\x00" + tpdu).hex())
    assert read["type"] == "SMS-STATUS-REPORT"
    assert (read["reference"], read["number"], read["status"]) == (200, to, status)
    assert (read["time"], read["discharge"]) == (AT, AT.replace(second=9))
