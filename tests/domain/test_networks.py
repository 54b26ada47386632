"""To which operator the number plan gives a number; which numbers are whose is public."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gateway.domain.networks import NOBODY, NumberPlan, UnknownNetworkError, network_key, read_plan


def test_the_longest_prefix_tells() -> None:
    plan = NumberPlan({"4477": "EE", "44770090": NOBODY, "447700901": "EE"})
    assert plan.network_of("+447712345678") == "EE"
    assert plan.network_of("+447700900123") == NOBODY
    assert plan.network_of("+447700901123") == "EE"
    assert plan.network_of("+33639981234") == NOBODY


def test_the_plan_tells_what_was_asked_for_and_nothing_else() -> None:
    plan = read_plan(["Orange France"])
    assert plan.network_of("+33639981234") == network_key("ORANGE france")
    assert plan.network_of("+447911123456") == NOBODY


def test_a_network_that_nobody_knows_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNetworkError, match='nearest known one is "vodafone"'):
        read_plan(["Vodaphone"])


def test_the_plan_is_read_only_where_somebody_asks() -> None:
    """It is 40 MB in memory, which a shop's box has better uses for."""
    program = (
        "import sys; from gateway.domain.networks import read_plan; "
        "read_plan([]); assert not [m for m in sys.modules if 'carrierdata' in m]; "
        "read_plan(['EE']); assert not [m for m in sys.modules if 'carrierdata' in m]"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
