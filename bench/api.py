"""``python -m bench.api``: how many requests does the API answer, and what does each cost?

    python -m bench.api [--seconds 5] [--connections 4]

One gateway without a modem, on SQLite; a few connections ask as fast as they are answered. The cost
is the CPU time of the whole gateway, its database's thread among it, for each request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.console import free_port, token_of
from bench.harness import wait_for
from bench.house import cpu_seconds, house, unplug

LOT: Final = 100
"""Jobs of a batch."""

Ask = Callable[[int], tuple[str, str, bytes]]
"""Returns method, path and body of a request, by its number."""


def job(number: int) -> dict[str, Any]:
    """Return a job that nobody submitted before."""
    return {
        "id": f"bench-{time.time_ns()}-{number}",
        "to": f"+447700900{number % 1000:03}",
        "text": "Your order has shipped.",
        "purpose": "transactional",
    }


def _post(number: int) -> tuple[str, str, bytes]:
    return "POST", "/api/v1/stores/acme/jobs", json.dumps(job(number)).encode()


def _batch(number: int) -> tuple[str, str, bytes]:
    jobs = [job(number * LOT + each) for each in range(LOT)]
    return "POST", "/api/v1/stores/acme/job-batches", json.dumps({"jobs": jobs}).encode()


KINDS: Final[dict[str, Ask]] = {
    "GET me": lambda _: ("GET", "/api/v1/me", b""),
    "GET job": lambda _: ("GET", "/api/v1/stores/acme/jobs/known", b""),
    "GET messages (50)": lambda _: ("GET", "/api/v1/messages", b""),
    "GET counts": lambda _: ("GET", "/api/v1/counts", b""),
    "POST job": _post,
    "POST job, with a key": _post,
    f"POST batch of {LOT}": _batch,
}


async def ask(port: int, token: str, kind: str, numbers: count[int], until: float) -> int:
    """Ask on one connection until an instant; return how often."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = 0
    while time.perf_counter() < until:
        number = next(numbers)
        method, path, body = KINDS[kind](number)
        key = f"Idempotency-Key: {time.time_ns()}-{number}\r\n" if "key" in kind else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{key}\r\n"
        )
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert answer.startswith("http/1.1 20"), answer
        await reader.readexactly(int(answer.partition("content-length: ")[2].partition("\r\n")[0]))
        asked += 1
    writer.close()
    return asked


async def _measure(port: int, token: str, kind: str, given: argparse.Namespace) -> int:
    numbers, until = count(), time.perf_counter() + given.seconds
    some = (ask(port, token, kind, numbers, until) for _ in range(given.connections))
    return sum(await asyncio.gather(*some))


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=4)
    given = parser.parse_args(words)
    port = free_port()
    console = f'[console]\nlisten = "127.0.0.1:{port}"\napi_rate = "unlimited"\n'
    with TemporaryDirectory() as folder, house(Path(folder), 1, more=console) as built:
        built.start()
        unplug(built)
        assert built.gateway is not None
        token = token_of(built)
        known = ("send", "--store", "acme", "--id", "known", "--to", "+447700900123")
        sent = built.run(*known, "--text", "Hi.", "--purpose", "transactional", name="known")
        wait_for(lambda: sent.ended, 30, "a job")
        for kind in KINDS:
            before, began = cpu_seconds(built.gateway.pid), time.perf_counter()
            asked = asyncio.run(_measure(port, token, kind, given))
            cost = cpu_seconds(built.gateway.pid) - before
            rate = asked / (time.perf_counter() - began)
            print(f"{kind:24} {rate:8,.0f} a second  {1000 * cost / asked:6.2f} ms each")


if __name__ == "__main__":
    main()
