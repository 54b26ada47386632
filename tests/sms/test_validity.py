from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import EncodeError
from gateway.sms import Validity, ValidityFormat
from gateway.sms.octets import Reader
from gateway.sms.validity import (
    LONGEST,
    SHORTEST,
    decode_validity,
    encode_validity,
    relative_octet,
    relative_period,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("validity", "octet"),
    [
        (timedelta(seconds=1), 0),
        (5 * MINUTE, 0),
        (9 * MINUTE, 0),
        (10 * MINUTE, 1),
        (12 * HOUR, 143),
        (12 * HOUR + 29 * MINUTE, 143),
        (12 * HOUR + 30 * MINUTE, 144),
        (24 * HOUR, 167),
        (47 * HOUR, 167),
        (2 * DAY, 168),
        (3 * DAY, 169),
        (30 * DAY, 196),
        (34 * DAY, 196),
        (35 * DAY, 197),
        (63 * 7 * DAY, 255),
        (10000 * DAY, 255),
    ],
)
def test_relative_octet_is_rounded_down(validity: timedelta, octet: int) -> None:
    assert relative_octet(validity) == octet


@given(st.integers(0, 255))
def test_every_octet_stands_for_a_period_of_its_own(octet: int) -> None:
    assert relative_octet(relative_period(octet)) == octet


@given(st.timedeltas(SHORTEST, LONGEST - timedelta(seconds=1)))
def test_message_never_outlives_what_is_asked(validity: timedelta) -> None:
    octet = relative_octet(validity)
    assert relative_period(octet) <= validity < relative_period(octet + 1)


@pytest.mark.parametrize("validity", [timedelta(), -MINUTE])
def test_time_that_is_up_is_refused(validity: timedelta) -> None:
    with pytest.raises(EncodeError, match="TP-VP"):
        relative_octet(validity)


@pytest.mark.parametrize(
    ("octets", "period", "single_shot"),
    [
        pytest.param("00000000000000", None, False, id="none"),
        pytest.param("01A70000000000", 24 * HOUR, False, id="relative"),
        pytest.param("021E0000000000", timedelta(seconds=30), False, id="seconds"),
        pytest.param("02000000000000", None, False, id="no seconds"),
        pytest.param("03103254000000", timedelta(hours=1, minutes=23, seconds=45), False, id="hms"),
        pytest.param("031032F4000000", None, False, id="hms that is none"),
        pytest.param("421E0000000000", timedelta(seconds=30), True, id="one try only"),
        pytest.param("04FFFFFFFFFFFF", None, False, id="reserved"),
        pytest.param("81A70000000000", None, False, id="extended"),
    ],
)
def test_enhanced_format(octets: str, period: timedelta | None, single_shot: bool) -> None:
    raw = bytes.fromhex(octets)
    validity = decode_validity(Reader(raw), ValidityFormat.ENHANCED)
    assert validity is not None
    assert (validity.period, validity.single_shot) == (period, single_shot)
    assert encode_validity(validity) == raw


@pytest.mark.parametrize(
    ("validity", "octets"),
    [
        (Validity(format=ValidityFormat.ABSENT), ""),
        (Validity(format=ValidityFormat.RELATIVE, period=DAY), "A7"),
        (
            Validity(
                format=ValidityFormat.ABSOLUTE, until=datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
            ),
            "62113290030000",
        ),
        (
            Validity(format=ValidityFormat.ENHANCED, period=timedelta(seconds=90)),
            "025A0000000000",
        ),
        (Validity(format=ValidityFormat.ENHANCED, single_shot=True), "40000000000000"),
    ],
)
def test_encodes_all_formats(validity: Validity, octets: str) -> None:
    encoded = encode_validity(validity)
    assert encoded.hex().upper() == octets
    decoded = decode_validity(Reader(encoded), validity.format)
    assert decoded is None or (decoded.period, decoded.until, decoded.single_shot) == (
        validity.period,
        validity.until,
        validity.single_shot,
    )


@pytest.mark.parametrize(
    "validity",
    [
        Validity(format=ValidityFormat.RELATIVE),
        Validity(format=ValidityFormat.ABSOLUTE, period=DAY),
        Validity(format=ValidityFormat.ENHANCED, period=DAY),
    ],
)
def test_value_that_does_not_fit_its_format_is_refused(validity: Validity) -> None:
    with pytest.raises(EncodeError, match="TP-VP"):
        encode_validity(validity)
