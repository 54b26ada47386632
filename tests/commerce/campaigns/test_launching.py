"""A launch freezes whom a campaign is about, and leaves nothing when it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from support.campaigns import SALE, SPRING, Campaigning
from support.world import ACME

from gateway.commerce.campaigns.frozen import thaw
from gateway.commerce.campaigns.preparing import Prepared, missing, prepare
from gateway.commerce.coupons import Pool, put_codes
from gateway.db.commerce.campaigns import CampaignState, find_campaign, list_campaigns
from gateway.domain.errors import ContentError, RejectedError, StorageError
from gateway.domain.ids import PersonId


async def test_what_is_launched_is_frozen(shop: Campaigning) -> None:
    await shop.know(3)
    await shop.launch(SALE + "deadline = 2026-11-29T09:00:00")
    record = await shop.record()
    assert (record.persons, record.state) == (3, CampaignState.RUNNING)
    assert record.ends_at == datetime(2026, 11, 29, 9, tzinfo=UTC)
    spec = thaw(record.spec)
    assert (spec.where, spec.message.template) == ("orders >= 0", "hello")
    await shop.know(2, first=10)  # who comes later is not in it
    await shop.engine.tick()
    assert len(await shop.decisions()) == 3


async def test_it_is_launched_once(shop: Campaigning) -> None:
    await shop.know(1)
    await shop.launch()
    with pytest.raises(RejectedError, match="was launched at 2026-11-23 09:00 UTC and is running"):
        await shop.launch()
    assert await shop.left() == 1


async def test_a_segment_of_nobody_is_refused_and_leaves_nothing(shop: Campaigning) -> None:
    with pytest.raises(RejectedError, match="its segment is empty"):
        await shop.launch()
    found = await shop.deciding.world.database.read(lambda c: list_campaigns(c, [ACME]))
    assert found == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('segment = "vip"\ntemplate = "hello"', "segment: there is no 'vip'; there are: all"),
        ('segment = "all"\ntemplate = "no"', "arm message: template: there is no 'no'"),
        (SALE + 'coupon = "ten"', "arm message: coupon: there is no 'ten'; there are: none"),
        (SALE + '[[arm]]\nname = "a"\ntemplate = "no"', "arm a: template: there is no 'no'"),
    ],
)
async def test_what_is_not_there_is_named_with_what_is(
    shop: Campaigning, text: str, said: str
) -> None:
    await shop.know(1)
    with pytest.raises(ContentError, match=said):
        await shop.launch(text)
    [fault] = missing(shop.content(text))
    assert said in str(fault)
    assert "spring.toml" in str(fault)
    assert missing(shop.content()) == []


async def test_what_is_over_is_not_begun(shop: Campaigning) -> None:
    await shop.know(1)
    with pytest.raises(RejectedError, match="spring ended at 2026-11-23 09:00 UTC"):
        await shop.launch(SALE + "sale_ends = 2026-11-23T09:00:00")


async def test_a_pool_that_is_too_small_is_refused(shop: Campaigning) -> None:
    shop.pools["ten"] = Pool(name="ten", file="codes.txt")
    await shop.know(5)
    write = shop.deciding.world.database.write
    codes = [f"CODE-{number}" for number in range(5)]
    await write(lambda c: put_codes(c, ACME, "ten", codes[:4]))
    text = SALE + 'coupon = "ten"'
    with pytest.raises(RejectedError, match="'ten' has 4 codes left, and 5 may be given"):
        await shop.launch(text)
    await write(lambda c: put_codes(c, ACME, "ten", codes[4:]))
    assert (await shop.launch(text)).persons == 5


async def test_codes_that_are_made_do_not_run_out(shop: Campaigning) -> None:
    shop.pools["ten"] = Pool(name="ten", pattern="TEN-******")
    await shop.know(2)
    assert (await shop.launch(SALE + 'coupon = "ten"')).persons == 2


async def test_many_are_written_in_lots(shop: Campaigning, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.launching.LOT", 3)
    shop.persons = [PersonId(f"{number:064d}") for number in range(10)]
    assert (await shop.launch()).persons == 10
    assert await shop.left() == 10


async def test_a_launch_that_fails_leaves_nothing_and_can_be_tried_again(
    shop: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.launching.LOT", 2)
    await shop.know(5)
    members = shop.launcher._members

    def breaks(c: Connection, prepared: Prepared, now: datetime) -> Iterator[PersonId]:
        yield from list(members(c, prepared, now))[:3]
        raise StorageError("the disk is gone")

    shop.launcher._members = breaks
    with pytest.raises(StorageError, match="the disk is gone"):
        await shop.launch()
    found = await shop.deciding.world.database.read(lambda c: find_campaign(c, ACME, SPRING))
    assert found is None
    shop.launcher._members = members
    assert (await shop.launch()).persons == 5


async def test_a_launch_that_was_cut_off_is_begun_again(shop: Campaigning) -> None:
    """The process died while members were written: nothing goes out, and none of them stays."""
    await shop.know(4)
    launcher = shop.launcher
    release, abandon = launcher._let_go, launcher._abandon

    async def dies(*_: object) -> None:
        raise RuntimeError("the power went")

    launcher._let_go = launcher._abandon = dies  # type: ignore[method-assign, assignment]
    with pytest.raises(RuntimeError):
        await shop.launch()
    launcher._let_go, launcher._abandon = release, abandon  # type: ignore[method-assign]
    assert (await shop.record()).state is CampaignState.LAUNCHING
    await shop.engine.tick()
    assert await shop.decisions() == []
    with pytest.raises(RejectedError, match="is being launched"):
        await shop.steer("stop")
    shop.deciding.world.clock.instant += timedelta(minutes=1)
    shop.persons = shop.persons[:3]
    assert (await shop.launch()).persons == 3
    assert (await shop.record()).state is CampaignState.RUNNING


async def test_two_that_launch_at_once_are_told_apart(shop: Campaigning) -> None:
    await shop.know(3)
    launcher = shop.launcher
    write = launcher._write_members

    async def overtaken(launch: object) -> None:
        await write(launch)  # type: ignore[arg-type]
        launcher._write_members = write  # type: ignore[method-assign]
        shop.deciding.world.clock.instant += timedelta(seconds=1)
        assert (await shop.launch()).persons == 3

    launcher._write_members = overtaken  # type: ignore[method-assign, assignment]
    with pytest.raises(RejectedError, match="by somebody else meanwhile"):
        await shop.launch()
    assert (await shop.record()).state is CampaignState.RUNNING
    assert await shop.left() == 3


async def test_one_that_is_overtaken_writes_no_more(shop: Campaigning) -> None:
    """The other is not done yet; what the first began is the other's now."""
    await shop.know(3)
    launcher, world = shop.launcher, shop.deciding.world
    write = launcher._write_members

    async def overtaken(launch: object) -> None:
        world.clock.instant += timedelta(seconds=1)
        now = world.clock.now()
        await launcher._begin(prepare(shop.content(), SPRING, now), [], now)
        await write(launch)  # type: ignore[arg-type]

    launcher._write_members = overtaken  # type: ignore[method-assign, assignment]
    with pytest.raises(RejectedError, match="by somebody else meanwhile"):
        await shop.launch()
    assert (await shop.record()).state is CampaignState.LAUNCHING
    assert await shop.left() == 0
