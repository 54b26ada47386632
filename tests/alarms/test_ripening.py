"""Alarms of conditions: what lasts comes on, what is gone for a while goes off, nothing flaps."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.alarms.condition import Condition, Name
from gateway.alarms.limits import AlarmLimits
from gateway.alarms.ripening import CALM, LONGEST_CALM, SOON, Ripening, calm, takes
from gateway.domain.alarms import AlarmKind

LIMITS = AlarmLimits(line_down=timedelta(seconds=300))
LOOK = 5.0


def wrong(kind: AlarmKind = AlarmKind.BALANCE_LOW, detail: str = "why") -> Condition:
    return Condition(kind=kind, subject="m0", detail=detail)


def play(looks: Sequence[bool], kind: AlarmKind = AlarmKind.BALANCE_LOW) -> list[tuple[float, str]]:
    """Look every five seconds, with the condition there or not; return what changed when."""
    ripening, changes = Ripening(), []
    for turn, there in enumerate(looks):
        at = turn * LOOK
        ripe = ripening.look([wrong(kind)] if there else [], LIMITS, at)
        changes += [(at, "on")] * len(ripe.on) + [(at, "off")] * len(ripe.off)
    return changes


def test_what_lasts_comes_on_once_and_goes_off_after_a_calm() -> None:
    looks = [True] * 10 + [False] * 20
    assert play(looks) == [(SOON, "on"), (50 + CALM, "off")]


def test_what_passes_is_no_alarm() -> None:
    assert play([True, True, False] * 20) == []


def test_a_break_that_is_shorter_than_the_calm_ends_nothing() -> None:
    looks = [True] * 5 + [False] * 11 + [True] * 5 + [False] * 11 + [True]
    assert play(looks) == [(SOON, "on")]


def test_a_line_is_down_after_the_operators_time() -> None:
    assert play([True] * 70, AlarmKind.LINE_DOWN) == [(300.0, "on")]


def test_each_time_that_it_comes_back_it_has_to_be_right_for_longer() -> None:
    assert [calm(onsets) for onsets in (0, 1, 2, 3, 40)] == [
        CALM,
        CALM,
        2 * CALM,
        4 * CALM,
        LONGEST_CALM,
    ]
    spell = [True] * 4 + [False] * 13
    changes = play(spell + spell * 2)
    assert [what for _, what in changes] == ["on", "off", "on"], "65 s are no end the second time"


def test_an_alarm_of_the_run_before_goes_off_when_it_is_right() -> None:
    ripening = Ripening()
    ripening.adopt(wrong(), 0.0)
    assert ripening.on == {Name(AlarmKind.BALANCE_LOW, "m0")}
    assert ripening.look([], LIMITS, CALM - 1).off == ()
    assert ripening.look([], LIMITS, CALM).off == (Name(AlarmKind.BALANCE_LOW, "m0"),)


def test_an_alarm_of_the_run_before_does_not_come_on_again() -> None:
    ripening = Ripening()
    ripening.adopt(wrong(), 0.0)
    ripe = ripening.look([wrong(detail="in other words")], LIMITS, 60.0)
    assert ripe.on == ()
    assert ripening.detail(wrong().name) == "in other words"


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_takes_some_time(kind: AlarmKind) -> None:
    assert 0.0 <= takes(kind, LIMITS) <= 600.0


@given(st.lists(st.booleans(), max_size=400), st.sampled_from(AlarmKind))
def test_on_and_off_take_turns_and_never_follow_soon(looks: list[bool], kind: AlarmKind) -> None:
    changes = play(looks, kind)
    assert [what for _, what in changes] == ["on", "off"] * (len(changes) // 2) + ["on"] * (
        len(changes) % 2
    )
    for (at, what), (later, _) in itertools.pairwise(changes):
        assert what == "off" or later - at >= CALM, "an alarm is on for a minute at least"
        assert what == "on" or later - at >= takes(kind, LIMITS)


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_it_flaps_ever_less(looks: list[bool]) -> None:
    """However a thing behaves, in an hour it goes off six times at most: 1 + 2 + 4 … minutes."""
    ends = [at for at, what in play(looks * 4) if what == "off"]
    first = [at for at in ends if at < 3600]
    assert len(first) <= 6
