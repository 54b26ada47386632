"""A file of consents comes in, whether a gateway runs or not; without --apply nothing changes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from cli.consent.conftest import WriteRows
from sqlalchemy import func, select
from support.command import Done, Shopbell
from support.desks import desk_operations, settings_in
from support.world import RECIPIENT, START, World, request

from gateway.consent.identity import Identities
from gateway.control import ControlServer, socket_path
from gateway.control.consents import ConsentDesk
from gateway.db import Database
from gateway.db.consent import all_events
from gateway.db.keeping import keep_keys
from gateway.db.tables import CONSENT_EVENTS, PERSONS
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState

OTHER = {"phone": "+447700900124", "state": "unsubscribed", "purpose": "", "consented_at": ""}


def counted(done: Done) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.out)
    return found


async def count(tmp_path: Path, table: Any = CONSENT_EVENTS) -> int:
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        query = select(func.count()).select_from(table)
        return await database.read(lambda c: c.execute(query).scalar_one())


def test_a_look_changes_nothing(shopbell: Shopbell, tmp_path: Path, write: WriteRows) -> None:
    before = sorted(tmp_path.iterdir())
    file = write([{}, OTHER])
    done = shopbell("consent", "import", str(file))
    assert (done.code, done.err) == (0, "")
    assert "nothing is written without --apply" in done.out
    assert sorted(tmp_path.iterdir()) == sorted([*before, file])


def test_what_a_look_says_is_what_happens(shopbell: Shopbell, write: WriteRows) -> None:
    file = write([{}, {"purpose": "marketing.cart"}, OTHER, {"phone": "12"}])
    look = counted(shopbell("consent", "import", str(file), "--json"))
    done = counted(shopbell("consent", "import", str(file), "--apply", "--json"))
    assert look | {"applied": True} == done
    assert done["new"] == [
        {"state": "subscribed", "purpose": "marketing.cart", "count": 1},
        {"state": "subscribed", "purpose": "marketing.offers", "count": 1},
        {"state": "unsubscribed", "purpose": "marketing", "count": 1},
    ]


@pytest.mark.rule("G-11")
def test_of_who_says_no_nothing_is_kept_but_the_fingerprint(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    assert shopbell("consent", "import", str(write([{}, OTHER])), "--apply").code == 0
    assert asyncio.run(count(tmp_path)) == 2
    assert asyncio.run(count(tmp_path, PERSONS)) == 1
    beside = (file for file in tmp_path.rglob("*") if "shopbell.db" in file.as_posix())
    kept = b"".join(file.read_bytes() for file in beside if file.is_file())
    assert (b"7700900123" in kept, b"7700900124" in kept) == (True, False)


@pytest.mark.rule("G-1")
def test_the_same_file_twice_changes_nothing(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    file = write([{}, OTHER, {}])
    shopbell("consent", "import", str(file), "--apply")
    done = counted(shopbell("consent", "import", str(file), "--apply", "--json"))
    assert (done["known"], done["new"]) == (3, [])
    assert asyncio.run(count(tmp_path)) == 2


@pytest.mark.rule("G-2")
def test_each_refused_row_is_named_and_the_others_are_taken(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    file = write([{"purpose": ""}, {}, {"channel": ""}])
    done = shopbell("consent", "import", str(file), "--apply")
    assert done.code == 1
    assert [line.split(" is")[0] for line in done.err.splitlines()] == [
        "a.csv:2: purpose",
        "a.csv:4: channel",
    ]
    assert "Refused rows, each named above: 2." in done.out
    assert asyncio.run(count(tmp_path)) == 1


@pytest.mark.rule("G-11", "G-3")
def test_who_took_it_back_is_not_brought_back_by_a_file(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    file = write([{}])
    shopbell("consent", "import", str(file), "--apply")
    assert shopbell("consent", "withdraw", RECIPIENT).code == 0
    newer = write([{"consented_at": "2026-11-01T00:00:00Z"}], "b.csv")
    done = shopbell("consent", "import", str(newer), "--apply")
    assert done.code == 1
    assert "b.csv:2: marketing.offers: the person took this back" in done.err
    assert asyncio.run(count(tmp_path)) == 2


@pytest.mark.rule("G-11")
def test_of_who_is_refused_nothing_is_kept(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    shopbell("consent", "withdraw", RECIPIENT)
    assert shopbell("consent", "import", str(write([{}])), "--apply").code == 1
    assert asyncio.run(count(tmp_path, PERSONS)) == 0


@pytest.mark.rule("DE-1")
def test_what_is_not_enough_where_the_person_is_is_told(
    shopbell: Shopbell, write: WriteRows
) -> None:
    file = write([{}, {"phone": "+491701234567"}])
    done = shopbell("consent", "import", str(file), "--json")
    assert counted(done)["not_enough"] == {"DE": 1}


def test_a_store_has_to_be_named_where_there_are_several(
    shopbell: Shopbell, config: Path, write: WriteRows
) -> None:
    with config.open("a") as sink:
        sink.write('[[store]]\nname = "bell"\ncountry = "GB"\ntimezone = "Europe/London"\n')
    done = shopbell("consent", "import", str(write([{}])))
    assert done.code == 1
    assert "--store NAME; there are acme, bell" in done.err
    done = shopbell("consent", "import", str(write([{}])), "--store", "bell")
    assert "a text that is not on file" in done.out


def test_a_purpose_that_is_stated_wrong_is_told_once(shopbell: Shopbell, write: WriteRows) -> None:
    done = shopbell("consent", "import", str(write([{}, {}])), "--purpose", "news")
    assert (done.code, done.err.count("is no purpose")) == (2, 1)


def test_a_file_that_is_not_there_is_one_sentence(shopbell: Shopbell) -> None:
    done = shopbell("consent", "import", "nothing.csv")
    assert (done.code, done.err) == (1, "nothing.csv: no such file or directory\n")


@pytest.mark.rule("G-3")
async def test_a_gateway_that_runs_takes_them_in_lots_and_ends_what_waits(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    """More rows than a lot has, and a marketing job to one who says no in the file."""
    url = f"sqlite:///{tmp_path / 'shopbell.db'}"
    async with Database.open(url) as database:
        world = World(database)
        keys = await keep_keys(database, tmp_path / "shopbell.db.key", world.clock)
        desk = ConsentDesk(world.context, world.admission)
        await world.allow()
        offer = request("offer", purpose=Purpose.MARKETING)
        assert await world.admit(offer) == [None]
        rows = [{"phone": f"+4477009{number:05d}"} for number in range(1200)]
        no = {**OTHER, "phone": RECIPIENT}
        file = write([*rows, no])
        world.clock.instant = START.replace(year=2027)
        async with ControlServer(socket_path(tmp_path / "shopbell.db"), desk.operations()):
            arguments = ("consent", "import", str(file), "--apply", "--json")
            done: Done = await asyncio.to_thread(shopbell, *arguments)
        assert done.code == 0, done.err
        assert [one["count"] for one in counted(done)["new"]] == [1200, 1]
        assert (await world.job("offer")).state is JobState.CANCELLED
        found = await database.read(lambda c: {one.event.person for one in all_events(c)})
        assert Identities(keys).of(rows[7]["phone"]) in found


async def test_what_is_said_meanwhile_counts(
    shopbell: Shopbell, tmp_path: Path, write: WriteRows
) -> None:
    """The file is held against the ledger in the very transaction that writes it."""
    url = f"sqlite:///{tmp_path / 'shopbell.db'}"
    async with Database.open(url) as database:
        world = World(database)
        keys = await keep_keys(database, tmp_path / "shopbell.db.key", world.clock)
        desks = desk_operations(world, url, settings_in(tmp_path / "box"), keys)
        async with ControlServer(socket_path(tmp_path / "shopbell.db"), desks):
            file = str(write([{}]))
            await asyncio.to_thread(shopbell, "consent", "withdraw", RECIPIENT)
            done: Done = await asyncio.to_thread(shopbell, "consent", "import", file, "--apply")
        assert done.code == 1
        assert "took this back" in done.err
