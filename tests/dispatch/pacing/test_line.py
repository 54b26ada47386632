"""A line at work is no faster than any of its limits, and no slower than it has to be."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
from support.timed import Lines, slow
from support.world import ACME

from gateway.dispatch import LinePlan
from gateway.domain.errors import NotSentError, OutcomeUnknownError
from gateway.domain.purpose import Purpose
from gateway.domain.reserve import Reserve
from gateway.domain.results import FinalResult, ResultKind
from gateway.modem import Step

pytestmark = pytest.mark.looptime

CONGESTION = FinalResult(kind=ResultKind.CMS, code=42)


def gaps(departures: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(departures)]


async def test_parts_leave_at_the_rate(lines: Lines) -> None:
    await lines.queue(4)
    await lines.queue(2, text="x" * 300)
    lines.start(m0=LinePlan(per_second=0.5))
    await asyncio.sleep(60)
    assert gaps(lines.departures) == pytest.approx([2.0] * 7)


async def test_with_jitter_they_leave_unevenly_and_no_sooner(lines: Lines) -> None:
    await lines.queue(40)
    lines.start(m0=LinePlan(per_second=0.5, jitter=True))
    await asyncio.sleep(100)
    assert len(lines.departures) == 40
    assert len({round(gap, 3) for gap in gaps(lines.departures)}) > 30
    first, *later = lines.departures
    assert all(at >= first + 2 * n - 1e-3 for n, at in enumerate(later, start=1))
    assert later[-1] <= first + 2 * 39 + 2


NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TO_TEN = datetime(2026, 11, 23, 9, 58, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 23, 58, tzinfo=UTC)
LAST_EVENING = datetime(2026, 11, 30, 23, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limits", "begin", "seconds", "sent"),
    [
        ({"minute_limit": 3}, NINE, 59, 3),
        ({"minute_limit": 3}, NINE, 62, 6),
        ({"hourly_limit": 4}, TO_TEN, 119, 4),
        ({"hourly_limit": 4}, TO_TEN, 122, 8),
        ({"daily_limit": 5}, EVENING, 119, 5),
        ({"daily_limit": 5}, EVENING, 122, 10),
        ({"monthly_limit": 7}, EVENING, 122, 7),
        ({"monthly_limit": 7}, LAST_EVENING, 122, 14),
        ({"minute_limit": 3, "hourly_limit": 4, "daily_limit": 5}, TO_TEN, 190, 5),
    ],
)
async def test_no_budget_is_passed_and_each_is_renewed(
    lines: Lines, limits: dict[str, int], begin: datetime, seconds: float, sent: int
) -> None:
    lines.world.clock.instant = begin
    await lines.queue(20)
    lines.start(m0=LinePlan(**limits))  # type: ignore[arg-type]
    await asyncio.sleep(seconds)
    assert len(lines.departures) == sent


async def test_one_time_passwords_go_out_from_what_is_kept_for_them(lines: Lines) -> None:
    lines.world.clock.instant = EVENING
    await lines.queue(20)
    lines.start(m0=LinePlan(daily_limit=10, otp_reserve=Reserve(percent=20)))
    await asyncio.sleep(10)
    assert len(lines.departures) == 8
    await lines.queue(3, Purpose.OTP)
    await asyncio.sleep(10)
    assert len(lines.departures) == 10
    await asyncio.sleep(105)
    assert len(lines.departures) == 18, "the third one first, then what fits of the rest"
    said = [one["id"] for one in await lines.world.said() if one["state"] == "sent"]
    assert [one.split("-")[0] for one in said] == [*["transactional"] * 8, *["otp"] * 3] + [
        "transactional"
    ] * 7


@pytest.mark.parametrize(
    "what",
    [{"operator": "fake"}, {"prefix": "+44"}, {"store": ACME}],
    ids=lambda one: next(iter(one)),
)
async def test_lines_keep_to_what_they_share(lines: Lines, what: dict[str, Any]) -> None:
    lines.shared.limits = [slow(0.5, **what)]
    await lines.queue(12)
    lines.start(m0=LinePlan(), m1=LinePlan(), m2=LinePlan())
    await asyncio.sleep(60)
    assert len(lines.departures) == 12
    assert min(gaps(lines.departures)) >= 2.0 - 1e-3
    assert lines.departures[-1] <= 22 + 12, "and are hardly slower"


async def test_what_a_limit_does_not_hold_for_passes_it_by(lines: Lines) -> None:
    lines.shared.limits = [slow(0.01, prefix="+33")]
    await lines.queue(3, to="+33639980001")
    await lines.queue(10)
    lines.start(m0=LinePlan(), m1=LinePlan())
    await asyncio.sleep(50)
    assert len(lines.departures) == 11


async def test_a_rate_that_is_read_again_holds_at_once(lines: Lines) -> None:
    await lines.queue(5)
    lines.start(m0=LinePlan(per_second=1 / 3600))
    await asyncio.sleep(10)
    assert len(lines.departures) == 1
    lines.world.dispatcher.fleet.plans = {"m0": LinePlan(per_second=1.0)}
    await asyncio.sleep(5)
    assert len(lines.departures) == 5


async def test_a_try_that_was_not_sent_is_not_counted(lines: Lines) -> None:
    await lines.queue(1)
    [modem] = lines.start(m0=LinePlan(daily_limit=1))
    modem.script.append(Step(error=NotSentError("refused", result=CONGESTION)))
    await asyncio.sleep(60)
    await lines.world.advance()
    await asyncio.sleep(60)
    assert len(lines.departures) == 2
    assert [one["state"] for one in await lines.world.said()] == ["accepted", "deferred", "sent"]


async def test_a_try_in_doubt_is_counted(lines: Lines) -> None:
    await lines.queue(2)
    [modem] = lines.start(m0=LinePlan(daily_limit=1))
    modem.script.append(Step(error=OutcomeUnknownError("silence")))
    await asyncio.sleep(60)
    assert len(lines.departures) == 1


async def test_a_network_that_has_too_much_is_sent_to_at_half_the_rate(lines: Lines) -> None:
    await lines.queue(30)
    [modem] = lines.start(m0=LinePlan(per_second=1.0))
    modem.script.extend([Step(reference=1), Step(error=NotSentError("no", result=CONGESTION))])
    await asyncio.sleep(55)
    assert gaps(lines.departures)[-1] == pytest.approx(2.0)
    [standing] = (await lines.world.dispatcher.standings()).values()
    assert (standing.per_minute, standing.slowed) == (30.0, True)
    await asyncio.sleep(9 * 60)
    [standing] = (await lines.world.dispatcher.standings()).values()
    assert (standing.per_minute, standing.slowed) == (60.0, False)


async def test_what_is_used_of_each_budget_is_told(lines: Lines) -> None:
    await lines.queue(3)
    plan = LinePlan(hourly_limit=2, daily_limit=100, otp_reserve=Reserve(percent=10))
    lines.start(m0=plan)
    await asyncio.sleep(10)
    [standing] = (await lines.world.dispatcher.standings()).values()
    assert standing.per_minute is None
    told = {span: (one.used, one.limit, one.kept_for_otp) for span, one in standing.budgets.items()}
    assert told == {"hour": (2, 2, 0), "day": (2, 100, 10)}
    assert standing.budgets["hour"].renewed_at.hour == 10
