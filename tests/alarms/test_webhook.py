"""Alarms over HTTP, against a receiver on the loopback."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import deque
from types import TracebackType
from typing import Self

import pytest
from support.world import START

from gateway.alarms.channels import ChannelError
from gateway.alarms.channels.webhook import WebhookChannel, sign
from gateway.alarms.message import Message
from gateway.domain.clock import ManualClock

CLOCK = ManualClock(START)
SECRET = "s3cret"


class Receiver:
    """Answers with what it is told, and keeps what it got."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = deque(statuses)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        self._server: asyncio.Server | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        self.got.append((headers, await reader.readexactly(int(headers["content-length"]))))
        self.paths.append(first.split()[1])
        status = self.statuses.popleft() if self.statuses else 204
        where = f"Location: {self.url}-elsewhere\r\n" if 300 <= status < 400 else ""
        answer = f"HTTP/1.1 {status} so\r\n{where}Content-Length: 0\r\nConnection: close\r\n\r\n"
        writer.write(answer.encode())
        await writer.drain()
        writer.close()


def channel(receiver: Receiver, secret: str | None = SECRET) -> WebhookChannel:
    return WebhookChannel(receiver.url, secret, CLOCK, pauses=(0.0, 0.0))


async def test_it_is_json_with_a_signature_that_holds(message: Message) -> None:
    async with Receiver() as receiver:
        await channel(receiver).tell(message)
    [(headers, body)] = receiver.got
    told = json.loads(body)
    assert told["node"] == "box-1"
    assert told["new"][0]["kind"] == "line_down"
    at, _, digest = headers["shopbell-signature"].partition(",v1=")
    seconds = at.removeprefix("t=")
    assert seconds == str(int(START.timestamp()))
    signed = seconds.encode() + b"." + body
    assert digest == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


def test_another_body_or_time_has_another_signature() -> None:
    signatures = {sign("a", 1, b"x"), sign("a", 1, b"y"), sign("a", 2, b"x"), sign("b", 1, b"x")}
    assert len(signatures) == 4


async def test_without_a_secret_nothing_is_signed(message: Message) -> None:
    async with Receiver() as receiver:
        await channel(receiver, secret=None).tell(message)
    assert "shopbell-signature" not in receiver.got[0][0]


@pytest.mark.parametrize(
    ("statuses", "asked", "told"),
    [
        ((200,), 1, True),
        ((503, 429, 204), 3, True),
        ((500, 500, 500, 200), 3, False),
        ((404, 200), 1, False),
        ((302, 200), 1, False),
        ((307, 200), 1, False),
    ],
)
async def test_what_may_pass_is_tried_again_and_nothing_else(
    message: Message, statuses: tuple[int, ...], asked: int, told: bool
) -> None:
    async with Receiver(*statuses) as receiver:
        if told:
            await channel(receiver).tell(message)
        else:
            with pytest.raises(ChannelError, match=str(statuses[0])):
                await channel(receiver).tell(message)
    assert receiver.paths == ["/hook"] * asked, "no redirect is followed"


async def test_nobody_there_is_a_reason_in_words(message: Message) -> None:
    async with Receiver() as receiver:
        gone = channel(receiver)
    with pytest.raises(ChannelError, match="ConnectError"):
        await gone.tell(message)
