"""One modem: octets of the host in, octets to the host out.

It reads command lines and PDUs, has `commands` carry them out, and says unsolicited things. What a
command means is not here, nor what a message means; nor is any pseudo-terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hardware.simulator.commands import Answer, Command, Then, execute, parse_line
from hardware.simulator.device import Device
from hardware.simulator.errors import AtError, CmeError, CmsError
from hardware.simulator.faults import FaultName, Where
from hardware.simulator.hang import ESC, Hang
from hardware.simulator.log import Event, Journal
from hardware.simulator.mode import Cable, Mode
from hardware.simulator.murmur import Murmur, Sleep
from hardware.simulator.network import Envelope, Taken
from hardware.simulator.outlet import Outlet
from hardware.simulator.reception import Reception
from hardware.simulator.results import refusal
from hardware.simulator.submission import Submission
from hardware.simulator.timers import Timers

CTRL_Z = 0x1A

_KEPT = 4096
"""Octets of the host's that are kept while no more can be read; a real UART keeps fewer."""

_LATE = 6.0
"""Seconds by which a late answer is late, unless the fault says otherwise."""

_IGNORED_IN_COMMANDS = bytes((0x00, 0x0A, CTRL_Z, ESC))


class Modem:
    """The AT personality of one stick."""

    def __init__(
        self, *, name: str, device: Device, journal: Journal, timers: Timers, cable: Cable
    ) -> None:
        self.name = name
        self.mode = Mode.OFF
        self.device = device
        self._journal = journal
        self._timers = timers
        self._cable = cable
        self._outlet = Outlet(
            faults=device.faults, timers=timers, forms=device.personality.wire, wire=cable.write
        )
        self._murmur = Murmur(device, self.pause)
        self._sleep = Sleep(device.personality.commands.sleeps_after, timers)
        self._reception = Reception(
            name=name, device=device, journal=journal, timers=timers, outlet=self._outlet
        )
        self._submission: Submission | None = None
        self._hang: Hang | None = None
        self._input = bytearray()
        self._powered = 0
        """Counts power-ons: what was planned before the last one does not happen."""
        device.line.handset = self

    # Power

    def power_on(self, boot: float = 0.0, *, cold: bool = False) -> None:
        """Start; nothing is answered for ``boot`` seconds.

        Args:
            boot: without any answer.
            cold: it has just got power: it says so, and its SIM needs time. Else it was on before.
        """
        self._powered += 1
        self._input.clear()
        self._submission = self._hang = None
        self.device.lose_power()
        if cold and self._powered > 1 and self.device.personality.centre.lost_at_power_on:
            self.device.smsc = ""
        self.mode = Mode.BOOTING
        if boot:
            self.pause(boot, partial(self._booted, cold=cold))
        else:
            self._booted(cold=cold)

    def power_off(self) -> None:
        """Stop dead."""
        self._powered += 1
        self.mode = Mode.OFF

    def reboot(self, boot: float | None = None) -> None:
        """Lose power for a moment, as in a voltage drop."""
        self._journal.write(self.name, Event.REBOOT)
        self.power_on(self.device.boot if boot is None else boot, cold=True)

    def reset(self) -> None:
        """Restart as a command asks for, under another name on the bus where its kind does so."""
        if away := self.device.personality.power.away:
            self._journal.write(self.name, Event.REBOOT)
            self.vanish(away)
        else:
            self.reboot()

    def _booted(self, *, cold: bool) -> None:
        self.mode = Mode.COMMAND
        self._murmur.start(self.say)
        if cold:
            lock = "SIM PIN" if self.device.locked else "READY"
            for line in self.device.personality.power.says:
                self.say(line.format(lock=lock))
            self._settle()
        else:
            self.device.line.knock()

    def _settle(self) -> None:
        """The SIM starts; what the network has for it comes when it is up."""
        settles = self.device.personality.power.settles
        self.device.settled = not settles
        if settles:
            self.pause(settles, self._settled)
        else:
            self._settled()

    def _settled(self) -> None:
        self.device.settled = True
        for line in self.device.personality.power.settled:
            self.say(line)
        self.device.line.knock()

    # From the host

    def receive(self, octets: bytes) -> None:
        """Take what the host wrote, in pieces of any size."""
        if self.mode in (Mode.OFF, Mode.BOOTING):
            return
        if self._hang is not None:
            self._hear(self._hang, octets)
            return
        self._input += octets[: _KEPT - len(self._input)]
        self._advance()

    def _hear(self, hang: Hang, octets: bytes) -> None:
        if hang.hear(octets):
            self._revive()
        elif hang.resets(octets):
            self.reset()

    def reopened(self) -> None:
        """The host has closed its port."""
        if self._hang is not None and self._hang.reopened():
            self._revive()

    def _revive(self) -> None:
        self._hang, self.mode = None, Mode.COMMAND
        self.device.line.knock()

    def _advance(self) -> None:
        """Read on until the input is used up or an answer is under way."""
        while (self.mode is Mode.COMMAND and self._read_command()) or (
            self.mode is Mode.PDU and self._read_pdu()
        ):
            pass

    def _read_command(self) -> bool:
        end = self._input.find(b"\r")
        if end < 0:
            if len(self._input) >= _KEPT:
                self._input.clear()
                self.answer((), "ERROR")
            return False
        octets = self._take(end + 1)
        self._echo(octets)
        self._run(octets.translate(None, _IGNORED_IN_COMMANDS).decode("latin-1"))
        return True

    def _read_pdu(self) -> bool:
        ends = [at for at in (self._input.find(CTRL_Z), self._input.find(ESC)) if at >= 0]
        submission = self._submission
        if submission is None or not self._input:
            return False
        submission.octets_came()
        if self.mode is not Mode.PDU:
            return False
        if not ends:
            return self._refuse_endless_pdu()
        octets = self._take(min(ends) + 1)
        self._echo(octets[:-1])
        self._submission, self.mode = None, Mode.BUSY
        if self.device.line.has_waiting:
            self.pause(0, self.device.line.knock)
        if octets[-1] == ESC:
            submission.cancel()
        else:
            submission.complete(octets[:-1].decode("latin-1").strip())
        return True

    def _refuse_endless_pdu(self) -> bool:
        if len(self._input) < _KEPT:
            return False
        self._input.clear()
        self._submission = None
        self.answer((), "+CMS ERROR: 304")
        return True

    def _take(self, count: int) -> bytes:
        octets = bytes(self._input[:count])
        del self._input[:count]
        return octets

    def _echo(self, octets: bytes) -> None:
        on = self.device.terminal.echo or not self.device.personality.wire.obeys
        if on or self.device.faults.peek(FaultName.DOUBLE_ECHO):
            self._outlet.echo(octets, last=octets.upper().strip() == b"ATE0")

    def _run(self, text: str) -> None:
        start = text.upper().find("AT")
        if start < 0:
            return
        if self._sleep.disturb():
            return
        if self.hangs(Where.COMMAND):
            return
        self._forget()
        if self.device.faults.strike(FaultName.SILENCE):
            self.pause(0, self.device.line.knock)
            return
        self.mode = Mode.BUSY
        try:
            answer = self._carry_out(parse_line(text[start + 2 :]))
        except AtError as error:
            self._later(Answer(), refusal(self.device, error))
        else:
            self._later(answer, "OK" if answer.final else "")

    def _forget(self) -> None:
        """What the faults change behind the host's back."""
        terminal, faults = self.device.terminal, self.device.faults
        terminal.echo |= faults.strike(FaultName.ECHO_AGAIN) is not None
        terminal.text |= faults.strike(FaultName.TEXT_MODE) is not None
        self.device.pin_given &= faults.strike(FaultName.PIN_AGAIN) is None

    def _carry_out(self, commands: tuple[Command, ...]) -> Answer:
        lines: tuple[str, ...] = ()
        answer = Answer()
        for command in commands:
            if fault := self.device.faults.strike_command(command.name):
                code = (fault.value or "").partition("=")[2]
                raise CmsError(int(code)) if code else CmeError(4)
            answer = execute(self.device, command)
            lines += answer.lines
        return replace(answer, lines=lines)

    def _later(self, answer: Answer, final: str) -> None:
        latency = self.device.settings.command_latency
        if answer.then is Then.NOTHING and (fault := self.device.faults.strike(FaultName.LATE_OK)):
            self._answer_late(answer, final, fault.number(_LATE))
        elif latency:
            self.pause(latency, partial(self._conclude, answer, final))
        else:
            self._conclude(answer, final)

    def _answer_late(self, answer: Answer, final: str, seconds: float) -> None:
        """Take other commands meanwhile, as if this one had never been."""
        verbose = self.device.terminal.verbose
        self.quiet()
        say = partial(self._outlet.answer, answer.lines, final, verbose=verbose)
        self.pause(seconds, say)

    def _conclude(self, answer: Answer, final: str) -> None:
        if answer.then is Then.PROMPT:
            self._begin_submission(answer.length)
            return
        if answer.then is Then.SILENCE:
            self.quiet()
            return
        self.answer(answer.lines, final)
        for said in answer.later:
            self.pause(said.after, partial(self.say, said.line))
        if answer.then is Then.KNOCK:
            self.device.line.knock()
        elif answer.then is Then.SETTLE:
            self._settle()
        elif answer.then is Then.REBOOT:
            self.reset()

    def _begin_submission(self, length: int) -> None:
        self._submission = Submission(
            name=self.name, length=length, device=self.device, journal=self._journal, console=self
        )
        self._submission.begin()

    # For a submission

    def prompt(self) -> None:
        """Ask for the PDU and wait for it."""
        self.mode = Mode.PDU
        self._outlet.prompt()

    def answer(self, lines: tuple[str, ...], final: str) -> None:
        """Answer, and take commands again."""
        self._outlet.answer(lines, final, verbose=self.device.terminal.verbose)
        self.quiet()

    def quiet(self) -> None:
        """Take commands again without a word."""
        self.mode = Mode.COMMAND

    def pause(self, seconds: float, then: Callable[[], None]) -> None:
        """Do something later, unless the power goes before."""
        powered = self._powered

        def go_on() -> None:
            if self._powered == powered:
                then()
                self._advance()

        self._timers.call_later(seconds, go_on)

    def hangs(self, where: Where) -> bool:
        """Begin to answer nothing, if a fault says so."""
        fault = self.device.faults.strike_hang(where)
        if fault is None:
            return False
        self._journal.write(self.name, Event.FAULT, name=fault.name.value, where=where.value)
        self._hang = Hang(fault.name, self.device.personality.power.resets)
        self._input.clear()
        self._submission, self.mode = None, Mode.HUNG
        return True

    def insert(self) -> None:
        """A SIM was put in."""
        self.device.pin_given = False
        self.say(f"+CPIN: {'SIM PIN' if self.device.locked else 'READY'}")
        self._settle()

    def say(self, *lines: str) -> None:
        """Say something that no command asked for."""
        if self.mode is Mode.HUNG:
            return
        self._outlet.unsolicited(*lines)

    def vanish(self, back_after: float | None) -> None:
        """Be pulled out of the socket, for some seconds or for good."""
        self._cable.vanish(back_after)

    # For the network

    def take(self, envelope: Envelope) -> Taken:
        """Hand something over; while a PDU is typed or the power is off it has to wait."""
        if self.mode not in (Mode.COMMAND, Mode.BUSY):
            return Taken.LATER
        return self._reception.take(envelope)
