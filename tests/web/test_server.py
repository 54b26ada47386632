"""A listener of its own inside of a loop: it answers, stops, and stops nobody else."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from gateway.web import server as module
from gateway.web.server import keep_serving, open_listener, serve


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Tell who asks."""
    body = f"{scope['client'][0]} {scope['scheme']}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


class Served:
    """An application at work, on a port of its own."""

    def __init__(self, *trusted: str) -> None:
        opened = open_listener("127.0.0.1:0")
        self.url = f"http://127.0.0.1:{opened.getsockname()[1]}/"
        self.task = asyncio.create_task(serve(app, opened, trusted))

    async def ask(self, **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(self.url, headers=headers)

    async def stop(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


async def test_it_answers_without_a_banner_and_stops() -> None:
    before = signal.getsignal(signal.SIGTERM)
    served = Served()
    answer = await served.ask()
    assert answer.text == "127.0.0.1 http"
    assert "server" not in answer.headers
    assert signal.getsignal(signal.SIGTERM) is before, "signals are the gateway's"
    await served.stop()
    with pytest.raises(httpx.TransportError):
        await served.ask()


async def test_only_a_trusted_proxy_says_who_asks() -> None:
    said = {"x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https"}
    for trusted, seen in (((), "127.0.0.1 http"), (("127.0.0.0/8",), "192.0.2.7 https")):
        served = Served(*trusted)
        assert (await served.ask(**said)).text == seen
        await served.stop()


async def test_a_head_that_never_ends_is_refused() -> None:
    served = Served()
    try:
        status = (await served.ask(x="a" * 50 * module.MOST_HEADERS)).status_code
    except httpx.TransportError:
        status = 400  # it has hung up before all of it was sent
    assert status == 400
    await served.stop()


async def test_a_port_that_is_taken_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY", 0.01)
    taken = socket.create_server(("127.0.0.1", 0))
    listen = f"127.0.0.1:{taken.getsockname()[1]}"
    with capture_logs() as logs:
        serving = asyncio.create_task(keep_serving(listen, app))
        while not logs:  # noqa: ASYNC110 -- what it waits for is in the log
            await asyncio.sleep(0.005)
        taken.close()
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(20):
            while True:
                try:
                    answer = await client.get(f"http://{listen}/")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.01)
    assert answer.status_code == 200
    assert logs[0]["event"] == "listener_not_opened"
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
