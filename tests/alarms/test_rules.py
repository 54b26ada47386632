"""What is wrong, as the facts have it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.alarms.condition import Name
from gateway.alarms.facts import (
    DiskFact,
    Facts,
    LineFact,
    LoopFact,
    QueueFact,
    Reports,
    Trend,
)
from gateway.alarms.limits import AlarmLimits
from gateway.alarms.rules import judge
from gateway.domain.alarms import Alarm, AlarmKind

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
LIMITS = AlarmLimits()
GB = 1_000_000_000


def names(facts: Facts) -> set[tuple[str, str]]:
    return {(str(one.kind), one.subject) for one in judge(facts, LIMITS)}


def on(kind: AlarmKind, subject: str = "") -> frozenset[Name]:
    return frozenset({Name(kind, subject)})


def line(name: str = "m0", *kinds: AlarmKind, ready: bool = False) -> LineFact:
    alarms = tuple(Alarm(kind=kind, detail="why", since=NOON) for kind in kinds)
    return LineFact(name=name, ready=ready, state="missing", alarms=alarms)


def trend(recent: int, past: int = 95, asked: int = 100) -> Trend:
    return Trend(
        recent=Reports(asked=asked, reported=recent * asked // 100),
        past=Reports(asked=1000, reported=past * 10),
    )


def disk(free: int, lasts: timedelta | None = None, total: int = 100 * GB) -> DiskFact:
    return DiskFact(free=free, total=total, reserve=16_000_000, lasts=lasts)


def test_nothing_is_wrong_with_what_nothing_is_known_of() -> None:
    assert judge(Facts(), LIMITS) == []


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (line(ready=True), set()),
        (line(), {("line_down", "m0")}),
        (line("m0", AlarmKind.NO_SIM), {("no_sim", "m0")}),
        (line("m0", AlarmKind.UNRECOVERED), {("unrecovered", "m0")}),
        (line("m0", AlarmKind.BALANCE_LOW), {("balance_low", "m0"), ("line_down", "m0")}),
        (line("m0", AlarmKind.BALANCE_LOW, ready=True), {("balance_low", "m0")}),
        (line("carrier:main"), set()),
        (line("carrier:main", AlarmKind.CARRIER_UNUSABLE), {("carrier_unusable", "carrier:main")}),
    ],
)
def test_a_line_is_down_unless_its_own_alarm_says_why(
    fact: LineFact, expected: set[tuple[str, str]]
) -> None:
    assert names(Facts(lines=(fact,))) == expected


def test_a_line_that_is_told_as_down_stays_so_when_its_modem_says_why() -> None:
    """Or its end would be told while it is still away."""
    facts = Facts(lines=(line("m0", AlarmKind.UNRECOVERED),), on=on(AlarmKind.LINE_DOWN, "m0"))
    assert names(facts) == {("line_down", "m0"), ("unrecovered", "m0")}


@pytest.mark.parametrize(
    ("trends", "expected"),
    [
        ({"m0": trend(95), "m1": trend(95)}, set()),
        ({"m0": trend(20), "m1": trend(95)}, {("reports_falling", "m0")}),
        ({"m0": trend(60), "m1": trend(95)}, set()),
        ({"m0": trend(20), "m1": trend(20)}, {("reports_falling", "")}),
        ({"m0": trend(20), "m1": trend(70)}, {("reports_falling", "")}),
        ({"m0": trend(20)}, {("reports_falling", "m0")}),
        ({"m0": trend(20, asked=19), "m1": trend(95)}, set()),
        ({"m0": trend(10, past=15), "m1": trend(95)}, set()),
        ({"m0": trend(0, past=0), "m1": trend(95)}, set()),
        ({"m0": Trend(recent=Reports(asked=100), past=Reports(asked=40, reported=40))}, set()),
        ({"m0": trend(20), "m1": trend(95, asked=3)}, {("reports_falling", "m0")}),
    ],
)
def test_reports_fall_against_a_lines_past_and_the_others(
    trends: dict[str, Trend], expected: set[tuple[str, str]]
) -> None:
    assert names(Facts(trends=trends)) == expected


@pytest.mark.parametrize(("share", "stays"), [(50, True), (68, True), (75, False)])
def test_reports_have_to_come_back_for_good(share: int, stays: bool) -> None:
    """One at the limit would come on and go off with each message."""
    trends = {"m0": trend(share), "m1": trend(95)}
    facts = Facts(trends=trends, on=on(AlarmKind.REPORTS_FALLING, "m0"))
    assert bool(names(facts)) is stays


@pytest.mark.parametrize(
    ("queue", "already", "expected"),
    [
        (QueueFact(), False, False),
        (QueueFact(urgent=3, waited=timedelta(minutes=9)), False, False),
        (QueueFact(urgent=3, waited=timedelta(minutes=11)), False, True),
        (QueueFact(urgent=3, waited=timedelta(minutes=6)), True, True),
        (QueueFact(urgent=3, waited=timedelta(minutes=4)), True, False),
        (QueueFact(urgent=0, waited=timedelta(hours=4)), False, False),
        (QueueFact(due=100, capacity=120), False, False),
        (QueueFact(due=130, capacity=120), False, True),
        (QueueFact(due=100, capacity=120), True, True),
        (QueueFact(due=80, capacity=120), True, False),
        (QueueFact(due=1, capacity=0), False, True),
    ],
)
def test_the_queue_is_behind(queue: QueueFact, already: bool, expected: bool) -> None:
    before = on(AlarmKind.QUEUE_BEHIND) if already else frozenset()
    assert bool(names(Facts(queue=queue, on=before))) is expected


@pytest.mark.parametrize(
    ("fact", "already", "expected"),
    [
        (disk(50 * GB), frozenset(), set()),
        (disk(GB // 2), frozenset(), {("disk_low", "")}),
        (disk(GB * 6 // 10), on(AlarmKind.DISK_LOW), {("disk_low", "")}),
        (disk(GB * 7 // 10), on(AlarmKind.DISK_LOW), set()),
        (disk(GB // 4, total=2 * GB), frozenset(), set()),
        (disk(GB // 8, total=GB), frozenset(), set()),
        (disk(50 * GB, timedelta(days=2)), frozenset(), {("disk_filling", "")}),
        (disk(50 * GB, timedelta(days=4)), frozenset(), set()),
        (disk(50 * GB, timedelta(days=4)), on(AlarmKind.DISK_FILLING), {("disk_filling", "")}),
    ],
)
def test_the_disk(fact: DiskFact, already: frozenset[Name], expected: set[tuple[str, str]]) -> None:
    assert names(Facts(disk=fact, on=already)) == expected


def test_what_is_wrong_with_the_box_is_said_as_it_is() -> None:
    facts = Facts(
        broker="away", database="full", backup="old", copy="waits", jump=timedelta(hours=-1)
    )
    found = {one.kind: one.detail for one in judge(facts, LIMITS)}
    assert found.keys() == {
        AlarmKind.BROKER_AWAY,
        AlarmKind.DATABASE_TROUBLE,
        AlarmKind.BACKUP_OVERDUE,
        AlarmKind.COPY_WAITS,
        AlarmKind.CLOCK_JUMPED,
    }
    assert "set back by 1h" in found[AlarmKind.CLOCK_JUMPED]


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        (LoopFact(line="m0"), None),
        (LoopFact(line="m0", sent_lost=1), None),
        (LoopFact(line="m0", sent_lost=2), "loop_lost"),
        (LoopFact(line="m0", received_lost=2), "loop_lost"),
        (LoopFact(line="m0", delay=timedelta(seconds=119)), None),
        (LoopFact(line="m0", delay=timedelta(seconds=121)), "loop_slow"),
        (LoopFact(line="m0", received_lost=3, delay=timedelta(hours=1)), "loop_lost"),
    ],
)
def test_loop_tests(loop: LoopFact, expected: str | None) -> None:
    wanted = set() if expected is None else {(expected, "m0")}
    assert names(Facts(loops=(loop,))) == wanted
