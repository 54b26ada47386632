"""The same request under one key is done once: at once, later, after a restart, after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.visitors import visited

from gateway.access import Right
from gateway.db.console.answers import forget_answers
from gateway.db.tables import REQUEST_ANSWERS
from gateway.domain.errors import RejectedError, StorageError
from gateway.web.api.once import KEPT, LONGEST

from .conftest import Api

STEER: Final = "/api/v1/stores/acme/campaigns/spring/steer"


class Work:
    """An operation that counts how often it is done, and ends when it is let."""

    def __init__(self) -> None:
        self.done: list[Mapping[str, Any]] = []
        self.error: BaseException | None = None
        self.begun, self.go = asyncio.Event(), asyncio.Event()
        self.go.set()

    async def __call__(self, fields: Mapping[str, Any]) -> object:
        self.done.append(fields)
        self.begun.set()
        await self.go.wait()
        if self.error is not None:
            raise self.error
        return {"state": "paused"}


@pytest.fixture
def work(api: Api) -> Work:
    work = Work()
    api.operations["campaign_steer"] = work
    return work


@pytest.fixture
async def program(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    api.pace(None)
    async with await api.program(Right.OPERATE, Right.SEND) as program:
        yield program


async def steer(program: httpx.AsyncClient, key: str = "k1", word: str = "pause") -> httpx.Response:
    return await program.post(STEER, json={"word": word}, headers={"idempotency-key": key})


async def rows(api: Api) -> list[Any]:
    return await api.database.read(lambda c: list(c.execute(REQUEST_ANSWERS.select())))


async def test_the_same_again_gets_the_same_and_is_not_done_again(
    program: httpx.AsyncClient, work: Work
) -> None:
    first, again = await steer(program), await steer(program)
    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(work.done) == 1
    assert (await steer(program, key="k2")).status_code == 200
    assert len(work.done) == 2


async def test_another_body_under_the_key_is_refused(
    program: httpx.AsyncClient, work: Work
) -> None:
    await steer(program)
    other = await steer(program, word="stop")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert other.json()["field"] == "Idempotency-Key"
    assert len(work.done) == 1


async def test_a_key_is_of_one_address_and_of_one_who_asks(
    api: Api, program: httpx.AsyncClient, work: Work
) -> None:
    await steer(program)
    other = await program.post(
        STEER.replace("spring", "autumn"),
        json={"word": "pause"},
        headers={"idempotency-key": "k1"},
    )
    async with await api.program(Right.OPERATE) as somebody:
        another = await steer(somebody)
    assert other.status_code == another.status_code == 200
    assert len(work.done) == 3


async def test_what_is_being_done_is_not_begun_again(
    program: httpx.AsyncClient, work: Work
) -> None:
    work.go.clear()
    first = asyncio.create_task(steer(program))
    await work.begun.wait()
    second = await steer(program)
    assert (second.status_code, second.json()["code"]) == (409, "still_being_done")
    assert second.headers["retry-after"] == "1"
    work.go.set()
    assert (await first).status_code == 200
    assert (await steer(program)).headers["idempotent-replayed"] == "true"
    assert len(work.done) == 1


async def test_a_refusal_is_an_answer_and_a_failure_is_none(
    program: httpx.AsyncClient, work: Work
) -> None:
    work.error = RejectedError("unknown_campaign", "there is none", field="name")
    assert (await steer(program)).status_code == 404
    again = await steer(program)
    assert (again.status_code, again.json()["code"]) == (404, "unknown_campaign")
    assert again.headers["content-type"] == "application/problem+json"
    assert len(work.done) == 1
    work.error = StorageError("the disk is full")
    assert (await steer(program, key="k2")).status_code == 503
    work.error = None
    assert (await steer(program, key="k2")).status_code == 200
    assert len(work.done) == 3


async def test_a_fault_of_ours_may_be_asked_again(program: httpx.AsyncClient, work: Work) -> None:
    work.error = ValueError("a bug")
    assert (await steer(program)).status_code == 500
    work.error = None
    assert (await steer(program)).status_code == 200


async def test_after_a_day_a_key_is_new(api: Api, program: httpx.AsyncClient, work: Work) -> None:
    await steer(program)
    api.clock.instant += KEPT - timedelta(seconds=1)
    assert (await steer(program)).headers["idempotent-replayed"] == "true"
    api.clock.instant += timedelta(seconds=1)
    assert "idempotent-replayed" not in (await steer(program, word="stop")).headers
    assert len(work.done) == 2


async def test_it_outlives_the_gateway_and_what_it_did_not_end_is_begun_again(
    database_url: str, tmp_path: Path
) -> None:
    answers = []
    token = None
    for killed in (False, True, False):
        async with visited(database_url, tmp_path) as site:
            work = Work()
            site.operations["campaign_steer"] = work
            program = await site.program(Right.OPERATE) if token is None else site.bearer(token)
            token = program.headers["authorization"].removeprefix("Bearer ")
            async with program:
                answers.append(await steer(program))
                if killed:  # in the middle of the work, with no time to say so
                    row = {"status": None, "body": '["box-1", "former run", "it"]'}
                    await site.database.write(
                        lambda c, row=row: c.execute(REQUEST_ANSWERS.update().values(row))  # type: ignore[misc]
                    )
    replayed = ["idempotent-replayed" in answer.headers for answer in answers]
    assert replayed == [False, True, False]
    assert {answer.status_code for answer in answers} == {200}


async def test_what_another_gateway_does_is_left_to_it_for_as_long_as_anything_takes(
    api: Api, program: httpx.AsyncClient, work: Work
) -> None:
    await steer(program)
    row = {"status": None, "body": '["box-2", "its run", "it"]'}
    await api.database.write(lambda c: c.execute(REQUEST_ANSWERS.update().values(row)))
    assert (await steer(program)).status_code == 409
    api.clock.instant += LONGEST + timedelta(seconds=1)
    assert (await steer(program)).status_code == 200
    assert len(work.done) == 2


async def test_nothing_of_a_number_is_kept(api: Api, program: httpx.AsyncClient) -> None:
    job = {"id": "a", "to": "+447700900123", "text": "Hello.", "purpose": "transactional"}
    jobs, key = "/api/v1/stores/acme/jobs", {"idempotency-key": "k"}
    first = await program.post(jobs, json=job, headers=key)
    again = await program.post(jobs, json=job, headers=key)
    assert (first.status_code, again.text) == (202, first.text)
    [row] = await rows(api)
    assert "7700900123" not in str(row._asdict())


async def test_what_is_old_is_forgotten(api: Api, program: httpx.AsyncClient, work: Work) -> None:
    await steer(program)
    await steer(program, key="k2")
    now = api.clock.now()
    assert await api.database.write(lambda c: forget_answers(c, now)) == 0
    api.clock.instant += KEPT + timedelta(hours=1)
    await steer(program, key="k3")
    assert len(await rows(api)) == 1


@pytest.mark.sqlite_only(reason="what it is about is the order of requests, not of transactions")
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    asked=st.lists(
        st.tuples(st.sampled_from(("a", "b")), st.sampled_from(("pause", "stop"))),
        min_size=1,
        max_size=8,
    )
)
def test_however_often_and_at_once_each_key_is_done_once(
    asked: list[tuple[str, str]], sqlite_url: str, tmp_path: Path
) -> None:
    """Of requests at once under a key one is done; the others get its answer, or are told to wait,
    or are refused for asking for something else."""

    async def ask() -> None:
        async with visited(sqlite_url, tmp_path) as site:
            work = Work()
            site.operations["campaign_steer"] = work
            async with await site.program(Right.OPERATE) as program:
                answers = await asyncio.gather(*(steer(program, key, word) for key, word in asked))
            first = dict(reversed(asked))
            assert len(work.done) == len(first)
            for (key, _), answer in zip(asked, answers, strict=True):
                assert answer.status_code in (200, 409, 422), key
            taken = [a for a in answers if a.status_code == 200]
            assert len(taken) >= len(first)
            assert len({a.text for a in taken}) == 1

    asyncio.run(ask())
