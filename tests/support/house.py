"""The whole house in processes: a real broker, simulated modems, `shopbell run`, and a store."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.broker import Mosquitto
from support.processes import Process, Simulator, wait_for
from support.store import Store


class House:
    """Everything that one test of the whole needs, in one directory."""

    def __init__(
        self,
        directory: Path,
        *,
        modems: int = 1,
        simulator: tuple[str, ...] = ("--report-delay", "0.05"),
        settings: str = "",
        more: str = "",
        outbox: bool = False,
        database: str = "sqlite:///shopbell.db",
        durable: bool = False,
        modem_settings: Callable[[int], str] = lambda _number: "",
    ) -> None:
        self.directory = directory
        self.config = directory / "shopbell.toml"
        (directory / "broker").mkdir()
        self.broker = Mosquitto(directory / "broker", durable=durable)
        self.broker.start()
        self.bank = Simulator(directory / "bank", modems, *simulator)
        self._write_config(modems, settings, more, database, modem_settings)
        self.store = Store(self.broker.port, outbox=outbox)
        self.gateway: Process | None = None

    def _write_config(
        self,
        modems: int,
        settings: str,
        more: str,
        database: str,
        modem_settings: Callable[[int], str],
    ) -> None:
        sections = [
            '[gateway]\nnode = "box-1"\ncountry = "GB"\n' + settings,
            f'[database]\nurl = "{database}"\n',
            f'[mqtt]\nurl = "mqtt://127.0.0.1:{self.broker.port}"\n',
            '[[store]]\nname = "acme"\ncountry = "GB"\ntimezone = "Europe/London"\n',
            *(
                f'[[modem]]\nname = "m{number}"\nport = "{self.bank.port(number)}"\n'
                'rate = "unlimited"\n' + modem_settings(number)
                for number in range(modems)
            ),
            more,
        ]
        self.config.write_text("\n".join(sections))

    def start(
        self,
        failpoint: str | None = None,
        *,
        wait: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> Process:
        """Start the gateway, with a failpoint armed where given."""
        armed = {} if failpoint is None else {"SHOPBELL_FAILPOINT": failpoint}
        environment = {**(environment or {}), **armed}
        self.gateway = self.run("run", environment=environment, name="gateway")
        if wait:
            self.gateway.stdout.write_text("")
            self.gateway.wait_line("ready")
        return self.gateway

    def await_modems(self, count: int = 1) -> None:
        """Wait until so many modems are in service; `start` waits for the gateway alone."""
        assert self.gateway is not None
        log = self.gateway.stderr
        wait_for(lambda: log.read_text().count('"state": "ready"') >= count, 30, "modems ready")

    def run(
        self, *words: str, environment: Mapping[str, str] | None = None, name: str = "command"
    ) -> Process:
        """Start ``shopbell`` with these words."""
        shopbell = Path(sys.executable).parent / "shopbell"
        return Process(
            [shopbell, *words, "--config", self.config], self.directory, name, environment
        )

    def log(self, event: str = "accepted") -> list[dict[str, Any]]:
        """Return what the simulated network wrote of an event: the ground truth."""
        path = self.bank.directory / "log.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["event"] == event]

    def submits(self) -> Counter[str]:
        """Return how often the network took each text, repeats with TP-RD left out."""
        return Counter(entry["text"] for entry in self.log() if not entry["rd"])

    def close(self) -> None:
        """End everything, the gateway first."""
        self.store.close()
        if self.gateway is not None:
            self.gateway.close()
        self.bank.close()
        self.broker.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
