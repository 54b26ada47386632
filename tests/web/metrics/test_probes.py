"""Whoever starts the gateway anew, or sends it traffic, is told when to, and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from support.visitors import Visited

from gateway.db import Database
from gateway.db.space import Space
from gateway.domain.errors import StorageError, StorageFullError
from gateway.web.metrics import probes
from tests.web.metrics.conftest import Asked


async def ask(site: Visited, path: str) -> httpx.Response:
    async with site.browser(base="http://shop-pod-7:8025") as browser:
        return await browser.get(path)


async def test_a_gateway_at_work_lives_and_is_ready(watched: Visited) -> None:
    lives, ready = await ask(watched, "/healthz"), await ask(watched, "/readyz")
    assert (lives.status_code, lives.json()) == (200, {"status": "ok"})
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "database": "ok", "broker": "ok"}


async def test_a_writer_that_has_ended_is_a_process_to_start_anew(watched: Visited) -> None:
    await watched.database.close()
    lives, ready = await ask(watched, "/healthz"), await ask(watched, "/readyz")
    assert (lives.status_code, lives.json()["status"]) == (503, "dead")
    assert (ready.status_code, ready.json()["database"]) == (503, "nothing can be written")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StorageError("sqlite:////home/anna/shop.db is locked"), "nothing can be written"),
        (StorageFullError("/home/anna has no room"), "the disk is full"),
    ],
)
async def test_what_keeps_jobs_out_is_said_and_no_path_with_it(
    watched: Visited, monkeypatch: pytest.MonkeyPatch, error: StorageError, said: str
) -> None:
    async def write(_self: Database, _change: Any) -> None:
        raise error

    monkeypatch.setattr(Database, "write", write)
    ready, lives = await ask(watched, "/readyz"), await ask(watched, "/healthz")
    assert (ready.status_code, ready.json()["database"]) == (503, said)
    assert "anna" not in ready.text
    assert lives.status_code == 200, "starting it anew makes no room"


async def test_a_disk_with_less_than_the_reserve_takes_no_jobs(
    watched: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    def require(_self: Space) -> None:
        raise StorageFullError("only the reserve is left")

    monkeypatch.setattr(Space, "require", require)
    assert (await ask(watched, "/readyz")).json()["database"] == "the disk is full"


async def test_a_database_that_does_not_answer_is_not_waited_for(
    watched: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def write(_self: Database, _change: Any) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(Database, "write", write)
    monkeypatch.setattr(probes, "PATIENCE", 0.01)
    assert (await ask(watched, "/readyz")).json()["database"] == "it does not answer"


async def test_without_the_broker_jobs_are_still_taken(watched: Visited, asked: Asked) -> None:
    asked.broker["connected"] = False
    ready = await ask(watched, "/readyz")
    assert (ready.status_code, ready.json()["broker"]) == (200, "not connected")


async def test_many_who_ask_make_one_commit(
    watched: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody needs a right for it, so that it must cost nothing."""
    commits: list[int] = []
    write = Database.write

    async def counting(self: Database, change: Any) -> Any:
        commits.append(1)
        return await write(self, change)

    monkeypatch.setattr(Database, "write", counting)
    await asyncio.gather(*(ask(watched, "/readyz") for _ in range(20)))
    assert len(commits) == 1
