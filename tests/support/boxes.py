"""Several boxes in processes: gateways on one PostgreSQL, one broker, one simulated network."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from support.broker import Mosquitto
from support.postgres import Postgres
from support.processes import Process, Simulator
from support.proxy import Proxy
from support.store import Store

LEASE: Final = 3
"""Seconds, the shortest that the configuration takes."""


class Box:
    """One gateway with its own modems, and with its own way to the database."""

    def __init__(self, boxes: Boxes, number: int, modems: range, port: int) -> None:
        self.name = f"box-{number}"
        self.folder = boxes.folder / self.name
        self.folder.mkdir()
        self._boxes = boxes
        self.gateway: Process | None = None
        config = [
            f'[gateway]\nnode = "{self.name}"\ncountry = "GB"\n',
            f'[database]\nurl = "{boxes.postgres.url(boxes.database, port=port)}"\n'
            f'lease = {LEASE}\nkey_file = "{boxes.folder / "persons.key"}"\n',
            f'[mqtt]\nurl = "{boxes.broker.url}"\n',
            '[[store]]\nname = "acme"\ncountry = "GB"\ntimezone = "Europe/London"\n',
            *(
                f'[[modem]]\nname = "m{modem}"\nport = "{boxes.bank.port(modem)}"\n'
                'rate = "unlimited"\n'
                for modem in modems
            ),
        ]
        (self.folder / "shopbell.toml").write_text("\n".join(config))

    def run(self, *words: str, name: str) -> Process:
        """Run a command as on this box."""
        shopbell = Path(sys.executable).parent / "shopbell"
        config = self.folder / "shopbell.toml"
        return Process([shopbell, *words, "--config", config], self.folder, name)

    def start(self) -> Process:
        """Start its gateway, and return when it takes jobs."""
        self.gateway = self.run("run", name="gateway")
        self.gateway.stdout.write_text("")
        self.gateway.wait_line("ready")
        return self.gateway

    def kill(self) -> None:
        """End its gateway as a crash does."""
        assert self.gateway is not None
        self.gateway.kill()

    @property
    def log(self) -> str:
        """What its gateway has logged."""
        return (self.folder / "gateway.err").read_text()


class Boxes:
    """Two boxes; the first may reach the database through a network that can be cut."""

    def __init__(
        self, folder: Path, postgres: Postgres, *, modems: int = 8, cuttable: bool = False
    ) -> None:
        self._stack = ExitStack()
        self.folder = folder
        self.postgres = postgres
        self.database = postgres.create(template=postgres.template())
        (folder / "broker").mkdir()
        self.broker = Mosquitto(folder / "broker")
        self.broker.start()
        self._stack.callback(self.broker.stop)
        self.bank = Simulator(folder / "bank", modems, "--latency", "0.15", "--report-delay", "0.3")
        self._stack.callback(self.bank.close)
        self.network = Proxy(postgres.port)
        self._stack.callback(self.network.close)
        half = modems // 2
        first = self.network.port if cuttable else postgres.port
        self.one = Box(self, 1, range(half), first)
        self.other = Box(self, 2, range(half, modems), postgres.port)
        self.store = Store(self.broker.port)
        self._stack.callback(self.store.close)

    def start(self) -> None:
        """Start both gateways."""
        self.one.start()
        self.other.start()

    def submit(self, numbers: range) -> None:
        """Have the store publish jobs, each once and to another person."""
        for number in numbers:
            self.store.submit(f"job-{number}", to=f"+447700900{number:03}")

    def sent(self) -> list[dict[str, Any]]:
        """Return what the simulated network took: the ground truth."""
        path = self.bank.directory / "log.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["event"] == "accepted"]

    def submits(self) -> Counter[str]:
        """Return how often the network took each text."""
        return Counter(entry["text"] for entry in self.sent())

    def ends(self, numbers: range) -> dict[int, str | None]:
        """Return the last state that the store was told of each job."""
        history = self.store.history()
        told = {number: history.get(f"job-{number}", []) for number in numbers}
        return {number: each[-1]["state"] if each else None for number, each in told.items()}

    def out_of_order(self) -> list[str]:
        """Return the jobs of which the store heard a status before an earlier one."""
        return [
            job
            for job, told in self.store.history().items()
            if [status["seq"] for status in told] != list(range(1, len(told) + 1))
        ]

    def close(self) -> None:
        """End everything, the gateways first."""
        for box in (self.one, self.other):
            if box.gateway is not None:
                box.gateway.close()
        self._stack.close()
