from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import EncodeError
from gateway.sms.timestamp import decode_timestamp, encode_timestamp

quarters = st.integers(-79, 79).map(lambda n: timezone(n * timedelta(minutes=15)))
seconds = st.integers(0, 36_500 * 86_400 - 1).map(lambda n: n * timedelta(seconds=1))
instants = st.builds(
    lambda since, zone: datetime(2000, 1, 1, tzinfo=zone) + since, seconds, quarters
)


@given(instants)
def test_instants_survive_with_their_zone(instant: datetime) -> None:
    decoded = decode_timestamp(encode_timestamp(instant))
    assert decoded == instant
    assert decoded.utcoffset() == instant.utcoffset()


@pytest.mark.parametrize(
    ("octets", "instant"),
    [
        ("70402132522423", "2007-04-12T23:25:42+08:00"),
        ("1120821105050A", "2011-02-28T11:50:50-05:00"),
        ("10101032959532", "2001-01-01T23:59:59+05:45"),
        ("89212221401400", "2098-12-22T12:04:41+00:00"),
        pytest.param("702140325224A1", "2007-12-04T23:25:42+05:00", id="ten and ten quarters"),
        pytest.param("702140325224FF", "2007-12-04T23:25:42+00:00", id="a zone that is none"),
    ],
)
def test_timestamps_of_service_centres(octets: str, instant: str) -> None:
    decoded = decode_timestamp(bytes.fromhex(octets))
    assert decoded is not None
    assert decoded.isoformat() == instant


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param("00000000000000", id="zeros"),
        pytest.param("FFFFFFFFFFFFFF", id="padding"),
        pytest.param("70312132522423", id="month 13"),
        pytest.param("70200332522423", id="30 February"),
        pytest.param("70402142522423", id="hour 24"),
        pytest.param("70402132062423", id="minute 60"),
        pytest.param("7040213252A423", id="no decimal digit"),
    ],
)
def test_nonsense_is_no_instant(octets: str) -> None:
    assert decode_timestamp(bytes.fromhex(octets)) is None


@given(st.binary(min_size=7, max_size=7))
def test_any_octets_are_an_aware_instant_or_none(octets: bytes) -> None:
    decoded = decode_timestamp(octets)
    assert decoded is None or decoded.tzinfo is not None


@pytest.mark.parametrize(
    "instant",
    [
        pytest.param(datetime(2026, 1, 1), id="naive"),  # noqa: DTZ001  # what is refused
        pytest.param(datetime(1999, 12, 31, tzinfo=UTC), id="last century"),
        pytest.param(datetime(2100, 1, 1, tzinfo=UTC), id="next century"),
        pytest.param(datetime(2026, 1, 1, tzinfo=timezone(timedelta(minutes=7))), id="odd zone"),
        pytest.param(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=20))), id="far zone"),
    ],
)
def test_instants_that_cannot_be_written(instant: datetime) -> None:
    with pytest.raises(EncodeError, match="timestamp"):
        encode_timestamp(instant)
