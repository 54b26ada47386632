"""Which line, how fast, what happened: the queue, from a job's admission to its last report."""

from gateway.dispatch.admission import Admission
from gateway.dispatch.context import Context
from gateway.dispatch.dispatcher import Dispatcher
from gateway.dispatch.entries import CancelRequest, ChangeRequest, Entry, Refusal
from gateway.dispatch.gate import Gate
from gateway.dispatch.housekeeping import Housekeeping
from gateway.dispatch.plan import Fleet, InboundPlan, LineCounters, LinePlan
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.rejection import rejection_body
from gateway.dispatch.timekeeper import Timekeeper

__all__ = [
    "Admission",
    "CancelRequest",
    "ChangeRequest",
    "Context",
    "Dispatcher",
    "DoubtPolicy",
    "Entry",
    "Fleet",
    "Gate",
    "Housekeeping",
    "InboundPlan",
    "LineCounters",
    "LinePlan",
    "Refusal",
    "Timekeeper",
    "rejection_body",
]
