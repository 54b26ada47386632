"""What flows and campaigns say when a message is handed over, and who is asked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection
from support.deciding import Deciding, an_occasion
from support.serving import served, told
from support.statements import overheard
from support.world import ACME, START, World

from gateway.commerce.deciding import job_of
from gateway.db.commerce.decisions import Decision, decision_of_job
from gateway.domain.errors import RejectedError
from gateway.domain.verdict import Deferred, Forbidden

JOB = job_of(an_occasion())
BOUGHT = Forbidden(error=RejectedError("bought_meanwhile", "it was bought meanwhile"))
PAUSED = Deferred(until=START + timedelta(hours=1), reason="the campaign is paused")


@dataclass
class Says:
    """A condition that notes of what it was asked."""

    verdict: Forbidden | Deferred | None
    asked: list[str] = field(default_factory=list)

    def __call__(
        self, _: Connection, decision: Decision, now: datetime
    ) -> Forbidden | Deferred | None:
        self.asked.append(decision.trigger)
        return self.verdict


@pytest.fixture
async def deciding(world: World) -> Deciding:
    made = Deciding(world)
    await made.know()
    await made.world.allow()
    return made


async def decision(deciding: Deciding) -> Decision:
    found = await deciding.world.database.read(lambda c: decision_of_job(c, ACME, JOB))
    assert found is not None
    return found


async def test_what_is_forbidden_is_not_sent_and_the_decision_says_why(deciding: Deciding) -> None:
    world, says = deciding.world, Says(BOUGHT)
    world.gate.conditions["campaign"] = says
    await deciding.decide()
    assert says.asked == []  # at admission it was only just decided
    async with served(world) as modem:
        await told(world, "cancelled", JOB)
    made = await decision(deciding)
    assert (modem.written, says.asked) == ([], ["once"])
    assert (made.outcome, made.reason) == ("sent", "bought_meanwhile")


async def test_what_is_put_off_goes_later(deciding: Deciding) -> None:
    world, says = deciding.world, Says(PAUSED)
    world.gate.conditions["campaign"] = says
    await deciding.decide()
    async with served(world) as modem:
        await told(world, "deferred", JOB)
        assert modem.written == []
        says.verdict = None
        await world.advance(hours=1)
        await told(world, "sent", JOB)
    assert (await decision(deciding)).reason is None


@pytest.mark.parametrize("campaign", ["flow.hello", "campaign.hello"])
async def test_a_job_of_a_store_is_none_of_ours_whatever_it_calls_it(
    world: World, campaign: str
) -> None:
    """A store may name its campaigns as it likes."""
    says = Says(BOUGHT)
    world.gate.conditions |= {"flow": says, "campaign": says}
    await world.accept(campaign=campaign)
    async with served(world):
        await told(world, "sent")
    assert says.asked == []


async def test_other_jobs_pay_nothing(world: World) -> None:
    world.gate.conditions["flow"] = Says(BOUGHT)
    await world.accept()
    statements: list[str] = []
    with overheard(lambda statement, _: statements.append(statement)):
        async with served(world):
            await told(world, "sent")
    assert statements
    assert not [one for one in statements if "decisions" in one]


async def test_what_is_half_out_is_finished(deciding: Deciding) -> None:
    world, says = deciding.world, Says(None)
    deciding.library.texts["hello"] = "x" * 200
    world.gate.conditions["campaign"] = says
    await deciding.decide()
    async with served(world) as modem:
        await told(world, "sent", JOB)
    assert (len(modem.written), says.asked) == (2, ["once"])
