"""Ports of the kernel: opened anew each time, for us alone, and never blocking."""

from __future__ import annotations

import asyncio
import errno
import os
import time
import tty as terminal
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.domain.errors import LinkLostError
from gateway.modem.link.link import Link
from gateway.modem.port.transport import PortMissingError, PortTakenError, candidates, open_port


class Listener(asyncio.Protocol):
    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.data = b""
        self.lost = asyncio.Event()
        self.error: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.error = exc
        self.lost.set()

    async def close(self) -> None:
        assert self.transport is not None
        self.transport.abort()
        await self.lost.wait()


class Pty:
    """A pseudo-terminal: the modem's end, and a path that leads to ours."""

    def __init__(self, link: Path) -> None:
        self.master, slave = os.openpty()
        terminal.setraw(slave)
        os.set_blocking(self.master, False)
        self.link = link
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(slave))
        self._slave: int | None = slave

    def hang_up(self) -> None:
        os.close(self.master)
        self.release()
        self.master = -1

    def release(self) -> None:
        """Let go of the far end, which some simulators keep open and others do not."""
        if self._slave is not None:
            os.close(self._slave)
            self._slave = None

    def close(self) -> None:
        self.release()
        if self.master >= 0:
            os.close(self.master)


@pytest.fixture
def pty(tmp_path: Path) -> Iterator[Pty]:
    pty = Pty(tmp_path / "modem0")
    yield pty
    pty.close()


async def listen(port: Path | str) -> Listener:
    listener = Listener()
    await open_port(str(port), listener, baudrate=115_200)
    return listener


async def heard(listener: Listener, data: bytes) -> None:
    async with asyncio.timeout(5):
        while data not in listener.data:  # noqa: ASYNC110 -- the kernel sets no event of ours
            await asyncio.sleep(0.001)


def fill(descriptor: int) -> None:
    try:
        while True:
            os.write(descriptor, b"x")
    except BlockingIOError:
        return


async def test_octets_go_both_ways_as_they_are(pty: Pty) -> None:
    listener = await listen(pty.link)
    assert listener.transport is not None
    octets = bytes(range(256))
    listener.transport.write(octets)
    os.write(pty.master, octets)
    await heard(listener, octets)
    assert os.read(pty.master, 1000) == octets
    await listener.close()


async def test_what_came_in_before_is_kept(pty: Pty) -> None:
    os.write(pty.master, b"\r\n+CDS: 24\r\n")
    listener = await listen(pty.link)
    await heard(listener, b"+CDS: 24")
    await listener.close()


async def test_a_port_has_one_owner_and_then_another(pty: Pty) -> None:
    listener = await listen(pty.link)
    with pytest.raises(PortTakenError, match="this gateway holds"):
        await listen(pty.link)
    await listener.close()
    await (await listen(pty.link)).close()


async def test_a_hang_up_is_noticed(pty: Pty) -> None:
    listener = await listen(pty.link)
    pty.hang_up()
    async with asyncio.timeout(5):
        await listener.lost.wait()


async def test_the_end_comes_once(pty: Pty, caplog: pytest.LogCaptureFixture) -> None:
    listener = await listen(pty.link)
    assert listener.transport is not None
    listener.transport.write(b"x" * 100_000)
    pty.hang_up()
    for _ in range(10):
        listener.transport.abort()
        listener.transport.close()
        await asyncio.sleep(0.01)
    await listener.close()
    assert not caplog.records


async def test_a_hang_up_while_writing_is_no_error_of_the_loop(
    pty: Pty, caplog: pytest.LogCaptureFixture
) -> None:
    listener = await listen(pty.link)
    assert listener.transport is not None
    pty.hang_up()
    listener.transport.write(b"AT\r")
    async with asyncio.timeout(5):
        await listener.lost.wait()
    assert not caplog.records


async def test_a_modem_that_takes_nothing_does_not_stop_the_loop(pty: Pty) -> None:
    listener = await listen(pty.link)
    assert listener.transport is not None
    begun = time.monotonic()
    other = os.open(pty.link, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    for _ in range(5):  # The kernel makes room once more when it has moved what it was given.
        fill(other)
        await asyncio.sleep(0.02)
    os.close(other)
    listener.transport.write(b"AT\r")
    await asyncio.sleep(0)
    await listener.close()
    assert time.monotonic() - begun < 2


async def test_what_did_not_fit_follows_when_there_is_room(pty: Pty) -> None:
    listener = await listen(pty.link)
    assert listener.transport is not None
    sent = os.urandom(20_000)
    listener.transport.write(sent)
    taken = b""
    async with asyncio.timeout(5):
        while len(taken) < len(sent):
            try:
                taken += os.read(pty.master, 4096)
            except BlockingIOError:
                await asyncio.sleep(0.001)
    assert taken == sent
    await listener.close()


async def test_a_missing_port_is_told_from_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(PortMissingError):
        await listen(tmp_path / "nothing")
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    with pytest.raises(PortMissingError):
        await listen(tmp_path / "dangling")
    (tmp_path / "file").write_text("no terminal")
    with pytest.raises(LinkLostError, match="cannot be opened") as raised:
        await listen(tmp_path / "file")
    assert not isinstance(raised.value, PortMissingError)


async def test_a_symlink_is_followed_at_each_open(pty: Pty) -> None:
    await (await listen(pty.link)).close()
    other = Pty(pty.link)
    listener = await listen(pty.link)
    os.write(other.master, b"RDY\r\n")
    await heard(listener, b"RDY")
    await listener.close()
    other.close()


async def test_a_glob_takes_the_first_that_is_free(pty: Pty, tmp_path: Path) -> None:
    second = Pty(tmp_path / "modem1")
    pattern = str(tmp_path / "modem*")
    assert [Path(path).name for path in candidates(pattern)] == ["modem0", "modem1"]
    one, two = await listen(pattern), await listen(pattern)
    os.write(second.master, b"second")
    await heard(two, b"second")
    with pytest.raises(LinkLostError):
        await listen(pattern)
    await one.close()
    await two.close()
    second.close()


async def test_a_terminal_server_is_a_port(unused_tcp_port: int) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(3))
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", unused_tcp_port)
    listener = await listen(f"socket://127.0.0.1:{unused_tcp_port}")
    assert listener.transport is not None
    listener.transport.write(b"AT\r")
    await heard(listener, b"AT\r")
    async with asyncio.timeout(5):
        await listener.lost.wait()
    server.close()
    await server.wait_closed()


async def test_a_terminal_server_that_is_off_is_a_lost_link(unused_tcp_port: int) -> None:
    with pytest.raises(LinkLostError, match="cannot be opened"):
        await listen(f"socket://127.0.0.1:{unused_tcp_port}")


async def test_a_link_tells_which_device_of_a_glob_is_open(pty: Pty) -> None:
    link = Link("m0", lambda said: None)
    assert link.path is None
    await open_port(str(pty.link.with_name("modem*")), link, baudrate=115_200)
    assert link.path == str(pty.link)
    await link.close()


@pytest.mark.parametrize("number", [errno.EIO, errno.ENXIO, errno.ENODEV, None])
async def test_whatever_the_kernel_says_of_a_stick_that_is_gone_is_its_loss(
    pty: Pty, monkeypatch: pytest.MonkeyPatch, number: int | None
) -> None:
    def read(descriptor: int, size: int) -> bytes:
        if number is None:
            return b""
        raise OSError(number, os.strerror(number))

    listener = await listen(pty.link)
    with monkeypatch.context() as patched:
        patched.setattr("gateway.modem.port.tty.os.read", read)
        os.write(pty.master, b"x")
        async with asyncio.timeout(5):
            await listener.lost.wait()
    assert listener.error is not None
