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

HANDED_OVER = {Failpoint.CTRL_Z_WRITTEN, Failpoint.SUBMIT_ANSWERED}
"""Deaths after which the network has a part whose outcome is not on our disk."""


def run_and_crash(built: House, failpoint: str, *, purpose: str = "transactional") -> None:
    gateway = built.start(failpoint)
    for number in range(JOBS):
        built.store.submit(f"job-{number}", purpose=purpose)
    assert gateway.wait_end(30) == -9, "the failpoint was reached"


def restart_and_resend(built: House, *, purpose: str = "transactional") -> None:
    """Start again; the store sends again what it was never told to be accepted."""
    built.start()
    for number in range(JOBS):
        if not built.store.states(f"job-{number}"):
            built.store.submit(f"job-{number}", purpose=purpose)


def settled(built: House) -> bool:
    told = [built.store.states(f"job-{number}") for number in range(JOBS)]
    return all("accepted" in states and states[-1] in ENDS for states in told)


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
    intake = failpoint in {
        Failpoint.JOB_RECEIVED,
        Failpoint.JOB_COMMITTED,
        Failpoint.JOB_ACKNOWLEDGED,
    }
    built = house(modems=2, simulator=("--latency", "0.05", "--report-delay", str(REPORT_DELAY)))
    run_and_crash(built, failpoint if intake else f"{failpoint}@3")
    restart_and_resend(built)
    wait_for(lambda: settled(built), 40, f"every job settled: {dict(built.store.history())}")

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
        assert [states for states in told if "unconfirmed" in states] == [
            ["accepted", "unconfirmed", "delivered"]
        ], "the report settles the part in doubt"


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
    built = house(simulator=("--latency", "0.05", "--report-delay", "1", "--fault", "report_never"))
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
def test_crash_after_crash(house: Build) -> None:
    """The process dies at another place each time it comes up, until it is left alone."""
    built = house(modems=2, simulator=("--latency", "0.02", "--report-delay", "0.2"))
    for number in range(JOBS):
        built.store.submit(f"job-{number}")
    for failpoint in ("job_committed", "job_claimed@2", "pdu_written@2", "report_received@2"):
        assert built.start(failpoint, wait=False).wait_end(30) == -9
    restart_and_resend(built)
    wait_for(lambda: settled(built), 40, f"every job settled: {dict(built.store.history())}")
    assert built.submits() == dict.fromkeys(
        (f"Your order job-{number} has shipped." for number in range(JOBS)), 1
    )
