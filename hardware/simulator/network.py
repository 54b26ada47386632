"""The service centre, as one SIM meets it: takes submits, counts references, brings back reports.

What the SIM's modem cannot take now (unplugged, booting, full) waits here and is tried again when
the modem knocks. This knows messages, not AT: how something is shown to a host is the modem's.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Protocol

from hardware.simulator.errors import CmsError
from hardware.simulator.faults import FaultName, Faults
from hardware.simulator.inbound import encode_inbound
from hardware.simulator.log import Clock, Event, Journal
from hardware.simulator.pdu import Submit, encode_status_report
from hardware.simulator.settings import ModemSettings, Repeats, ReportMode
from hardware.simulator.timers import Timers

DUPLICATE = 197
"""SM rejected, duplicate SM (23.040, 9.2.3.22)."""

DELIVERED = 0x00
STILL_TRYING = 0x30
VALIDITY_EXPIRED = 0x46
"""TP-Status (23.040, 9.2.3.15)."""

MAILBOX = 10_000
"""What waits for one SIM at most, of each kind; beyond it the oldest is lost."""

_REFERENCES = 256


class Taken(Enum):
    """What a modem did with something that the network brought."""

    YES = "yes"
    LATER = "later"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A status report on its way to the SIM that asked for it."""

    tpdu: bytes
    mr: int
    to: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One part of a person's message on its way to a SIM."""

    tpdu: bytes
    sender: str
    text: str
    """All of the text, of which this may be one part."""
    seq: int
    total: int


Envelope = Report | Inbound


class Handset(Protocol):
    """The modem, seen from the network."""

    def take(self, envelope: Envelope) -> Taken:
        """Hand something over, now or not at all."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What the network says to a submit that it took."""

    mr: int
    """TP-MR, which the SIM counts (23.040, 9.2.3.6); the host's own is not looked at."""
    reports: tuple[tuple[float, int], ...]
    """When, in seconds from now, and with which TP-Status it will report."""
    to: str
    at: datetime


class Line:
    """One SIM's subscription: its reference counter, its last submit, and what waits for it."""

    def __init__(
        self, *, name: str, faults: Faults, journal: Journal, timers: Timers, clock: Clock
    ) -> None:
        self.handset: Handset | None = None
        self._waiting: dict[type[Envelope], deque[Envelope]] = {
            Report: deque(maxlen=MAILBOX),
            Inbound: deque(maxlen=MAILBOX),
        }
        self.accepted = 0
        self._name = name
        self._faults = faults
        self._journal = journal
        self._timers = timers
        self._clock = clock
        self._reference = 0
        self._long_messages = 0
        self._previous: Submit | None = None

    def submit(self, submit: Submit, pdu: str, settings: ModemSettings) -> Acceptance:
        """Take a message; it is in the log when this returns.

        Args:
            submit: the message as read.
            pdu: as the host wrote it, for the log.
            settings: what the network does with repeats and reports.

        Raises:
            CmsError: it is a duplicate, and the network rejects these.
        """
        duplicate = self._is_repeat(submit) and settings.repeats is not Repeats.IGNORE
        if duplicate and settings.repeats is Repeats.REJECT:
            raise CmsError(DUPLICATE)
        if not duplicate:
            self._reference = (self._reference + 1) % _REFERENCES
            self._previous = submit
            self.accepted += 1
        self._log(submit, pdu, Event.REPEATED if duplicate else Event.ACCEPTED)
        reports = () if duplicate else self._plan(submit, settings)
        return Acceptance(mr=self._reference, reports=reports, to=submit.to, at=self._clock())

    def _is_repeat(self, submit: Submit) -> bool:
        previous = self._previous
        return (
            submit.repeat
            and previous is not None
            and (previous.to, previous.user_data) == (submit.to, submit.user_data)
        )

    def _log(self, submit: Submit, pdu: str, event: Event) -> None:
        concat = submit.concat
        self._journal.write(
            self._name,
            event,
            mr=self._reference,
            to=submit.to,
            text=submit.text,
            pdu=pdu,
            rd=submit.repeat,
            srr=submit.report,
            vp=submit.validity.hex(),
            concat=concat and {"ref": concat.ref, "total": concat.total, "seq": concat.seq},
        )

    def _plan(self, submit: Submit, settings: ModemSettings) -> tuple[tuple[float, int], ...]:
        if not submit.report or settings.report_mode is ReportMode.NONE:
            return ()
        if self._faults.strike(FaultName.REPORT_NEVER):
            return ()
        delay, plan = settings.report_delay, []
        if temporary := self._faults.strike(FaultName.REPORT_TEMPORARY):
            plan.append((delay, temporary.code(STILL_TRYING)))
            delay *= 2
        failed = self._faults.strike(FaultName.REPORT_FAILED)
        plan.append((delay, failed.code(VALIDITY_EXPIRED) if failed else DELIVERED))
        if self._faults.strike(FaultName.REPORT_TWICE):
            plan.append(plan[-1])
        return tuple(plan)

    def report(self, acceptance: Acceptance, *, early: bool = False) -> None:
        """Send the reports that belong to a message; ``early``: all of them at once."""
        for delay, status in acceptance.reports:
            if early:
                self._report_now(acceptance, status)
            else:
                self._timers.call_later(delay, partial(self._report_now, acceptance, status))

    def _report_now(self, acceptance: Acceptance, status: int) -> None:
        tpdu = encode_status_report(
            reference=acceptance.mr,
            to=acceptance.to,
            submitted=acceptance.at,
            discharged=self._clock(),
            status=status,
        )
        self._bring(Report(tpdu=tpdu, mr=acceptance.mr, to=acceptance.to, status=status))

    def text(self, sender: str, text: str) -> int:
        """Someone writes to this SIM; returns how many parts that makes.

        Raises:
            ValueError: the text is too long for any message.
        """
        self._long_messages = (self._long_messages + 1) % _REFERENCES
        parts = encode_inbound(
            sender=sender, text=text, at=self._clock(), reference=self._long_messages
        )
        total = len(parts)
        for seq, tpdu in enumerate(parts, start=1):
            self._bring(Inbound(tpdu=tpdu, sender=sender, text=text, seq=seq, total=total))
        return total

    @property
    def has_waiting(self) -> bool:
        """Whether anything waits for the modem."""
        return any(self._waiting.values())

    def waiting(self, kind: type[Envelope]) -> int:
        """How much of one kind waits for the modem."""
        return len(self._waiting[kind])

    def _bring(self, envelope: Envelope) -> None:
        """Hand over, or keep; nothing overtakes what waits of its own kind."""
        queue = self._waiting[type(envelope)]
        if queue or self._try(envelope) is Taken.LATER:
            queue.append(envelope)

    def _try(self, envelope: Envelope) -> Taken:
        return self.handset.take(envelope) if self.handset else Taken.LATER

    def knock(self) -> None:
        """The modem may be able to take something again: hand over what waits, in order."""
        for queue in self._waiting.values():
            while queue and self._try(queue[0]) is not Taken.LATER:
                queue.popleft()
