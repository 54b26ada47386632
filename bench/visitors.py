"""Who looks at a console and asks its API, in a process of its own.

    python -m bench.visitors URL TOKEN --viewers 50 --rate 200 --seconds 20

Viewers keep the live pages open; requests begin at even times, whether earlier ones were answered
or not, so that a slow server is not spared. It prints one JSON object: what was answered and how
soon.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Final

import httpx

PAGES: Final = (
    "/api/v1/modems",
    "/api/v1/counts",
    "/api/v1/messages?limit=20",
    "/",
    "/modems",
    "/messages",
)
"""What is asked for in turn; every tenth request is a job instead."""

TOPIC: Final = "/live/overview"
EACH_JOB: Final = 10
TIMEOUT: Final = 30.0


@dataclass
class Answers:
    """What was answered."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    events: int = 0
    """Pieces that live pages were sent."""

    def document(self) -> dict[str, object]:
        """Return it for programs; times in milliseconds."""
        ordered = sorted(self.seconds) or [0.0]
        return {
            "answers": dict(self.statuses),
            "p50_ms": 1000 * ordered[len(ordered) // 2],
            "p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
            "events": self.events,
        }


async def ask(client: httpx.AsyncClient, number: int, page: str, answers: Answers) -> None:
    """Ask once, and note what came of it."""
    began = time.perf_counter()
    try:
        answer = await (_submit(client, number) if number % EACH_JOB == 0 else client.get(page))
        answers.statuses[str(answer.status_code)] += 1
    except httpx.HTTPError as error:
        answers.statuses[type(error).__name__] += 1
    answers.seconds.append(time.perf_counter() - began)


async def _submit(client: httpx.AsyncClient, number: int) -> httpx.Response:
    job = {
        "id": f"bench-{time.time_ns()}-{number}",
        "to": f"+447700900{number % 1000:03}",
        "text": "Asked for over HTTP.",
        "purpose": "transactional",
    }
    return await client.post("/api/v1/stores/acme/jobs", json=job)


async def watch(client: httpx.AsyncClient, answers: Answers) -> None:
    """Keep a live page open."""
    async with client.stream("GET", TOPIC, timeout=None) as stream:
        answers.statuses[f"live {stream.status_code}"] += 1
        async for _ in stream.aiter_bytes():
            answers.events += 1


async def visit(url: str, token: str, viewers: int, rate: float, seconds: float) -> Answers:
    """Look and ask for so many seconds."""
    answers = Answers()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=TIMEOUT) as client,
        asyncio.TaskGroup() as tasks,
    ):
        watching = [
            tasks.create_task(watch(client, answers), name="viewer") for _ in range(viewers)
        ]
        loop = asyncio.get_running_loop()
        begin, asked = loop.time(), []
        for number, page in zip(count(1), cycle(PAGES), strict=False):
            if rate <= 0 or (due := begin + number / rate) > begin + seconds:
                break
            await asyncio.sleep(max(0.0, due - loop.time()))
            asked.append(tasks.create_task(ask(client, number, page, answers), name="request"))
        await asyncio.sleep(max(0.0, begin + seconds - loop.time()))
        await asyncio.gather(*asked)
        for one in watching:
            one.cancel()
    return answers


def main(words: Sequence[str] | None = None) -> None:
    """Visit, and print what was answered."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("token")
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args(words)
    found = asyncio.run(visit(given.url, given.token, given.viewers, given.rate, given.seconds))
    print(json.dumps(found.document()))


if __name__ == "__main__":
    main()
