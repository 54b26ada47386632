"""The modems' ports: are they there, may the gateway use them, and who else has them?"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.doctor.account import PROC, Account, group_name
from gateway.doctor.finding import Finding, warning, well, wrong
from gateway.domain.ids import AUTO_PORT
from gateway.modem.port.refusal import MODEM_MANAGER, holders
from gateway.modem.port.transport import SOCKET_SCHEME, candidates
from gateway.modem.port.tty import PTY_MAJORS
from gateway.modem.port.usb import sticks

_CHANGING: Final = ("/dev/ttyUSB", "/dev/ttyACM")
"""Names that the kernel gives anew each time a stick is plugged in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PortFacts:
    """One port of the configuration, or of a stick that was found."""

    modem: str
    port: str
    """As the configuration has it, or ``auto``."""
    device: str = ""
    """What it stands for, with symbolic links followed; empty: nothing is there."""
    allowed: bool = True
    """Whether the gateway's user may use it."""
    user: str = ""
    group: str = ""
    """Whose it is."""
    holder: str = ""
    """Another program that has it open; empty where none is seen."""


def look(
    ports: Iterable[tuple[str, str]],
    account: Account,
    gateway: int | None,
    sysfs: Path,
    proc: Path = PROC,
) -> list[PortFacts]:
    """Look at the ports.

    Args:
        ports: the name of each modem, and its port as configured.
        account: the gateway's user.
        gateway: its PID, which may hold them.
        sysfs: where sticks are looked for.
        proc: where the processes are shown.
    """
    found: list[PortFacts] = []
    for modem, port in ports:
        if port.startswith(SOCKET_SCHEME):
            continue  # a second connection to a terminal server may push out the first
        devices = _found(sysfs) if port == AUTO_PORT else candidates(port)[:1]
        found += [_look_at(modem, port, one, account, gateway, proc) for one in devices]
        if not devices:
            found.append(PortFacts(modem=modem, port=port))
    return found


def judge(facts: Sequence[PortFacts]) -> Iterator[Finding]:
    """Tell what is wrong with them."""
    for one in facts:
        yield _judge(one)
    yield from _shared(facts)
    for one in facts:
        if one.port.startswith(_CHANGING):
            yield warning(
                "ports.name",
                f"[[modem]] {one.modem}: {one.port} is another stick after the next reset",
                "name it by where it is plugged in: `ls /dev/shopbell /dev/serial/by-path`",
            )


def _found(sysfs: Path) -> list[str]:
    return [str(port.device) for stick in sticks(sysfs) for port in stick.ports]


def _look_at(
    modem: str, port: str, device: str, account: Account, gateway: int | None, proc: Path
) -> PortFacts:
    real = os.path.realpath(device)
    node = Path(real).stat()
    ours = {os.getpid(), gateway}
    simulated = os.major(node.st_rdev) in PTY_MAJORS  # whoever makes one holds it, too
    held = [] if simulated else holders(real, proc)
    others = [f"{name} (PID {pid})" for pid, name in held if pid not in ours]
    return PortFacts(
        modem=modem,
        port=port,
        device=real,
        allowed=account.may_use(node),
        user=account.name,
        group=group_name(node.st_gid),
        holder=", ".join(others),
    )


def _judge(port: PortFacts) -> Finding:
    name = f"[[modem]] {port.modem}"
    if not port.device:
        return _missing(name, port)
    if not port.allowed:
        return wrong(
            "ports.permission",
            f"{name}: {port.user} may not use {port.device}, which is of the group {port.group}",
            f"`usermod -aG {port.group} {port.user}`, then start the gateway again",
        )
    if port.holder:
        remedy = (
            "see the remedy for ModemManager below"
            if MODEM_MANAGER in port.holder
            else "stop it; each port is for one program"
        )
        return wrong("ports.taken", f"{name}: {port.holder} has {port.device} open", remedy)
    return well("ports.there", f"{name}: {port.device} is there for {port.user}")


def _missing(name: str, port: PortFacts) -> Finding:
    if port.port == AUTO_PORT:
        return wrong(
            "ports.no_stick",
            f'{name}: no stick is plugged in that port = "auto" could find',
            "`lsusb` shows whether the box sees one; try another socket, cable or supply",
        )
    return wrong(
        "ports.missing",
        f"{name}: nothing is at {port.port}",
        "plug the stick in; `ls /dev/shopbell /dev/serial/by-path` names the ports there are, for "
        f"the line `port` of {name}",
    )


def _shared(facts: Sequence[PortFacts]) -> Iterator[Finding]:
    """Yield each device that several modems of the configuration have."""
    named = {(one.modem, one.device) for one in facts if one.device and one.port != AUTO_PORT}
    for device, count in Counter(device for _, device in named).items():
        if count > 1:
            names = " and ".join(sorted(modem for modem, other in named if other == device))
            yield wrong(
                "ports.shared",
                f"{names} have the same port {device}",
                "give each [[modem]] its own `port`",
            )
