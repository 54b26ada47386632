from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.domain.errors import DecodeError
from gateway.sms import ReportVerdict, decode_status_report

REPORT = "00" + "06" + "1C" + "0B916407950303F1" + "62113290030000" + "62113290038000" + "00"


def test_every_field() -> None:
    report = decode_status_report(REPORT)
    assert (report.reference, report.recipient.number, report.status) == (28, "+46705930301", 0)
    assert report.timestamp == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert report.discharge == datetime(2026, 11, 23, 9, 30, 8, tzinfo=UTC)
    assert (report.verdict, report.reason) == (ReportVerdict.DELIVERED, "0x00 received")
    assert (report.smsc, report.user_data, report.text) == (None, None, None)


@pytest.mark.parametrize(
    ("first", "flags"),
    [
        ("06", (False, False, False)),
        ("02", (True, False, False)),
        ("0E", (False, True, False)),
        ("26", (False, False, True)),
    ],
)
def test_flags(first: str, flags: tuple[bool, ...]) -> None:
    report = decode_status_report("00" + first + REPORT[4:])
    assert (report.more_messages, report.loop_prevention, report.of_command) == flags


@pytest.mark.parametrize(
    "behind", ["FF" * 100, "89" * 9, "00", "00" * 9, "08", "10", "F", "FFFF0A", "80" + "07"]
)
def test_padding_is_ignored(behind: str) -> None:
    assert decode_status_report(REPORT + behind) == decode_status_report(REPORT)


@pytest.mark.parametrize(
    ("behind", "protocol", "dcs", "text"),
    [
        ("0140", 0x40, None, None),
        ("0208", None, 0x08, None),
        ("0402" + "6131", None, None, "ab"),
        ("0604" + "026162", None, 0x04, "ab"),
        ("070008" + "0200E4", 0x00, 0x08, "ä"),
    ],
)
def test_optional_parameters(
    behind: str, protocol: int | None, dcs: int | None, text: str | None
) -> None:
    report = decode_status_report(REPORT + behind)
    parameters = report.parameters
    assert (parameters.protocol, report.text) == (protocol, text)
    assert (parameters.coding and parameters.coding.octet) == dcs


@pytest.mark.parametrize("behind", ["01", "02", "04", "0402", "0700"])
def test_parameter_that_is_announced_and_absent_is_refused(behind: str) -> None:
    with pytest.raises(DecodeError):
        decode_status_report(REPORT + behind)


@pytest.mark.parametrize("behind", ["01", "02", "04", "0402", "0700", "06" * 9, "07" * 150])
def test_padding_that_looks_like_parameters_loses_no_report(behind: str) -> None:
    told = decode_status_report(REPORT + behind, allow_truncated=True)
    assert (told.reference, told.status) == (28, 0)
    assert told.recipient == decode_status_report(REPORT).recipient


@pytest.mark.kinds("status-report")
@pytest.mark.parametrize("behind", ["", "FF" * 150, "89" * 150, "00" * 20, "07", "0701", ",0"])
def test_padding_behind_every_real_report_changes_nothing(
    record: dict[str, Any], behind: str
) -> None:
    """Up to 300 characters were seen (MODEMS.md 3.17)."""
    pdu, has_smsc = record["pdu"], record["has_smsc"]
    if len(pdu) % 2 and behind not in ("", ",0"):
        pytest.skip("half an octet at its end takes up the padding's first half")
    plain = decode_status_report(pdu, has_smsc=has_smsc)
    padded = decode_status_report(pdu + behind, has_smsc=has_smsc, allow_truncated=True)
    assert (padded.reference, padded.recipient) == (plain.reference, plain.recipient)
    assert (padded.status, padded.timestamp) == (plain.status, plain.timestamp)


@pytest.mark.kinds("status-report")
def test_a_stated_length_finds_the_same_report_in_every_frame(record: dict[str, Any]) -> None:
    """With its service centre, without, and behind Wavecom's prefix (MODEMS.md 3.17)."""
    plain = decode_status_report(record["pdu"], has_smsc=record["has_smsc"])
    tpdu = record["pdu"]
    if record["has_smsc"]:
        tpdu = tpdu[2 + 2 * int(tpdu[:2], 16) :]
    length = (len(tpdu) + 1) // 2
    for frame in ("07919640715009F9", "00", "", "000000FF00"):
        found = decode_status_report(frame + tpdu, length=length)
        assert (found.reference, found.recipient) == (plain.reference, plain.recipient), frame
        assert found.status == plain.status


@pytest.mark.parametrize("timestamp", ["00000000000000", "FFFFFFFFFFFFFF"])
def test_nonsense_in_the_times_does_not_lose_the_report(timestamp: str) -> None:
    report = decode_status_report(REPORT.replace("62113290038000", timestamp))
    assert (report.discharge, report.status) == (None, 0)


@pytest.mark.parametrize("cut", range(1, 26))
def test_cut_off_report_is_refused(cut: int) -> None:
    with pytest.raises(DecodeError):
        decode_status_report(REPORT[: 2 * cut])


def test_message_is_no_report() -> None:
    with pytest.raises(DecodeError, match="TP-MTI"):
        decode_status_report("00040B916407950303F100006211329003000004D4E2940A")


@pytest.mark.parametrize("recipient", ["0B916407950303F1", "0A818092020000", "05A16407F5"])
def test_a_report_without_its_reference_is_refused_and_speaks_of_no_other(recipient: str) -> None:
    """As some vendors document it (MODEMS.md 3.17): its next octet would be taken for TP-MR."""
    without = "00" + "06" + recipient + "62113290030000" + "62113290038000" + "00"
    with pytest.raises(DecodeError, match="TP-RA"):
        decode_status_report(without, allow_truncated=True)
