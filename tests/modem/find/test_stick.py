"""Of a stick with several ports the right one is opened, and the wrong ones are left alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.domain.errors import LinkLostError
from gateway.modem.find.stick import StickOpener
from gateway.modem.link.link import Link
from gateway.modem.port.transport import PortMissingError, PortTakenError
from gateway.modem.port.usb import UsbPort, UsbStick
from tests.modem.peer import Peer

pytestmark = pytest.mark.looptime

UNKNOWN = "dead:beef"


class Socket:
    """A stick of several peers, one at each interface, and what was opened of it."""

    def __init__(self, *peers: Peer, usb: str = UNKNOWN) -> None:
        self.peers = peers
        self.usb = usb
        self.opened: list[int] = []
        self.links: list[Link] = []
        self.said: list[str] = []
        self.failures: dict[int, LinkLostError] = {}
        self.first = 0
        self.plugged = True
        self.opener = StickOpener(self.look, self._open_port)

    async def look(self) -> UsbStick | None:
        if not self.plugged:
            return None
        ports = tuple(
            UsbPort(device=Path(f"tty{self.first + at}"), interface=at, number=(188, at))
            for at in range(len(self.peers))
        )
        return UsbStick(
            path="1-1", id=self.usb, serial="", manufacturer="", product="", ports=ports
        )

    async def _open_port(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        at = int(port.removeprefix("tty")) - self.first
        self.opened.append(at)
        if at in self.failures:
            raise self.failures[at]
        self.peers[at].connect(protocol)

    async def open(self) -> Link:
        """Open it, and show that the link works."""
        link = Link("m0", lambda said: self.said.append(said.text))
        self.links.append(link)
        await self.opener("usb:1-1", link, baudrate=115_200)
        return link

    def open_now(self) -> list[int]:
        """Which ports are open."""
        return [
            at
            for at, peer in enumerate(self.peers)
            if peer.transport is not None and not peer.transport.is_closing()
        ]

    def commanded(self) -> list[int]:
        """Which port the link's commands go to: of those beside it nothing but AT is asked."""
        for peer in self.peers:
            peer.commands.clear()
        self.links[-1].write(b"AT+CSQ\r")
        return [at for at, peer in enumerate(self.peers) if "AT+CSQ" in peer.commands]


def deaf() -> Peer:
    """Diagnostics: it never answers."""
    peer = Peer()
    peer.deaf = True
    return peer


async def works(link: Link) -> bool:
    await link.start(10)
    return (await link.command("AT")).ok


async def test_a_known_stick_is_opened_at_the_port_that_its_profile_ranks_first() -> None:
    socket = Socket(Peer(), deaf(), Peer(), usb="12d1:1436")
    link = await socket.open()
    assert await works(link)
    assert socket.commanded() == [2]
    assert 1 not in socket.opened, "diagnostics are not even opened"
    await link.close()
    begun = asyncio.get_running_loop().time()
    assert await works(await socket.open())
    assert socket.commanded() == [2]
    assert asyncio.get_running_loop().time() - begun < 1, "it was found before"


async def test_a_silent_port_is_left_out_for_as_long_as_the_stick_stays() -> None:
    socket = Socket(deaf(), Peer())
    assert await works(await socket.open())
    assert socket.commanded() == [1]
    socket.opened.clear()
    await socket.open()
    assert socket.opened == [1]
    socket.first = 7
    await socket.open()
    assert 0 in socket.opened, "it was plugged in again, and may be another stick"


async def test_the_port_that_says_what_comes_in_is_better_than_the_one_that_only_answers() -> None:
    socket = Socket(Peer(), deaf(), Peer())
    asyncio.get_running_loop().call_later(2, socket.peers[2].say, "\r\n^RSSI: 17\r\n")
    assert await works(await socket.open())
    assert socket.commanded() == [2]


async def test_ports_that_cannot_be_told_apart_go_by_their_order() -> None:
    socket = Socket(Peer(), Peer())
    assert await works(await socket.open())
    assert socket.commanded() == [0]


async def test_a_stick_that_boots_is_waited_for() -> None:
    socket = Socket(deaf(), deaf())
    asyncio.get_running_loop().call_later(60, setattr, socket.peers[1], "deaf", False)
    assert await works(await socket.open())
    assert socket.commanded() == [1]


async def test_when_no_port_answers_all_are_closed_and_none_is_written_off() -> None:
    socket = Socket(deaf(), deaf())
    with pytest.raises(LinkLostError, match="none of the stick's 2 ports answers"):
        await socket.open()
    assert socket.open_now() == []
    socket.peers[0].deaf = False
    assert await works(await socket.open())
    assert socket.commanded() == [0]


async def test_the_port_that_was_found_is_handed_on_when_it_hangs_so_that_it_can_be_woken() -> None:
    socket = Socket(Peer(), deaf())
    link = await socket.open()
    await link.close()
    socket.peers[0].deaf = True
    await socket.open()
    assert socket.open_now() == [0]


async def test_what_comes_in_while_ports_are_tried_is_not_lost() -> None:
    socket = Socket(Peer(), deaf())
    asyncio.get_running_loop().call_later(2, socket.peers[0].say, '\r\n+CMTI: "SM",1\r\n')
    await socket.open()
    assert socket.said == ['+CMTI: "SM",1']


async def test_what_another_port_says_is_heard_wherever_the_commands_go() -> None:
    socket = Socket(Peer(), deaf(), Peer())
    link = await socket.open()
    await link.start(10)
    assert socket.open_now() == [0, 2]
    socket.peers[2].say("\r\n+CDS: 25\r\n0006AA\r\n^RSSI: 17\r\n")
    await asyncio.sleep(1)
    assert socket.said == ["+CDS: 25"], "and noise is left out"
    await link.close()
    await asyncio.sleep(1)
    assert socket.open_now() == []


async def test_what_every_port_says_is_heard_once() -> None:
    socket = Socket(Peer(), Peer())
    link = await socket.open()
    for peer in reversed(socket.peers):
        peer.say('\r\n+CMTI: "SM",1\r\n')
    await asyncio.sleep(2)
    assert socket.said == ['+CMTI: "SM",1']
    await link.close()


async def test_a_place_that_is_announced_again_later_is_no_repetition() -> None:
    """A modem that was emptied stores the next message at the same place."""
    socket = Socket(Peer(), Peer())
    link = await socket.open()
    for _ in range(2):
        socket.peers[1].say('\r\n+CMTI: "SM",0\r\n')
        await asyncio.sleep(3)
    assert socket.said == ['+CMTI: "SM",0'] * 2
    await link.close()


async def test_nothing_is_put_into_the_middle_of_a_line() -> None:
    socket = Socket(Peer(), Peer())
    link = await socket.open()
    socket.peers[0].say("\r\n+CLIP: ")
    socket.peers[1].say('\r\n+CMTI: "SM",1\r\n')
    await asyncio.sleep(2)
    assert socket.said == []
    socket.peers[0].say('"private"\r\n')
    await asyncio.sleep(0.1)
    assert socket.said == ['+CLIP: "private"', '+CMTI: "SM",1']
    await link.close()


async def test_a_prompt_left_open_is_left_with_esc_and_never_with_ctrl_z() -> None:
    socket = Socket(Peer(), Peer())
    await socket.open()
    for peer in socket.peers:
        assert peer.written.startswith(b"\x1b\r")
        assert b"\x1a" not in peer.written


async def test_a_stick_is_not_shared_with_a_program_that_has_one_of_its_ports() -> None:
    socket = Socket(Peer(), Peer())
    socket.failures[1] = PortTakenError("ModemManager holds tty1")
    with pytest.raises(PortTakenError, match="ModemManager"):
        await socket.open()
    assert socket.open_now() == []


async def test_a_port_that_cannot_be_opened_is_left_out() -> None:
    socket = Socket(Peer(), Peer())
    socket.failures[0] = LinkLostError("tty0 cannot be opened")
    assert await works(await socket.open())
    assert socket.commanded() == [1]


async def test_a_stick_that_is_pulled_out_is_missing_also_while_its_ports_are_tried() -> None:
    socket = Socket(deaf(), deaf())
    for peer in socket.peers:
        asyncio.get_running_loop().call_later(5, peer.hang_up)
    with pytest.raises(LinkLostError):
        await socket.open()
    assert asyncio.get_running_loop().time() < 10
    socket.plugged = False
    with pytest.raises(PortMissingError, match="usb:1-1"):
        await socket.open()


async def test_a_stick_with_one_port_is_opened_like_any_other() -> None:
    socket = Socket(deaf())
    await socket.open()
    assert socket.open_now() == [0]
    assert socket.peers[0].written == b""
