"""The clock alone: the dispatcher, store jobs, and the simulated network, over days in moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from shop import Shop, Truth, make_customers, make_goods

from gateway.domain.ids import JobId
from gateway.domain.job import JobRequest
from gateway.domain.purpose import Purpose
from season.house import STORE, furnish, opened
from season.season import Season

pytestmark = pytest.mark.looptime

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def make_shop(customers: int, days: float, *, seed: int = 1, **options: float) -> Shop:
    return Shop(
        seed=seed,
        start=START,
        days=days,
        customers=make_customers(seed, customers, pace=0.1, consenting=0.5),
        goods=make_goods(seed),
        truth=Truth(),
        **options,
    )


def job(number: int, at: datetime) -> JobRequest:
    return JobRequest(
        store=STORE,
        id=JobId(f"job-{number}"),
        to=f"+4477009{number:05d}",
        text=f"Your order {number} has shipped." * (1 + number % 6),
        purpose=Purpose.TRANSACTIONAL,
        send_at=at,
    )


async def test_what_is_due_in_days_goes_out_at_its_time_and_is_whole_on_the_phone(
    tmp_path: Path,
) -> None:
    furnish(tmp_path)
    jobs = [job(number, START + timedelta(hours=number)) for number in range(100)]
    async with opened(tmp_path, START) as house:
        await house.admission.admit(jobs)
        season = Season(house, make_shop(5, 6))
        await season.run(START + timedelta(days=6))
    sent = {sms.to: sms for sms in house.network.sent}
    assert {number: sms.text for number, sms in sent.items()} == {one.to: one.text for one in jobs}
    for one in jobs:
        assert one.send_at is not None
        assert timedelta() <= sent[one.to].at - one.send_at < timedelta(minutes=6)
