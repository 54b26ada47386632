"""Legal hours, draws and rates: what is sent when, and with what probability it is logged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from scoring.timing.exploration import draw, share
from scoring.timing.rates import answer_rates, answers_by_slot, reach, shop_rate, shop_reach
from scoring.timing.windows import WEEK, legal_hours, local_slots, week_mask

CLOCK_CHANGES = [datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 10, 11)]
ROWS = (slice(0, 200), slice(200, 400))
ZONES = ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London", "Asia/Tokyo"]


@pytest.mark.parametrize("zone", ZONES)
def test_no_minute_of_a_legal_hour_lies_outside_of_the_window(zone):
    """Over every change of the clock of a year, also where zones lie at half hours."""
    legal = week_mask(9, 20, range(6))
    for begin in CLOCK_CHANGES:
        mask = legal_hours(begin, 31 * 24, legal, [zone])
        assert mask.any()
        for hour in np.flatnonzero(mask):
            for minute in (0, 59):
                at = begin + timedelta(hours=int(hour), minutes=minute)
                local = at.astimezone(ZoneInfo(zone))
                assert 9 <= local.hour < 20
                assert local.weekday() < 6


def test_an_unknown_zone_allows_only_what_all_zones_allow():
    begin, legal = CLOCK_CHANGES[0], week_mask(8, 21)
    alone = [legal_hours(begin, WEEK, legal, [zone]) for zone in ZONES]
    both = legal_hours(begin, WEEK, legal, ZONES)
    np.testing.assert_array_equal(both, np.logical_and.reduce(alone))
    assert both.sum() < min(mask.sum() for mask in alone)


def test_local_hours_of_the_week_follow_the_wall_clock():
    """On Monday 2026-06-01 at 00 UTC it is Sunday, 20 h, in New York."""
    begin = datetime(2026, 6, 1, tzinfo=UTC)
    assert local_slots(begin, 2, "America/New_York").tolist() == [6 * 24 + 20, 6 * 24 + 21]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: week_mask(20, 9), "from 20 to 9"),
        (lambda: legal_hours(datetime(2026, 1, 1), 1, week_mask(9, 20), ZONES), "no zone"),  # noqa: DTZ001
        (lambda: legal_hours(CLOCK_CHANGES[0], 1, np.ones(24, bool), ZONES), "168"),
        (lambda: legal_hours(CLOCK_CHANGES[0], 1, week_mask(9, 20), []), "possible"),
        (lambda: draw(np.ones((1, 2)), None, 1.5, np.random.default_rng()), "share"),
        (lambda: answer_rates([2], [1]), "more answers"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_draws_come_as_often_as_they_are_logged():
    """The share of each slot among 40,000 draws is its logged probability."""
    scores = np.tile([0.1, 0.5, 0.9, 0.2], (40_000, 1))
    legal = np.array([True, True, False, True])
    drawn = draw(scores, legal, 0.1, np.random.default_rng(1))
    for slot in (0, 1, 3):
        there = drawn.slot == slot
        assert there.mean() == pytest.approx(drawn.probability[there][0], abs=0.005)
    assert not (drawn.slot == 2).any()
    assert (drawn.candidates == 3).all()
    assert drawn.probability.min() == pytest.approx(0.1 / 3)


def test_weights_of_a_logged_draw_average_to_one():
    """What every estimator of off-policy values rests on."""
    scores = np.random.default_rng(2).random((30_000, 6))
    drawn = draw(scores, None, share(0), np.random.default_rng(3))
    weights = (1 / 6) / drawn.probability
    assert weights.mean() == pytest.approx(1, abs=0.05)


def test_nobody_is_sent_anything_where_no_slot_is_legal():
    legal = np.array([[False, False], [False, True]])
    drawn = draw(np.ones((2, 2)), legal, 0.5, np.random.default_rng(0))
    assert drawn.slot.tolist() == [-1, 1]
    assert drawn.probability.tolist() == [0.0, 1.0]


def test_rates_of_people_are_recovered_and_shrunk():
    random = np.random.default_rng(5)
    true = random.beta(2, 38, 5_000)
    sends = random.integers(1, 30, 5_000)
    answers = random.binomial(sends, true)
    shop = shop_rate(answers, sends)
    assert shop.rate == pytest.approx(0.05, abs=0.003)
    assert shop.weight == pytest.approx(40, rel=0.25)
    told = answer_rates(answers, sends)
    assert ((told - true) ** 2).mean() < 0.5 * ((answers / sends - true) ** 2).mean()


def test_a_phone_that_is_off_at_night_lowers_the_night():
    """Half of the people switch off from 23 to 7; their reports of the night come late."""
    random = np.random.default_rng(6)
    reports = np.full((400, 24), 3.0)
    night = np.r_[0:7, 23]
    chance = np.full((400, 24), 0.95)
    chance[:200, night] = 0.1
    on = reach(random.binomial(3, chance), reports)
    assert on[:200][:, night].mean() < 0.6 * on[200:][:, night].mean()
    curve = answers_by_slot(np.full((400, 24), 1 / 24), np.full(400, 0.1), on)
    np.testing.assert_allclose(curve.mean(1), 0.1)
    assert curve[0, 3] < 0.6 * curve[0, 12]
    assert (reach(np.zeros((2, 24)), np.zeros((2, 24))) == 1).all()


def test_people_are_shrunk_to_the_whole_shop_whoever_is_asked_for_with_them():
    """Who is scored in one block must not hang on who else is in it."""
    random = np.random.default_rng(7)
    reports = np.full((400, 24), 2.0)
    prompt = random.binomial(2, np.where(np.arange(400)[:, None] < 200, 0.2, 0.9), (400, 24))
    together = reach(prompt, reports)
    shop = shop_reach(prompt, reports)
    apart = np.vstack([reach(prompt[rows], reports[rows], shop=shop) for rows in ROWS])
    np.testing.assert_allclose(apart, together)
    silent = reach(np.zeros((1, 24)), np.zeros((1, 24)), shop=shop)
    np.testing.assert_allclose(silent[0], shop.by_slot)
