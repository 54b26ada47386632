"""Messages in the gateway's own name: alarms by SMS, and tests between lines."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from support.lines import line
from support.timed import Lines
from support.world import IDENTITIES, START, World, request

from gateway.alarms.channels import ChannelError
from gateway.alarms.channels.sms import SmsChannel, able
from gateway.alarms.message import Message
from gateway.consent.gate import ConsentGate
from gateway.db.console.depths import read_depths
from gateway.db.history import message_months, persons
from gateway.dispatch import LinePlan
from gateway.dispatch.housework import Own, came_of, send_own, write_own
from gateway.domain.consent import HOUSE_SCOPES, Action, Asked, Scope
from gateway.domain.errors import NotSentError, RejectedError
from gateway.domain.ids import HOUSE, STORE_NAME, JobId, LineId, store_in_words
from gateway.domain.purpose import Purpose
from gateway.domain.verdict import Allowed, Forbidden
from gateway.modem import FakeModem
from gateway.modem.fake import Step
from gateway.sms import decode_submit
from gateway.web.metrics.queue import Queue, queue_families

OPERATOR = "+447700900999"
PLAN = LinePlan()


def own(**values: Any) -> Own:
    plain: dict[str, Any] = {
        "id": JobId("a1"),
        "to": OPERATOR,
        "text": "line down",
        "line": LineId("line-m0"),
        "scope": Scope.ALARM,
        "expires_at": START + timedelta(hours=1),
    }
    return Own(**(plain | values))


def said(modem: FakeModem) -> list[str]:
    return [decode_submit(one.hex).text or "" for one in modem.written]


def test_no_store_can_have_the_houses_name() -> None:
    assert not STORE_NAME.match(HOUSE)


@pytest.mark.parametrize(
    ("subjects", "chosen"),
    [
        (set(), ["good", "poor", "tired"]),
        ({"good"}, ["poor", "tired", "good"]),
        ({"good", "poor", "tired"}, ["good", "poor", "tired"]),
    ],
)
def test_an_alarm_goes_over_the_best_line_that_it_is_not_about(
    subjects: set[str], chosen: list[str]
) -> None:
    """What it is about comes last: where there is no other, one whose balance is low can say so."""
    lines = [
        line("tired", resting=True),
        line("poor", health=0.3),
        line("good", health=0.9),
        line("dead", stopped=True),
        line("abroad", routes=("+33",)),
    ]
    assert [one.modem for one in able(lines, OPERATOR, subjects)] == chosen


@pytest.mark.looptime
async def test_the_operator_hears_of_a_line_from_another(lines: Lines, message: Message) -> None:
    m0, m1 = lines.start(m0=PLAN, m1=PLAN)
    await asyncio.sleep(1)
    channel = SmsChannel(lines.world.context, lines.world.desk.offers, [OPERATOR])
    await channel.tell(message)
    assert said(m0) == [message.short()]
    assert said(m1) == [], "it is about m1"
    assert await lines.world.said() == [], "no store is told"


@pytest.mark.looptime
async def test_a_line_that_does_not_send_it_leaves_it_to_the_next(
    lines: Lines, message: Message
) -> None:
    m0, _, m2 = lines.start(m0=PLAN, m1=PLAN, m2=PLAN)
    await asyncio.sleep(1)
    m0.script.append(Step(error=NotSentError("hung"), early=True))
    m0.script.append(Step(error=NotSentError("hung"), early=True, seconds=100))
    m0.lose()
    channel = SmsChannel(lines.world.context, lines.world.desk.offers, [OPERATOR])
    await channel.tell(message)
    assert said(m2) == [message.short()]


@pytest.mark.looptime
async def test_with_no_line_it_says_so(lines: Lines, message: Message) -> None:
    lines.start()
    channel = SmsChannel(lines.world.context, lines.world.desk.offers, [OPERATOR])
    with pytest.raises(ChannelError, match="no line is in service"):
        await channel.tell(message)


@pytest.mark.looptime
async def test_an_alarm_goes_before_what_waits(lines: Lines) -> None:
    await lines.queue(20)
    await send_own(lines.world.context, own())
    [m0] = lines.start(m0=LinePlan(per_second=1.0))
    await asyncio.sleep(3)
    assert said(m0)[0] == "line down"


@pytest.mark.looptime
async def test_what_the_operator_stopped_as_a_customer_stops_no_alarm(lines: Lines) -> None:
    """STOP ALL of this number ends what the store sends, and nothing of the house's."""
    world = lines.world
    await world.allow(Action.WITHDRAWN, number=OPERATOR, purpose="all")
    await send_own(world.context, own())
    assert await world.admit(request(to=OPERATOR)) != [None]
    [m0] = lines.start(m0=PLAN)
    await asyncio.sleep(5)
    assert said(m0) == ["line down"]
    came = await world.database.read(lambda c: came_of(c, JobId("a1")))
    assert came is not None
    assert came.sent


@pytest.mark.parametrize("scope", sorted(HOUSE_SCOPES))
async def test_no_rule_of_the_gate_is_asked(world: World, scope: Scope) -> None:
    refused = Forbidden(error=RejectedError("policy", "nothing goes to this number"))
    gate = ConsentGate(IDENTITIES, [lambda _case: refused])
    asked = Asked(
        store=HOUSE,
        recipient=OPERATOR,
        purpose=Purpose.TRANSACTIONAL,
        job=JobId("a1"),
        scope=scope,
    )
    verdict = await world.database.read(lambda c: gate.decide(c, asked, START))
    assert verdict == Allowed()


async def test_the_lake_knows_nothing_of_it(world: World) -> None:
    await send_own(world.context, own())
    assert await world.database.read(message_months) == {}
    assert await world.database.read(lambda c: [row for lot in persons(c) for row in lot]) == []


async def test_no_metric_by_store_counts_it(world: World) -> None:
    await send_own(world.context, own())
    assert [labels for _, labels in world.meter.counts if HOUSE in labels] == []
    depths = await world.database.read(read_depths)
    assert [one.store for one in depths] == [HOUSE], "it waits all the same"
    found = queue_families(Queue(depths=depths, waits={}, letters=0, alarms=[]), START)
    assert [row for family in found for row in family.rows if HOUSE in row[0]] == []


def test_people_read_of_it_in_words() -> None:
    assert store_in_words(HOUSE) == "(gateway)"
    assert store_in_words("acme") == "acme"


async def test_the_same_one_twice_is_one(world: World) -> None:
    def twice(connection: Any) -> None:
        write_own(connection, own(), START)
        write_own(connection, own(), START)

    await world.database.write(twice)
