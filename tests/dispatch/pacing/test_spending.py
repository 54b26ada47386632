"""What a line may begin, by what is counted of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from support.inline import InlineDatabase
from support.spending import spending

from gateway.dispatch.spending import Allowance, LimitReachedError
from gateway.domain.ids import LineId
from gateway.domain.line_state import UNLIMITED, Left
from gateway.domain.purpose import Purpose
from gateway.domain.reserve import Reserve

NOON = datetime(2026, 7, 31, 12, 0, 30, tzinfo=UTC)
LINE = LineId("8944100000000000001")
OTP, REST = Purpose.OTP.urgency, Purpose.TRANSACTIONAL.urgency


@pytest.fixture
async def database(tmp_path: Path, empty_file: Path) -> AsyncIterator[InlineDatabase]:
    opened = InlineDatabase(copyfile(empty_file, tmp_path / "queue.db"))
    yield opened
    await opened.close()


async def able(database: InlineDatabase, urgency: int, **limits: Any) -> datetime:
    allowance = Allowance(budget=spending(NOON, **limits).budget)
    return await database.read(lambda c: allowance.able_at(c, LINE, urgency))


async def left(database: InlineDatabase, **limits: Any) -> Left:
    allowance = Allowance(budget=spending(NOON, **limits).budget)
    return await database.read(lambda c: allowance.left(c, LINE))


async def spend(database: InlineDatabase, **given: Any) -> None:
    one = spending(NOON, **given)
    await database.write(lambda c: one.spend(c, LINE))


async def test_a_line_may_begin_again_when_all_is_new_that_it_used_up(
    database: InlineDatabase,
) -> None:
    limits = {"minute": 2, "day": 2}
    assert await able(database, REST, **limits) == NOON
    for _ in range(2):
        await spend(database, **limits)
    assert await left(database, **limits) == Left(otp=0, rest=0)
    assert await able(database, REST, **limits) == datetime(2026, 8, 1, tzinfo=UTC)
    assert await able(database, REST, minute=2) == NOON + timedelta(seconds=30)
    assert (await left(database), await able(database, REST)) == (UNLIMITED, NOON)


async def test_what_is_kept_is_there_for_one_time_passwords_alone(
    database: InlineDatabase,
) -> None:
    limits = {"hour": 2, "reserve": Reserve(parts=1)}
    await spend(database, **limits)
    assert await left(database, **limits) == Left(otp=1, rest=0)
    assert await able(database, OTP, **limits) == NOON
    assert await able(database, REST, **limits) == NOON.replace(hour=13, minute=0, second=0)
    with pytest.raises(LimitReachedError, match="1 parts went out in this hour, all that transa"):
        await spend(database, **limits)
    await spend(database, purpose=Purpose.OTP, **limits)
    with pytest.raises(LimitReachedError):
        await spend(database, purpose=Purpose.OTP, **limits)
    assert await left(database, **limits) == Left(otp=0, rest=0), "what was refused counts not"
