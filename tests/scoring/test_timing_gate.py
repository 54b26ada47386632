"""The gate: each shop gets the level that its held-out data earn, and one sentence why."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.timing.gate import Level, decide_by_events, decide_by_log

SLOTS = 6
PEOPLE = 2_500
SENDS = 8


def _shop(kind, seed):
    """A randomised log, and each person's true best slot as what earlier data would say."""
    random = np.random.default_rng(seed)
    own = random.integers(SLOTS, size=PEOPLE)
    person = np.repeat(np.arange(PEOPLE), SENDS)
    slot = random.integers(SLOTS, size=len(person))
    good = {"nothing": False, "one": slot == 4, "own": slot == own[person]}[kind]
    answered = random.random(len(person)) < np.where(good, 0.12, 0.06)
    return answered, slot, np.full(len(person), 1 / SLOTS), person, own[person]


def _decide(kind, seed=0, **more):
    *log, own = _shop(kind, seed)
    return decide_by_log(*log, one_hour=4, personal=own, slots=SLOTS, **more)


@pytest.mark.parametrize(
    ("kind", "level"), [("nothing", "now"), ("one", "one_hour"), ("own", "personal")]
)
def test_each_kind_of_shop_gets_its_level(kind, level):
    """Where the hour explains nothing, where one suits all, and where each has her own."""
    verdict = _decide(kind)
    assert verdict.level == level
    assert verdict.reason.count(".") - verdict.reason.count("0.") == 1


def test_a_shop_without_effect_is_seldom_told_of_one():
    """Two intervals, each above 0 by chance in 2.5 % of shops: 5 % of 40 are 2; 8 are too many."""
    levels = [_decide("nothing", seed).level for seed in range(40)]
    assert sum(level is not Level.NOW for level in levels) < 8


def test_a_model_of_answers_is_taken_where_there_is_one():
    *log, own = _shop("own", 1)
    predicted = np.full((len(own), SLOTS), 0.06)
    predicted[np.arange(len(own)), own] = 0.12
    verdict = decide_by_log(*log, one_hour=4, personal=own, slots=SLOTS, predicted=predicted)
    assert verdict.level is Level.PERSONAL
    assert verdict.personal.value == pytest.approx(0.12 - 0.07, abs=0.01)


def test_too_few_sends_decide_for_now_and_say_so():
    answered, slot, chance, person, own = (part[:60] for part in _shop("own", 0))
    verdict = decide_by_log(answered, slot, chance, person, one_hour=4, personal=own, slots=SLOTS)
    assert verdict.level is Level.NOW
    assert "too little to tell" in verdict.reason


def test_without_a_log_later_hours_decide():
    person = np.arange(3_000) % 500
    even, right = np.full(3_000, 1 / 24), np.full(3_000, 0.3)
    random = np.random.default_rng(0)
    wrong = np.exp(np.log(0.1) + random.normal(-0.05, 1, 500))[person]
    shop = np.full(3_000, 0.1)
    assert decide_by_events(even, even, 24, person).level is Level.NOW
    assert decide_by_events(shop, right, 24, person).level is Level.PERSONAL
    assert decide_by_events(shop, wrong, 24, person).level is Level.ONE_HOUR


def test_events_of_one_person_are_no_proof():
    """A thousand events of the same person say less than a thousand people."""
    verdict = decide_by_events(np.full(1_000, 0.2), np.full(1_000, 0.4), 24, np.zeros(1_000))
    assert verdict.level is Level.NOW
