"""Erasure reaches every byte, takes nothing that is another's, and lets nothing be sent twice."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from support.spelled import SPELLINGS
from support.world import ACME, IDENTITIES, RECIPIENT, World, change, request

from gateway.db.consent import events_of, verify_chain
from gateway.db.erasures import pending_erasures
from gateway.db.tables import DELIVERY_COUNTS, INBOUND, JOBS, PARTS, SCORES
from gateway.dispatch import ChangeRequest
from gateway.dispatch.retry import TryAgain
from gateway.dispatch.settling import put_back
from gateway.domain.consent import Action
from gateway.domain.ids import JobId
from gateway.domain.purpose import Purpose
from tests.dispatch.deeds import LINE, claim, hand, report, send, sent
from tests.dispatch.rights.conftest import OTHER, Desk, Left, Seed

ASKED = ChangeRequest(
    store=ACME, id=JobId("privacy-1"), changes=(change(Action.ERASED, purpose="all"),)
)


async def count(world: World, table: Any) -> int:
    query = select(func.count()).select_from(table)
    return await world.database.read(lambda c: c.execute(query).scalar_one())


@pytest.mark.rule("G-7")
async def test_no_byte_of_the_number_is_left_on_the_disk(
    world: World, desk: Desk, seed: Seed, left: Left
) -> None:
    await seed()
    before = {spelling for _, spelling in left()}
    assert before >= {"+447700900123", "07700900123", "00900123", "semi-octets 447700900123"}
    assert len(before) > 12, "the person has to stand everywhere before"

    told = await desk().wish(RECIPIENT, Action.ERASED, None, "operator")

    assert not told["waiting"]
    assert left() == set()
    assert told["clean"]
    assert left() == set()


@pytest.mark.rule("G-7")
async def test_it_is_so_after_a_restart_too(
    world: World, desk: Desk, seed: Seed, left: Left
) -> None:
    await seed()
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    await world.database.close()
    assert left() == set()


@pytest.mark.rule("G-7")
async def test_what_is_others_stays(world: World, desk: Desk, seed: Seed) -> None:
    await seed()
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    others = await world.database.read(
        lambda c: c.execute(select(JOBS.c.recipient, JOBS.c.text)).all()
    )
    assert {recipient for recipient, _ in others} == {OTHER}
    assert {text for _, text in others} == {"Your neighbour is at …, ok?"}
    wrote = await world.database.read(
        lambda c: c.execute(select(INBOUND.c.sender, INBOUND.c.text)).all()
    )
    assert wrote == [(OTHER, "Ask my friend at …")]


@pytest.mark.rule("G-7", "G-11")
async def test_a_fingerprint_stays_and_blocks(world: World, desk: Desk, seed: Seed) -> None:
    await seed()
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    persons = IDENTITIES.all_of(RECIPIENT)
    history = await world.database.read(lambda c: events_of(c, ACME, persons))
    assert history[-1].event.action is Action.ERASED
    assert (await world.database.read(verify_chain)).broken_at is None
    [refused] = await world.admit(request("new", purpose=Purpose.MARKETING))
    assert refused is not None
    assert refused.code == "no_consent"


@pytest.mark.rule("G-7")
async def test_a_proof_that_names_the_number_goes_and_others_stay(
    world: World, desk: Desk, seed: Seed
) -> None:
    await seed()
    await world.allow(source="https://shop.example/join", text_version="v3")
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    history = await world.database.read(lambda c: events_of(c, ACME, IDENTITIES.all_of(RECIPIENT)))
    assert [one.event.text_version for one in history] == [None, None, "v3", None]
    assert (await world.database.read(verify_chain)).pruned == 2


@pytest.mark.rule("G-7", "G-8")
async def test_its_store_is_told_by_the_jobs_it_knows(world: World, desk: Desk, seed: Seed) -> None:
    await seed()
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    [told] = [said for said in await world.said("consent") if said["state"] == "erased"]
    assert told["to"] is None
    assert told["jobs"] == ["waiting", "in-doubt"]  # the third id holds the number
    assert told["person"] == IDENTITIES.of(RECIPIENT)


@pytest.mark.rule("G-7")
async def test_what_waits_is_cancelled_and_told(world: World, desk: Desk) -> None:
    await world.accept("order-1")
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    assert await world.states("order-1") == ["accepted", "cancelled"]


@pytest.mark.rule("G-7")
async def test_the_same_job_again_is_answered_and_not_sent_again(
    world: World, desk: Desk, seed: Seed
) -> None:
    await seed()
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    before = await count(world, JOBS)
    again = request("sent-447700900123")
    assert await world.admit(again) == [None]
    [other] = await world.admit(request("sent-447700900123", text="Something else."))
    assert other is not None
    assert other.code == "conflict"
    assert await count(world, JOBS) == before
    told = [said for said in await world.said() if said["id"] == "sent-447700900123"]
    assert [said["state"] for said in told][-2:] == ["accepted", "delivered"]
    assert told[-1]["parts"] == {"total": 1, "sent": 1, "delivered": 1}


@pytest.mark.rule("G-7")
async def test_sums_stay_true(world: World, desk: Desk, seed: Seed) -> None:
    await seed()

    def sums(connection: Any) -> Counter[tuple[str, str]]:
        query = select(JOBS.c.purpose, PARTS.c.state).join_from(PARTS, JOBS)
        found = Counter((row.purpose, row.state) for row in connection.execute(query))
        kept = select(DELIVERY_COUNTS)
        for row in connection.execute(kept):
            found[row.purpose, row.state] += row.parts
        return found

    await desk().eraser.work()
    before = await world.database.read(sums)
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    after = await world.database.read(sums)
    assert sum(after.values()) == sum(before.values())
    assert after["transactional", "delivered"] == before["transactional", "delivered"] == 1
    assert await count(world, DELIVERY_COUNTS) > 0


@pytest.mark.rule("G-7")
async def test_what_is_at_a_modem_is_waited_for(world: World, desk: Desk, left: Left) -> None:
    await world.accept("order-1")
    await claim(world)
    attempt = await hand(world)
    assert await world.admit(ASKED) == [None]
    assert await desk().eraser.work() == []
    assert (await world.job()).recipient == RECIPIENT
    await sent(world, attempt, 7)
    [outcome] = await desk().eraser.work()
    assert outcome.done[0].rows["jobs"] == 1
    assert await world.states() == ["accepted", "sent"]
    assert left() == set()


@pytest.mark.rule("G-7")
async def test_what_a_modem_gives_back_is_not_tried_again(
    world: World, desk: Desk, left: Left
) -> None:
    """A service message may go to who was erased, and this one was of before."""
    await world.accept("order-1")
    await claim(world)
    key, now = (await world.job()).key, world.clock.now()
    assert await world.admit(ASKED) == [None]
    later = TryAgain(after=timedelta(hours=1), counts=True)
    await world.database.write(lambda c: put_back(c, key, later, now=now, reason="busy"))
    await desk().eraser.work()
    assert await world.states() == ["accepted", "deferred", "cancelled"]
    assert left() == set()


@pytest.mark.rule("G-7")
async def test_an_erasure_that_comes_as_a_change_is_done_by_itself(
    world: World, desk: Desk, seed: Seed, left: Left
) -> None:
    """As a store's event brings it, or as a crash leaves it."""
    await seed()
    assert await world.admit(ASKED) == [None]
    assert left()
    await desk().eraser.work()
    assert left() == set()
    assert await world.database.read(pending_erasures) == []


@pytest.mark.rule("G-7")
async def test_a_report_that_comes_late_brings_nothing_back(
    world: World, desk: Desk, left: Left
) -> None:
    """The network reports for days, and writes the number each time."""
    await send(world, "order-1", 7)
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    for number in ("+447700900123", "07700900123"):
        await world.dispatcher.report(LINE, report(7, number=number), None)
    assert left() == set()


@pytest.mark.rule("G-7")
@pytest.mark.sqlite_only("a server keeps its log by itself")
async def test_a_reader_that_keeps_the_log_is_waited_for(
    world: World, desk: Desk, tmp_path: Path, left: Left
) -> None:
    """An export at work sees the database as it was; when it is over, the log is emptied."""
    await world.accept("order-1")
    with closing(sqlite3.connect(tmp_path / "shopbell.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM jobs").fetchone()
        person = desk()
        told = await person.wish(RECIPIENT, Action.ERASED, None, "operator")
        assert not told["clean"]
        assert left()
    await person.eraser.work()
    assert left() == set()


@pytest.mark.rule("G-7")
async def test_what_cannot_be_cleared_is_given_up_at_last(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.rights.eraser.SCRUB_PAUSES", (0.0, 0.0))
    tries: list[str] = []

    def never(url: str, _: object) -> bool:
        tries.append(url)
        return False

    monkeypatch.setattr("gateway.dispatch.rights.eraser.scrub", never)
    person = desk()
    assert not (await person.wish(RECIPIENT, Action.ERASED, None, "operator"))["clean"]
    for _ in range(5):
        await person.eraser.work()
    assert len(tries) == 4


@pytest.mark.rule("G-7")
async def test_who_comes_back_is_a_new_person(world: World, desk: Desk, seed: Seed) -> None:
    await seed()
    await desk().wish(RECIPIENT, Action.ERASED, None, "operator")
    await world.accept("new-order")
    await desk().eraser.work()
    assert (await world.job("new-order")).recipient == RECIPIENT


@pytest.mark.rule("G-8")
async def test_a_restriction_stops_all_and_keeps_all(world: World, desk: Desk, seed: Seed) -> None:
    await seed()
    jobs = await count(world, JOBS)
    await desk().wish(RECIPIENT, Action.RESTRICTED, None, "operator")
    assert (await world.states("waiting"))[-1] == "cancelled"
    [refused] = await world.admit(request("new"))
    assert refused is not None
    assert refused.code == "restricted"
    assert await count(world, JOBS) == jobs
    await desk().wish(RECIPIENT, Action.UNRESTRICTED, None, "operator")
    assert await world.admit(request("newer")) == [None]


@pytest.mark.rule("G-10")
async def test_an_objection_ends_the_advice_about_a_person(
    world: World, desk: Desk, seed: Seed
) -> None:
    await seed()
    assert await count(world, SCORES) == 1
    await desk().wish(RECIPIENT, Action.OBJECTED, None, "operator")
    assert await count(world, SCORES) == 0
    [told] = [said for said in await world.said("consent") if said["method"] == "operator"]
    assert told["state"] == "unsubscribed"


def test_the_spellings_are_those_that_are_meant() -> None:
    assert SPELLINGS["semi-octets 447700900123"] == b"447700091032"
    assert SPELLINGS["semi-octets 07700900123"] == b"7007900021F3"
