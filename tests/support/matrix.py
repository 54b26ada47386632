"""One bank of every kind of stick, one gateway, and what comes of one fault on each of them.

What became of a job is read from both ends: what the store was told, and what the simulated network
took. The house's rules are checked here; the words of a cell say which of the allowed ends it was.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.house import House
from support.processes import wait_for
from support.scenarios import PIN, Scenario

from hardware.simulator.faults import parse_fault
from hardware.simulator.personality import names

JOBS = 2
"""For each modem: the one that is struck, and one after it."""

CLOSED = frozenset({"delivered", "undelivered", "failed"})
OPEN = frozenset({"sent", "unconfirmed"})

REPLY = "STOP, please"

_ENDS = (
    "waits",
    "unconfirmed, told",
    "unconfirmed, then sent",
    "unconfirmed, then sent again",
    "unconfirmed, then delivered",
    "failed, told",
    "undelivered, told",
    "sent after retry",
    "delivered after retry",
    "sent",
    "delivered",
)
"""The words of a cell; of several jobs the first in this order is told."""


_TRIES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "prompt": lambda _entry: True,
    "refused": lambda entry: entry["stage"] == "prompt",
    "fault": lambda entry: entry["name"] == "no_prompt",
}
"""Events of the simulator that show that it was asked to send."""


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What became of one job."""

    job: str
    told: list[str]
    accepted: int
    """How often the network took it as a new message."""
    repeated: int
    """How often it took it as a repeat (TP-RD)."""
    retried: bool
    """The modem was asked to send more often than it took something."""

    def check(self) -> None:
        """Hold it to the house's rules: nothing lost, nothing doubled, nothing told that is not."""
        last = self.told[-1] if self.told else "nothing"
        assert self.accepted <= 1, f"{self}: sent twice"
        if self.repeated:
            assert "unconfirmed" in self.told, f"{self}: repeated without a doubt"
        if self.accepted or self.repeated:
            assert last in CLOSED | OPEN, f"{self}: sent, and not told"
            assert last != "failed", f"{self}: sent, and told as not sent"
        else:
            assert last in ("failed", "unconfirmed"), f"{self}: not sent"

    @property
    def end(self) -> str:
        """In the words of a cell."""
        last = self.told[-1] if self.told else "waits"
        if "unconfirmed" in self.told:
            if last == "unconfirmed":
                return "unconfirmed, told"
            return f"unconfirmed, then {'sent again' if self.repeated else last}"
        if last in ("sent", "delivered"):
            return f"{last} after retry" if self.retried else last
        return f"{last}, told" if last in CLOSED else "waits"


class Bench:
    """A house with one modem of every kind, for one scenario or for several in turn."""

    def __init__(self, directory: Path, scenario: Scenario) -> None:
        self._names = names()
        self._rounds = 0
        self._seen: Counter[str] = Counter()
        self._house = House(
            directory,
            modems=len(self._names),
            simulator=_options(scenario),
            settings="submit_timeout = 3\n" + scenario.settings,
            modem_settings=lambda number: _modem_settings(number, scenario),
        )

    def start(self) -> None:
        """Start the gateway."""
        self._house.start()

    def close(self) -> None:
        """End everything."""
        self._house.close()

    def run(self, scenario: Scenario) -> dict[str, str]:
        """Carry a scenario out; returns the cell of each kind of stick.

        Raises:
            AssertionError: a rule of the house was broken.
        """
        self._rounds += 1
        self._seen = Counter({event: len(self._house.log(event)) for event in _TRIES})
        if not scenario.from_start:
            self._await_ready()
            self._arm(scenario)
        self._ask(scenario.asked)
        jobs = self._submit(inbound=scenario.inbound)
        if scenario.lasts:
            time.sleep(scenario.lasts)
            self._house.bank.ask(do="clear")
            self._ask(scenario.healed_by)
        self._await_end([job for each in jobs for job in each], scenario)
        self._house.bank.ask(do="clear")
        return self._cells(jobs)

    def _await_ready(self) -> None:
        """Wait until every modem is in service: what strikes then strikes a message."""
        wait_for(lambda: self._in_service() == len(self._names), 60, "all modems in service")

    def _in_service(self) -> int:
        """How many modems were last said to be ready."""
        assert self._house.gateway is not None
        lines = self._house.gateway.stderr.read_text().splitlines()
        told = [json.loads(line) for line in lines if '"modem_state"' in line]
        return list({each["modem"]: each["state"] for each in told}.values()).count("ready")

    def _arm(self, scenario: Scenario) -> None:
        for text in scenario.faults:
            fault = parse_fault(text)
            self._house.bank.ask(
                do="fault",
                name=fault.name.value,
                value=fault.value,
                count=fault.count,
                probability=fault.probability,
            )

    def _ask(self, requests: tuple[dict[str, Any], ...]) -> None:
        for request in requests:
            self._house.bank.ask(**request)

    def _submit(self, *, inbound: bool) -> list[list[str]]:
        """Give each modem its jobs; returns their ids."""
        jobs = [
            [f"r{self._rounds}-m{number}-{job}" for job in range(JOBS)]
            for number in range(len(self._names))
        ]
        for number, ids in enumerate(jobs):
            if inbound:
                self._house.bank.ask(
                    do="inbound", modem=f"modem{number}", text=REPLY, **{"from": "+447700901999"}
                )
            for job, name in enumerate(ids):
                self._house.store.submit(name, to=f"{_prefix(number)}{job:02d}")
        return jobs

    def _await_end(self, jobs: list[str], scenario: Scenario) -> None:
        """Wait until every job has come to an end, or nothing is said any more."""
        limit = time.monotonic() + scenario.patience
        heard, said = time.monotonic(), 0
        while time.monotonic() < limit:
            history, count = self._house.store.history(), len(self._house.store.statuses)
            if count != said:
                heard, said = time.monotonic(), count
            last = [history[job][-1]["state"] if history[job] else "" for job in jobs]
            if all(state in CLOSED for state in last):
                return
            calm = time.monotonic() - heard > scenario.calm
            if calm and all(state in CLOSED | OPEN for state in last):
                return
            time.sleep(0.1)

    def _cells(self, jobs: list[list[str]]) -> dict[str, str]:
        fates = [self._fates(number, ids) for number, ids in enumerate(jobs)]
        broken = []
        for name, each in zip(self._names, fates, strict=True):
            for fate in each:
                try:
                    fate.check()
                except AssertionError as error:
                    broken.append(f"{name}: {error}")
        assert not broken, "\n".join(broken)
        return {
            name: min((fate.end for fate in each), key=_ENDS.index)
            for name, each in zip(self._names, fates, strict=True)
        }

    def _fates(self, number: int, jobs: list[str]) -> list[Fate]:
        modem = f"modem{number}"
        new: Counter[str] = Counter()
        again: Counter[str] = Counter()
        for entry in self._house.log():
            (again if entry["rd"] else new)[entry["text"]] += 1
        retried = self._tries(modem) > JOBS
        return [
            Fate(
                job=job,
                told=self._house.store.states(job),
                accepted=new[f"Your order {job} has shipped."],
                repeated=again[f"Your order {job} has shipped."],
                retried=retried,
            )
            for job in jobs
        ]

    def _tries(self, modem: str) -> int:
        """How often a modem was asked to send since the scenario began."""
        entries = [
            entry
            for event in _TRIES
            for entry in self._house.log(event)[self._seen[event] :]
            if entry["modem"] == modem
        ]
        return sum(1 for entry in entries if _TRIES[entry["event"]](entry))


def _options(scenario: Scenario) -> tuple[str, ...]:
    """Of the bank."""
    faults = [word for text in scenario.faults for word in ("--fault", text)]
    return (
        *("--profile", "all", "--report-delay", "1", "--latency", "0.05"),
        *(("--pin", PIN) if scenario.locked else ()),
        *(faults if scenario.from_start else ()),
        *scenario.simulator,
    )


def _modem_settings(number: int, scenario: Scenario) -> str:
    pin = f'pin = "{PIN}"\n' if scenario.locked else ""
    return f'routes = ["{_prefix(number)}"]\n{pin}'


def _prefix(number: int) -> str:
    return f"+44770090{number:02d}"
