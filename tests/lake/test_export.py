"""The export: the right rows, nothing of a person, only what changed, whole files."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from lake.conftest import KEY, Export
from sqlalchemy import delete, update
from support.deliver import deliver
from support.inbox import come
from support.lakes import order, write
from support.serving import served, told
from support.world import RECIPIENT, START, World

from gateway.consent.retention import Periods
from gateway.db import history
from gateway.db.tables import INBOUND, INBOUND_PARTS, JOBS, PARTS
from gateway.dispatch import Housekeeping
from gateway.lake.folder import LakeFolderError, open_folder
from gateway.lake.person import Home
from gateway.modem import FakeModem
from scoring.lake import Lake
from scoring.pseudonym import pseudonym
from scoring.schema import TABLES
from tests.dispatch.deeds import LINE, report, send

LONG = "long " * 60


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    files = sorted((folder / table).rglob("*.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def files(folder: Path, table: str, pattern: str = "*.parquet") -> list[str]:
    """Return the files of a table, as they lie in it."""
    place = folder / table
    return sorted(str(file.relative_to(place)) for file in place.rglob(pattern))


def every_byte(folder: Path) -> bytes:
    """Return what is in all files, and what is in the Parquet ones once more, not packed."""
    plain = folder.parent / "plain"
    read = b""
    for file in filter(Path.is_file, folder.rglob("*")):
        read += file.read_bytes()
        if file.suffix == ".parquet":
            table = pq.ParquetFile(file).read()
            pq.write_table(table, plain, compression="none", use_dictionary=False)
            read += plain.read_bytes()
    return read


def written(folder: Path) -> dict[str, int]:
    """Return when each Parquet file was written."""
    return {
        str(file.relative_to(folder)): file.stat().st_mtime_ns for file in folder.rglob("*.parquet")
    }


async def test_every_table_is_there_and_passes_the_check_at_the_door(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    await come(world, deliver("Yes"))
    await bring()
    lake = Lake(folder)
    assert lake.check() == ()
    counts = {name: lake.table(name).count().execute() for name in TABLES}
    assert counts == dict.fromkeys(TABLES, 0) | {
        "persons": 1,
        "messages": 1,
        "parts": 1,
        "replies": 1,
    }


async def test_an_empty_gateway_gives_an_empty_lake(bring: Export, folder: Path) -> None:
    await bring()
    assert Lake(folder).check() == ()
    assert {file.parent.parent.name for file in (folder / "orders").rglob("*.parquet")} == {
        "orders"
    }


async def test_a_message_tells_when_it_was_sent_and_how_long_its_report_took(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept(text=LONG)
    async with served(world, FakeModem("m0")):
        await told(world, "sent")
        world.clock.instant += timedelta(seconds=90)
    key = (await world.job()).key
    change = (
        update(PARTS)
        .where(PARTS.c.job_key == key)
        .values(state="delivered", settled_at=START + timedelta(seconds=90))
    )
    await world.database.write(lambda c: c.execute(change).close())
    done = update(JOBS).where(JOBS.c.key == key).values(state="delivered", seq=9)
    await world.database.write(lambda c: c.execute(done).close())
    await bring()
    [message] = rows(folder, "messages")
    assert message["person_id"] == pseudonym(KEY, "person", RECIPIENT)
    assert (message["purpose"], message["state"], message["parts"]) == (
        "transactional",
        "delivered",
        2,
    )
    assert (message["sent_at"], message["report_delay"]) == (START, 90.0)
    assert message["delivered_at"] == START + timedelta(seconds=90)
    assert message["local_at"] == datetime(2026, 11, 23, 9)  # noqa: DTZ001 -- London, in winter
    parts = rows(folder, "parts")
    assert [(part["part"], part["attempts"], part["sent_at"]) for part in parts] == [
        (1, 1, START),
        (2, 1, START),
    ]
    assert {part["message_id"] for part in parts} == {message["message_id"]}
    assert {part["operator"] for part in parts} == {FakeModem().operator}
    assert {part["reported_at"] for part in parts} == {START + timedelta(seconds=90)}


async def test_a_message_that_waits_was_not_sent(world: World, bring: Export, folder: Path) -> None:
    await world.accept()
    await bring()
    [message] = rows(folder, "messages")
    assert (message["state"], message["sent_at"], message["local_at"]) == ("accepted", None, None)
    [part] = rows(folder, "parts")
    assert (part["line_id"], part["operator"]) == (None, None)
    assert (part["attempts"], part["sent_at"]) == (0, None)


async def test_what_moves_into_the_archive_is_written_as_before(
    world: World, bring: Export, folder: Path
) -> None:
    """And where nothing else changed, no month is written again for it."""
    for name, reference in (("order-1", 7), ("order-2", 8)):
        await send(world, name, reference)
        await world.dispatcher.report(LINE, report(reference), None)
    await send(world, "order-3", 9)
    await come(world, deliver("Yes"))
    await bring()
    before, at = {name: rows(folder, name) for name in TABLES}, written(folder)
    world.clock.instant += timedelta(days=8)
    assert await Housekeeping(world.context, Periods()).work() == 2
    assert (await bring()).written == 0
    assert written(folder) == at
    shutil.rmtree(folder)
    assert (await bring()).written
    assert {name: rows(folder, name) for name in TABLES} == before


async def test_a_reply_names_the_message_that_it_answers(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    async with served(world, FakeModem("m0")):
        await told(world, "sent")
    line = (await world.job()).line
    assert line is not None
    await come(world, deliver(" Stop. "), deliver("Yes please"), line=line)
    await come(world, deliver("who is this", sender="+447700900999"))
    await come(world, deliver("win a prize", sender="60060"))
    await bring()
    ours, message = rows(folder, "messages")
    if ours["message_id"] == pseudonym(KEY, "message", "acme/order-1"):
        ours, message = message, ours
    found = [
        (reply["kind"], reply["message_id"], reply["person_id"])
        for reply in rows(folder, "replies")
    ]
    other = pseudonym(KEY, "person", "+447700900999")
    assert found == [
        ("stop", message["message_id"], message["person_id"]),
        ("text", message["message_id"], message["person_id"]),
        ("text", None, other),
    ]
    persons = {row["person_id"]: row for row in rows(folder, "persons")}
    assert set(persons) == {message["person_id"], other}


async def test_nothing_of_a_person_is_in_any_byte_of_it(
    world: World, bring: Export, folder: Path
) -> None:
    """Numbers in all the ways they are written, texts, the stores' own ids and the SIM."""
    numbers = [f"+4477009001{n:02d}" for n in range(40)]
    for n, number in enumerate(numbers):
        await world.accept(f"order-for-{number[1:]}", to=number, text=f"Dear Ann Sandwich {n}")
    async with served(world, FakeModem("m0")):
        await told(world, "sent", f"order-for-{numbers[-1][1:]}")
    line = (await world.job(f"order-for-{numbers[0][1:]}")).line
    assert line is not None
    await come(world, *(deliver(f"Herring {n}", sender=n) for n in numbers), line=line)
    await bring()
    plain = every_byte(folder)
    assert len(rows(folder, "messages")) == len(rows(folder, "replies")) == 40
    for secret in [*numbers, "Sandwich", "Herring", "order-for-", line, KEY.hex()]:
        assert secret.encode() not in plain
        assert secret.lstrip("+").encode() not in plain
    for number in numbers:
        assert number[3:].encode() not in plain  # as it is written at home, without its 0
    assert b"acme" in plain


async def test_what_has_not_changed_is_left(world: World, bring: Export, folder: Path) -> None:
    await world.accept()
    first = await bring()
    before = written(folder)
    again = await bring()
    assert (again.written, again.unchanged, again.rows) == (0, first.written, {})
    assert written(folder) == before


async def test_only_months_that_changed_are_written(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept("old")
    world.clock.instant += timedelta(days=30)
    await world.accept("new")
    await bring()
    before = written(folder)
    await world.cancel("new")
    await bring()
    changed = {name for name, at in written(folder).items() if before[name] != at}
    assert changed == {
        "messages/month=2026-12/gateway.parquet",
        "parts/month=2026-12/gateway.parquet",
    }
    assert {row["state"] for row in rows(folder, "messages")} == {"accepted", "cancelled"}


async def test_a_late_report_changes_its_messages_month(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    await bring()
    late = update(PARTS).values(state="undelivered", handed_at=START, settled_at=START)
    await world.database.write(lambda c: c.execute(late).close())
    await bring()
    assert rows(folder, "parts")[0]["reported_at"] == START


async def test_a_file_that_went_missing_is_written_again(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    await bring()
    (folder / "parts/month=2026-11/gateway.parquet").unlink()
    await bring()
    assert len(rows(folder, "parts")) == 1


async def test_rows_that_are_gone_from_the_gateway_are_gone_from_the_lake(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    await come(world, deliver("Yes"))
    await bring()
    for table in (INBOUND_PARTS, INBOUND, PARTS, JOBS):
        await world.database.write(lambda c, table=table: c.execute(delete(table)).close())
    done = await bring()
    assert done.removed == 3
    assert [rows(folder, name) for name in ("messages", "parts", "replies", "persons")] == [[]] * 4
    assert Lake(folder).check() == ()


async def test_what_an_import_brought_is_never_touched(
    world: World, bring: Export, folder: Path
) -> None:
    at = datetime(2026, 11, 5, tzinfo=UTC)
    write(folder, "orders", [order(1, ordered_at=at)], file="import-acme-0")
    await world.accept()
    await bring()
    before = written(folder)
    await bring()
    assert written(folder) == before
    assert Lake(folder).table("orders").count().execute() == 1
    assert files(folder, "orders") == ["month=2026-11/import-acme-0.parquet"]


async def test_whom_an_import_names_already_has_no_second_row(
    world: World, bring: Export, folder: Path
) -> None:
    """As when a shop's file names its customers by numbers, under the gateway's key."""
    await world.accept("one")
    await world.accept("two", to="+447700900124")
    await bring()
    known = pseudonym(KEY, "person", RECIPIENT)
    person = {"store": "acme", "person_id": known, "first_seen_at": START}
    write(folder, "persons", [person], file="import-acme-0")
    await bring()
    assert len(rows(folder, "persons")) == 2
    assert Lake(folder).table("persons").count().execute() == 2
    before = written(folder)
    await bring()
    assert written(folder) == before


async def test_a_table_that_was_empty_loses_its_stand_in_when_rows_come(
    bring: Export, folder: Path
) -> None:
    await bring()
    assert files(folder, "orders") == ["month=2026-11/empty.parquet"]
    write(folder, "orders", [order(1)], file="import-acme-0")
    await bring()
    assert [file.name for file in (folder / "orders").rglob("*.parquet")] == [
        "import-acme-0.parquet"
    ]


async def test_persons_stay_who_they_are(world: World, bring: Export, folder: Path) -> None:
    await world.accept("one")
    await bring()
    [before] = rows(folder, "persons")
    await world.accept("two")
    await world.accept("three", to="+447700900124")
    await bring()
    after = rows(folder, "persons")
    assert len(after) == 2
    assert before in after


async def test_another_key_is_refused_before_anything_is_written(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    await bring()
    before = written(folder)
    with pytest.raises(LakeFolderError, match="was written under another key"):
        await bring(key=b"x" * 32)
    assert written(folder) == before


async def test_two_exports_do_not_write_into_one_lake(bring: Export, folder: Path) -> None:
    held = open_folder(folder, pseudonym(KEY, "key", "of this lake"))
    with held, pytest.raises(LakeFolderError, match="another export writes"):
        await bring()
    await bring()


async def test_an_export_that_is_killed_leaves_whole_files(
    world: World, bring: Export, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.accept("one")
    await bring()
    before = rows(folder, "messages")
    await world.accept("two")

    def killed(*_: object) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("gateway.lake.tables._delay", killed)
        with pytest.raises(KeyboardInterrupt):
            await bring()
    (folder / "messages/month=2026-11/.gateway.parquet.draft").write_bytes(b"half")
    assert rows(folder, "messages") == before
    await bring()
    assert len(rows(folder, "messages")) == 2
    assert "draft" not in " ".join(files(folder, "", ".*"))


async def test_a_spoilt_state_writes_everything_again(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    first = await bring()
    (folder / ".export.json").write_text("{")
    assert (await bring()).written == first.written
    state = json.loads((folder / ".export.json").read_text())
    assert KEY.hex() not in json.dumps(state)


async def test_a_store_that_moves_moves_its_wall_clocks(
    world: World, bring: Export, folder: Path
) -> None:
    await world.accept()
    async with served(world, FakeModem("m0")):
        await told(world, "sent")
    await bring()
    await bring(homes={"acme": Home(country="GB", timezone="Asia/Tokyo")})
    [message] = rows(folder, "messages")
    assert message["local_at"] == message["sent_at"].replace(tzinfo=None) + timedelta(hours=9)


async def test_rows_come_in_lots_and_none_is_lost_between_them(
    world: World, bring: Export, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "AT_ONCE", 3)
    for number in range(7):
        await world.accept(f"job-{number}", text=LONG)
    await bring()
    assert [message["parts"] for message in rows(folder, "messages")] == [2] * 7
    assert len(rows(folder, "parts")) == 14
