"""Campaigns over the control socket: launched from the folder as it is now, and steered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.campaigns import SALE, SPRING, Campaigning
from support.deciding import Deciding
from support.world import ACME, World

from gateway.commerce.content import ShopContent
from gateway.control import ControlServer, ask
from gateway.control.campaigns import CampaignDesk
from gateway.domain.errors import RejectedError


class Folder:
    """What a marketer edits."""

    def __init__(self, shop: Campaigning) -> None:
        self.text = SALE
        self._shop = shop

    def read(self) -> dict[str, ShopContent]:
        return {ACME: self._shop.content(self.text)}


@pytest.fixture
def shop(world: World) -> Campaigning:
    return Campaigning(Deciding(world))


@pytest.fixture
def folder(shop: Campaigning) -> Folder:
    return Folder(shop)


@pytest.fixture
async def socket(shop: Campaigning, folder: Folder, tmp_path: Path) -> AsyncIterator[Path]:
    world = shop.deciding.world
    desk = CampaignDesk(
        database=world.database,
        clock=world.clock,
        launcher=shop.launcher,
        contents=folder.read,  # type: ignore[arg-type]
        admission=world.admission,
    )
    async with ControlServer(tmp_path / "s.sock", desk.operations()):
        yield tmp_path / "s.sock"


async def test_it_is_launched_as_its_file_is_now_and_steered(
    shop: Campaigning, folder: Folder, socket: Path
) -> None:
    await shop.know(2)
    folder.text = SALE + "deadline = 2026-11-29T09:00:00"
    answer = await ask(socket, "campaign_launch", store=ACME, name=SPRING)
    assert (answer["persons"], answer["state"]) == (2, "running")
    assert answer["ends_at"].startswith("2026-11-29T09:00")
    for word, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        steered = await ask(socket, "campaign_steer", store=ACME, name=SPRING, word=word)
        assert steered == {"state": state}


async def test_what_cannot_be_is_refused_with_a_code(
    shop: Campaigning, folder: Folder, socket: Path
) -> None:
    folder.text = SALE.replace("hello", "no")
    for code, fields in (
        ("content", {"store": ACME, "name": SPRING}),
        ("content", {"store": ACME, "name": "other"}),
        ("unknown_store", {"store": "other", "name": SPRING}),
    ):
        with pytest.raises(RejectedError) as caught:
            await ask(socket, "campaign_launch", **fields)
        assert caught.value.code == code
    with pytest.raises(RejectedError, match="right: pause, resume, stop, approve"):
        await ask(socket, "campaign_steer", store=ACME, name=SPRING, word="burn")
