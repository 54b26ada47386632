"""What is counted and timed of what a line hands over, in the words of the meter."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from gateway.db.jobs import JobRecord
from gateway.dispatch.settling import Handed
from gateway.domain.failures import FailureClass
from gateway.domain.ids import ModemName
from gateway.domain.measures import SILENT, Counted, Timed
from gateway.domain.states import PartState
from gateway.meter import Meter


def count_answer(meter: Meter, modem: ModemName, began: float) -> None:
    """Note that an answer has come to what was handed over at an instant of the loop's time."""
    meter.time(Timed.SUBMIT, asyncio.get_running_loop().time() - began, modem)


def count_sent(
    meter: Meter, modem: ModemName, job: JobRecord, handed: Sequence[Handed], now: datetime
) -> None:
    """Count parts that the network took, and for how long their job had waited for that."""
    meter.count(Counted.PARTS_SENT, modem, job.purpose.value, by=len(handed))
    first = handed[0].part
    if first.number == 1 and first.state is PartState.WAITING:
        waited = now - max(job.accepted_at, job.not_before)
        meter.time(Timed.HANDOVER_DELAY, waited.total_seconds(), job.purpose.value)


def count_unconfirmed(meter: Meter, modem: ModemName, parts: int) -> None:
    """Count parts of which nobody knows what became."""
    meter.count(Counted.PARTS_UNCONFIRMED, modem, by=parts)


def count_refused(meter: Meter, modem: ModemName, failure: FailureClass | None) -> None:
    """Count a try that certainly sent nothing; None when the line said nothing."""
    meter.count(Counted.PARTS_REFUSED, modem, SILENT if failure is None else failure.value)
