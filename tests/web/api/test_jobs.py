"""Jobs over HTTP: as over MQTT, to whom they concern."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gateway.access import Right
from gateway.db.console.audit import Sift, read_entries

from .conftest import Api

JOBS: Final = "/api/v1/stores/acme/jobs"
JOB: Final[dict[str, Any]] = {
    "id": "order-1",
    "to": "+447700900123",
    "text": "Your order has shipped.",
    "purpose": "transactional",
}


async def test_a_job_is_taken_once_whatever_is_repeated(api: Api) -> None:
    async with await api.program(Right.SEND) as shop:
        first = await shop.post(JOBS, json=JOB)
        again = await shop.post(JOBS, json=JOB)
        other = await shop.post(JOBS, json=JOB | {"text": "Another."})
    assert (first.status_code, first.json()) == (202, {"id": "order-1", "state": "accepted"})
    assert (again.status_code, again.json()) == (202, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    told = [(status["state"], status["seq"]) for status in await api.world.said()]
    assert told == [("accepted", 1)] * 2, "it is told again, as over MQTT"


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"to": "12"}, 422, "invalid_number", "to"),
        ({"txt": "x"}, 422, "unknown_field", "txt"),
        ({"purpose": "spam"}, 422, "invalid_value", "purpose"),
        ({"purpose": "marketing"}, 422, "no_consent", "purpose"),
        ({"text": "x" * 5000}, 422, "too_many_parts", "text"),
        ({"text": None}, 422, "missing_field", "text"),
        ({"send_at": "tomorrow"}, 422, "invalid_value", "send_at"),
    ],
)
async def test_it_is_refused_in_the_words_of_mqtt(
    api: Api, change: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    async with await api.program(Right.SEND) as shop:
        answer = await shop.post(JOBS, json=JOB | change)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field)
    assert problem["type"] == f"urn:shopbell:problem:{code}"
    assert problem["status"] == status


async def test_each_job_of_a_batch_is_judged_for_itself(api: Api) -> None:
    batch = {"jobs": [JOB, JOB | {"id": "order-2", "to": "1"}, 7, JOB | {"id": "order-3"}]}
    async with await api.program(Right.SEND) as shop:
        wrong = await shop.post("/api/v1/stores/acme/job-batches", json=batch)
        batch["jobs"].remove(7)
        answer = await shop.post("/api/v1/stores/acme/job-batches", json=batch)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "jobs.2")
    outcomes = answer.json()["outcomes"]
    assert [(one["id"], one["state"]) for one in outcomes] == [
        ("order-1", "accepted"),
        ("order-2", None),
        ("order-3", "accepted"),
    ]
    assert outcomes[1]["error"]["code"] == "invalid_number"


async def test_a_batch_has_a_limit(api: Api) -> None:
    jobs = [JOB | {"id": f"order-{number}"} for number in range(501)]
    async with await api.program(Right.SEND) as shop:
        refused = await shop.post("/api/v1/stores/acme/job-batches", json={"jobs": jobs})
        taken = await shop.post("/api/v1/stores/acme/job-batches", json={"jobs": jobs[:500]})
        none = await shop.post("/api/v1/stores/acme/job-batches", json={"jobs": []})
    assert (refused.status_code, refused.json()["field"]) == (422, "jobs")
    assert [one["error"] for one in taken.json()["outcomes"]] == [None] * 500
    assert none.status_code == 422


async def test_a_job_is_looked_at_with_its_parts(api: Api) -> None:
    await api.world.accept()
    async with (
        await api.program(Right.READ) as reader,
        await api.program(Right.READ, Right.PEOPLE) as clerk,
    ):
        masked = (await reader.get(f"{JOBS}/order-1")).json()
        whole = (await clerk.get(f"{JOBS}/order-1")).json()
        missing = await reader.get(f"{JOBS}/order-2")
    assert masked["parts"] == {"total": 1, "sent": 0, "delivered": 0}
    assert masked["each_part"] == [{"number": 1, "state": "waiting", "handed_at": None}]
    assert (masked["to"], masked["text"]) == ("+44******23", None)
    assert (whole["to"], whole["text"]) == ("+447700900123", "Your order has shipped.")
    assert masked["accepted_at"] == "2026-11-23T09:00:00.000Z"
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_job")


async def test_a_job_is_taken_back_as_over_mqtt(api: Api) -> None:
    await api.world.accept()
    async with await api.program(Right.SEND) as shop:
        first = await shop.delete(f"{JOBS}/order-1")
        again = await shop.delete(f"{JOBS}/order-1")
        unknown = await shop.delete(f"{JOBS}/order-9")
    assert first.json() == again.json() == {"id": "order-1", "state": "cancelled"}
    assert (await api.world.said())[-1]["state"] == "cancelled"
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_job")


async def test_a_number_that_is_an_id_is_not_in_the_audit_log(api: Api) -> None:
    await api.world.accept("447700900123")
    async with await api.program(Right.SEND) as shop:
        await shop.delete(f"{JOBS}/447700900123")
        await shop.delete(f"{JOBS}/447700900999")
    entries = await api.database.read(lambda c: read_entries(c, Sift(action="message.cancel"), 9))
    assert [entry.result for entry in entries] == ["unknown_job", "done"]
    assert "7700900" not in repr(entries)


async def test_what_is_being_sent_cannot_be_taken_back(api: Api) -> None:
    from gateway.db.jobs import change_job
    from gateway.domain.states import JobState

    await api.world.accept()
    key = (await api.world.job()).key
    await api.database.write(lambda c: change_job(c, key, state=JobState.SENT))
    async with await api.program(Right.SEND) as shop:
        answer = await shop.delete(f"{JOBS}/order-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late")


async def test_a_token_of_a_store_is_that_stores(api: Api) -> None:
    await api.world.accept()
    async with await api.program(Right.SEND, Right.READ, store="tea") as other:
        answers = [
            await other.post(JOBS, json=JOB),
            await other.post("/api/v1/stores/acme/job-batches", json={"jobs": [JOB]}),
            await other.get(f"{JOBS}/order-1"),
            await other.delete(f"{JOBS}/order-1"),
            await other.get("/api/v1/messages", params={"store": "acme"}),
        ]
        seen = await other.get("/api/v1/messages")
        counted = await other.get("/api/v1/counts")
    assert {answer.status_code for answer in answers} == {404}
    assert seen.json() == {"items": [], "next": None}
    assert counted.json() == {"items": []}
