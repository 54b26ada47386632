"""Nothing outlives its class; what is not too old stays; nobody waits for it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select
from support.deliver import deliver
from support.inbox import come
from support.known import put_person
from support.scores import score
from support.world import ACME, IDENTITIES, KEYS, RECIPIENT, START, World, request

from gateway.consent.country import load_policies
from gateway.consent.datamap import DATA_MAP, Keep
from gateway.consent.retention import Periods
from gateway.db.consent import events_of, verify_chain
from gateway.db.known_lines import KnownLines
from gateway.db.persons import find_person
from gateway.db.retention import LOT, STEPS
from gateway.db.scores import put_scores
from gateway.db.tables import (
    CONSENT_EVENTS,
    DELIVERY_COUNTS,
    INBOUND,
    INBOUND_PARTS,
    JOBS,
    NOTES,
    OUTBOX,
    PERSON_LINES,
    REPORTS,
    SCORES,
    SPENT_JOBS,
)
from gateway.domain.consent import Action, Method
from gateway.domain.purpose import Purpose
from gateway.settings import RetentionSettings
from tests.dispatch.deeds import LINE, claim, report, send
from tests.dispatch.rights.conftest import OTHER, Desk, Left, Seed


async def count(world: World, *where: Any, table: Any = JOBS) -> int:
    query = select(func.count()).select_from(table).where(*where)
    return await world.database.read(lambda c: c.execute(query).scalar_one())


async def work(world: World, desk: Desk, **periods: int) -> dict[str, int]:
    """Let a day's work be done; return what went by its name."""
    retention = desk(periods=Periods(**periods)).retention
    expected = {due.name: due.count for due in await retention.count()}
    went = {due.name: due.count for due in await retention.work()}
    assert went == expected, "a dry run tells what will go"
    left = {due.name for due in await retention.count() if due.count}
    just_ended = {"texts that were sent", "messages that were sent"}
    assert left <= just_ended, "of what waited in vain the rest goes the next day"
    return {name: count for name, count in went.items() if count}


@pytest.mark.rule("G-12")
async def test_words_go_first(world: World, desk: Desk) -> None:
    await send(world, "order-1", 7)
    await world.dispatcher.report(LINE, report(7), None)
    await come(world, deliver("Yes please"))
    world.clock.instant += timedelta(days=90)
    assert await work(world, desk) == {"letters that nobody took": 4}
    world.clock.instant += timedelta(seconds=1)
    assert await work(world, desk) == {
        "texts that were sent": 1,
        "texts that came in": 1,
        "SMS as they came in": 1,
    }
    assert (await world.job()).recipient == RECIPIENT
    assert await count(world, table=INBOUND) == 1


@pytest.mark.rule("G-12")
async def test_an_sms_is_known_again_though_its_words_are_gone(world: World, desk: Desk) -> None:
    """A modem that could not delete it gives it at each start."""
    await come(world, deliver("Yes please"))
    world.clock.instant += timedelta(days=91)
    await work(world, desk)
    await come(world, deliver("Yes please"))
    assert await count(world, table=INBOUND) == 1


@pytest.mark.rule("G-12")
async def test_messages_go_and_counts_and_names_stay(world: World, desk: Desk, left: Left) -> None:
    await send(world, "order-1", 7)
    await world.dispatcher.report(LINE, report(7), None)
    await come(world, deliver("Yes please"))
    world.clock.instant = START + timedelta(days=397)
    went = await work(world, desk)
    assert went["messages that were sent"] == 1
    assert went["messages that came in"] == 1
    for table in (JOBS, INBOUND, INBOUND_PARTS, REPORTS, OUTBOX):
        assert await count(world, table=table) == 0, table.name
    counted = await world.database.read(lambda c: c.execute(select(DELIVERY_COUNTS)).all())
    assert [tuple(row) for row in counted] == [
        ("acme", "8944100000000000001", "2026-11-23", "transactional", "delivered", 1)
    ]
    assert await count(world, table=SPENT_JOBS) == 1
    await desk().eraser.work()
    await world.database.close()
    assert left() == set()


@pytest.mark.rule("G-12")
async def test_the_same_job_again_is_one_job_for_ever(world: World, desk: Desk) -> None:
    await send(world, "order-1", 7)
    world.clock.instant += timedelta(days=400)
    await world.timekeeper.tick()
    await work(world, desk)
    assert await world.admit(request("order-1")) == [None]
    assert await count(world) == 0
    assert [said["state"] for said in await world.said()][-2:] == ["accepted", "sent"]


@pytest.mark.rule("G-12")
async def test_what_waits_is_not_let_go_of(world: World, desk: Desk) -> None:
    """A job may be for the year after next."""
    await world.accept("far", send_at=START + timedelta(days=800))
    await world.accept("near")
    await claim(world)
    world.clock.instant += timedelta(days=500)
    went = await work(world, desk)
    assert "messages that were sent" not in went
    assert (await world.job("far")).text == "Your order has shipped."
    assert (await world.job("near")).text == "Your order has shipped."


@pytest.mark.rule("G-12")
async def test_what_waits_in_vain_for_that_long_ends(world: World, desk: Desk) -> None:
    await world.accept("order-1")
    world.clock.instant += timedelta(days=400)
    assert (await work(world, desk))["jobs that wait in vain"] == 1
    assert [said["state"] for said in await world.said()] == ["expired"]


@pytest.mark.rule("G-12")
async def test_a_report_of_no_message_goes_after_a_week(world: World, desk: Desk) -> None:
    await send(world, "order-1", 7)
    await world.dispatcher.report(LINE, report(99), None)
    world.clock.instant += timedelta(days=7, seconds=1)
    assert await work(world, desk) == {"reports of no message": 1}


@pytest.mark.rule("G-12")
async def test_by_which_line_a_person_knew_a_store_goes_with_the_messages(
    world: World, desk: Desk
) -> None:
    known = KnownLines(KEYS)
    await world.database.write(lambda c: known.note(c, ACME, RECIPIENT, LINE, world.clock.now()))
    world.clock.instant = START + timedelta(days=395)
    assert await work(world, desk) == {}
    world.clock.instant = START + timedelta(days=397)
    assert await work(world, desk) == {"lines by which persons knew a store": 1}
    assert await count(world, table=PERSON_LINES) == 0


@pytest.mark.rule("G-12")
async def test_scores_go_when_they_are_stale(world: World, desk: Desk) -> None:
    await world.database.write(lambda c: put_scores(c, [score("p1")], world.clock.now()))
    world.clock.instant += timedelta(days=14, seconds=1)
    assert await work(world, desk) == {"stale scores": 1}
    assert await count(world, table=SCORES) == 0


class TestProspects:
    """Who neither ordered nor clicked nor wrote for three years."""

    async def know(self, world: World, number: str = RECIPIENT) -> None:
        person, now = IDENTITIES.of(number), world.clock.now()
        await world.database.write(lambda c: put_person(c, ACME, person, number, now, country="GB"))
        await world.allow(number=number)

    async def known(self, world: World) -> bool:
        persons = IDENTITIES.all_of(RECIPIENT)
        return await world.database.read(lambda c: find_person(c, ACME, persons)) is not None

    @pytest.mark.rule("G-12")
    async def test_a_silent_one_ends(self, world: World, desk: Desk) -> None:
        await self.know(world)
        world.clock.instant = START.replace(year=2029)
        assert "persons who were silent" not in await work(world, desk)
        world.clock.instant += timedelta(seconds=1)
        assert (await work(world, desk))["persons who were silent"] == 1
        assert not await self.known(world)
        [refused] = await world.admit(request("m", purpose=Purpose.MARKETING))
        assert refused is not None
        assert refused.code == "no_consent"
        [_, ended] = await world.database.read(
            lambda c: events_of(c, ACME, IDENTITIES.all_of(RECIPIENT))
        )
        assert (ended.event.action, ended.event.method) == (Action.WITHDRAWN, Method.RETENTION)
        assert (await world.said("consent"))[-1]["state"] == "unsubscribed"

    @pytest.mark.rule("G-12")
    async def test_a_marketing_message_is_no_contact(self, world: World, desk: Desk) -> None:
        await self.know(world)
        world.clock.instant = START.replace(year=2029, month=11, day=1)
        await world.accept("offer", purpose=Purpose.MARKETING)
        world.clock.instant = START.replace(year=2029) + timedelta(days=1)
        assert (await work(world, desk))["persons who were silent"] == 1

    @pytest.mark.rule("G-12")
    @pytest.mark.parametrize("contact", ["order", "reply"])
    async def test_an_order_or_a_reply_is_one(self, world: World, desk: Desk, contact: str) -> None:
        """Also when it happened so long ago that the message itself is gone."""
        await self.know(world)
        world.clock.instant = START.replace(year=2028)
        if contact == "order":
            await send(world, "order-1", 7)
        else:
            await come(world, deliver("Yes please", at=world.clock.now()))
        world.clock.instant = START.replace(year=2029, month=12, day=24)
        await world.timekeeper.tick()
        assert "persons who were silent" not in await work(world, desk)
        world.clock.instant = START.replace(year=2031)
        assert "persons who were silent" not in await work(world, desk)
        assert await count(world) == 0
        world.clock.instant += timedelta(days=1)
        assert (await work(world, desk))["persons who were silent"] == 1

    @pytest.mark.rule("G-12")
    async def test_others_stay(self, world: World, desk: Desk) -> None:
        await self.know(world)
        world.clock.instant = START.replace(year=2029)
        await self.know(world, OTHER)
        world.clock.instant += timedelta(days=1)
        assert (await work(world, desk))["persons who were silent"] == 1
        person = await world.database.read(lambda c: find_person(c, ACME, IDENTITIES.all_of(OTHER)))
        assert person is not None


class TestProofs:
    """DE-2: five years after the last use, which is not after the end of the consent."""

    @pytest.mark.rule("G-12", "DE-2")
    async def test_the_proof_stays_for_five_years_after_the_end(
        self, world: World, desk: Desk
    ) -> None:
        await world.allow(text_version="v3")
        world.clock.instant = START.replace(year=2028)
        await world.allow(Action.WITHDRAWN, method=Method.KEYWORD)
        world.clock.instant = START.replace(year=2033)
        assert "proofs of consents that ended" not in await work(world, desk)
        world.clock.instant += timedelta(seconds=1)
        assert (await work(world, desk))["proofs of consents that ended"] == 2
        assert await count(world, CONSENT_EVENTS.c.payload.is_not(None), table=CONSENT_EVENTS) == 0

    @pytest.mark.rule("G-12", "DE-2")
    async def test_a_consent_that_stands_keeps_its_proof(self, world: World, desk: Desk) -> None:
        await world.allow(text_version="v3")
        for year in range(2027, 2036):
            world.clock.instant = START.replace(year=year)
            await come(world, deliver(f"Hello {year}", at=world.clock.now()))
        assert "proofs of consents that ended" not in await work(world, desk)

    @pytest.mark.rule("G-11", "G-12")
    async def test_the_no_itself_stays_without_end(self, world: World, desk: Desk) -> None:
        """CNIL: at least three years; and the chain holds without the proofs."""
        await world.allow(Action.WITHDRAWN)
        world.clock.instant = START.replace(year=2046)
        await work(world, desk)
        verified = await world.database.read(verify_chain)
        assert (verified.broken_at, verified.pruned) == (None, 1)
        await world.allow(method=Method.IMPORT)
        [refused] = await world.admit(request("m", purpose=Purpose.MARKETING))
        assert refused is not None
        assert refused.code == "no_consent"


@pytest.mark.rule("G-12")
async def test_old_traces_go(world: World, desk: Desk, tmp_path: Path) -> None:
    traces = tmp_path / "traces"
    traces.mkdir()
    for name, days in (("old.trace", 31), ("new.trace", 29)):
        (traces / name).write_text("AT\n")
        at = (START - timedelta(days=days)).timestamp()
        os.utime(traces / name, (at, at))
    retention = desk(traces=traces).retention
    assert {due.name: due.count for due in await retention.count() if due.count} == {
        "trace files": 1
    }
    await retention.work()
    assert [file.name for file in traces.iterdir()] == ["new.trace"]


@pytest.mark.rule("G-12")
async def test_it_goes_in_lots(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.dispatch.rights.retention.PAUSE", 0.0)
    row = {
        "store": "acme", "kind": "status", "body": '{"at": "2020-01-01T00:00:00Z"}',
    }  # fmt: skip
    await world.database.write(lambda c: c.execute(insert(OUTBOX), [row] * (3 * LOT + 1)))
    made: list[int] = []
    written = world.database.write

    async def watched(change: Any) -> Any:
        done = await written(change)
        made.append(done if isinstance(done, int) else 0)
        return done

    monkeypatch.setattr(world.database, "write", watched)
    await desk().retention.work()
    assert [size for size in made if size] == [LOT, LOT, LOT, 1]


@pytest.mark.rule("G-12")
async def test_a_person_who_stands_everywhere_outlives_no_class(
    world: World, desk: Desk, seed: Seed, left: Left
) -> None:
    """The longest classes over, only fingerprints are left; a note is of a modem and has no end."""
    await seed()
    await world.database.write(lambda c: c.execute(delete(NOTES)))
    for year in (2027, 2028, 2030, 2036, 2037):
        world.clock.instant = START.replace(year=year)
        await world.timekeeper.tick()
        await desk().retention.work()
    assert await count(world, JOBS.c.recipient == RECIPIENT) == 0
    await world.database.close()
    assert left() == set()


def test_every_class_that_ends_by_itself_has_a_step() -> None:
    classes = {step.keep for step in STEPS} | {"prospect", "traces"}
    by_hand = {
        Keep.WORK, Keep.SUPPRESSION, Keep.NAMES, Keep.LAKE, Keep.IMPORT, Keep.NOTHING, Keep.OUTSIDE,
    }  # fmt: skip
    assert classes == {keep.value for keep in Keep if keep not in by_hand}
    assert {one.keep for one in DATA_MAP} <= set(Keep)


@pytest.mark.rule("G-12", "G-11", "DE-2")
@pytest.mark.parametrize("country", [None, *(law.country for law in load_policies())])
def test_the_defaults_are_right_in_every_country(country: str | None) -> None:
    """And what an operator may set is within them, too (`RetentionSettings`)."""
    law = load_policies().of(country)
    now, cutoffs = START, Periods().cutoffs(START)
    assert cutoffs.prospect >= law.prospect_retention.before(now), "no prospect is kept longer"
    assert cutoffs.evidence <= law.evidence_retention.before(now), "no proof goes before its time"
    longest = RetentionSettings(prospect_months=36, evidence_months=60).model_dump()
    assert Periods(**longest).cutoffs(START) == cutoffs
    for wrong in ({"prospect_months": 37}, {"evidence_months": 59}):
        with pytest.raises(ValueError):
            RetentionSettings(**wrong)
