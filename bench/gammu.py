"""gammu-smsd: a daemon for each modem, on the files backend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.numbers import number_of, text_of
from bench.peer import Peer

SETTINGS = {
    "defaults": {},
    "tuned": {
        "LoopSleep": 0,
        "CommTimeout": 1,
        "StatusFrequency": 0,
        "CheckSecurity": 0,
        "CheckBattery": 0,
        "CheckSignal": 0,
        "CheckNetwork": 0,
    },
}
"""Beside ``DeliveryReport = log``. Tuned: no sleep in the loop and none of the checks that
gammu-smsdrc(5) lets one switch off."""


class Gammu(Peer):
    """Debian's gammu-smsd; one process serves one modem."""

    program = command = "gammu-smsd"
    settings = tuple(SETTINGS)

    def spool(self, directory: Path, setting: str, ports: Sequence[Path], messages: int) -> None:
        """Give each daemon a directory, and its share of the messages."""
        for number, port in enumerate(ports):
            home = _home(directory, number)
            for folder in ("inbox", "outbox", "sent", "error"):
                (home / folder).mkdir(parents=True)
            (home / "smsdrc").write_text(_configuration(home, port, setting))
        for message in range(messages):
            outbox = _home(directory, message % len(ports)) / "outbox"
            name = f"OUTC20261123_120000_{message:04d}_{number_of(message)}_x.txtd"
            (outbox / name).write_text(text_of(message))

    def commands(self, directory: Path, modems: int) -> list[list[str]]:
        """One daemon in the foreground for each modem."""
        return [
            [self.command, "-c", str(_home(directory, number) / "smsdrc")]
            for number in range(modems)
        ]


def _home(directory: Path, number: int) -> Path:
    return directory / f"gammu{number}"


def _configuration(home: Path, port: Path, setting: str) -> str:
    values = {
        "service": "files",
        "inboxpath": f"{home}/inbox/",
        "outboxpath": f"{home}/outbox/",
        "sentsmspath": f"{home}/sent/",
        "errorsmspath": f"{home}/error/",
        "logfile": f"{home}/log",
        "DeliveryReport": "log",
        **SETTINGS[setting],
    }
    lines = "\n".join(f"{key} = {value}" for key, value in values.items())
    return f"[gammu]\nport = {port}\nconnection = at115200\n[smsd]\n{lines}\n"
