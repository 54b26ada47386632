"""How well a line works, and why not better: a sentence a row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dispatch.routing import HEALTHY, Signs, Trials, judge
from gateway.dispatch.routing.health import HALF_LIFE

WELL = Signs(signal_dbm=-67, taken=200, asked=200, reported=196, delivered=190, prompt=185)


def test_a_new_line_is_neither_perfect_nor_bad() -> None:
    assert HEALTHY < judge(Signs()).score < judge(WELL).score
    assert judge(Signs()).why == ()


def test_a_line_that_does_all_well_is_nearly_perfect() -> None:
    assert judge(WELL).score > 0.95


@pytest.mark.parametrize(
    ("sentence", "signs", "good", "why"),
    [
        ("one refusal is nothing", replace(WELL, lost=1), True, ()),
        (
            "three at once are a doubt about a new line",
            Signs(lost=3),
            True,
            ("3 of the last 3 messages not taken",),
        ),
        (
            "ten are more than a doubt",
            Signs(lost=10),
            False,
            ("10 of the last 10 messages not taken",),
        ),
        (
            "a good line that loses three of five is not good",
            Signs(taken=20, lost=30, signal_dbm=-60),
            False,
            ("30 of the last 50 messages not taken",),
        ),
        ("a fair signal is good enough", Signs(signal_dbm=-95), True, ()),
        ("a poor one is not", Signs(signal_dbm=-109), False, ("signal -109 dBm",)),
        (
            "it is worse that no reports come where they do on others",
            replace(WELL, reported=0, delivered=0, prompt=0),
            False,
            ("0 of 200 reports came",),
        ),
        (
            "where no line has any it says nothing",
            replace(WELL, reported=0, delivered=0, prompt=0, usual=0.0),
            True,
            (),
        ),
        (
            "late reports alone shut no line out",
            replace(WELL, prompt=0),
            True,
            ("190 of 190 deliveries reported late",),
        ),
        (
            "the worst is named first",
            Signs(stopped=True, lost=3, signal_dbm=-105),
            False,
            ("stopped after refusals", "signal -105 dBm", "3 of the last 3 messages not taken"),
        ),
    ],
)
def test_what_pulls_a_line_down(
    sentence: str, signs: Signs, good: bool, why: tuple[str, ...]
) -> None:
    health = judge(signs)
    assert (health.good, health.why) == (good, why), f"{sentence}: {health}"


@given(
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(-113, -51),
    st.integers(0, 200),
    st.integers(0, 200),
)
def test_the_score_is_a_share_and_falls_with_each_bad_sign(
    taken: int, lost: int, dbm: int, asked: int, unreported: int
) -> None:
    signs = Signs(
        taken=taken, lost=lost, signal_dbm=dbm, asked=asked, reported=max(0, asked - unreported)
    )
    score = judge(signs).score
    assert 0 < score <= 1
    assert judge(replace(signs, lost=lost + 1)).score < score
    assert judge(replace(signs, signal_dbm=dbm - 1)).score < score
    assert judge(replace(signs, asked=asked + 1)).score <= score
    assert score - judge(replace(signs, lost=lost + 1)).score < 0.1, "one message moves little"


def test_what_was_refused_long_ago_is_forgotten() -> None:
    trials = Trials()
    trials.add(now=0, lost=8)
    assert trials.of(0) == (0, 8)
    taken, lost = trials.of(HALF_LIFE)
    assert (taken, lost) == (0, pytest.approx(4))
    taken, lost = trials.of(20 * HALF_LIFE)
    assert judge(Signs(taken=taken, lost=lost)).score == pytest.approx(
        judge(Signs()).score, abs=1e-4
    )


def test_what_went_well_since_outweighs_what_went_wrong() -> None:
    trials = Trials()
    trials.add(now=0, lost=8)
    for minute in range(1, 61):
        trials.add(now=60 * minute, taken=5)
    assert judge(Signs(taken=trials.taken, lost=trials.lost)).good
