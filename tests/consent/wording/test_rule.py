"""Texts are judged at admission: told and counted, or refused."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs
from support.world import ACME, IDENTITIES, RECIPIENT, START, World

from gateway.consent.case import Case
from gateway.consent.country import load_policies
from gateway.consent.ledger import Ledger
from gateway.consent.wording.rule import REMEMBERED, StoreWording, Wording
from gateway.domain.consent import Asked
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, LineId
from gateway.domain.purpose import Purpose
from gateway.domain.verdict import Forbidden, Verdict

BARE = "New tea is here for you, 10% off"
WHOLE = f"Acme: {BARE}. Reply STOP to opt out"

pytestmark = pytest.mark.rule("E-2", "T-1")


def wording(**facts: Any) -> Wording:
    store = StoreWording(**({"brand": "Acme", "country": "GB"} | facts))
    return Wording(policies=load_policies(), stores={ACME: store})


async def verdict(rule: Wording, world: World, text: str, **fields: Any) -> Verdict | None:
    values: dict[str, Any] = {
        "store": ACME,
        "recipient": RECIPIENT,
        "job": JobId("j"),
        "purpose": Purpose.MARKETING,
        "text": text,
    }
    asked = Asked(**(values | fields))
    return await world.database.read(
        lambda c: rule(Case(c, asked, IDENTITIES, START, Ledger(c, IDENTITIES)))
    )


def refusal(answer: Verdict | None) -> RejectedError:
    assert isinstance(answer, Forbidden)
    return answer.error


async def test_a_warning_lets_the_job_pass_and_is_told_without_the_text(world: World) -> None:
    rule = wording()
    with capture_logs() as logs:
        assert await verdict(rule, world, BARE) is None

    assert logs == [
        {
            "event": "wording",
            "log_level": "info",
            "store": ACME,
            "job": "j",
            "findings": ["sender_missing", "opt_out_missing"],
            "refused": False,
        }
    ]
    assert rule.counts == {(ACME, "sender_missing"): 1, (ACME, "opt_out_missing"): 1}


async def test_what_is_required_is_refused_with_what_would_be_right(world: World) -> None:
    rule = wording(required=True)
    error = refusal(await verdict(rule, world, BARE))

    assert (error.code, error.field, error.job) == ("wording", "text", "j")
    assert str(error) == (
        'the text does not say whom it is from; name the sender, such as "Acme: …", or set brand '
        "of the store"
    )
    assert rule.counts[ACME, "sender_missing"] == 1


async def test_a_right_text_is_no_event(world: World) -> None:
    with capture_logs() as logs:
        assert await verdict(wording(required=True), world, WHOLE) is None
    assert logs == []


async def test_an_offer_in_a_service_message_is_refused_where_texts_are_required(
    world: World,
) -> None:
    service = {"purpose": Purpose.TRANSACTIONAL}
    assert await verdict(wording(), world, WHOLE, **service) is None
    error = refusal(await verdict(wording(required=True), world, WHOLE, **service))
    assert (error.code, error.field) == ("wording", "text")


async def test_what_only_a_reader_can_tell_is_never_refused(world: World) -> None:
    text = "Your parcel: https://acme.example/welcome"
    rule = wording(required=True)
    assert await verdict(rule, world, text, purpose=Purpose.TRANSACTIONAL) is None
    assert rule.counts == {(ACME, "link_unclear"): 1}


async def test_a_text_is_judged_once_and_not_again_before_the_pdu(world: World) -> None:
    rule = wording(required=True)
    assert await verdict(rule, world, BARE, line=LineId("l")) is None
    assert rule.counts == {}


@pytest.mark.rule("FR-2")
async def test_the_stores_own_mention_will_do(world: World) -> None:
    text = f"Acme: {BARE}. Fin au 36111"
    assert await verdict(wording(required=True, mention="Fin au 36111"), world, text) is None
    refusal(await verdict(wording(required=True), world, text))


@pytest.mark.rule("G-7")
async def test_what_is_remembered_holds_no_text_and_does_not_grow(world: World) -> None:
    rule = wording()
    for number in range(REMEMBERED + 5):
        await verdict(rule, world, f"{BARE} {number}")
        await verdict(rule, world, f"{BARE} {number}")
    kept = vars(rule)
    assert "New tea" not in repr(kept)
    assert max(len(value) for value in kept.values() if isinstance(value, dict)) <= REMEMBERED
    assert rule.counts[ACME, "sender_missing"] == 2 * (REMEMBERED + 5)


async def test_an_unknown_store_is_not_judged(world: World) -> None:
    rule = Wording(policies=load_policies(), stores={})
    assert await verdict(rule, world, BARE) is None
