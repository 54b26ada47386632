from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from support.mqtt import ACME, FakeAdmission, FakeSession

from gateway.dispatch.entries import CancelRequest, Refusal
from gateway.domain import failpoint
from gateway.domain.clock import ManualClock
from gateway.domain.errors import StorageError, StorageFullError
from gateway.domain.failpoint import Failpoint
from gateway.domain.job import JobRequest
from gateway.mqtt.courier import Courier
from gateway.mqtt.errors import BrokerLostError
from gateway.mqtt.feed import BATCH, Feed

pytestmark = pytest.mark.looptime

JOBS = "shopbell/v1/acme/jobs"
CANCEL = "shopbell/v1/acme/cancel"
REJECTED = "shopbell/v1/acme/rejected"
CLOCK = ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


def job(name: str) -> bytes:
    fields = {"id": name, "to": "+447700900123", "text": "hello", "purpose": "otp"}
    return json.dumps(fields).encode()


def make_feed(admission: FakeAdmission) -> Feed:
    return Feed(admission=admission, courier=Courier(), clock=CLOCK)


async def serve(feed: Feed, session: FakeSession, *, seconds: float = 1) -> None:
    """Let the feed take what has arrived, until it has come to rest."""
    task = asyncio.create_task(feed.run(session))
    await asyncio.sleep(seconds)
    if task.done():
        task.result()
    task.cancel()


def rejections(session: FakeSession) -> list[dict[str, Any]]:
    return [json.loads(body) for topic, body, _ in session.published if topic == REJECTED]


async def test_a_message_is_acknowledged_only_after_its_commit() -> None:
    admission = FakeAdmission(gate=asyncio.Event())
    session = FakeSession(admission.journal)
    session.arrive(JOBS, job("a"))
    feed = make_feed(admission)
    task = asyncio.create_task(feed.run(session))
    await asyncio.sleep(60)
    assert admission.journal == []
    assert admission.gate is not None
    admission.gate.set()
    await asyncio.sleep(1)
    assert admission.journal == ["commit 1", "ack 1"]
    task.cancel()


async def test_what_waits_shares_a_commit_and_is_acknowledged_in_the_order_it_came() -> None:
    admission = FakeAdmission()
    session = FakeSession(admission.journal)
    for number in range(BATCH + 50):
        session.arrive(JOBS, job(f"job-{number}"))
    await serve(make_feed(admission), session)
    assert [len(batch) for batch in admission.batches] == [BATCH, 50]
    assert [entry.id for entry in admission.entries if isinstance(entry, JobRequest)] == [
        f"job-{number}" for number in range(BATCH + 50)
    ]
    assert admission.journal == [
        f"commit {BATCH}",
        *(f"ack {mid}" for mid in range(1, BATCH + 1)),
        "commit 50",
        *(f"ack {mid}" for mid in range(BATCH + 1, BATCH + 51)),
    ]


async def test_poison_is_handed_on_as_a_refusal_and_stops_nothing_behind_it() -> None:
    admission = FakeAdmission()
    session = FakeSession()
    session.arrive(JOBS, b"\xff")
    session.arrive(JOBS, job("a"))
    session.arrive(CANCEL, b'{"id": "a"}')
    session.arrive(JOBS, b'{"id": "b"}')
    feed = make_feed(admission)
    await serve(feed, session)
    kinds = [type(entry) for entry in admission.entries]
    assert kinds == [Refusal, JobRequest, CancelRequest, Refusal]
    assert len(session.acknowledged) == 4
    assert feed.counters.received == 4
    assert feed.counters.accepted == 2
    assert feed.counters.rejected == {"invalid_utf8": 1, "missing_field": 1}
    assert session.published == []  # admission has put the answers into the outbox


async def test_a_topic_of_no_store_is_counted_said_once_and_acknowledged(logged: list[Any]) -> None:
    admission = FakeAdmission()
    session = FakeSession()
    for topic in ["shopbell/v1/ACME/jobs", "shopbell/v1//jobs", ""]:
        session.arrive(topic, job("+447700900123"))
    feed = make_feed(admission)
    await serve(feed, session)
    assert admission.batches == []
    assert len(session.acknowledged) == 3
    assert feed.counters.misaddressed == 3
    assert [event["event"] for event in logged] == ["mqtt_topic_of_no_store"]
    assert "447700900123" not in repr(logged)


@pytest.mark.parametrize("failure", [StorageFullError("disk full"), StorageError("I/O error")])
async def test_what_cannot_be_stored_is_refused_at_once_and_then_acknowledged(
    failure: StorageError,
) -> None:
    admission = FakeAdmission(failure=failure)
    session = FakeSession(admission.journal)
    session.arrive(JOBS, job("a"))
    session.arrive(CANCEL, b'{"id": "c"}')
    session.arrive(JOBS, b"no json")
    feed = make_feed(admission)
    await serve(feed, session)
    told = [(it["id"], it["error"]["code"], it["at"]) for it in rejections(session)]
    at = "2026-11-23T09:00:00.000Z"
    assert told == [("a", "storage", at), ("c", "storage", at), (None, "not_json", at)]
    assert admission.journal == [f"publish {REJECTED}"] * 3 + ["ack 1", "ack 2", "ack 3"]
    assert feed.counters.rejected == {"storage": 2, "not_json": 1}


async def test_intake_says_once_that_it_stops_and_once_that_it_resumes(logged: list[Any]) -> None:
    admission = FakeAdmission(failure=StorageFullError("disk full"))
    session = FakeSession()
    feed = make_feed(admission)
    task = asyncio.create_task(feed.run(session))
    for name in ["a", "b", "c"]:
        session.arrive(JOBS, job(name))
        await asyncio.sleep(1)
    assert not feed.storing
    admission.failure = None
    for name in ["d", "e"]:
        session.arrive(JOBS, job(name))
        await asyncio.sleep(1)
    task.cancel()
    assert feed.storing
    assert [event["event"] for event in logged] == ["intake_stopped", "intake_resumed"]
    assert logged[0]["reason"] == "disk full"
    assert len(admission.entries) == 2
    assert len(session.acknowledged) == 5


async def test_a_refusal_that_did_not_reach_the_broker_leaves_its_job_unacknowledged() -> None:
    session = FakeSession()
    session.answering = False
    session.arrive(JOBS, job("a"))
    feed = make_feed(FakeAdmission(failure=StorageError("I/O error")))
    task = asyncio.create_task(feed.run(session))
    await asyncio.sleep(1)
    session.lose()
    with pytest.raises(BrokerLostError):
        await task
    assert session.acknowledged == []


async def test_an_entry_that_admission_stumbles_over_costs_only_itself(logged: list[Any]) -> None:
    admission = FakeAdmission(
        poison=lambda entry: isinstance(entry, JobRequest) and entry.id == "b"
    )
    session = FakeSession()
    for name in ["a", "b", "c"]:
        session.arrive(JOBS, job(name))
    feed = make_feed(admission)
    await serve(feed, session)
    assert [entry.id for entry in admission.entries if isinstance(entry, JobRequest)] == ["a", "c"]
    assert [(it["id"], it["error"]["code"]) for it in rejections(session)] == [("b", "internal")]
    assert len(session.acknowledged) == 3
    assert logged[0]["error"] == "LookupError"
    assert "447700900123" not in repr(logged)


async def test_a_lost_connection_ends_the_feed_and_acknowledges_nothing() -> None:
    admission = FakeAdmission(gate=asyncio.Event())
    session = FakeSession()
    task = asyncio.create_task(make_feed(admission).run(session))
    session.arrive(JOBS, job("a"))
    await asyncio.sleep(1)
    session.lose()
    assert admission.gate is not None
    admission.gate.set()
    with pytest.raises(BrokerLostError):
        await task
    assert len(admission.entries) == 1


async def test_a_batch_under_way_is_committed_even_when_the_feed_is_cancelled() -> None:
    """Cut short, it might be committed without waking the lines that should send it."""
    admission = FakeAdmission(gate=asyncio.Event())
    session = FakeSession()
    session.arrive(JOBS, job("a"))
    task = asyncio.create_task(make_feed(admission).run(session))
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.sleep(1)
    assert not task.done()
    assert admission.gate is not None
    admission.gate.set()
    await asyncio.sleep(1)
    assert task.cancelled()
    assert len(admission.entries) == 1
    assert session.acknowledged == []


async def test_the_feed_ends_when_nothing_more_is_to_be_received() -> None:
    admission = FakeAdmission()
    session = FakeSession()
    session.arrive(JOBS, job("a"))
    task = asyncio.create_task(make_feed(admission).run(session))
    await asyncio.sleep(1)
    session.stop_receiving()
    session.arrive(JOBS, job("b"))
    await task
    assert [entry.store for entry in admission.entries] == [ACME]
    assert len(session.acknowledged) == 1


async def test_the_failpoints_lie_around_the_commit_and_the_acknowledgement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admission = FakeAdmission()
    session = FakeSession(admission.journal)
    monkeypatch.setattr(failpoint, "reach", lambda point: admission.journal.append(point.value))
    session.arrive(JOBS, job("a"))
    await serve(make_feed(admission), session)
    assert admission.journal == [
        Failpoint.JOB_RECEIVED,
        "commit 1",
        Failpoint.JOB_COMMITTED,
        "ack 1",
        Failpoint.JOB_ACKNOWLEDGED,
    ]


@pytest.mark.rule("G-14", "G-7")
async def test_what_a_store_had_retained_is_taken_away_before_it_is_acknowledged() -> None:
    admission = FakeAdmission()
    session = FakeSession(admission.journal)
    session.arrive(JOBS, job("a"), retain=True)
    session.arrive(JOBS, job("b"), retain=True)
    session.arrive(CANCEL, b'{"id": "a"}', retain=True)
    session.arrive(JOBS, job("c"))
    await serve(make_feed(admission), session)
    removed = [topic for topic, body, retain in session.published if retain and not body]
    assert removed == [CANCEL, JOBS]
    assert admission.journal[:3] == ["commit 4", f"publish {CANCEL}", f"publish {JOBS}"]
    assert admission.journal[3].startswith("ack")
    kinds = [type(entry) for entry in admission.entries]
    assert kinds == [Refusal, Refusal, Refusal, JobRequest]


@pytest.mark.parametrize("retain", [True, False], ids=["5", "3.1.1"])
async def test_a_removal_that_comes_back_is_nothing(retain: bool) -> None:
    """At MQTT 5 it says that it is one; at 3.1.1 only that it is empty."""
    admission = FakeAdmission()
    session = FakeSession(admission.journal)
    session.arrive(JOBS, job("a"), retain=True)
    feed = make_feed(admission)
    await serve(feed, session)
    session.arrive(JOBS, b"", retain=retain)
    await serve(feed, session)
    assert len(admission.entries) == 1
    assert len(session.acknowledged) == 2
    assert len([body for _, body, _ in session.published if not body]) == 1


async def test_an_empty_job_is_refused_all_the_same() -> None:
    admission = FakeAdmission()
    session = FakeSession(admission.journal)
    session.arrive(JOBS, b"")
    await serve(make_feed(admission), session)
    assert [type(entry) for entry in admission.entries] == [Refusal]


async def test_nothing_is_removed_from_a_topic_of_no_store() -> None:
    session = FakeSession()
    session.arrive("shopbell/v1/gateway/jobs", b"x", retain=True)
    await serve(make_feed(FakeAdmission()), session)
    assert session.published == []
