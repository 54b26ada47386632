"""Pseudo-terminals: the same name, all octets, and a hang-up that is one."""

from __future__ import annotations

import asyncio
import fcntl
import os
import termios
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.simulator.closing import Closings
from hardware.simulator.port import MOST_UNREAD, Port

ALL_OCTETS = bytes(range(256))


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class Host:
    """Whoever has the port open."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.hung_up = False

    async def read(self, count: int) -> bytes:
        """Wait for so many octets, or for the hang-up."""
        octets = bytearray()
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.file, ready.set)
        try:
            while len(octets) < count and not self.hung_up:
                await ready.wait()
                ready.clear()
                octets += self._read_some()
        finally:
            loop.remove_reader(self.file)
        return bytes(octets)

    def _read_some(self) -> bytes:
        try:
            octets = os.read(self.file, 65_536)
        except BlockingIOError:
            return b""
        except OSError:
            octets = b""
        self.hung_up = not octets
        return octets

    def close(self) -> None:
        os.close(self.file)


class Echo:
    """A port that keeps what it got."""

    def __init__(self, link: Path) -> None:
        self.got = bytearray()
        self.more = asyncio.Event()
        self.closings = Closings()
        self.port = Port(link, self._received, self.closings)
        self.port.open()

    def _received(self, octets: bytes) -> None:
        self.got += octets
        self.more.set()

    def close(self) -> None:
        self.port.close()
        self.closings.stop()

    async def wait_for(self, count: int) -> bytes:
        while len(self.got) < count:
            await self.more.wait()
            self.more.clear()
        return bytes(self.got)


@pytest.fixture
async def echo(tmp_path: Path) -> Iterator[Echo]:
    echo = Echo(tmp_path / "modem0")
    yield echo
    echo.close()


async def test_every_octet_goes_through_both_ways(echo: Echo) -> None:
    host = Host(echo.port.link)
    os.write(host.file, ALL_OCTETS)
    assert await echo.wait_for(256) == ALL_OCTETS
    echo.port.write(ALL_OCTETS)
    assert await host.read(256) == ALL_OCTETS
    host.close()


async def test_the_host_may_close_and_come_back(echo: Echo) -> None:
    Host(echo.port.link).close()
    echo.port.write(b"meanwhile")
    host = Host(echo.port.link)
    assert await host.read(9) == b"meanwhile"
    host.close()


async def test_the_lock_of_a_host_goes_with_it(echo: Echo) -> None:
    """A pty keeps TIOCEXCL after its last close; a serial port does not."""
    onlooker, host = Host(echo.port.link), Host(echo.port.link)
    fcntl.ioctl(host.file, termios.TIOCEXCL)
    assert locked(onlooker.file)
    host.close()
    async with asyncio.timeout(5):
        while locked(onlooker.file):  # noqa: ASYNC110 - the kernel's notice is not ours to wait for
            await asyncio.sleep(0.001)
    onlooker.close()


def locked(file: int) -> bool:
    """TIOCGEXCL (ioctl_tty(2))."""
    answer = array("i", [0])
    fcntl.ioctl(file, 0x80045440, answer)
    return bool(answer[0])


async def test_closing_hangs_up_and_removes_the_symlink(echo: Echo) -> None:
    host = Host(echo.port.link)
    echo.port.close()
    assert await host.read(1) == b""
    assert host.hung_up
    assert not echo.port.link.is_symlink()
    assert echo.port.device is None
    host.close()


async def test_it_returns_under_another_pts_even_when_the_number_is_free(echo: Echo) -> None:
    first = echo.port.device
    echo.port.close()
    echo.port.open()
    assert echo.port.device != first
    assert str(echo.port.link.readlink()) == echo.port.device
    host = Host(echo.port.link)
    echo.port.write(b"x")
    assert await host.read(1) == b"x"
    host.close()


async def test_a_host_that_does_not_read_gets_it_later(echo: Echo) -> None:
    host = Host(echo.port.link)
    echo.port.write(b"a" * 20_000)
    echo.port.write(b"b")
    assert await host.read(20_001) == b"a" * 20_000 + b"b"
    host.close()


async def test_for_a_host_that_never_reads_only_so_much_is_kept(echo: Echo) -> None:
    host = Host(echo.port.link)
    for _ in range(100):
        echo.port.write(b"a" * 10_000)
    assert echo.port.unread == MOST_UNREAD
    host.close()


async def test_nothing_is_left_open(tmp_path: Path) -> None:
    before = open_files()
    for _ in range(3):
        echo = Echo(tmp_path / "modem0")
        echo.port.write(b"a" * 10_000)
        echo.port.close()
        echo.port.write(b"to nobody")
        echo.close()
    assert open_files() == before
