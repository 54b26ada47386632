"""Two gateways that nobody here wrote, gammu-smsd and smstools, at work on the simulator.

They bring drivers and codecs of their own. What they sent and what they took for a report is
compared with the simulator's log, and what was written to the SIM with what they filed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.processes import Process, wait_for

from bench.gammu import Gammu
from bench.peer import SEARCH_PATH, Peer
from bench.smstools import Smstools

PATIENCE = 60
"""Seconds; smstools looks at its modems every ten when it has nothing to send."""

MESSAGES = 3
SENDER = "447700900777"
REPLY = "Bitte nicht mehr: STOP"


class Case:
    """One daemon and where it files what comes."""

    def __init__(
        self, peer: Peer, inbox: str, reported: Callable[[Path], int], surely: int = MESSAGES
    ) -> None:
        self.peer = peer
        self.inbox = inbox
        self.reported = reported
        self.surely = surely
        """Reports that it tells of; on a busy machine it may lose others."""


def _reported_by_gammu(directory: Path) -> int:
    log = directory / "gammu0" / "log"
    told = log.read_text(errors="replace") if log.exists() else ""
    return told.count("Delivery report: Delivered to +447700900")


def _reported_by_smstools(directory: Path) -> int:
    return len(list((directory / "report").iterdir()))


CASES = {
    "gammu-smsd": Case(Gammu(), "gammu0/inbox", _reported_by_gammu),
    # It reads past a report that comes while it waits for an answer.
    "smstools": Case(Smstools(), "incoming", _reported_by_smstools, surely=1),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    case = CASES[request.param]
    if not case.peer.installed:
        reason = f"Debian's {case.peer.program} is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return case


@pytest.fixture
def bank(start_bank):
    """Reports are routed: of stored ones gammu-smsd tells neither recipient nor reference."""
    return start_bank("--report-delay", "0.2", "--report-mode", "cds")


@pytest.fixture
def at_work(case: Case, bank, tmp_path: Path) -> Iterator[Path]:
    """The daemon's directory, with its spool full and the daemon started."""
    directory = tmp_path / "daemon"
    directory.mkdir()
    case.peer.spool(directory, "tuned", [bank.port()], MESSAGES)
    for configuration in directory.glob("*/smsdrc"):
        with configuration.open("a") as end:
            end.write("debuglevel = 1\n")  # reports are told from there on
    (command,) = case.peer.commands(directory, 1)
    command[0] = shutil.which(command[0], path=SEARCH_PATH) or command[0]
    process = Process(command, directory, "daemon")
    yield directory
    process.close()


def test_it_sends_gets_its_reports_and_receives(case: Case, bank, at_work: Path) -> None:
    wait_for(lambda: len(bank.log("accepted")) == MESSAGES, PATIENCE, "all messages accepted")
    with bank.control() as client:
        client.inbound("modem0", f"+{SENDER}", REPLY)
    wait_for(lambda: case.reported(at_work) >= case.surely, PATIENCE, "the reports told")
    wait_for(lambda: any((at_work / case.inbox).iterdir()), PATIENCE, "the reply filed")
    assert sorted(record["text"] for record in bank.log("accepted")) == [
        f"Your order {number} has shipped." for number in range(MESSAGES)
    ]
    assert [record["status"] for record in bank.log("report")] == [0] * MESSAGES
    (filed,) = (at_work / case.inbox).iterdir()
    content = filed.read_text(errors="replace")
    assert REPLY in content
    assert SENDER in content + filed.name
