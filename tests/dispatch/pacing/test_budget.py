"""What is left of a line's minute, hour, day and month, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dispatch.pacing import Budget, Limits
from gateway.domain.line_state import UNLIMITED, Left
from gateway.domain.purpose import Purpose
from gateway.domain.reserve import Reserve
from gateway.domain.spans import Span, Spans, Uses

NOON = datetime(2026, 7, 31, 12, 0, 30, tzinfo=UTC)
TENTH = Reserve(percent=10)


def budget(**limits: object) -> Budget:
    return Budget(spans=Spans(NOON, UTC), limits=Limits(**limits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limits", "uses", "left"),
    [
        ({}, {"day": 1000}, UNLIMITED),
        ({"day": 10}, {}, Left(otp=10, rest=10)),
        ({"day": 10}, {"day": 4}, Left(otp=6, rest=6)),
        ({"day": 10}, {"day": 12}, Left(otp=0, rest=0)),
        ({"day": 10, "reserve": TENTH}, {"day": 4}, Left(otp=6, rest=5)),
        ({"day": 10, "reserve": TENTH}, {"day": 9}, Left(otp=1, rest=0)),
        ({"day": 10, "reserve": Reserve(parts=4)}, {"day": 5}, Left(otp=5, rest=1)),
        # The tightest holds, each with its own reserve.
        ({"minute": 5, "day": 100, "reserve": TENTH}, {"day": 95}, Left(otp=5, rest=0)),
        (
            {"hour": 20, "month": 50, "reserve": TENTH},
            {"hour": 1, "month": 30},
            Left(otp=19, rest=15),
        ),
        ({"month": 3000}, {"month": 2999, "day": 0}, Left(otp=1, rest=1)),
        ({"recipients": 2}, {"recipients": 1}, UNLIMITED),
        ({"recipients": 2}, {"recipients": 2}, Left(otp=0, rest=0)),
    ],
)
def test_what_is_left(limits: dict[str, object], uses: dict[str, int], left: Left) -> None:
    assert budget(**limits).left(Uses(**uses)) == left


def test_the_last_part_is_refused_by_the_limit_that_it_breaks() -> None:
    kept = budget(hour=10, day=100, reserve=TENTH)
    assert kept.broken_by(Uses(hour=9, day=9), Purpose.MARKETING) is None
    said = kept.broken_by(Uses(hour=10, day=10), Purpose.MARKETING)
    assert said == "9 parts went out in this hour, all that marketing may"
    assert kept.broken_by(Uses(hour=10, day=10), Purpose.OTP) is None
    assert kept.broken_by(Uses(hour=11, day=11), Purpose.OTP) is not None


def test_a_person_who_was_written_to_is_not_one_more() -> None:
    kept = budget(recipients=2)
    assert kept.broken_by(Uses(recipients=3), Purpose.OTP, new=True) is not None
    assert kept.broken_by(Uses(recipients=3), Purpose.OTP, new=False) is None


MINUTE, HOUR = NOON.replace(minute=1, second=0), NOON.replace(hour=13, second=0)
DAY = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limits", "uses", "otp", "rest"),
    [
        ({}, {"day": 9}, None, None),
        ({"minute": 1, "day": 5}, {"day": 4}, None, None),
        ({"minute": 1, "day": 5}, {"minute": 1, "day": 4}, MINUTE, MINUTE),
        ({"minute": 1, "hour": 5}, {"minute": 1, "hour": 5}, HOUR, HOUR),
        # The day is what is in the way, whatever else is renewed before.
        ({"minute": 1, "day": 5}, {"day": 5}, DAY, DAY),
        ({"hour": 10, "reserve": TENTH}, {"hour": 9}, None, HOUR),
        ({"minute": 1, "recipients": 1}, {"recipients": 1}, DAY, DAY),
        ({"month": 1}, {"month": 1}, DAY, DAY),
    ],
)
def test_it_is_renewed_when_all_is_new_that_is_used_up(
    limits: dict[str, object],
    uses: dict[str, int],
    otp: datetime | None,
    rest: datetime | None,
) -> None:
    kept, used = budget(**limits), Uses(**uses)
    assert kept.renewed_at(used, Purpose.OTP.urgency) == otp
    assert kept.renewed_at(used, Purpose.MARKETING.urgency) == rest


SOME = st.none() | st.integers(1, 50)


@given(
    st.fixed_dictionaries({"minute": SOME, "hour": SOME, "day": SOME, "month": SOME}),
    st.builds(Reserve, percent=st.integers(0, 99)) | st.builds(Reserve, parts=st.integers(0, 9)),
    st.lists(st.sampled_from(Purpose), max_size=60),
)
def test_what_is_left_is_what_may_still_be_handed(
    limits: dict[str, int | None], reserve: Reserve, wanted: list[Purpose]
) -> None:
    """Whoever sends while there is something left breaks no limit, and nobody may after that."""
    kept, sent, of_rest = budget(**limits, reserve=reserve), 0, 0
    for purpose in wanted:
        left = kept.left(Uses(minute=sent, hour=sent, day=sent, month=sent)).of(purpose.urgency)
        with_it = Uses(minute=sent + 1, hour=sent + 1, day=sent + 1, month=sent + 1)
        assert (kept.broken_by(with_it, purpose) is None) is (left is None or left > 0)
        if left is None or left > 0:
            sent += 1
            of_rest += purpose is not Purpose.OTP
    for span in Span:
        limit = kept.limits.of(span)
        assert limit is None or sent <= limit
        assert limit is None or of_rest <= limit - reserve.of(limit)
