"""What is admitted is committed with its answer; the same job is one job."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.world import ACME, START, World, request

from gateway.db.jobs import change_job
from gateway.db.parts import change_part
from gateway.dispatch import Refusal
from gateway.dispatch.retry import TryAgain
from gateway.dispatch.settling import put_back
from gateway.domain.errors import RejectedError, StorageFullError
from gateway.domain.ids import StoreName
from gateway.domain.job import format_instant
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, PartState, Stage


async def test_an_accepted_job_is_ready_and_its_store_is_told(world: World) -> None:
    await world.accept(text="x" * 200)
    job = await world.job()
    assert (job.state, job.stage, job.recipient) == (
        JobState.ACCEPTED,
        Stage.READY,
        "+447700900123",
    )
    assert len(await world.parts()) == 2
    assert await world.said() == [
        {
            "id": "order-1",
            "state": "accepted",
            "seq": 1,
            "at": "2026-11-23T09:00:00.000Z",
            "parts": {"total": 2, "sent": 0, "delivered": 0},
            "modem": None,
            "reason": None,
        }
    ]


async def test_a_national_number_is_read_in_the_stores_country(world: World) -> None:
    await world.accept(to="07700 900123")
    assert (await world.job()).recipient == "+447700900123"


async def test_a_job_for_later_waits_for_its_time(world: World) -> None:
    await world.accept(send_at=START + timedelta(hours=1))
    assert (await world.job()).stage is Stage.SCHEDULED
    await world.advance(minutes=59)
    assert (await world.job()).stage is Stage.SCHEDULED
    await world.advance(minutes=1)
    assert (await world.job()).stage is Stage.READY


async def test_the_same_job_again_is_one_job_and_is_told_again(world: World) -> None:
    assert await world.admit(request(), request(), request()) == [None, None, None]
    await world.accept()
    assert [(status["state"], status["seq"]) for status in await world.said()] == [
        ("accepted", 1)
    ] * 4
    assert len(await world.parts()) == 1


async def test_a_job_that_has_gone_on_is_told_as_accepted_and_as_it_is(world: World) -> None:
    await world.accept(expires_at=START + timedelta(minutes=1))
    await world.advance(minutes=2)
    await world.accept(expires_at=START + timedelta(minutes=1))
    assert [(status["state"], status["seq"]) for status in await world.said()] == [
        ("accepted", 1),
        ("expired", 2),
        ("accepted", 1),
        ("expired", 2),
    ]


async def test_a_time_that_has_passed_already_is_now(world: World) -> None:
    await world.accept(send_at=START - timedelta(minutes=1))
    assert (await world.job()).stage is Stage.READY


async def test_a_job_that_waits_is_told_again_with_how_long(world: World) -> None:
    await world.accept()
    key, until = (await world.job()).key, START + timedelta(minutes=1)
    again = TryAgain(after=timedelta(minutes=1))
    await world.database.write(lambda c: change_job(c, key, stage=Stage.CLAIMED))
    await world.database.write(lambda c: put_back(c, key, again, now=START))
    await world.accept()
    told = [status for status in await world.said() if status["state"] == "deferred"]
    assert [status["not_before"] for status in told] == [format_instant(until)] * 2


async def test_the_same_id_with_other_content_is_a_conflict_and_the_first_stays(
    world: World,
) -> None:
    await world.accept(text="first")
    [refused] = await world.admit(request(text="second"))
    assert refused is not None
    assert (refused.code, refused.field) == ("conflict", "id")
    assert (await world.job()).text == "first"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"to": "12"}, "invalid_number", "to"),
        ({"to": "+999123456789"}, "invalid_number", "to"),
        ({"to": "hello"}, "invalid_number", "to"),
        ({"text": "x" * 1531}, "too_many_parts", "text"),
        ({"purpose": Purpose.MARKETING}, "no_consent", "purpose"),
        ({"store": StoreName("nobody")}, "unknown_store", None),
    ],
)
async def test_what_is_not_allowed_is_refused_with_its_reason(
    world: World, fields: dict[str, object], code: str, field: str | None
) -> None:
    [refused] = await world.admit(request(**fields))
    assert refused is not None
    assert (refused.code, refused.field, refused.job) == (code, field, "order-1")
    [told] = await world.said("rejected")
    assert told["id"] == "order-1"
    assert (told["error"]["code"], told["error"]["field"]) == (code, field)


async def test_one_bad_entry_does_not_stop_the_others(world: World) -> None:
    malformed = Refusal(store=ACME, error=RejectedError("not_json", "is no JSON"))
    verdicts = await world.admit(request("a"), malformed, request("b", to="1"), request("c"))
    assert [verdict and verdict.code for verdict in verdicts] == [
        None,
        "not_json",
        "invalid_number",
        None,
    ]
    assert [status["id"] for status in await world.said()] == ["a", "c"]


async def test_ten_parts_are_the_most(world: World) -> None:
    await world.accept(text="x" * 1530)
    assert len(await world.parts()) == 10


async def test_without_room_nothing_is_taken_and_nothing_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise StorageFullError("no room")

    monkeypatch.setattr(world.database, "require_space", full)
    with pytest.raises(StorageFullError):
        await world.admit(request())
    assert await world.said() == []


async def test_a_waiting_job_can_be_cancelled_once(world: World) -> None:
    await world.accept()
    assert await world.cancel() is None
    assert await world.states() == ["accepted", "cancelled"]
    assert await world.cancel() is None
    assert (await world.job()).stage is Stage.DONE


async def test_what_is_over_or_unknown_cannot_be_cancelled(world: World) -> None:
    refused = await world.cancel("nothing")
    assert refused is not None
    assert refused.code == "unknown_job"
    await world.accept(expires_at=START + timedelta(minutes=1))
    await world.advance(minutes=2)
    refused = await world.cancel()
    assert refused is not None
    assert refused.code == "too_late"
    assert await world.states() == ["accepted", "expired"]


async def test_a_message_that_was_begun_is_not_cancelled(world: World) -> None:
    """Its store was told nothing of it yet, and a modem may have it already."""
    await world.accept(text="x" * 200)
    first = (await world.parts())[0].key
    await world.database.write(lambda c: change_part(c, first, state=PartState.HANDED))
    refused = await world.cancel()
    assert refused is not None
    assert (refused.code, str(refused)) == (
        "too_late",
        "the job is being sent and cannot be cancelled",
    )
    assert (await world.job()).stage is Stage.READY


@pytest.mark.parametrize(
    "other",
    [
        {"to": "+447700900124"},
        {"text": "Other words."},
        {"purpose": Purpose.OTP},
        {"send_at": START + timedelta(hours=1)},
        {"expires_at": START + timedelta(hours=1)},
        {"report": False},
    ],
)
async def test_whatever_differs_is_other_content(world: World, other: dict[str, object]) -> None:
    await world.accept()
    [refused] = await world.admit(request(**other))
    assert refused is not None
    assert refused.code == "conflict"
