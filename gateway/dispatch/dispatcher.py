"""What modems bring and take: the sink of their events, and their lines at work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from uuid import uuid4

import structlog
from sqlalchemy import Connection

from gateway.db.lines import note_line
from gateway.db.ratios import ReportRatio
from gateway.dispatch.breaker import Breaker
from gateway.dispatch.context import Context
from gateway.dispatch.desk import Desk
from gateway.dispatch.handover import Handover
from gateway.dispatch.holders import Holders, Tenure
from gateway.dispatch.inbound import log_finished, read_arrival, take_arrival
from gateway.dispatch.line import LineAtWork
from gateway.dispatch.nodes.claim import Claim
from gateway.dispatch.outcomes import Outcomes
from gateway.dispatch.pacing import Pace
from gateway.dispatch.plan import Fleet, LineCounters, limits_of, speed_of
from gateway.dispatch.recovery import Recovered, recover
from gateway.dispatch.reporting import take_late_reference, take_report
from gateway.dispatch.routing import Health
from gateway.dispatch.settling import Holder
from gateway.dispatch.standing import LineStanding, Paced, read_standings
from gateway.dispatch.vitals import read_ratios
from gateway.domain.errors import DecodeError
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.ids import LineId, ModemName
from gateway.domain.measures import UNKNOWN, Counted
from gateway.modem import Modem
from gateway.sms import decode_status_report

log = structlog.get_logger(__name__)


class Dispatcher:
    """The queue's side of every modem; implements `gateway.modem.ModemSink`."""

    def __init__(self, context: Context, fleet: Fleet, desk: Desk | None = None) -> None:
        """Make a dispatcher.

        Args:
            context: the database, the time and the rules.
            fleet: how each line may be used.
            desk: gives the lines their work; None for one of its own.
        """
        self.fleet = fleet
        self._desk = desk or Desk(context)
        self._context = context
        self._draining = asyncio.Event()
        self._holders = Holders()
        self._breakers: dict[LineId, Breaker] = {}
        self._paces: dict[LineId, Pace] = {}
        self._at_work: set[asyncio.Task[None]] = set()

    async def recover(self) -> Recovered:
        """Settle what an earlier run left open; before any line is at work.

        A node may have had another name then: where it alone can be at work, all is its own.
        """
        context = self._context
        node = None if context.database.exclusive else context.node
        now = context.now()
        recovered = await context.database.write(
            lambda connection: recover(connection, node=node, policy=context.policy, now=now)
        )
        log.info("recovered", parts_in_doubt=recovered.in_doubt, jobs_requeued=recovered.requeued)
        return recovered

    async def serve(self, modem: Modem) -> None:
        """Keep a line at work until its link is lost or the gateway drains.

        A modem that has nothing more to send still listens: it returns when the link is lost. So
        does one whose SIM has turned up in a newer modem, or is at work at another node.
        """
        tenure = self._holders.take(modem.line, modem.name)
        claim = self._context.claims.line(modem.line)
        try:
            while await self._is_up_to(modem, tenure, claim):
                stands = claim.standing()
                await self._begin(modem)
                await self._work(modem, tenure, claim, stands)
        finally:
            self._context.claims.release(claim)
            self._holders.leave(tenure)
        await modem.wait_lost()

    async def _is_up_to(self, modem: Modem, tenure: Tenure, claim: Claim) -> bool:
        """Wait until a modem holds its line; return False when it is lost or the gateway drains."""
        while not (modem.lost or self._draining.is_set()):
            if tenure.held.is_set() and claim.held.is_set():
                return True
            await self._first_of(modem, claim.held if tenure.held.is_set() else tenure.held)
        return False

    async def _work(
        self, modem: Modem, tenure: Tenure, claim: Claim, stands: Callable[[], bool]
    ) -> None:
        halted = asyncio.Event()
        breaker = self._breakers.setdefault(modem.line, Breaker())
        line = self._line(modem, breaker, halted, stands)
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(
                self._watch(modem, halted, tenure.yielded, claim.lost), name=f"watch-{modem.name}"
            )
            work = tasks.create_task(line.run(), name=f"line-{modem.name}")
            self._at_work.add(work)
            try:
                await work
            finally:
                self._at_work.discard(work)
                watch.cancel()

    def _line(
        self,
        modem: Modem,
        breaker: Breaker,
        halted: asyncio.Event,
        stands: Callable[[], bool],
    ) -> LineAtWork:
        outcomes = Outcomes(
            context=self._context,
            holder=Holder(
                node=self._context.node,
                line=modem.line,
                modem=modem.name,
                operator=modem.operator,
            ),
            counters=self.fleet.count(modem.name),
            breaker=breaker,
            pace=self._paces.setdefault(modem.line, Pace()),
            alarms=modem.alarms,
            stands=stands,
        )
        return LineAtWork(Handover(modem, outcomes), outcomes, self.fleet, self._desk, halted)

    async def _begin(self, modem: Modem) -> None:
        """Note who holds the line, and settle what the modem's last service could not write."""
        context, now = self._context, self._context.now()

        def begin(connection: Connection) -> Recovered:
            note_line(
                connection,
                modem.line,
                modem.name,
                now,
                node=context.node,
                operator=modem.operator,
                home=modem.home,
            )
            context.lines.seen(connection, modem.line, modem.name)
            return recover(
                connection, node=context.node, modem=modem.name, policy=context.policy, now=now
            )

        recovered = await context.insist(begin)
        context.queue_changed.notify()  # other lines may now take what they could not before
        if recovered.in_doubt or recovered.requeued:
            log.warning(
                "service_had_been_cut_off",
                modem=modem.name,
                parts_in_doubt=recovered.in_doubt,
                jobs_requeued=recovered.requeued,
            )

    async def _watch(self, modem: Modem, halted: asyncio.Event, *gone: asyncio.Event) -> None:
        """Halt the line when its link is lost, another modem or node has it, or we drain."""
        await self._first_of(modem, *gone)
        halted.set()

    async def _first_of(self, modem: Modem, *events: asyncio.Event) -> None:
        """Wait for an event, the loss of the link, or the end of the gateway's work."""
        async with asyncio.TaskGroup() as tasks:
            waits = {
                tasks.create_task(modem.wait_lost(), name="link-lost"),
                tasks.create_task(self._draining.wait(), name="draining"),
                *(tasks.create_task(event.wait(), name="line") for event in events),
            }
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()

    async def drain(self, grace: float) -> bool:
        """Let every line finish the part it is at, and take no other.

        Returns whether all were finished within ``grace`` seconds.
        """
        self._draining.set()
        if not self._at_work:
            return True
        _, late = await asyncio.wait(self._at_work, timeout=grace)
        return not late

    async def report(self, line: LineId, pdu: str, length: int | None) -> None:
        """Keep a delivery report and settle the part it speaks of; durable on return.

        Raises:
            StorageError: it could not be kept, and must be given again.
        """
        reach(Failpoint.REPORT_RECEIVED)
        try:
            report = decode_status_report(pdu, length=length, allow_truncated=True)
        except DecodeError as error:
            log.warning("report_unreadable", line=line, reason=str(error))
            return
        now, policy = self._context.now(), self._context.policy
        new = await self._context.database.write(
            lambda connection: take_report(connection, line, report, policy=policy, now=now)
        )
        reach(Failpoint.REPORT_COMMITTED)
        self._counters(line).reports += new
        self._context.outbox_changed.notify()

    async def message(self, line: LineId, pdu: str, length: int | None) -> None:
        """Keep an SMS that came in; durable on return.

        Raises:
            StorageError: it could not be kept, and must be given again.
        """
        reach(Failpoint.MESSAGE_RECEIVED)
        context, now, name = self._context, self._context.now(), uuid4().hex
        arrival = read_arrival(line, pdu, length, context.inbound.country)
        modem = self._holders.modem(line)
        taken = await context.database.write(
            lambda connection: take_arrival(
                connection, arrival, context.inbound, id=name, modem=modem, now=now
            )
        )
        reach(Failpoint.MESSAGE_COMMITTED)
        self._counters(line).received += taken.new
        context.meter.count(Counted.PARTS_RECEIVED, modem or UNKNOWN, by=int(taken.new))
        log_finished(taken.finished)
        context.outbox_changed.notify()
        if taken.finished:  # it may be answered, or have ended what was waiting
            context.queue_changed.notify()

    def owner(self, line: LineId) -> str | None:
        """Return the other node that has a line at work, which this one waits for; else None."""
        return self._context.claims.owner(line)

    async def report_ratios(self) -> Mapping[LineId, ReportRatio]:
        """Return how many of the reports that were asked for lately came, by line.

        Raises:
            StorageError: it cannot be read.
        """
        return await read_ratios(self._context.database, self._context.clock)

    def health(self, line: LineId, modem: ModemName) -> Health:
        """Return how well a line works."""
        breaker = self._breakers.get(line)
        stopped = breaker is not None and breaker.is_open
        return self._context.vitals.health(line, modem, stopped=stopped)

    async def standings(self) -> Mapping[LineId, LineStanding]:
        """Return how fast each line that was at work may send, and what it has used up.

        Raises:
            StorageError: it cannot be read.
        """
        lines = [self._paced(line, pace) for line, pace in self._paces.items()]
        spans, now = self._context.spans(), asyncio.get_running_loop().time()
        return await self._context.database.read(
            lambda connection: read_standings(connection, lines, spans, now)
        )

    def _paced(self, line: LineId, pace: Pace) -> Paced:
        plan = self.fleet.plan(self._holders.modem(line) or line)
        terms = self._context.lines.terms(line)
        speed, limits = speed_of(plan, terms), limits_of(plan, terms)
        return Paced(line=line, pace=pace, speed=speed, limits=limits)

    async def late_reference(self, line: LineId, reference: int | None) -> None:
        """Settle a part by a +CMGS that came after its time limit."""
        now, policy = self._context.now(), self._context.policy
        await self._context.insist(
            lambda connection: take_late_reference(
                connection, line, reference, policy=policy, now=now
            )
        )

    def _counters(self, line: LineId) -> LineCounters:
        return self.fleet.count(self._holders.modem(line) or line)
