"""Drift is seen where there is some, and not where chance alone moved a few people."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scoring.drift import MOST_PSI, ageing, moved, psi, reference


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_the_same_spread_has_not_moved(rng: np.random.Generator) -> None:
    then = reference(rng.exponential(50, 5000))
    now = rng.exponential(50, 5000)
    assert psi(then, now) < 0.02
    assert not moved(then, now)


def test_a_longer_silence_of_everybody_is_seen(rng: np.random.Generator) -> None:
    then = reference(rng.exponential(50, 5000))
    now = rng.exponential(110, 5000)
    assert psi(then, now) > MOST_PSI
    assert moved(then, now)


def test_values_that_go_missing_are_seen(rng: np.random.Generator) -> None:
    """A table that came no more (no clicks, say) is a drift though no number changed."""
    then = reference(rng.exponential(50, 5000))
    now = rng.exponential(50, 5000)
    now[:2500] = np.nan
    assert moved(then, now)


def test_chance_among_few_people_is_no_drift() -> None:
    """With 20 people the index alone would cry nearly every time."""
    high = said = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        then, now = reference(rng.exponential(50, 20)), rng.exponential(50, 20)
        high += psi(then, now) > MOST_PSI
        said += moved(then, now)
    assert high > 50
    assert said <= 10


def test_a_column_of_one_value_moves_when_it_gets_another() -> None:
    then = reference(np.zeros(1000))
    assert not moved(then, np.zeros(1000))
    assert moved(then, np.ones(1000))


def test_a_reference_survives_json(rng: np.random.Generator) -> None:
    values = rng.exponential(50, 100)
    assert psi(json.loads(json.dumps(reference(values))), values) == pytest.approx(0)


def test_level_and_order_are_told_apart(rng: np.random.Generator) -> None:
    """Half of what was said came: the order is as good as before, the level is not."""
    said = rng.uniform(0, 1, 20_000)
    came = rng.random(20_000) < said / 2
    aged = ageing(came, said)
    assert aged.level == pytest.approx(2, rel=0.05)
    assert aged.auc is not None
    assert aged.auc > 0.7


@pytest.mark.parametrize(("came", "auc", "level"), [([1, 1], None, 0.5), ([0, 0], None, None)])
def test_where_all_did_the_same_there_is_no_order(
    came: list[int], auc: float | None, level: float | None
) -> None:
    aged = ageing(came, [0.5, 0.5])
    assert (aged.auc, aged.level) == (auc, level)


def test_the_error_of_an_order_is_what_repetition_shows() -> None:
    found = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        said = rng.uniform(0, 1, 300)
        found.append(ageing(rng.random(300) < said, said))
    spread = np.std([aged.auc for aged in found])
    assert spread == pytest.approx(np.mean([aged.error for aged in found]), rel=0.2)
