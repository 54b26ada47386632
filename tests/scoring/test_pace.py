"""The season is told where a year of it was seen, and not made up where none was."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.bgnbd import BGNBD, Pace, observed_pace
from tests.scoring.simulated import shop, stacked, table

HORIZON = 90


def told(orders: pd.DataFrame, cutoff: int) -> float:
    X, _, cutoffs = stacked(orders, cutoff, HORIZON, snapshots=24)
    model = BGNBD(HORIZON).fit(table(orders, cutoff, within=np.inf))
    return Pace().fit(model, X, cutoffs).forecast(cutoffs.max(), HORIZON)


@pytest.fixture(scope="module")
def seasonal() -> pd.DataFrame:
    """Three years; a day in spring counts for 1.5 days, one in autumn for half of one."""
    return shop(4_000, 1_095, swing=0.5)


def test_a_season_seen_twice_is_told(seasonal: pd.DataFrame) -> None:
    """After two years: spring again, at days 731 to 820; and 180 days later, autumn."""
    assert 1.2 < told(seasonal, 731) < 1.7
    assert 0.4 < told(seasonal, 912) < 0.8


def test_no_season_is_made_up() -> None:
    assert told(shop(4_000, 1_095), 731) == pytest.approx(1.0, abs=0.12)


def test_what_was_never_seen_is_not_told(seasonal: pd.DataFrame) -> None:
    """The first autumn comes after a good spring; neither is held against it."""
    assert told(seasonal, 180) == pytest.approx(1.0, abs=0.2)


def test_an_observed_pace_is_the_one_people_bought_at() -> None:
    """As many buyers as in a window half as long again are a pace of one and a half."""
    X, _, _ = stacked(shop(3_000, 500), 400, HORIZON, snapshots=1)
    model = BGNBD(HORIZON).fit(X)
    buyers = round((1 - model.none_within(X, 45)).sum())
    log_pace, variance = observed_pace(model, X, np.arange(len(X)) < buyers, 30)
    assert np.exp(log_pace) == pytest.approx(1.5, abs=0.02)
    assert variance == pytest.approx(1 / buyers + 1 / (len(X) - buyers))


@pytest.mark.parametrize(("bought", "edge"), [(False, -3.0), (True, 3.0)])
def test_a_window_in_which_all_or_none_bought_says_little(bought: bool, edge: float) -> None:
    X, _, _ = stacked(shop(200, 400), 300, HORIZON, snapshots=1)
    log_pace, variance = observed_pace(BGNBD().fit(X), X, np.full(len(X), bought), 30)
    assert (log_pace, variance) == (edge, 1.0 + (1 / len(X) if variance > 1 else 0))


def test_without_a_second_cut_off_there_is_no_pace() -> None:
    X, _, cutoffs = stacked(shop(200, 400), 300, HORIZON, snapshots=1)
    assert Pace().fit(BGNBD().fit(X), X, cutoffs).forecast("2024-01-01", HORIZON) == 1.0
