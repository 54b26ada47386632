from __future__ import annotations

import pytest

from gateway.domain.errors import DecodeError
from gateway.sms import (
    Command,
    Deliver,
    DeliverReport,
    Direction,
    StatusReport,
    Submit,
    SubmitReport,
    decode_command,
    decode_deliver_report,
    decode_pdu,
    decode_submit_report,
)

DELIVER = "040B916407950303F100006211329003000004D4E2940A"
SUBMIT = "01000B916407950303F1000004D4E2940A"
STATUS_REPORT = "061C0B916407950303F1621132900300006211329003800000"
SUBMIT_REPORT = "01C50062113290030000"
DELIVER_REPORT = "00D300"
COMMAND = "22070002" + "1C" + "0B916407950303F1" + "026162"


@pytest.mark.parametrize(
    ("pdu", "direction", "kind"),
    [
        (DELIVER, None, Deliver),
        (DELIVER, Direction.TO_PHONE, Deliver),
        (DELIVER_REPORT, Direction.FROM_PHONE, DeliverReport),
        (SUBMIT, None, Submit),
        (SUBMIT, Direction.FROM_PHONE, Submit),
        (SUBMIT_REPORT, Direction.TO_PHONE, SubmitReport),
        (STATUS_REPORT, None, StatusReport),
        (STATUS_REPORT, Direction.TO_PHONE, StatusReport),
        (COMMAND, Direction.FROM_PHONE, Command),
    ],
)
def test_type_follows_from_first_octet_and_direction(
    pdu: str, direction: Direction | None, kind: type
) -> None:
    assert isinstance(decode_pdu(pdu, has_smsc=False, direction=direction), kind)


@pytest.mark.parametrize("pdu", ["", "0003", "00FFFFFFFF", "00"])
def test_no_type(pdu: str) -> None:
    with pytest.raises(DecodeError):
        decode_pdu(pdu)


def test_command() -> None:
    command = decode_command(COMMAND)
    assert (command.reference, command.protocol, command.type, command.message) == (7, 0, 2, 28)
    assert (command.destination.number, command.user_data.data) == ("+46705930301", b"ab")
    assert command.report


def test_refusals_carry_their_cause() -> None:
    assert decode_submit_report(SUBMIT_REPORT).failure_cause == 0xC5
    assert decode_deliver_report(DELIVER_REPORT).failure_cause == 0xD3


def test_acknowledgements_have_no_cause() -> None:
    submitted = decode_submit_report("010062113290030000", refused=False)
    assert submitted.failure_cause is None
    assert submitted.timestamp
    assert submitted.timestamp.isoformat() == "2026-11-23T09:30:00+00:00"
    delivered = decode_deliver_report("000404D4E2940A", refused=False)
    assert (delivered.failure_cause, delivered.text) == (None, "TEST")
