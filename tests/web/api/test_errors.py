"""Whatever goes wrong is a problem document of one shape, with no number and no trace in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest
from structlog.testing import capture_logs

from gateway.access import Right
from gateway.domain.errors import StorageError

from .conftest import Api

JOBS: Final = "/api/v1/stores/acme/jobs"
JOB: Final[dict[str, Any]] = {
    "id": "order-1",
    "to": "+447700900123",
    "text": "Your order has shipped.",
    "purpose": "transactional",
}
NUMBER: Final = "7700900123"


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return what an answer says went wrong, having looked at its shape."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    document: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code", "field"} <= set(document)
    assert document["status"] == answer.status_code
    assert document["type"] == f"urn:shopbell:problem:{document['code']}"
    assert NUMBER not in answer.text
    assert "Traceback" not in answer.text
    return document


async def test_without_a_token_one_is_asked_for(api: Api) -> None:
    for program in (api.browser(), api.bearer("shopbell_0123456789ab_" + "c" * 64)):
        async with program:
            answer = await program.get("/api/v1/messages")
        assert (answer.status_code, problem(answer)["code"]) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_without_the_right_it_is_named(api: Api) -> None:
    async with await api.program(Right.READ) as program:
        answer = await program.post(JOBS, json=JOB)
    assert answer.status_code == 403
    assert "'send'" in problem(answer)["detail"]


async def test_what_is_the_boxs_is_no_stores(api: Api) -> None:
    async with await api.program(Right.READ, Right.OPERATE, store="acme") as program:
        for path in ("modems", "carriers", "alarms"):
            answer = await program.get(f"/api/v1/{path}")
            assert answer.status_code == 403, path
            problem(answer)


async def test_addresses_and_methods_that_there_are_not(api: Api) -> None:
    async with await api.program(*Right) as program:
        nothing = await program.get("/api/v1/nothing")
        method = await program.put(f"{JOBS}/order-1", json={})
        slash = await program.get("/api/v1/messages/")
    assert (nothing.status_code, problem(nothing)["code"]) == (404, "not_found")
    assert (method.status_code, problem(method)["code"]) == (405, "method_not_allowed")
    assert method.headers["allow"] == "DELETE, GET"
    assert slash.status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b"\xff", 400, "invalid_utf8"),
        (b'{"id": "a", "id": "b"}', 400, "duplicate_field"),
        (b'{"a":' * 5000, 400, "too_deep"),
        (b"[]", 422, "wrong_type"),
        (b'{"x": NaN}', 400, "not_json"),
        (json.dumps(JOB | {"text": "x" * 70_000}).encode(), 413, "too_large"),
        (b" " * (1024 * 1024 + 1), 413, "too_large"),
    ],
)
async def test_bodies_that_are_none(api: Api, body: bytes, status: int, code: str) -> None:
    async with await api.program(Right.SEND) as program:
        answer = await program.post(
            JOBS, content=body, headers={"content-type": "application/json"}
        )
    assert (answer.status_code, problem(answer)["code"]) == (status, code)


@pytest.mark.parametrize("said", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_what_is_not_said_to_be_json_is_not_read(api: Api, said: str) -> None:
    async with await api.program(Right.SEND) as program:
        answer = await program.post(JOBS, content=json.dumps(JOB), headers={"content-type": said})
        fine = await program.post(
            JOBS,
            content=json.dumps(JOB),
            headers={"content-type": "Application/JSON; charset=utf-8"},
        )
    assert (answer.status_code, problem(answer)["code"]) == (415, "unsupported_media_type")
    assert fine.status_code == 202


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/messages?limit=0", "limit"),
        ("/api/v1/messages?limit=many", "limit"),
        ("/api/v1/messages?state=lost", "state"),
        ("/api/v1/messages?cursor=bm9uZQ", "cursor"),
        ("/api/v1/messages?cursor=!", "cursor"),
        ("/api/v1/messages?store=NO", "store"),
        ("/api/v1/stores/acme/jobs/%20", "id"),
        ("/api/v1/alarms?days=1000", "days"),
    ],
)
async def test_a_parameter_at_fault_is_named(api: Api, path: str, field: str) -> None:
    async with await api.program(*Right) as program:
        answer = await program.get(path)
    assert (answer.status_code, problem(answer)["field"]) == (422, field)
    assert problem(answer)["code"] == "invalid_value"


async def test_a_number_in_a_wrong_place_is_not_said_back(api: Api) -> None:
    with capture_logs() as logs:
        async with await api.program(*Right) as program:
            for answer in (
                await program.get(f"/api/v1/messages?limit=+44{NUMBER}"),
                await program.get(f"/api/v1/messages?store=+44{NUMBER}"),
                await program.post(JOBS, json=JOB | {f"+44{NUMBER}": 1}),
                await program.post(JOBS, json=JOB | {"purpose": f"+44{NUMBER}"}),
                await program.post("/api/v1/people/search", json={"number": f"+44{NUMBER}0000000"}),
                await program.post(
                    "/api/v1/people/history",
                    json={"store": "acme", "number": f"+44{NUMBER}", "person": "x"},
                ),
            ):
                problem(answer)
    assert NUMBER not in str(logs)


async def test_a_stumble_is_in_the_log_and_not_in_the_answer(api: Api) -> None:
    async def stumble(fields: Mapping[str, Any]) -> object:
        raise ValueError("the secret of the house")

    api.operations["modems"] = stumble
    with capture_logs() as logs:
        async with await api.program(Right.READ) as program:
            answer = await program.get("/api/v1/modems")
    told = problem(answer)
    assert (answer.status_code, told["code"]) == (500, "internal")
    assert "secret" not in answer.text
    [logged] = [entry for entry in logs if entry["event"] == "api_request_failed"]
    assert told["instance"] == f"urn:shopbell:log:{logged['id']}"


async def test_a_database_that_cannot_is_said_to_be_asked_again(api: Api) -> None:
    async def fail(fields: Mapping[str, Any]) -> object:
        raise StorageError("disk I/O error in /var/lib/shopbell.db")

    api.operations["jobs"] = fail
    async with await api.program(Right.SEND) as program:
        answer = await program.post(JOBS, json=JOB)
    assert (answer.status_code, problem(answer)["code"]) == (503, "storage")
    assert int(answer.headers["retry-after"]) > 0
    assert "/var" not in answer.text


async def test_who_asks_too_often_is_told_to_wait_and_nobody_else_is(api: Api) -> None:
    api.pace(1.0)
    async with await api.program(Right.READ) as hasty, await api.program(Right.READ) as other:
        answers = [await hasty.get("/api/v1/me") for _ in range(3)]
        calm = await other.get("/api/v1/me")
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit"] == '"default";r=1;t=1'
    assert answers[0].headers["ratelimit-policy"] == '"default";q=2;w=2'
    assert problem(answers[2])["code"] == "too_many_requests"
    assert answers[2].headers["retry-after"] == "1"
    assert calm.status_code == 200
