"""A modem at the other end of an in-memory cable, which misbehaves as a test wants it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

ANSWERS = {
    "AT": [],
    "ATE0": [],
    "ATV1": [],
    "AT+CMEE=1": [],
    "AT+CGSN": ["490154203237518"],
    "AT+CGMI": ["Maker"],
    "AT+CGMM": ["Model"],
    "AT+CGMR": ["1.0"],
    "AT+CPIN?": ["+CPIN: READY"],
    "AT+CFUN?": ["+CFUN: 1"],
    "AT+CCID": ["+CCID: 8944100030207654321"],
    "AT+CREG?": ["+CREG: 0,1"],
    "AT+CSQ": ["+CSQ: 18,99"],
    "AT+COPS?": ['+COPS: 0,0,"Test"'],
    "AT+CMGF=0": [],
    "AT+CSMS?": ["+CSMS: 0,1,1,1"],
    "AT+CSCA?": ['+CSCA: "+447802000332",145'],
    "AT+CPMS=?": ['+CPMS: ("SM","SR"),("SM"),("SM")'],
    'AT+CPMS="SM","SM","SM"': ["+CPMS: 0,50,0,50,0,50"],
    'AT+CPMS="SR","SM","SM"': ["+CPMS: 0,50,0,50,0,50"],
    "AT+CNMI=2,1,0,1,0": [],
    "AT+CNMI?": ["+CNMI: 2,1,0,1,0"],
    "AT+CNMA": [],
}


class MemoryTransport(asyncio.Transport):
    """One end of a cable without a kernel in it."""

    def __init__(self, protocol: asyncio.Protocol, peer: Peer) -> None:
        super().__init__()
        self._protocol = protocol
        self._peer = peer
        self._closing = False
        protocol.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self._closing, "nothing is written to a closed port"
        self._peer.receive(bytes(data))

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol

    def deliver(self, data: bytes) -> None:
        if not self._closing:
            self._protocol.data_received(data)

    def is_closing(self) -> bool:
        return self._closing

    def abort(self) -> None:
        self.break_off(None)

    def break_off(self, error: Exception | None) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, error)


class Peer:
    """A modem that does what a test tells it.

    Attributes:
        answers: information lines of each command; a string is the whole answer, None is silence,
            a callable is asked. What is not in it gets ERROR.
        once: like `answers`, used up one by one before them.
        prompt: what AT+CMGS gets.
        outcome: what Ctrl-Z gets; None is silence.
        prompts: like `prompt`, used up one by one before it.
        outcomes: like `outcome`, used up one by one before it; a callable is called.
        on_accept: called when the network took a message.
        rejected: how many of the accepted were answered with an error.
        written: every octet that the driver wrote.
        accepted: the PDUs that got a Ctrl-Z.
        stored: what lies where, by (storage, index).
        bytewise: speak one octet at a time.
        deaf: take what is written and do nothing.
        latency: seconds before anything is said.
        blank: what an empty command line gets, somewhat sooner; None is silence.
        on_pdu: called with what stands behind the prompt, before any Ctrl-Z.
    """

    def __init__(self) -> None:
        self.answers: dict[str, object] = dict(ANSWERS)
        self.once: dict[str, list[object]] = {}
        self.prompt: str | None = "\r\n> "
        self.outcome: str | None = "\r\n+CMGS: {}\r\n\r\nOK\r\n"
        self.prompts: list[str | None] = []
        self.outcomes: list[str | Callable[[], None] | None] = []
        self.on_accept: Callable[[], None] = lambda: None
        self.rejected = 0
        self.escaped = "\r\nOK\r\n"
        self.written = bytearray()
        self.commands: list[str] = []
        self.accepted: list[str] = []
        self.stored: dict[tuple[str, int], tuple[str, str]] = {}
        self.bytewise = False
        self.deaf = False
        self.latency = 0.0
        self.blank: str | None = None
        self.memory = "SM"
        self.on_pdu: Callable[[str], None] = lambda pdu: None
        self._line = ""
        self._in_pdu = False
        self._reference = -1
        self.transport: MemoryTransport | None = None

    def connect(self, protocol: asyncio.Protocol) -> None:
        self._line, self._in_pdu = "", False
        self.transport = MemoryTransport(protocol, self)

    async def open(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        self.connect(protocol)

    def say(self, text: str) -> None:
        chunks = [text[at : at + 1] for at in range(len(text))] if self.bytewise else [text]
        loop = asyncio.get_running_loop()
        for number, chunk in enumerate(chunks):
            if self.latency:
                loop.call_later(self.latency + number * 1e-5, self._deliver, chunk.encode())
            else:
                loop.call_soon(self._deliver, chunk.encode())

    def hang_up(self, error: Exception | None = None) -> None:
        assert self.transport is not None
        self.transport.break_off(error or OSError(5, "Input/output error"))

    def receive(self, data: bytes) -> None:
        self.written += data
        if self.deaf:
            return
        for character in data.decode():
            self._take(character)

    def _deliver(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.deliver(data)

    def _take(self, character: str) -> None:
        if character == "\x1b":
            self._line = ""
            if self._in_pdu:
                self._in_pdu = False
                self.say(self.escaped)
        elif character == "\x1a" and self._in_pdu:
            self._send()
        elif character == "\r" and not self._in_pdu:
            command, self._line = self._line, ""
            if command:
                self._command(command)
            elif self.blank is not None:
                loop = asyncio.get_running_loop()
                loop.call_later(self.latency * 0.7, self._deliver, self.blank.encode())
        else:
            self._line += character
            if self._in_pdu and self._line:
                self.on_pdu(self._line)

    def _send(self) -> None:
        self._in_pdu = False
        self.accepted.append(self._line)
        self._line = ""
        self._reference = (self._reference + 1) % 256
        outcome = self.outcomes.pop(0) if self.outcomes else self.outcome
        if callable(outcome):
            outcome()
        elif outcome is not None:
            self.say(outcome.replace("{}", str(self._reference)))
        if isinstance(outcome, str) and "ERROR" in outcome:
            self.rejected += 1
        else:
            self.on_accept()

    def _command(self, command: str) -> None:
        self.commands.append(command)
        if command.startswith("AT+CMGS="):
            prompt = self.prompts.pop(0) if self.prompts else self.prompt
            self._in_pdu = prompt is not None and ">" in prompt
            if prompt is not None:
                self.say(prompt)
            return
        answer = self._answer(command)
        if callable(answer):
            answer = answer()
        if isinstance(answer, str):
            self.say(answer)
        elif isinstance(answer, list):
            self.say("".join(f"\r\n{line}\r\n" for line in answer) + "\r\nOK\r\n")

    def _answer(self, command: str) -> object:
        if self.once.get(command):
            return self.once[command].pop(0)
        if command in self.answers:
            answer = self.answers[command]
            if found := re.fullmatch(r'AT\+CPMS="(\w+)".*', command):
                self.memory = found.group(1)
            return answer
        return self._storage_answer(command)

    def _storage_answer(self, command: str) -> object:
        here = {
            index: entry for (memory, index), entry in self.stored.items() if memory == self.memory
        }
        if command == "AT+CPMS?":
            return [f'+CPMS: "{self.memory}",{len(here)},50,"SM",0,50,"SM",0,50']
        if command == "AT+CMGL=4":
            return [
                part
                for index, (header, pdu) in here.items()
                for part in (f"+CMGL: {index},{header}", pdu)
            ]
        if found := re.fullmatch(r"AT\+CMGR=(\d+)", command):
            entry = here.get(int(found.group(1)))
            return [f"+CMGR: {entry[0]}", entry[1]] if entry else "\r\n+CMS ERROR: 321\r\n"
        if found := re.fullmatch(r"AT\+CMGD=(\d+)", command):
            self.stored.pop((self.memory, int(found.group(1))), None)
            return []
        return "\r\nERROR\r\n"
