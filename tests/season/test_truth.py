"""What the report says that reminders of carts bring is what they truly bring."""

from __future__ import annotations

import looptime
import pytest

from season.lifts import worth_of
from season.quarter import CARTS, Played, play

pytestmark = pytest.mark.timeout(300)

MANY = 100
"""Persons whom each arm, and those left alone, must have for the test to say something."""

ERROR = 0.12
"""Twice the standard error of a difference between such shares of so many persons; the interval,
which holds however often one looks, is twice as wide."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    loop = looptime.new_event_loop()
    try:
        return loop.run_until_complete(play(tmp_path_factory.mktemp("carts"), CARTS))
    finally:
        loop.close()


def test_the_reported_lift_holds_the_true_one(played: Played) -> None:
    found = {one.arm: one for one in worth_of(played, "flow.abandoned-cart", "cart.")}
    assert set(found) == {"plain", "coupon"}
    assert min(one.persons for one in found.values()) >= MANY
    assert min(one.persons_of_other for one in found.values()) >= MANY
    assert [one for one in found.values() if not one.holds] == []
    assert [one for one in found.values() if abs(one.measured - one.truth) > ERROR] == []
    assert found["coupon"].truth > 0.05, "there is something to find"


def test_no_rule_is_broken_by_it(played: Played) -> None:
    assert played.checks.all() == {}
