"""The ends of the cable on which the contract of a modem is checked.

A peer in memory and the simulator on pseudo-terminals were written apart: what both agree on is
less likely to be one mistake made twice. A real stick has the last word (``pytest --modem=PORT``);
what nobody can make it do is skipped there.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest

from gateway.modem.port.transport import Opener, PortMissingError, open_port
from gateway.modem.settings import SUBMIT_TIMEOUT
from gateway.sms import EncodedPdu, encode_submits
from hardware.simulator.control import ControlClient
from tests.modem.bench import MESSAGE, PDU, report_of
from tests.modem.peer import Peer

PATIENCE = 0.8
"""Seconds from Ctrl-Z, in real time; the ends that we wrote answer at once or never."""


class World(Protocol):
    """A modem and its network, as a test of the contract needs them."""

    port: str
    opener: Opener
    pdu: EncodedPdu
    """What is sent in it."""
    patience: float
    """Seconds from Ctrl-Z until the outcome counts as unknown."""

    def arm(self, fault: str, value: int | None = None) -> None:
        """Let the next submit go wrong; the names are the simulator's."""
        ...

    def has_accepted(self, number: int) -> bool:
        """Whether the network took so many messages; a real one does not say and is believed."""
        ...

    def text(self) -> None:
        """Somebody writes to the SIM."""
        ...

    def unplug(self, back_after: float) -> None:
        """The stick goes and comes back, in seconds."""
        ...


class MemoryWorld:
    """The peer in memory."""

    pdu = PDU
    patience = PATIENCE

    def __init__(self, reports: str) -> None:
        self.port = "memory"
        self.opener: Opener = self._open
        self._there = True
        self._reports = reports
        self._peer = Peer()
        self._peer.on_accept = self._report
        if reports == "cdsi":
            del self._peer.answers["AT+CNMI=2,1,0,1,0"]
            self._peer.answers |= {
                "AT+CNMI=2,1,0,2,0": [],
                "AT+CNMI?": ["+CNMI: 2,1,0,2,0"],
            }

    async def _open(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        if not self._there:
            raise PortMissingError("unplugged")
        self._peer.connect(protocol)

    def _report(self) -> None:
        report = report_of(len(self._peer.accepted) % 256)
        if self._reports == "cds":
            self._peer.say(f"\r\n+CDS: 24\r\n{report}\r\n")
        else:
            self._peer.stored["SR", 1] = (",,24", report)
            self._peer.say('\r\n+CDSI: "SR",1\r\n')

    def arm(self, fault: str, value: int | None = None) -> None:
        peer = self._peer
        match fault:
            case "refuse":
                peer.prompts.append(f"\r\n+CMS ERROR: {value}\r\n")
            case "no_prompt":
                peer.prompts.append(None)
            case "reject":
                peer.outcomes.append(f"\r\n+CMS ERROR: {value}\r\n")
            case "ok_only":
                peer.outcomes.append("\r\nOK\r\n")
            case "no_ok":
                peer.outcomes.append("\r\n+CMGS: {}\r\n")
            case "lose_answer":
                peer.outcomes.append(None)
            case "late_answer":
                peer.outcomes.append(None)
                asyncio.get_running_loop().call_later(
                    value or 0, peer.say, "\r\n+CMGS: 0\r\n\r\nOK\r\n"
                )
            case "unplug_in_pdu":
                peer.on_pdu = self._unplug_in_pdu
            case "unplug_after_accept":
                peer.outcomes.append(lambda: self.unplug(0.3))
            case "trickle":
                peer.bytewise = True
            case "bare_prompt":
                peer.prompt = "\r\n>\r\n"
            case _:
                raise ValueError(fault)

    def _unplug_in_pdu(self, pdu: str) -> None:
        self._peer.on_pdu = lambda pdu: None
        self.unplug(0.3)

    def has_accepted(self, number: int) -> bool:
        return len(self._peer.accepted) - self._peer.rejected == number

    def text(self) -> None:
        self._peer.stored["SM", 1] = ("0,,35", MESSAGE)
        self._peer.say('\r\n+CMTI: "SM",1\r\n')

    def unplug(self, back_after: float) -> None:
        self._there = False
        self._peer.hang_up()
        asyncio.get_running_loop().call_later(back_after, self._return)

    def _return(self) -> None:
        self._there = True


class Bank:
    """The simulator as a process of its own."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hardware.simulator", str(directory), *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def control(self) -> ControlClient:
        return ControlClient(self.directory / "control.sock")

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)


class BankWorld:
    """One modem of a simulated bank."""

    pdu = PDU
    patience = PATIENCE

    def __init__(self, bank: Bank, name: str, reports: str) -> None:
        self.port = str(bank.directory / name)
        self.opener: Opener = open_port
        self._bank = bank
        self._name = name
        with bank.control() as control:
            control.ask("set", name, values={"report_mode": reports})

    def arm(self, fault: str, value: int | None = None) -> None:
        lasting = fault in ("trickle", "bare_prompt")
        seconds = 0.3 if fault.startswith("unplug") else value
        with self._bank.control() as control:
            control.fault(self._name, fault, value=seconds, count=None if lasting else 1)

    def has_accepted(self, number: int) -> bool:
        return self.accepted() == number

    def accepted(self) -> int:
        lines = (self._bank.directory / "log.jsonl").read_text().splitlines()
        records = [json.loads(line) for line in lines]
        return sum(
            record["event"] == "accepted" and record["modem"] == self._name for record in records
        )

    def text(self) -> None:
        with self._bank.control() as control:
            control.inbound(self._name, "+447700900456", "STOP")

    def unplug(self, back_after: float) -> None:
        with self._bank.control() as control:
            control.ask("unplug", self._name, back_after=back_after)


class StickWorld:
    """A real stick with a real SIM; each message costs what the operator takes for it."""

    patience = SUBMIT_TIMEOUT

    def __init__(self, port: str, number: str) -> None:
        self.port = port
        self.opener: Opener = open_port
        (self.pdu,) = encode_submits(
            to=number, text="Shopbell: contract test", reference=0, report=True, validity=None
        )

    def arm(self, fault: str, value: int | None = None) -> None:
        pytest.skip("nobody can make a real stick fail in a given way")

    def has_accepted(self, number: int) -> bool:
        return True

    def text(self) -> None:
        pytest.skip("nobody writes to a real stick")

    def unplug(self, back_after: float) -> None:
        pytest.skip("nobody pulls a real stick")
