"""A decision is made once, for whom may be written to, and stands or falls with its job."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.deciding import ALL, PERSON, Deciding, an_occasion
from support.world import ACME, IDENTITIES, World

from gateway.commerce.deciding import job_of
from gateway.commerce.experiments import HOLDOUT, Arm, Design
from gateway.consent.identity import Identities
from gateway.db.commerce.decisions import Outcome, decision_of_job, find_decision
from gateway.db.tables import DECISIONS, JOBS
from gateway.domain.errors import ContentError
from gateway.domain.ids import Campaign
from gateway.domain.purpose import Purpose

JOB = job_of(an_occasion())


@pytest.fixture
async def deciding(world: World) -> Deciding:
    made = Deciding(world)
    await made.know()
    await made.world.allow()
    return made


async def count(deciding: Deciding, table: object) -> int:
    query = select(func.count()).select_from(table)
    return await deciding.world.database.read(lambda connection: connection.scalar(query))


async def test_who_allows_it_gets_the_words(deciding: Deciding) -> None:
    made = await deciding.decide()
    job = await deciding.world.job(JOB)
    assert (made.outcome, made.arm, made.job) == (Outcome.SENT, "message", JOB)
    assert (job.text, job.campaign, job.purpose) == (
        "Hello Ada!",
        "campaign.hello",
        Purpose.MARKETING,
    )


async def test_the_log_has_what_the_decider_said(deciding: Deciding) -> None:
    made = await deciding.decide(design=Design(arms=(Arm(name="a"), Arm(name="b")), holdout=0))
    read = deciding.world.database.read
    campaign = Campaign("campaign.hello")
    assert await read(lambda c: find_decision(c, ACME, campaign, "once")) == made
    assert await read(lambda c: decision_of_job(c, ACME, JOB)) == made
    assert made.candidates == {"a": 0.5, "b": 0.5}


async def test_an_occasion_is_decided_once(deciding: Deciding) -> None:
    first = await deciding.decide()
    deciding.world.clock.instant += timedelta(days=3)
    assert await deciding.decide(message={"template": "another"}) == first
    assert await count(deciding, JOBS) == await count(deciding, DECISIONS) == 1


async def test_who_is_held_out_gets_nothing(deciding: Deciding) -> None:
    made = await deciding.decide(design=Design(holdout=0.999999))
    assert (made.outcome, made.arm, made.job) == (Outcome.HELD, HOLDOUT, None)
    assert await count(deciding, JOBS) == 0


async def test_who_allows_nothing_is_in_no_experiment_and_the_store_is_not_bothered(
    world: World,
) -> None:
    deciding = Deciding(world)
    await deciding.know()
    made = await deciding.decide(design=Design(holdout=0.5))
    assert (made.outcome, made.reason, made.arm) == (Outcome.SKIPPED, "no_consent", "")
    assert await deciding.world.said("rejected") == []


async def test_a_stranger_is_not_written_to(deciding: Deciding) -> None:
    made = await deciding.decide(person=IDENTITIES.of("+447700900999"))
    assert (made.outcome, made.reason) == (Outcome.SKIPPED, "unknown_person")


async def test_a_refusal_after_the_draw_takes_back_what_was_begun(deciding: Deciding) -> None:
    """The code and the links of a message that does not go out are nobody's."""
    deciding.library.texts["long"] = "x" * 2000
    deciding.desk.codes = ["SAVE-1"]
    made = await deciding.decide(message={"template": "long", "coupon": "save"})
    assert (made.outcome, made.reason) == (Outcome.SKIPPED, "too_many_parts")
    assert (made.arm, made.job, made.coupon) == ("message", None, None)
    assert await count(deciding, DECISIONS) == 1
    assert await deciding.world.said("rejected") == []


async def test_a_code_is_in_the_words_and_in_the_log(deciding: Deciding) -> None:
    deciding.desk.codes = ["SAVE-1"]
    deciding.library.texts["offer"] = "Take {coupon}"
    made = await deciding.decide(message={"template": "offer", "coupon": "save"})
    assert made.coupon == "SAVE-1"
    assert (await deciding.world.job(JOB)).text == "Take SAVE-1"


async def test_without_a_code_there_is_no_message(deciding: Deciding) -> None:
    made = await deciding.decide(message={"coupon": "save"})
    assert (made.outcome, made.reason, made.arm) == (Outcome.SKIPPED, "no_coupon", "message")
    assert await count(deciding, JOBS) == 0


async def test_a_link_is_of_the_decision_and_its_job(deciding: Deciding) -> None:
    await deciding.decide(message={"template": "link", "tracking": "individual"})
    [link] = deciding.desk.links
    keys = await deciding.world.database.read(lambda c: c.scalars(select(DECISIONS.c.key)).all())
    assert (link["decision_key"], link["job"], link["level"]) == (keys[0], JOB, "individual")
    assert (await deciding.world.job(JOB)).text == "See s.example/l/1"


async def test_what_cannot_be_said_is_not_decided(deciding: Deciding) -> None:
    """So that it is said when the template is mended."""
    with pytest.raises(ContentError, match="no template 'lost'"):
        await deciding.decide(message={"template": "lost"})
    assert await count(deciding, DECISIONS) == 0
    assert (await deciding.decide()).outcome is Outcome.SENT


async def test_an_arm_is_for_its_segment_alone(deciding: Deciding) -> None:
    arms = (Arm(name="all"), Arm(name="vip", where="spend > 500", template="vip"))
    deciding.library.texts["vip"] = "Dear {first_name}"
    deciding.desk.members = {"spend > 500": set()}
    made = await deciding.decide(design=Design(arms=arms, holdout=0))
    assert made.candidates == {"all": 1.0}


async def test_who_may_be_given_no_arm_is_in_no_experiment(deciding: Deciding) -> None:
    deciding.desk.members = {"spend > 500": set()}
    made = await deciding.decide(design=Design(arms=(Arm(name="vip", where="spend > 500"),)))
    assert (made.outcome, made.reason, made.arm) == (Outcome.SKIPPED, "no_arm", "")


async def test_an_arm_may_go_at_an_hour_of_the_persons_day(deciding: Deciding) -> None:
    await deciding.know(timezone="America/New_York")
    await deciding.decide(design=Design(arms=(Arm(name="evening", hour=18),), holdout=0))
    job = await deciding.world.job(JOB)
    assert job.not_before.isoformat() == "2026-11-23T23:00:00+00:00"


async def test_what_would_go_too_late_does_not_go(deciding: Deciding) -> None:
    arms = (Arm(name="later", delay=timedelta(hours=3)),)
    made = await deciding.decide(
        design=Design(arms=arms, holdout=0),
        expires_at=deciding.world.clock.now() + timedelta(hours=2),
    )
    assert (made.outcome, made.reason, made.arm) == (Outcome.SKIPPED, "too_late", "later")


async def test_a_new_key_changes_nobodys_arm(deciding: Deciding) -> None:
    design = Design(arms=tuple(Arm(name=f"arm-{number}") for number in range(20)), holdout=0)
    first = await deciding.decide(design=design)
    deciding.decider._identities = Identities([b"new" * 12, b"k" * 32])
    second = await deciding.decide(design=design, trigger="twice")
    assert second.arm == first.arm


async def test_a_service_message_needs_no_consent(world: World) -> None:
    deciding = Deciding(world)
    await deciding.know()
    made = await deciding.decide(message={"purpose": Purpose.TRANSACTIONAL}, design=ALL)
    assert (made.outcome, made.person) == (Outcome.SENT, PERSON)


async def test_a_way_out_is_a_link_of_the_persons_own_where_the_text_has_a_place_for_it(
    deciding: Deciding,
) -> None:
    deciding.library.texts["polite"] = "Enough? {opt_out_url}"
    await deciding.decide(message={"template": "polite"})
    assert (await deciding.world.job(JOB)).text == "Enough? s.example/l/out1"
    assert [one["person"] for one in deciding.desk.ways_out] == [PERSON]


async def test_no_way_out_is_made_for_a_text_without_a_place_for_it(deciding: Deciding) -> None:
    await deciding.decide()
    assert deciding.desk.ways_out == []
