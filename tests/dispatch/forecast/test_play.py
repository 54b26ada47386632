"""The queue played ahead gives what arithmetic gives, where arithmetic can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.dispatch.forecast import Crowd, Played, Runner, play
from gateway.dispatch.pacing import Limits, SharedLimit, SharedPace
from gateway.dispatch.routing import CostRouter
from gateway.domain.ids import LaneKey, LineId, ModemName, StoreName
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState
from gateway.domain.purpose import Purpose
from gateway.domain.reserve import Reserve
from gateway.domain.spans import Uses
from gateway.domain.tariff import Tariff

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
ACME, OTHER = StoreName("acme"), StoreName("other")
SALE = Lane(
    key=LaneKey(1),
    urgency=Purpose.MARKETING.urgency,
    store=ACME,
    campaign="",
    destination="+44",
    network="",
)


def crowd(messages: int, lane: Lane = SALE, **values: Any) -> Crowd:
    return Crowd(lane=lane, messages=messages, **({"parts": 1, "asked": True} | values))


def runner(
    number: int = 0, *, seconds: float = 3.0, limits: Limits | None = None, **values: Any
) -> Runner:
    uses = values.pop("uses", Uses())
    state = LineState(
        line=LineId(f"sim{number}"),
        modem=ModemName(f"m{number}"),
        per_second=1 / seconds,
        **values,
    )
    return Runner(
        state=state,
        seconds=seconds,
        zone=LONDON,
        limits=limits or Limits(),
        uses=uses,
        seen_at=NOON,
    )


def played(crowds: Sequence[Crowd], runners: Sequence[Runner], *limits: SharedLimit) -> Played:
    return play(crowds, runners, router=CostRouter(), shared=SharedPace(limits), began=NOON)


@dataclass(frozen=True)
class Shut:
    """Hours that begin at an instant and last for some."""

    opens: datetime
    closes: datetime

    def opening(self, at: datetime) -> datetime | None:
        if at < self.opens:
            return self.opens
        return at if at < self.closes else self.opens + timedelta(days=1)


class TestTheEnd:
    @pytest.mark.parametrize("messages", [1, 10, 2_000, 300_000])
    @pytest.mark.parametrize("lines", [1, 7, 64])
    @pytest.mark.parametrize("parts", [1, 3])
    def test_is_that_of_equal_lines_that_share_the_work(
        self, messages: int, lines: int, parts: int
    ) -> None:
        outcome = played([crowd(messages, parts=parts)], [runner(n) for n in range(lines)])
        longest = -(-messages // lines)
        assert outcome.last_at == pytest.approx((longest * parts - 1) * 3.0, rel=0.03)
        assert sum(share.messages for share in outcome.shares.values()) == messages
        assert sum(share.parts for share in outcome.shares.values()) == messages * parts
        assert (outcome.expired, outcome.left) == (0, 0)

    def test_hangs_on_how_fast_each_line_is(self) -> None:
        lines = [runner(0, seconds=3.0), runner(1, seconds=6.0)]
        outcome = played([crowd(900)], lines)
        assert outcome.last_at == pytest.approx(900 / (1 / 3 + 1 / 6), rel=0.02)
        assert outcome.shares[LineId("sim0")].messages == pytest.approx(600, rel=0.02)

    def test_comes_after_what_is_more_urgent(self) -> None:
        codes = replace(SALE, key=LaneKey(2), urgency=Purpose.OTP.urgency)
        outcome = played([crowd(100, lane=codes, asked=False), crowd(10)], [runner()])
        assert outcome.first_at == pytest.approx(300)
        assert outcome.last_at == pytest.approx(327)
        assert outcome.ahead == 100

    def test_comes_no_later_for_a_long_campaign_of_another_store(self) -> None:
        theirs = replace(SALE, key=LaneKey(2), store=OTHER)
        outcome = played([crowd(100_000, lane=theirs, asked=False), crowd(100)], [runner()])
        assert outcome.last_at == pytest.approx(200 * 3, rel=0.05), "each store gets its half"

    def test_comes_after_what_the_same_store_has_in_its_queue_already(self) -> None:
        outcome = played([crowd(1_000, asked=False), crowd(100)], [runner()])
        assert outcome.last_at == pytest.approx(1_100 * 3, rel=0.02)

    def test_is_the_shared_limits_where_that_is_the_narrowest(self) -> None:
        limit = SharedLimit(name="acme", per_second=0.1, store=ACME)
        outcome = played([crowd(500)], [runner(n) for n in range(8)], limit)
        assert outcome.last_at == pytest.approx(5_000, rel=0.03)


class TestBudgets:
    def test_a_day_that_is_used_up_goes_on_at_midnight_where_the_box_stands(self) -> None:
        line = runner(limits=Limits(day=100), uses=Uses(day=40))
        outcome = played([crowd(100)], [line])
        assert outcome.last_at == pytest.approx(12 * 3_600 + 39 * 3)

    def test_the_longest_span_decides(self) -> None:
        line = runner(limits=Limits(hour=1_000, day=10))
        outcome = played([crowd(11)], [line])
        assert outcome.last_at == pytest.approx(12 * 3_600)

    def test_the_reserve_is_for_codes_alone(self) -> None:
        codes = replace(SALE, key=LaneKey(2), urgency=Purpose.OTP.urgency)
        limits = Limits(day=10, reserve=Reserve(parts=4))
        assert played([crowd(7)], [runner(limits=limits)]).last_at == pytest.approx(12 * 3_600)
        last = played([crowd(10, lane=codes)], [runner(limits=limits)]).last_at
        assert last == pytest.approx(27)

    def test_a_message_that_does_not_fit_in_whole_waits_for_the_next_day(self) -> None:
        outcome = played([crowd(2, parts=3)], [runner(limits=Limits(day=5))])
        assert outcome.last_at == pytest.approx(12 * 3_600 + 6, abs=61)


class TestHours:
    def test_nothing_goes_before_they_open_and_all_of_it_after(self) -> None:
        hours = Shut(NOON + timedelta(hours=2), NOON + timedelta(hours=8))
        outcome = played([crowd(100, hours=hours)], [runner()])
        assert outcome.first_at == pytest.approx(7_200)
        assert outcome.last_at == pytest.approx(7_200 + 99 * 3)

    def test_what_they_close_before_goes_on_the_next_day(self) -> None:
        hours = Shut(NOON, NOON + timedelta(minutes=5))
        outcome = played([crowd(200, hours=hours)], [runner()])
        assert outcome.last_at == pytest.approx(86_400 + 99 * 3, abs=61)

    def test_others_do_not_wait_for_them(self) -> None:
        shut = crowd(100, hours=Shut(NOON + timedelta(days=1), NOON + timedelta(days=2)))
        outcome = played([shut, crowd(100)], [runner()])
        assert outcome.first_at == 0
        assert outcome.last_at == pytest.approx(86_400 + 99 * 3)


class TestWhatDoesNotGo:
    def test_expires_where_its_turn_comes_too_late(self) -> None:
        outcome = played([crowd(100, expires_at=150.0)], [runner()])
        assert sum(share.messages for share in outcome.shares.values()) == 50
        assert outcome.expired == 50

    def test_is_left_where_no_line_serves_it(self) -> None:
        outcome = played([crowd(5)], [runner(routes=("+33",))])
        assert (outcome.left, outcome.last_at, outcome.shares) == (5, None, {})

    def test_is_left_where_there_is_no_line(self) -> None:
        assert played([crowd(5)], []).left == 5


class TestLines:
    def test_what_is_held_for_a_line_goes_on_that_one(self) -> None:
        held = crowd(50, held_for=LineId("sim1"))
        outcome = played([held], [runner(0), runner(1)])
        assert list(outcome.shares) == [LineId("sim1")]
        assert outcome.last_at == pytest.approx(49 * 3)

    def test_the_dear_one_helps_where_the_cheap_ones_take_too_long(self) -> None:
        dear = Tariff(part=Decimal("0.10"))
        cheap = Tariff(part=Decimal("0.02"))
        lines = [runner(0, tariff=cheap), runner(1, tariff=dear)]
        few = played([crowd(100)], lines)
        assert list(few.shares) == [LineId("sim0")]
        assert few.shares[LineId("sim0")].cost == Decimal("2.00")
        many = played([crowd(20_000)], [runner(0, tariff=cheap), runner(1, tariff=dear)])
        assert many.shares[LineId("sim1")].messages > 5_000
        assert many.shares[LineId("sim1")].cost == many.shares[LineId("sim1")].parts * dear.part


def test_a_million_messages_take_a_bounded_number_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    spend = Runner.spend

    def counted(self: Runner, *given: Any) -> None:
        nonlocal steps
        steps += 1
        spend(self, *given)

    monkeypatch.setattr(Runner, "spend", counted)
    outcome = played([crowd(1_000_000)], [runner(n) for n in range(64)])
    assert outcome.last_at == pytest.approx(1_000_000 / 64 * 3, rel=0.03)
    assert steps < 64 * 1_000
