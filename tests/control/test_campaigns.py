"""Campaigns over the control socket: launched from the folder as it is now, and steered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.campaigns import SALE, SPRING, Campaigning
from support.deciding import Deciding
from support.outlooks import Folder
from support.world import ACME, World

from gateway.control import ControlServer, ask
from gateway.control.campaign_views import CampaignViews
from gateway.control.campaigns import CampaignDesk
from gateway.domain.errors import RejectedError


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
        foresee=folder.foresee,
        admission=world.admission,
    )
    views = CampaignViews(
        database=world.database,
        clock=world.clock,
        contents=folder.read,  # type: ignore[arg-type]
        foresee=folder.foresee,
        tell=folder.tell,
    )
    operations = {**desk.operations(), **views.operations()}
    async with ControlServer(tmp_path / "s.sock", operations):
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


ENDING = SALE + "sale_ends = 2026-11-29T09:00:00"


async def test_a_sale_that_would_be_late_is_refused_whoever_launches_it(
    shop: Campaigning, folder: Folder, socket: Path
) -> None:
    await shop.know(2)
    folder.text, folder.late = ENDING, 3
    with pytest.raises(RejectedError, match="3 of 10 messages would not be out") as caught:
        await ask(socket, "campaign_launch", store=ACME, name=SPRING)
    assert caught.value.code == "too_late"
    answer = await ask(socket, "campaign_launch", store=ACME, name=SPRING, even_if_late=True)
    assert answer["state"] == "running"


async def test_who_has_looked_is_not_made_to_wait_for_another_look(
    shop: Campaigning, folder: Folder, socket: Path
) -> None:
    await shop.know(2)
    folder.text, folder.late = ENDING, 3
    await ask(socket, "campaign_launch", store=ACME, name=SPRING, looked=True)
    assert folder.looks == 0


async def test_a_forecast_says_whether_it_would_be_launched(folder: Folder, socket: Path) -> None:
    folder.text, folder.late = ENDING, 3
    found = await ask(socket, "campaign_forecast", store=ACME, name=SPRING)
    assert (found["late"], found["refused"]["code"]) == (3, "too_late")
    folder.late = 0
    found = await ask(socket, "campaign_forecast", store=ACME, name=SPRING)
    assert (found["refused"], found["forecast"]["currency"]) == (None, "GBP")
    for field in ("baseline", "lift"):
        with pytest.raises(RejectedError, match="right: a number between 0 and 1"):
            await ask(socket, "campaign_forecast", store=ACME, name=SPRING, **{field: 2})


async def test_the_list_has_what_is_on_file_and_what_was_launched(
    shop: Campaigning, folder: Folder, socket: Path
) -> None:
    await shop.know(2)
    listed = await ask(socket, "campaign_list")
    [on_file] = listed["campaigns"]
    assert (on_file["campaign"], on_file["state"], on_file["on_file"]) == (SPRING, None, True)
    await ask(socket, "campaign_launch", store=ACME, name=SPRING)
    [launched] = (await ask(socket, "campaign_list", store=ACME))["campaigns"]
    assert (launched["state"], launched["persons"]) == ("running", 2)
    with pytest.raises(RejectedError, match="no store 'other'"):
        await ask(socket, "campaign_list", store="other")


async def test_progress_is_of_what_was_launched(
    shop: Campaigning, folder: Folder, socket: Path
) -> None:
    await shop.know(2)
    with pytest.raises(RejectedError, match="launched no campaign 'spring'"):
        await ask(socket, "campaign_progress", store=ACME, name=SPRING)
    await ask(socket, "campaign_launch", store=ACME, name=SPRING)
    found = await ask(socket, "campaign_progress", store=ACME, name=SPRING)
    assert (found["persons"], found["left"], found["state"]) == (2, 2, "running")


async def test_a_report_is_asked_for_instants_with_a_zone(socket: Path) -> None:
    with pytest.raises(RejectedError, match="nothing was decided yet"):
        await ask(socket, "campaign_report", store=ACME, name=SPRING)
    with pytest.raises(RejectedError, match="since is '2026-11-01'; right: RFC 3339") as caught:
        await ask(socket, "campaign_report", store=ACME, name=SPRING, since="2026-11-01")
    assert caught.value.field == "since"
