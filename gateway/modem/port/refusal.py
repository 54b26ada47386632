"""Why a port cannot be opened, in words that help: who has it, or what permission is missing."""

from __future__ import annotations

import errno
import grp
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")

_TAKEN: Final = frozenset({errno.EBUSY, errno.EWOULDBLOCK})
"""By TIOCEXCL and by flock(2)."""

_MISSING: Final = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO})
"""In a container the node of a stick that was pulled out stays."""

_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM})

MODEM_MANAGER: Final = "ModemManager"

RULES: Final = "hardware/udev/76-shopbell.rules"

_MODEM_MANAGER_REMEDY: Final = f"install {RULES} (ID_MM_DEVICE_IGNORE) or stop it"


def is_taken(error: OSError) -> bool:
    """Tell whether an open failed because another program has the port."""
    return error.errno in _TAKEN


def is_missing(error: OSError) -> bool:
    """Tell whether an open failed because no device is behind the node."""
    return error.errno in _MISSING


def explain(path: str, error: OSError, proc: Path = _PROC) -> str:
    """Return why a port cannot be opened and what would help.

    Reads the table of processes: not for the event loop's own thread.

    Args:
        path: the port.
        error: what opening it raised.
        proc: where the processes are shown.
    """
    if is_taken(error):
        return _who_has_it(path, proc)
    if error.errno in _FORBIDDEN:
        return (
            f"no permission for {path}; add the gateway's user to the group {_group(path)} "
            f"(usermod -aG {_group(path)} USER) and start the gateway again"
        )
    return f"{path} cannot be opened: {error.__cause__ or error}"


def holders(path: str, proc: Path = _PROC) -> list[tuple[int, str]]:
    """Return the PIDs and names of the processes that have a file open, as far as we may see."""
    return [(int(one.name), _command(one)) for one in _holders(path, proc)]


def runs(name: str, proc: Path = _PROC) -> bool:
    """Tell whether a process of this name runs."""
    return any(_command(process) == name for process in _processes(proc))


def _who_has_it(path: str, proc: Path) -> str:
    holder = next(_holders(path, proc), None)
    if holder is None and runs(MODEM_MANAGER, proc):
        # Its files are root's to see; that it takes what looks like a modem is no secret.
        return f"{MODEM_MANAGER} seems to hold {path}; {_MODEM_MANAGER_REMEDY}"
    if holder is None:
        return f"another program holds {path}; `sudo fuser -v {path}` names it, stop it"
    if holder.name == str(os.getpid()):
        return f"this gateway holds {path} for another modem; give each its own port"
    name = _command(holder)
    if name == MODEM_MANAGER:
        return f"{name} holds {path}; {_MODEM_MANAGER_REMEDY}"
    return f"{name} (PID {holder.name}) holds {path}; stop it or give it another port"


def _holders(path: str, proc: Path) -> Iterator[Path]:
    """Go through the processes whose open files we may see, for those that have the port open."""
    device = os.path.realpath(path)
    for process in _processes(proc):
        try:
            if any(str(file.readlink()) == device for file in (process / "fd").iterdir()):
                yield process
        except OSError:
            continue  # It is somebody else's, or has ended.


def _processes(proc: Path) -> list[Path]:
    return [folder for folder in proc.iterdir() if folder.name.isdecimal()]


def _command(process: Path) -> str:
    try:
        return (process / "comm").read_text(errors="replace").strip()
    except OSError:
        return ""


def _group(path: str) -> str:
    """Return the group that may use serial ports here; Debian's where it cannot be told."""
    try:
        return grp.getgrgid(Path(path).stat().st_gid).gr_name
    except (OSError, KeyError):
        return "dialout"
