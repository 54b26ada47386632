"""Snapshots stack what was known with what came, and their splits never learn from the future."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import NotEnoughDataError, ScoringError
from scoring.features import features
from scoring.snapshots import RollingOriginSplit, Snapshots, snapshots
from tests.scoring.lakes import ORIGIN, MemoryLake, order
from tests.scoring.reference import labels

DAY = 24 * 60
FIRST = ORIGIN.date()


def shop(seed: int = 1, people: int = 12, days: int = 500) -> MemoryLake:
    """A small shop of people who buy now and then, until the last day."""
    rng = np.random.default_rng(seed)
    rows = [
        order(f"p{rng.integers(people):02d}", int(minute), value=round(rng.gamma(2, 10), 2))
        for minute in rng.integers(0, days * DAY, people * 12)
    ]
    return MemoryLake(orders=[*rows, order("last", days * DAY)])


CUTOFFS = [FIRST + timedelta(days=day) for day in (400, 200, 300, 400)]


@pytest.fixture(scope="module")
def lake() -> MemoryLake:
    """Five hundred days of one shop."""
    return shop()


@pytest.fixture(scope="module")
def stack(lake: MemoryLake) -> Snapshots:
    """Three cut-offs of it."""
    return snapshots(lake, CUTOFFS, horizon=90)


def test_each_row_is_what_the_features_of_its_cutoff_say(
    lake: MemoryLake, stack: Snapshots
) -> None:
    """One query for all cut-offs gives what one for each gives."""
    for cutoff in sorted(set(CUTOFFS)):
        alone = features(lake, cutoff)
        stacked = stack.X[stack.cutoff == np.datetime64(cutoff)]
        pd.testing.assert_frame_equal(stacked, alone, rtol=1e-12)
    assert np.unique(stack.cutoff).size == 3


def test_labels_are_what_came_in_the_horizon(lake: MemoryLake, stack: Snapshots) -> None:
    """The day after the cut-off is the first, and cut-off + horizon the last."""
    for person, cutoff, bought, purchases, spend in zip(
        stack.person, stack.cutoff, stack.bought, stack.purchases, stack.spend, strict=True
    ):
        days, worth = labels(lake, person, cutoff.item(), 90)
        assert (bool(bought), int(purchases)) == (days > 0, days)
        assert spend == pytest.approx(worth)
    assert stack.bought.any()
    assert not stack.bought.all()
    assert (stack.churned == ~stack.bought).all()


@pytest.mark.parametrize(("day", "bought"), [(400, False), (401, True), (490, True), (491, False)])
def test_the_horizon_has_exact_ends(day: int, bought: bool) -> None:
    """One order, on one side of an end or on the other."""
    lake = MemoryLake(orders=[order("ada", 0), order("ada", day * DAY), order("end", 600 * DAY)])
    stack = snapshots(lake, [FIRST + timedelta(days=400)], horizon=90, within=500)
    assert stack.bought[stack.person == "ada"].tolist() == [bought]


def test_a_horizon_that_is_not_over_is_refused(lake: MemoryLake) -> None:
    """No label is taken from days that nobody has seen yet; the last good day is named."""
    snapshots(lake, [FIRST + timedelta(days=410)], horizon=90)
    with pytest.raises(ScoringError, match=f"known labels is {FIRST + timedelta(days=410)}"):
        snapshots(lake, [FIRST + timedelta(days=411)], horizon=90)


def test_no_cutoff_is_too_little(lake: MemoryLake) -> None:
    """Nothing can be stacked."""
    with pytest.raises(NotEnoughDataError, match="0 cut-offs"):
        snapshots(lake, [])


@pytest.mark.parametrize(("horizon", "within"), [(0, 365), (90, 0)])
def test_days_are_counted_from_one(lake: MemoryLake, horizon: int, within: int) -> None:
    """A horizon or a past of no days has no answer."""
    with pytest.raises(ValueError, match="at least one day"):
        snapshots(lake, CUTOFFS, horizon=horizon, within=within)


def test_people_can_be_left_out(stack: Snapshots) -> None:
    """Of all cut-offs, and every array stays in step."""
    rest = stack.without(["p01", "p02"])
    assert set(stack.person) - set(rest.person) == {"p01", "p02"}
    assert {len(rest.X), *(len(a) for a in (rest.cutoff, rest.bought, rest.purchases))} == {
        len(rest)
    }
    kept = ~np.isin(stack.person, ["p01", "p02"])
    assert (rest.spend == stack.spend[kept]).all()


days = st.lists(st.integers(0, 400), min_size=1, max_size=40).map(
    lambda numbers: np.array(numbers, "datetime64[D]")
)


@settings(max_examples=200, deadline=None)
@given(
    cutoff=days,
    horizon=st.integers(1, 120),
    step=st.integers(1, 90),
    gap=st.integers(0, 20),
    train=st.none() | st.integers(1, 3),
)
def test_what_is_learned_was_known_when_the_test_begins(
    cutoff: np.ndarray, horizon: int, step: int, gap: int, train: int | None
) -> None:
    """Every label window ends before its test; tests are whole, apart, and in order of time."""
    split = RollingOriginSplit(horizon, step, gap, train)
    tests = []
    for learned, tested in split.split(cutoff, groups=cutoff):
        assert cutoff[learned].max() + horizon + gap <= cutoff[tested].min()
        assert set(cutoff[tested]) == {cutoff[tested][0]}
        assert len(tested) == (cutoff == cutoff[tested][0]).sum()
        assert train is None or len(set(cutoff[learned])) <= train
        tests.append(cutoff[tested][0])
    assert (np.diff(np.array(tests, "datetime64[D]")).astype(int) >= step).all()
    assert split.get_n_splits(cutoff, groups=cutoff) == len(tests)
    assert bool(tests) == bool((cutoff.max() - cutoff.min()).astype(int) >= horizon + gap)


def test_splits_serve_scikit_learn(stack: Snapshots) -> None:
    """As `cv` of its own functions, with the cut-offs as groups."""
    from sklearn.dummy import DummyClassifier
    from sklearn.model_selection import cross_val_score

    split = RollingOriginSplit(horizon=90)
    scores = cross_val_score(
        DummyClassifier(), stack.X, stack.churned, groups=stack.cutoff, cv=split
    )
    assert len(scores) == split.get_n_splits(stack) == 2


@pytest.mark.parametrize(
    ("groups", "words"), [(None, "groups is missing"), (["2020-01-01"], "1 cut-offs for 2 rows")]
)
def test_each_row_needs_its_cutoff(groups: list[str] | None, words: str) -> None:
    """Without, nobody could tell what is past."""
    with pytest.raises(ValueError, match=words):
        RollingOriginSplit().get_n_splits([0, 1], groups=groups)
