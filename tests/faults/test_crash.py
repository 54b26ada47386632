"""`kill -9` at every moment that matters. What counts is the simulated network's own log.

No job that a store was told to be accepted is lost, and none is sent twice. A part whose outcome
the process did not live to write is `unconfirmed`, until a report settles it.
"""

from __future__ import annotations

import pytest
from support.house import House
from support.plugin import Build
from support.processes import wait_for

from gateway.domain.failpoint import Failpoint

JOBS = 12
REPORT_DELAY = 4.0
"""Seconds; longer than a restart takes, so that the report of a part in doubt comes after it."""

ENDS = {"delivered", "unconfirmed"}

INTAKE = {Failpoint.JOB_RECEIVED, Failpoint.JOB_COMMITTED, Failpoint.JOB_ACKNOWLEDGED}
"""Deaths on the way in, which a batch of jobs comes to once."""

HANDED_OVER = {Failpoint.CTRL_Z_WRITTEN, Failpoint.SUBMIT_ANSWERED}
"""Deaths after which the network has a part whose outcome is not on our disk."""


def submit_all(built: House) -> None:
    for number in range(JOBS):
        built.store.submit(f"job-{number}")


def settled(built: House, left_at_sent: int = 0) -> bool:
    """Whether every job came to its end, but for so many whose report was lost."""
    told = [built.store.states(f"job-{number}") for number in range(JOBS)]
    ended = [states for states in told if states and states[-1] in ENDS]
    sent = [states for states in told if states and states[-1] == "sent"]
    return len(ended) + len(sent) == JOBS and len(sent) <= left_at_sent


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "failpoint",
    [
        Failpoint.JOB_RECEIVED,
        Failpoint.JOB_COMMITTED,
        Failpoint.JOB_ACKNOWLEDGED,
        Failpoint.JOB_CLAIMED,
        Failpoint.PDU_WRITTEN,
        Failpoint.INTENT_COMMITTED,
        Failpoint.CTRL_Z_WRITTEN,
        Failpoint.SUBMIT_ANSWERED,
        Failpoint.REPORT_RECEIVED,
        Failpoint.REPORT_COMMITTED,
    ],
)
def test_a_crash_loses_nothing_and_doubles_nothing(house: Build, failpoint: Failpoint) -> None:
    built = house(simulator=("--latency", "0.05", "--report-delay", str(REPORT_DELAY)), outbox=True)
    gateway = built.start(failpoint if failpoint in INTAKE else f"{failpoint}@3")
    submit_all(built)
    assert gateway.wait_end(30) == -9, "the failpoint was reached"
    built.start()
    lost_reports = 1 if failpoint is Failpoint.REPORT_RECEIVED else 0
    wait_for(lambda: settled(built, lost_reports), 40, f"settled: {dict(built.store.history())}")

    submits = built.submits()
    assert all(count == 1 for count in submits.values()), "nothing is sent twice"
    assert not [entry for entry in built.log() if entry["rd"]], "and nothing repeated"
    missing = [n for n in range(JOBS) if f"Your order job-{n} has shipped." not in submits]
    if failpoint is Failpoint.INTENT_COMMITTED:
        assert len(missing) == 1, (
            "died between intent and Ctrl-Z: not sent, and said to be in doubt"
        )
        assert built.store.states(f"job-{missing[0]}")[-1] == "unconfirmed"
    else:
        assert missing == [], "nothing is lost"
    if failpoint in HANDED_OVER:
        told = [built.store.states(f"job-{number}") for number in range(JOBS)]
        [doubtful] = [states for states in told if "unconfirmed" in states]
        assert doubtful[-1] == "delivered", "the report settles the part in doubt"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("failpoint", [Failpoint.PART_SETTLED, Failpoint.CTRL_Z_WRITTEN])
def test_a_crash_between_the_parts_repeats_none(house: Build, failpoint: Failpoint) -> None:
    built = house(simulator=("--latency", "0.05", "--report-delay", str(REPORT_DELAY)))
    gateway = built.start(f"{failpoint}@2")
    text = "A long message. " * 30
    built.store.submit("long", text=text)
    assert gateway.wait_end(30) == -9
    built.start()
    built.store.await_state("long", "delivered", 40)
    parts = built.log()
    assert "".join(part["text"] for part in parts) == text
    assert len({part["concat"]["ref"] for part in parts}) == 1
    assert not any(part["rd"] for part in parts)


@pytest.mark.timeout(120)
def test_an_otp_in_doubt_is_repeated_once_on_its_line_with_tp_rd(house: Build) -> None:
    faults = ("--fault", "report_never", "--fault", "lose_answer*1")
    built = house(simulator=("--latency", "0.05", *faults))
    gateway = built.start(Failpoint.CTRL_Z_WRITTEN)
    built.store.submit("code", purpose="otp", text="Your code is 123456")
    assert gateway.wait_end(30) == -9
    built.start()
    built.store.await_state("code", "sent")
    assert [(entry["text"], entry["rd"]) for entry in built.log()] == [
        ("Your code is 123456", False),
        ("Your code is 123456", True),
    ]
    assert built.store.states("code") == ["accepted", "unconfirmed", "sent"]


@pytest.mark.timeout(120)
def test_an_answer_that_outlives_the_process_settles_its_part(house: Build) -> None:
    """It waits in the port, and the next start reads it before it asks anything."""
    built = house(simulator=("--latency", "0.05", "--fault", "report_never"))
    gateway = built.start(Failpoint.CTRL_Z_WRITTEN)
    built.store.submit("code", purpose="otp", text="Your code is 123456")
    assert gateway.wait_end(30) == -9
    built.start()
    built.store.await_state("code", "sent")
    assert len(built.log()) == 1, "and so nothing had to be repeated"


@pytest.mark.timeout(120)
def test_crash_after_crash(house: Build) -> None:
    """The process dies at another place each time it comes up, until it is left alone."""
    built = house(modems=2, simulator=("--latency", "0.02", "--report-delay", "1"), outbox=True)
    submit_all(built)
    for failpoint in ("job_committed", "job_claimed@2", "pdu_written@2", "report_committed@2"):
        assert built.start(failpoint, wait=False).wait_end(30) == -9
    built.start()
    wait_for(lambda: settled(built, JOBS), 40, f"settled: {dict(built.store.history())}")
    submits = built.submits()
    assert all(count == 1 for count in submits.values()), "nothing is sent twice"
    for number in range(JOBS):
        if f"Your order job-{number} has shipped." not in submits:
            assert built.store.states(f"job-{number}")[-1] == "unconfirmed"
