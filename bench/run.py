"""One line of the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.figures import Distribution
from bench.record import Record

REPORT_DELAY = 0.05
"""Seconds from a message's acceptance to its delivery report; what a test network takes, so that
reports come in while further messages go out."""

BANK = ("--latency", "0", "--report-delay", str(REPORT_DELAY))
"""Options of the simulator, the same for every program."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A program on a bank of modems."""

    program: str
    setting: str
    """How it was set up or fed, in a word."""
    modems: int
    messages: int
    per_second: float
    """Messages over all lines."""
    interval: Distribution | None
    """From one message to the next on the same line."""
    cpu_per_1000: float | None = None
    """CPU seconds of the program for 1,000 messages, user and system."""
    intake_per_second: float | None = None
    """Jobs committed and told `accepted`, while nothing is sent."""
    told: Mapping[str, Distribution] = field(default_factory=dict)
    """From a job's publication to each of its statuses, both at the store."""


def run_of(record: Record, program: str, setting: str, modems: int, **more: object) -> Run:
    """Return the result of a run that the network saw so."""
    return Run(
        program=program,
        setting=setting,
        modems=modems,
        messages=record.messages,
        per_second=record.per_second(),
        interval=record.interval(),
        **more,  # type: ignore[arg-type]  # the optional fields by their names
    )
