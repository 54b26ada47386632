"""Policies are valued as they are, where their true values are known by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.analysis.policies import explored_share, gains, policies, true_values


@dataclass
class Drawn:
    """Sends to two kinds of people over two hours; each kind answers at its own."""

    hours: Any
    answered: Any
    slot: Any
    probability: Any
    candidates: Any
    person: Any
    one_hour: int
    personal: Any


EXPLORED, HIGH, LOW = 0.4, 0.30, 0.10


@pytest.fixture
def sends() -> Drawn:
    """8 h is usual; a share of 0.4 is drawn evenly over 8 h and 20 h."""
    rng = np.random.default_rng(3)
    n = 40_000
    late = np.arange(n) % 2
    slot = np.where(rng.random(n) < EXPLORED, rng.integers(2, size=n), 0)
    return Drawn(
        hours=np.array([8, 20]),
        answered=(rng.random(n) < np.where(slot == late, HIGH, LOW)).astype(int),
        slot=slot,
        probability=np.where(slot == 0, 1 - EXPLORED / 2, EXPLORED / 2),
        candidates=np.full(n, 2),
        person=np.arange(n),
        one_hour=1,
        personal=late,
    )


def test_each_policy_is_worth_what_it_is(sends: Drawn) -> None:
    values = policies(sends)
    true = {"any hour": 0.2, "the usual hour": 0.2, "one best hour": 0.2, "personal hours": HIGH}
    assert values.index.tolist() == list(true)
    assert values["low"].lt(pd.Series(true)).all()
    assert values["high"].gt(pd.Series(true)).all()


def test_personal_hours_gain_and_exploring_costs_nothing_here(sends: Drawn) -> None:
    found = gains(sends)
    assert found.loc["personal", "low"] < HIGH - 0.2 < found.loc["personal", "high"]
    assert found.loc["exploring", "low"] < 0 < found.loc["exploring", "high"]


def test_the_share_that_was_explored_is_read_from_the_probabilities(sends: Drawn) -> None:
    assert explored_share(sends) == pytest.approx(EXPLORED)
    sends.probability = np.full(len(sends.slot), 0.5)
    assert explored_share(sends) == 1


def test_too_few_sends_tell_nothing_instead_of_something_wrong(sends: Drawn) -> None:
    few = slice(0, 100)
    for name in ("answered", "slot", "probability", "candidates", "person", "personal"):
        setattr(sends, name, getattr(sends, name)[few])
    assert policies(sends)["value"].isna().all()


def test_what_is_true_follows_habits_and_interest(sends: Drawn) -> None:
    worth = pd.DataFrame([[1.5, 0.5], [0.5, 1.5]], index=["early", "late"], columns=[8, 20])
    persons = pd.DataFrame(
        {"habit": np.array(["early", "late"])[sends.personal], "interest": 1.0}, index=sends.person
    )
    values = policies(sends)
    true = true_values(worth, 0.0, persons, sends, values)
    even = values.loc["any hour", "value"]
    assert true["personal hours"] == pytest.approx(1.5 * even)
    assert true["one best hour"] == pytest.approx(even)
