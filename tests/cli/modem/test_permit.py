"""``shopbell modem permit``: who permitted which SIM, and when."""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support.command import Shopbell

from gateway.control import ControlServer, socket_path
from gateway.control.permits import PermitDesk, permit
from gateway.db import Database
from gateway.db.lines import note_line, read_lines
from gateway.domain.clock import ManualClock
from gateway.domain.ids import LineId, ModemName
from gateway.domain.signal import Signal

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LINE = LineId("8944100000000000001")
CONFIRMED = "--i-have-permission"


async def see_a_sim(directory: Path) -> None:
    async with Database.open(f"sqlite:///{directory / 'shopbell.db'}") as database:
        await database.write(lambda c: note_line(c, LINE, ModemName("m0"), NOW, home="234"))


def record(directory: Path) -> tuple[Any, ...]:
    async def read() -> tuple[Any, ...]:
        async with Database.open(f"sqlite:///{directory / 'shopbell.db'}") as database:
            statement = text("SELECT permitted_by, permitted_at FROM lines")
            return tuple(await database.read(lambda c: c.execute(statement).one()))

    return asyncio.run(read())


@pytest.mark.rule("SIM-1")
def test_it_is_recorded_with_who_and_when(shopbell: Shopbell, tmp_path: Path) -> None:
    asyncio.run(see_a_sim(tmp_path))
    done = shopbell("modem", "permit", "m0", CONFIRMED)
    assert (done.code, done.out, done.err) == (
        0,
        f"m0: permission recorded for the SIM {LINE}\n",
        "",
    )
    by, at = record(tmp_path)
    assert by == getpass.getuser()
    assert at is not None
    # The first record stands.
    assert shopbell("modem", "permit", "m0", CONFIRMED, "--json").code == 0
    assert record(tmp_path) == (by, at)


def test_it_has_to_be_said_in_so_many_words(shopbell: Shopbell, tmp_path: Path) -> None:
    asyncio.run(see_a_sim(tmp_path))
    done = shopbell("modem", "permit", "m0")
    assert (done.code, done.out) == (1, "")
    assert CONFIRMED in done.err
    assert record(tmp_path) == (None, None)


def test_a_modem_without_a_sim_is_named(shopbell: Shopbell) -> None:
    done = shopbell("modem", "permit", "m9", CONFIRMED)
    assert (done.code, done.out) == (1, "")
    assert "no SIM was seen in a modem 'm9' yet; let the gateway run with it once" in done.err


async def test_a_running_gateway_does_it(shopbell: Shopbell, tmp_path: Path) -> None:
    asked: list[Mapping[str, Any]] = []

    async def answer(fields: Mapping[str, Any]) -> object:
        asked.append(fields)
        return {"line": LINE}

    async with ControlServer(socket_path(tmp_path / "shopbell.db"), {"permit": answer}):
        done = await asyncio.to_thread(shopbell, "modem", "permit", "m0", CONFIRMED, "--json")
    assert json.loads(done.out) == {"modem": "m0", "line": LINE}
    assert asked == [{"name": "m0", "by": getpass.getuser()}]


@pytest.mark.rule("SIM-1")
async def test_the_gateway_goes_by_it_at_once(tmp_path: Path) -> None:
    from gateway.consent.country import load_policies
    from gateway.consent.lines import Lines, Operator, SimSettings

    await see_a_sim(tmp_path)
    modems = {ModemName("m0"): SimSettings(country="GB")}
    lines = Lines(load_policies(), Operator(modems=modems))
    changed = Signal()
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        await database.read(lines.refresh)
        before = lines.known(LINE)
        desk = PermitDesk(database, ManualClock(NOW), lines, changed)
        ticket = changed.ticket()
        await desk.operations()["permit"]({"name": "m0", "by": "jo"})
        after = lines.known(LINE)
    assert before is not None
    assert after is not None
    assert (before.permitted, after.permitted) == (False, True)
    assert ticket.is_set()


async def test_the_sim_seen_last_is_the_one_meant(tmp_path: Path) -> None:
    await see_a_sim(tmp_path)
    newer = LineId("newer")
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        later = NOW.replace(hour=10)
        await database.write(lambda c: note_line(c, newer, ModemName("m0"), later))
        await database.write(lambda c: permit(c, "m0", "jo", later))
        records = await database.read(read_lines)
    assert {one.id: one.permitted for one in records} == {LINE: False, newer: True}
