from __future__ import annotations

import pytest

from gateway.domain.errors import DecodeError, EncodeError
from gateway.sms import EncodedPdu, address_of, decode_deliver, decode_status_report
from gateway.sms.frame import frame, unframe

SMSC = "07916407058099F9"
DELIVER = "040B916407950303F100008921222140140004D4E2940A"
REPORT = "06360D91947106000000F1222061514574402220615145844000"


def test_length_counts_the_tpdu_alone() -> None:
    assert frame(b"\x01\x00") == EncodedPdu(hex="000100", length=2)
    assert frame(b"\x01\x00", address_of("+46705008999")).hex == SMSC + "0100"
    assert frame(b"\x01\x00", address_of("+46705008999")).length == 2


@pytest.mark.parametrize(
    ("pdu", "length"),
    [
        pytest.param(SMSC + DELIVER, None, id="not stated"),
        pytest.param(SMSC + DELIVER, 23, id="right"),
        pytest.param(SMSC + DELIVER, 20, id="less than there is"),
        pytest.param(SMSC + DELIVER, 99, id="more than there is"),
        pytest.param(SMSC + DELIVER, 0, id="nonsense"),
        pytest.param(SMSC + DELIVER + "FFFF", 23, id="padding"),
        pytest.param("00" + DELIVER, 23, id="no service centre"),
        pytest.param(DELIVER, 23, id="its octets left out"),
        pytest.param("0C" + SMSC[2:] + DELIVER, 23, id="its length beyond reason"),
    ],
)
def test_message_is_found_whatever_surrounds_it(pdu: str, length: int | None) -> None:
    assert decode_deliver(pdu, length=length).sender.number == "+46705930301"


@pytest.mark.parametrize(
    ("pdu", "length"),
    [
        pytest.param("000000FF00" + REPORT, None, id="Wavecom's prefix"),
        pytest.param("000000FF00" + REPORT, 26, id="and a length"),
        pytest.param("0297F1" + REPORT, None, id="a service centre of one digit"),
        pytest.param(REPORT, 26, id="none"),
    ],
)
def test_report_is_found_whatever_surrounds_it(pdu: str, length: int | None) -> None:
    assert decode_status_report(pdu, length=length).reference == 0x36


def test_report_that_lost_its_end_is_not_read_askew() -> None:
    """Its last 26 octets begin within the service centre."""
    with pytest.raises(DecodeError, match="TP-DT"):
        decode_status_report(SMSC + REPORT[:-8], length=26)


def test_bare_tpdu() -> None:
    smsc, reader = unframe(DELIVER, has_smsc=False, length=None)
    assert (smsc, reader.offset) == (None, 0)


@pytest.mark.parametrize("pdu", ["", "0", "00", "07", "0791", SMSC, "00FF"[:2]])
def test_dummies_of_empty_slots_are_refused(pdu: str) -> None:
    with pytest.raises(DecodeError):
        unframe(pdu, has_smsc=True, length=None)


@pytest.mark.parametrize(
    ("text", "length"), [("000100", 1), ("000100", 3), ("0291440100", 4), ("0100", 5)]
)
def test_a_length_that_a_modem_would_refuse_is_refused_before(text: str, length: int) -> None:
    """MODEMS.md 2.12: CMS 304."""
    with pytest.raises(EncodeError, match="octets"):
        EncodedPdu(hex=text, length=length)
