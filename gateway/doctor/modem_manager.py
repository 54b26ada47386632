"""ModemManager: it opens whatever looks like a modem and takes its messages away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.doctor.finding import Finding, warning, well, wrong
from gateway.modem.port.refusal import MODEM_MANAGER, runs

FOLDERS: Final = tuple(
    Path(folder, "udev/rules.d")
    for folder in ("/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib")
)
"""Where udev reads rules, the stronger first (udev(7))."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ManagerFacts:
    """What was seen of it."""

    running: bool
    rules: str
    """Where our rules are installed; empty: nowhere."""
    current: bool
    """Whether these are the ones of this version."""
    sticks: bool
    """Whether some modem is a stick on this box."""
    source: str
    """Where the rules of this version lie."""


def look(*, sticks: bool, source: Path, folders: tuple[Path, ...] = FOLDERS) -> ManagerFacts:
    """Look for it and for our rules.

    Args:
        sticks: whether some modem is on this box and not behind a network.
        source: the rules of this version.
        folders: where udev reads rules.
    """
    installed = next(
        (file for folder in folders for file in sorted(folder.glob("*shopbell*.rules"))), None
    )
    return ManagerFacts(
        running=runs(MODEM_MANAGER),
        rules="" if installed is None else str(installed),
        current=installed is not None and installed.read_bytes() == source.read_bytes(),
        sticks=sticks,
        source=str(source),
    )


def judge(facts: ManagerFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    install = (
        f"`sudo cp {facts.source} /etc/udev/rules.d/ && sudo udevadm control --reload && sudo "
        "udevadm trigger`"
    )
    if not facts.sticks:
        yield well("modemmanager.none", "no modem is a stick on this box")
    elif facts.rules and not facts.current:
        yield warning(
            "modemmanager.old_rules",
            f"{facts.rules} is of another version than the gateway",
            install,
        )
    elif facts.rules:
        yield well("modemmanager.off", f"{facts.rules} keeps ModemManager off the sticks")
    elif facts.running:
        yield wrong(
            "modemmanager.running",
            "ModemManager runs and takes the sticks: messages get lost in it",
            f"{install}, then `sudo systemctl restart ModemManager`",
        )
    else:
        yield warning(
            "modemmanager.no_rules",
            "the udev rules are not installed: sticks fall asleep, have no lasting names, and "
            "ModemManager would take them",
            install,
        )
