"""Where a job stands follows from its parts, and from nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.dispatch.progress import (
    MAX_ATTEMPTS,
    DoubtPolicy,
    PartFacts,
    Placement,
    is_due,
    place,
    report_due,
    state_of,
)
from gateway.domain.job import NEVER
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, PartState, Stage

W, H, S, D, X, F, U = (
    PartState.WAITING,
    PartState.HANDED,
    PartState.SENT,
    PartState.DELIVERED,
    PartState.UNDELIVERED,
    PartState.FAILED,
    PartState.UNCONFIRMED,
)
HANDED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POLICY = DoubtPolicy(transactional_after=timedelta(minutes=30))


def facts(*states: PartState, attempts: int = 1) -> list[PartFacts]:
    return [PartFacts(state=state, handed_at=HANDED_AT, attempts=attempts) for state in states]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([W], None),
        ([H], None),
        ([S, W], None),
        ([D, W], None),
        ([S], JobState.SENT),
        ([S, D], JobState.SENT),
        ([D, D], JobState.DELIVERED),
        ([D, X], JobState.UNDELIVERED),
        ([S, U], JobState.UNCONFIRMED),
        ([U, W], JobState.UNCONFIRMED),
        ([D, U], JobState.UNCONFIRMED),
        ([F, W], JobState.FAILED),
        ([S, F], JobState.FAILED),
        ([X, F, U], JobState.FAILED),
    ],
)
def test_the_parts_decide_the_state(parts: list[PartState], expected: JobState | None) -> None:
    assert state_of(parts) is expected


@pytest.mark.parametrize(
    ("parts", "report", "expected"),
    [
        ([W], True, Placement(stage=Stage.READY)),
        ([S, W], True, Placement(stage=Stage.READY)),
        ([U, W], True, Placement(stage=Stage.READY)),
        ([S, H], True, Placement(stage=Stage.CLAIMED)),
        ([H, W], True, Placement(stage=Stage.CLAIMED)),
        ([S], True, Placement(stage=Stage.HANDED)),
        ([S, D], True, Placement(stage=Stage.HANDED)),
        ([S], False, Placement(stage=Stage.DONE)),
        ([D], True, Placement(stage=Stage.DONE)),
        ([X, W], True, Placement(stage=Stage.DONE)),
        ([F, W], True, Placement(stage=Stage.DONE)),
    ],
)
def test_the_parts_decide_the_stage(
    parts: list[PartState], report: bool, expected: Placement
) -> None:
    found = place(facts(*parts), Purpose.TRANSACTIONAL, report=report, policy=POLICY)
    assert found == expected


@pytest.mark.parametrize(
    ("purpose", "report", "attempts", "repeat_at"),
    [
        (Purpose.OTP, True, 1, HANDED_AT),
        (Purpose.OTP, False, 1, HANDED_AT),
        (Purpose.OTP, True, MAX_ATTEMPTS, None),
        (Purpose.TRANSACTIONAL, True, 1, HANDED_AT + timedelta(minutes=30)),
        (Purpose.TRANSACTIONAL, False, 1, None),
        (Purpose.TRANSACTIONAL, True, MAX_ATTEMPTS, None),
        (Purpose.MARKETING, True, 1, None),
        (Purpose.MARKETING, False, 1, None),
    ],
)
def test_a_part_in_doubt_is_repeated_by_its_purpose_alone(
    purpose: Purpose, report: bool, attempts: int, repeat_at: datetime | None
) -> None:
    parts = facts(U, attempts=attempts)
    placement = place(parts, purpose, report=report, policy=POLICY)
    assert placement.not_before == repeat_at
    assert placement.stage is (Stage.HANDED if repeat_at is None else Stage.SCHEDULED)


@pytest.mark.parametrize(
    ("state", "purpose", "after", "due"),
    [
        (W, Purpose.MARKETING, timedelta(0), True),
        (S, Purpose.OTP, timedelta(days=1), False),
        (D, Purpose.OTP, timedelta(days=1), False),
        (U, Purpose.OTP, timedelta(0), True),
        (U, Purpose.TRANSACTIONAL, timedelta(minutes=29), False),
        (U, Purpose.TRANSACTIONAL, timedelta(minutes=30), True),
        (U, Purpose.MARKETING, timedelta(days=1), False),
    ],
)
def test_only_waiting_parts_and_due_repeats_are_handed_over(
    state: PartState, purpose: Purpose, after: timedelta, due: bool
) -> None:
    [part] = facts(state)
    assert is_due(part, purpose, report=True, policy=POLICY, now=HANDED_AT + after) is due


@pytest.mark.parametrize(
    ("expires_after", "due_after"),
    [
        (timedelta(hours=12), timedelta(hours=13)),
        (timedelta(minutes=1), timedelta(hours=1, minutes=5)),
        (None, timedelta(days=3, hours=1)),
    ],
    ids=["to the deadline", "validity is five minutes at least", "the network's own"],
)
def test_a_report_is_waited_for_as_long_as_the_network_tries_and_an_hour(
    expires_after: timedelta | None, due_after: timedelta
) -> None:
    expires_at = NEVER if expires_after is None else HANDED_AT + expires_after
    assert report_due(HANDED_AT, expires_at) == HANDED_AT + due_after
