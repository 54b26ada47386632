"""Where minutes, hours, local days and local months begin and end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.spans import Span, Spans

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
KOLKATA, BEIRUT = ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Beirut")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "span", "begins", "ends"),
    [
        ("2026-07-01T12:34:56", LONDON, Span.MINUTE, "2026-07-01T12:34", "2026-07-01T12:35"),
        ("2026-07-01T12:34:56", KOLKATA, Span.HOUR, "2026-07-01T12:00", "2026-07-01T13:00"),
        ("2026-07-01T12:34:56", LONDON, Span.DAY, "2026-06-30T23:00", "2026-07-01T23:00"),
        ("2026-07-01T12:34:56", LONDON, Span.MONTH, "2026-06-30T23:00", "2026-07-31T23:00"),
        ("2026-06-30T23:30:00", LONDON, Span.MONTH, "2026-06-30T23:00", "2026-07-31T23:00"),
        ("2026-12-31T23:59:59", UTC, Span.MONTH, "2026-12-01T00:00", "2027-01-01T00:00"),
        ("2028-02-29T12:00:00", UTC, Span.MONTH, "2028-02-01T00:00", "2028-03-01T00:00"),
        # The clocks go forward: a day of 23 hours, and a month an hour short.
        ("2026-03-29T12:00:00", LONDON, Span.DAY, "2026-03-29T00:00", "2026-03-29T23:00"),
        ("2026-03-15T12:00:00", LONDON, Span.MONTH, "2026-03-01T00:00", "2026-03-31T23:00"),
        # They go back: a day of 25 hours, whose doubled hour is two hours of a budget.
        ("2026-10-25T12:00:00", LONDON, Span.DAY, "2026-10-24T23:00", "2026-10-26T00:00"),
        ("2026-10-25T00:30:00", LONDON, Span.HOUR, "2026-10-25T00:00", "2026-10-25T01:00"),
        ("2026-10-25T01:30:00", LONDON, Span.HOUR, "2026-10-25T01:00", "2026-10-25T02:00"),
        # A midnight that no clock shows.
        ("2026-03-29T12:00:00", BEIRUT, Span.DAY, "2026-03-28T22:00", "2026-03-29T21:00"),
    ],
)
def test_a_span_begins_and_ends_where_the_box_stands(
    now: str, zone: ZoneInfo, span: Span, begins: str, ends: str
) -> None:
    spans = Spans(utc(now), zone)
    assert (spans.begins(span), spans.ends(span)) == (utc(begins), utc(ends))


def test_the_day_is_the_local_one() -> None:
    spans = Spans(utc("2026-07-31T23:30:00"), LONDON)
    assert (spans.day, spans.month) == (date(2026, 8, 1), date(2026, 8, 1))


@given(
    st.integers(0, 15 * 365 * 86_400).map(lambda s: utc("2020-01-01") + timedelta(seconds=s)),
    st.sampled_from([LONDON, NEW_YORK, KOLKATA, BEIRUT, UTC]),
    st.sampled_from(Span),
)
def test_spans_follow_each_other_without_a_gap(now: datetime, zone: ZoneInfo, span: Span) -> None:
    spans = Spans(now, zone)
    begins, ends = spans.begins(span), spans.ends(span)
    assert begins <= now < ends
    assert Spans(ends, zone).begins(span) == ends
    assert Spans(ends - timedelta(microseconds=1), zone).begins(span) == begins
