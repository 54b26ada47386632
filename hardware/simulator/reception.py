"""What the network brings, shown to the host as it asked for with +CNMI and +CSMS.

Clauses: 27.005, 3.4.1 (+CNMI), 3.4.4 (+CNMA).
"""

from __future__ import annotations

from hardware.simulator.commands.memories import shown
from hardware.simulator.device import Device, Terminal
from hardware.simulator.faults import FaultName
from hardware.simulator.log import Event, Journal
from hardware.simulator.network import Envelope, Inbound, Report, Taken
from hardware.simulator.outlet import Outlet
from hardware.simulator.timers import Timers

ACKNOWLEDGE_WITHIN = 20.0
"""Seconds for +CNMA in phase 2+; then routing is switched off (27.005, 3.4.4)."""

_ANY_MEMORY = ("SM", "ME")

_ROUTED = {Report: 1, Inbound: 2}
"""Value of ``ds`` and of ``mt`` that routes the whole PDU to the host."""


class Reception:
    """Hands reports and messages to the host."""

    def __init__(
        self, *, name: str, device: Device, journal: Journal, timers: Timers, outlet: Outlet
    ) -> None:
        self._name = name
        self._device = device
        self._journal = journal
        self._timers = timers
        self._outlet = outlet
        self._full_said = False
        self._routed = 0

    def take(self, envelope: Envelope) -> Taken:
        """Show or store one thing, if that can be done now."""
        faults = self._device.faults
        if faults.peek(FaultName.NO_SIM) or faults.peek(FaultName.SILENCE):
            return Taken.LATER
        if isinstance(envelope, Report):
            return self._report(envelope)
        return self._message(envelope)

    def _report(self, report: Report) -> Taken:
        terminal = self._device.terminal
        if terminal.report_route == 0:
            if terminal.buffering:
                return Taken.LATER
            self._log_report(report, Event.REPORT_DROPPED, "none")
            return Taken.DROPPED
        if terminal.buffering:
            return Taken.LATER
        if terminal.report_route == _ROUTED[Report]:
            if not self._may_route():
                return Taken.LATER
            self._log_report(report, Event.REPORT, "cds")
            self._route(self._device.personality.reports.routed, report)
        else:
            return self._store_report(report)
        return Taken.YES

    def _store_report(self, report: Report) -> Taken:
        reports = self._device.personality.reports
        if not self._device.has_memory(reports.memory):
            self._log_report(report, Event.REPORT_DROPPED, "no memory")
            return Taken.DROPPED
        if self._is_full(reports.memory):
            return Taken.LATER
        self._log_report(report, Event.REPORT, "cdsi")
        self._store(reports.memory, reports.announced, report, announce=True)
        return Taken.YES

    def _message(self, message: Inbound) -> Taken:
        terminal, inbound = self._device.terminal, self._device.personality.inbound
        if terminal.message_route == _ROUTED[Inbound] and not terminal.buffering:
            if not self._may_route():
                return Taken.LATER
            self._log_message(message, "cmt")
            self._route(inbound.routed, message)
        else:
            memory = inbound.memory or self._device.memory_name(terminal.memories[2])
            if self._is_full(memory):
                return Taken.LATER
            announce = bool(terminal.message_route) and not terminal.buffering
            self._log_message(message, "stored")
            self._store(memory, inbound.announced, message, announce=announce)
        return Taken.YES

    def _may_route(self) -> bool:
        """In phase 2+ one at a time."""
        return not (self._acknowledged and self._device.terminal.unacknowledged)

    @property
    def _acknowledged(self) -> bool:
        service = self._device.personality.service
        return bool(self._device.terminal.service) and service.acknowledged

    def _route(self, form: str, envelope: Envelope) -> None:
        """The whole PDU, in two lines."""
        if self._acknowledged:
            self._expect_acknowledgement(self._device.terminal)
        header = form.format(length=len(envelope.tpdu))
        self._outlet.unsolicited(header, shown(self._device, envelope.tpdu))

    def _expect_acknowledgement(self, terminal: Terminal) -> None:
        self._routed += 1
        terminal.unacknowledged = expected = self._routed

        def give_up() -> None:
            if terminal.unacknowledged == expected:
                terminal.unacknowledged = 0
                mode, _, bm, _, bfr = terminal.notify
                terminal.notify = (mode, 0, bm, 0, bfr)

        self._timers.call_later(ACKNOWLEDGE_WITHIN, give_up)

    def _is_full(self, memory: str) -> bool:
        """Whether nothing goes into a memory; said to the host the first time."""
        full = self._device.memory_full(memory)
        if full and not self._full_said:
            self._outlet.unsolicited(f'^SMMEMFULL: "{memory}"')
        self._full_said = full
        return full

    def _store(self, memory: str, form: str, envelope: Envelope, *, announce: bool) -> None:
        index = self._device.memories[memory].put(envelope.tpdu)
        self._count_later(memory)
        if announce:
            self._announce(memory, index, form)

    def _announce(self, memory: str, index: int, form: str) -> None:
        faults = self._device.faults
        if faults.strike(FaultName.WRONG_MEMORY):
            memory = next(name for name in _ANY_MEMORY if name != memory)
        if fault := faults.strike(FaultName.WRONG_INDEX):
            index += fault.code(1)
        self._outlet.unsolicited(form.format(memory=memory, index=index))

    def _count_later(self, memory: str) -> None:
        device, after = self._device, self._device.personality.storage.counts_after
        if after:
            device.uncounted.add(memory)
            self._timers.call_later(after, lambda: device.uncounted.discard(memory))

    def _log_message(self, message: Inbound, how: str) -> None:
        self._journal.write(
            self._name,
            Event.INBOUND,
            sender=message.sender,
            text=message.text,
            seq=message.seq,
            total=message.total,
            how=how,
        )

    def _log_report(self, report: Report, event: Event, how: str) -> None:
        self._journal.write(
            self._name, event, mr=report.mr, to=report.to, status=report.status, how=how
        )
