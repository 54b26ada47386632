"""Learning from one's own log, on people whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scoring.simulation import STRONG, WEAK, simulate
from scoring.timing import AnswerModel, OnlineSendTime


@pytest.mark.parametrize(
    ("setting", "oracle", "best"), [(WEAK, 1.34, 1.026), (STRONG, 1.83, 1.065)]
)
def test_worlds_are_as_far_from_their_oracle_as_stated(setting, oracle, best):
    worlds = [simulate(setting, people=4_000, seed=seed) for seed in range(4)]
    assert np.mean([w.oracle / w.random for w in worlds]) == pytest.approx(oracle, rel=0.02)
    assert np.mean([w.best_slot / w.random for w in worlds]) == pytest.approx(best, abs=0.012)
    assert 0.05 < worlds[0].random < 0.065
    assert (worlds[0].visits.sum(1) == 8).all()


def test_visits_follow_the_rates_as_far_as_is_said():
    """Regressed on the person's own shares, visits have the slope 0.6."""
    world = simulate(STRONG, people=20_000, seed=1)
    own = world.rates / world.rates.sum(1, keepdims=True) - 1 / 14
    slope = (own * (world.visits / 8 - 1 / 14)).sum() / (own**2).sum()
    assert slope == pytest.approx(0.6, abs=0.03)


def _run(world, sends, seed=0):
    policy, clicks = OnlineSendTime(world.visits, seed=seed), np.random.default_rng(seed + 1)
    gains = []
    for _ in range(sends):
        drawn = policy.choose()
        gains.append(world.rates[np.arange(len(drawn.slot)), drawn.slot].mean())
        policy.learn(drawn, world.click(drawn.slot, clicks))
    return policy, np.mean(gains) / world.random


def test_visits_are_believed_where_they_follow_the_rates():
    """In a strong world most of what visits tell is had from the first send."""
    policy, gain = _run(simulate(STRONG, people=3_000, seed=2), 10)
    assert gain > 1.25
    assert policy.model.activity_weight_ > 0.8


def test_visits_that_say_nothing_are_forgotten():
    """With visits of somebody else the weight falls, and clicks alone beat the best slot."""
    world = simulate(STRONG, people=3_000, seed=2)
    world = replace(world, visits=np.random.default_rng(0).permutation(world.visits))
    policy, gain = _run(world, 30)
    assert policy.model.activity_weight_ < 0.5
    assert gain > world.best_slot / world.random


def test_even_visits_have_no_shape():
    """What is noise is no factor: nothing is taken from it, and rates are still told."""
    random = np.random.default_rng(3)
    visits = random.multinomial(8, np.full(14, 1 / 14), 5_000)
    sends = np.ones((5_000, 14))
    model = AnswerModel().fit(visits, sends, random.binomial(1, 0.05, sends.shape))
    assert model.activity_factors_.shape[1] == 0
    told = model.predict(visits, sends, np.zeros_like(sends))
    assert 0 < told.mean() < 0.06


def test_what_is_told_of_a_person_s_slots_errs_towards_her_mean():
    """Fifths of slots come out in the order told; true rates are up to 1.35 times as far apart."""
    world = simulate(replace(STRONG, follow=1.0), people=6_000, seed=4)
    sends = np.full(world.rates.shape, 2.0)
    answers = np.random.default_rng(5).binomial(2, world.rates)
    told = AnswerModel().fit_predict(world.visits, sends, answers)
    assert told.mean() == pytest.approx(world.random, rel=0.05)
    relative = (told / told.mean(1, keepdims=True)).ravel()
    mean = np.repeat(world.rates.mean(1), 14)
    fifths = np.array_split(np.argsort(relative), 5)
    seen = np.array([world.rates.ravel()[fifth].sum() / mean[fifth].sum() for fifth in fifths])
    assert (np.diff(seen) > 0).all()
    slope = np.polyfit([relative[fifth].mean() for fifth in fifths], seen, 1)[0]
    assert 0.95 < slope < 1.35


@pytest.mark.parametrize(
    ("sends", "answers", "words"),
    [
        (np.ones((4, 14)), 2 * np.ones((4, 14)), "more answers"),
        (np.ones((4, 7)), np.ones((4, 7)), "slots"),
        (-np.ones((4, 14)), np.ones((4, 14)), "Negative"),
    ],
)
def test_a_log_that_cannot_be_is_refused(sends, answers, words):
    with pytest.raises(ValueError, match=words):
        AnswerModel().fit(np.ones((4, 14)), sends, answers)
