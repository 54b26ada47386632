"""SMS Server Tools 3: one smsd with a process for each modem."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.numbers import number_of, text_of
from bench.peer import Peer

GLOBAL = {
    "defaults": {},
    "tuned": {
        "delaytime": 1,
        "delaytime_mainprocess": 0,
        "notifier": "yes",
        "trust_outgoing": "yes",
    },
}
DEVICE = {
    "defaults": {},
    "tuned": {
        "check_network": 0,
        "status_signal_quality": "no",
        "poll_faster": 100,
        "startsleeptime": 0,
    },
}
"""Beside what the reports need. Tuned: what its manual (configure.html) names as quicker. The
spool is filled before the start, by files that are complete, as ``trust_outgoing`` asks."""

REPORTS = {"incoming": "yes", "report": "yes", "init": "AT+CNMI=2,1,0,1,0"}

FOLDERS = ("outgoing", "checked", "incoming", "sent", "report", "failed")


class Smstools(Peer):
    """Debian's smstools; one daemon serves all modems from one spool."""

    program = "smstools"
    command = "smsd"
    settings = tuple(GLOBAL)

    def spool(self, directory: Path, setting: str, ports: Sequence[Path], messages: int) -> None:
        """Write one configuration with all modems, and the messages into its spool."""
        for folder in FOLDERS:
            (directory / folder).mkdir()
        (directory / "smsd.conf").write_text(_configuration(directory, setting, ports))
        for message in range(messages):
            (directory / "outgoing" / f"message{message:05d}").write_text(
                f"To: {number_of(message)[1:]}\nReport: yes\n\n{text_of(message)}"
            )

    def commands(self, directory: Path, modems: int) -> list[list[str]]:
        """One daemon in the foreground."""
        place = str(directory)
        return [["smsd", "-t", f"-c{place}/smsd.conf", f"-i{place}/info", f"-p{place}/pid"]]


def _configuration(directory: Path, setting: str, ports: Sequence[Path]) -> str:
    names = [f"M{number}" for number in range(len(ports))]
    head = {
        "devices": ", ".join(names),
        **{folder: str(directory / folder) for folder in FOLDERS},
        "logfile": str(directory / "log"),
        **GLOBAL[setting],
    }
    sections = [_lines(head)]
    for name, port in zip(names, ports, strict=True):
        sections.append(f"[{name}]\n" + _lines({"device": port, **REPORTS, **DEVICE[setting]}))
    return "\n".join(sections)


def _lines(values: dict[str, object]) -> str:
    return "".join(f"{key} = {value}\n" for key, value in values.items())
