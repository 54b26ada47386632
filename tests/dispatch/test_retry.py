"""What becomes of a part that certainly was not sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.dispatch.retry import (
    BRIEF_HOLD,
    FIRST_HOLD,
    LONGEST_HOLD,
    GiveUp,
    TryAgain,
    decide,
)
from gateway.domain.failures import FailureClass


def test_a_message_that_can_never_go_is_given_up_at_once() -> None:
    assert decide(FailureClass.PERMANENT, tries=0, refusals=0) == GiveUp()


@pytest.mark.parametrize(
    ("failure", "tries", "after"),
    [
        (FailureClass.NETWORK, 0, timedelta(seconds=5)),
        (FailureClass.NETWORK, 2, timedelta(seconds=45)),
        (FailureClass.NETWORK, 7, timedelta(minutes=30)),
        (FailureClass.BUSY, 0, timedelta(seconds=2)),
        (FailureClass.DRIVER, 0, timedelta(seconds=1)),
        (FailureClass.UNKNOWN, 1, timedelta(seconds=15)),
    ],
)
def test_pauses_grow_with_the_tries(failure: FailureClass, tries: int, after: timedelta) -> None:
    decision = decide(failure, tries=tries, refusals=0)
    assert isinstance(decision, TryAgain)
    assert decision.after == after
    assert decision.counts


@pytest.mark.parametrize(
    ("failure", "tries"),
    [
        (FailureClass.NETWORK, 8),
        (FailureClass.BUSY, 20),
        (FailureClass.DRIVER, 1),
        (FailureClass.UNKNOWN, 3),
        (FailureClass.DUPLICATE, 1),
    ],
)
def test_tries_have_an_end(failure: FailureClass, tries: int) -> None:
    assert decide(failure, tries=tries, refusals=0) == GiveUp()


@pytest.mark.parametrize(
    ("refusals", "hold"),
    [(0, FIRST_HOLD), (1, FIRST_HOLD * 2), (5, FIRST_HOLD * 32), (50, LONGEST_HOLD)],
)
def test_a_barred_line_rests_ever_longer_and_another_may_have_its_job_at_once(
    refusals: int, hold: timedelta
) -> None:
    decision = decide(FailureClass.LINE, tries=0, refusals=refusals)
    assert decision == TryAgain(after=timedelta(0), counts=True, hold_line=hold, leaves_line=True)


@pytest.mark.parametrize("refusals", [0, 3, 50])
def test_what_lines_refuse_again_lets_others_go_first(refusals: int) -> None:
    """One message to a barred number would otherwise be the line's first for ever."""
    decision = decide(FailureClass.LINE, tries=1, refusals=refusals)
    assert isinstance(decision, TryAgain)
    assert decision.after > decision.hold_line


def test_what_lines_refuse_is_never_given_up_and_keeps_tries_for_the_network() -> None:
    decision = decide(FailureClass.LINE, tries=3, refusals=0)
    assert isinstance(decision, TryAgain)
    assert not decision.counts


def test_silence_before_the_pdu_does_not_count_against_the_job() -> None:
    assert decide(None, tries=99, refusals=0) == TryAgain(
        after=timedelta(0), counts=False, hold_line=BRIEF_HOLD
    )


@pytest.mark.parametrize(("chance", "after"), [(0.0, 5), (0.5, 17.5), (1.0, 30)])
def test_a_collision_is_repeated_after_5_to_30_seconds(chance: float, after: float) -> None:
    decision = decide(FailureClass.COLLISION, tries=0, refusals=0, chance=lambda: chance)
    assert isinstance(decision, TryAgain)
    assert decision.after == timedelta(seconds=after)
    assert decision.hold_line == timedelta(seconds=5)


def test_what_collides_again_and_again_is_the_networks_fault() -> None:
    network = decide(FailureClass.NETWORK, tries=4, refusals=0)
    assert decide(FailureClass.COLLISION, tries=4, refusals=0) == network
    assert decide(FailureClass.COLLISION, tries=8, refusals=0) == GiveUp()


def test_an_outage_is_not_asked_about_soon() -> None:
    pauses = []
    for tries in range(6):
        decision = decide(FailureClass.OUTAGE, tries=tries, refusals=0)
        assert isinstance(decision, TryAgain)
        pauses.append(decision.after.total_seconds())
    assert pauses == [30, 120, 480, 1920, 3600, 3600]
    assert decide(FailureClass.OUTAGE, tries=6, refusals=0) == GiveUp()


@pytest.mark.parametrize("failure", [FailureClass.NETWORK, FailureClass.OUTAGE])
def test_a_line_that_is_stopped_costs_no_job_a_try(failure: FailureClass) -> None:
    decision = decide(failure, tries=99, refusals=5, stopped=True)
    assert isinstance(decision, TryAgain)
    assert not decision.counts
    assert decision.after > decision.hold_line > timedelta(0), "others go first"


def test_every_class_has_a_decision() -> None:
    for failure in FailureClass:
        assert isinstance(decide(failure, tries=0, refusals=0), GiveUp | TryAgain)
