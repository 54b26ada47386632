"""Who is told what, and when: once, again after a time, and at the end."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.alarms.due import GATHER, Due, TellingRules, due
from gateway.alarms.state import AlarmState
from gateway.domain.alarms import AlarmKind
from gateway.domain.quiet import QuietHours

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULES = TellingRules(repeat=timedelta(hours=6))
NIGHT = replace(RULES, quiet=QuietHours.parse("22:00-07:00"))


def alarm(kind: AlarmKind = AlarmKind.LINE_DOWN, age: timedelta = MINUTE, **values: Any) -> Any:
    began = NOON - age
    plain = {"subject": "m0", "detail": "why", "began_at": began, "noticed_at": began}
    return AlarmState(kind=kind, **(plain | values))


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (alarm(), "new"),
        (alarm(age=timedelta(seconds=10)), ""),
        (alarm(told_at=NOON - MINUTE), ""),
        (alarm(told_at=NOON - timedelta(hours=6)), "again"),
        (alarm(told_at=NOON - timedelta(hours=6), acknowledged=True), ""),
        (alarm(told_at=NOON - MINUTE, ended_at=NOON - MINUTE), "over"),
        (alarm(told_at=NOON - MINUTE, ended_at=NOON), ""),
        (alarm(told_at=NOON - MINUTE, ended_at=NOON - MINUTE, acknowledged=True), "over"),
        (alarm(told_at=NOON, ended_at=NOON - MINUTE, told_end_at=NOON), ""),
        (alarm(ended_at=NOON - MINUTE), ""),
        (alarm(told_at=NOON + timedelta(days=3)), "again"),
        (alarm(age=timedelta(days=-3)), "new"),
    ],
    ids=[
        *("new", "waits for others", "told", "told long ago", "acknowledged", "over"),
        *("just over", "over though seen", "end told", "over before it was told"),
        *("told before the clock was set back", "noticed before the clock was set back"),
    ],
)
def test_an_alarm_is_told(one: AlarmState, told: str) -> None:
    found = due([one], RULES, NOON)
    expected = {"new": Due(new=(one,)), "again": Due(again=(one,)), "over": Due(over=(one,))}
    assert found == expected.get(told, Due())
    assert bool(found) is bool(told)


def test_what_comes_together_is_told_together() -> None:
    """A hub that dies is one message, with what came while the first was waiting."""
    hub = [
        alarm(subject=f"m{place}", age=GATHER - timedelta(seconds=3 * place)) for place in range(8)
    ]
    over = alarm(AlarmKind.BROKER_AWAY, told_at=NOON - MINUTE, ended_at=NOON)
    assert due([*hub, over], RULES, NOON) == Due(new=tuple(hub), over=(over,))


@pytest.mark.parametrize(
    ("kind", "hour", "told"),
    [
        (AlarmKind.BALANCE_LOW, 12, True),
        (AlarmKind.BALANCE_LOW, 23, False),
        (AlarmKind.BALANCE_LOW, 6, False),
        (AlarmKind.BALANCE_LOW, 7, True),
        (AlarmKind.LINE_DOWN, 23, True),
    ],
)
def test_warnings_wait_for_the_morning(kind: AlarmKind, hour: int, told: bool) -> None:
    at = NOON.replace(hour=hour)
    one = alarm(kind, began_at=at - MINUTE, noticed_at=at - MINUTE)
    assert bool(due([one], NIGHT, at)) is told


@given(
    st.lists(
        st.tuples(st.sampled_from(["on", "off", "seen", "nothing"]), st.integers(0, 5)),
        max_size=60,
    ),
    st.booleans(),
)
def test_once_within_the_repeat_and_always_at_the_end(
    steps: list[tuple[str, int]], works: bool
) -> None:
    """Whatever comes and goes, and whether or not telling works at first."""
    alarms: dict[int, AlarmState] = {}
    told: dict[int, list[datetime]] = {}
    ends: dict[int, int] = {}
    number, now = 0, NOON
    for turn, (step, hours) in enumerate([*steps, ("off", 0), ("nothing", 1), ("nothing", 1)]):
        now += timedelta(hours=hours, minutes=2)
        open_keys = [key for key, one in alarms.items() if one.ended_at is None]
        if step == "on" and not open_keys:
            number += 1
            alarms[number] = alarm(key=number, began_at=now, noticed_at=now)
        for key in open_keys:
            if step == "off":
                alarms[key] = replace(alarms[key], ended_at=now)
            if step == "seen":
                alarms[key] = replace(alarms[key], acknowledged=True)
        found = due(alarms.values(), RULES, now)
        if not works and turn < len(steps):
            continue
        for one in found.new + found.again:
            told.setdefault(one.key or 0, []).append(now)
            alarms[one.key or 0] = replace(one, told_at=now)
        for one in found.over:
            ends[one.key or 0] = ends.get(one.key or 0, 0) + 1
            alarms[one.key or 0] = replace(one, told_end_at=now)
    for times in told.values():
        gaps = [later - at for at, later in itertools.pairwise(times)]
        assert all(gap >= RULES.repeat for gap in gaps)
    assert ends == dict.fromkeys(told, 1), "what was told has one end, and nothing else has"
