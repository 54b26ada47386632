"""Whose gateway it is: the user it runs as, who is mostly not the one who asks the doctor."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A user of the system."""

    uid: int
    name: str
    groups: frozenset[int]

    def may_use(self, node: os.stat_result) -> bool:
        """Tell whether it may read and write a file, by its owner, group and mode."""
        if self.uid == 0:
            return True
        if node.st_uid == self.uid:
            needed = stat.S_IRUSR | stat.S_IWUSR
        elif node.st_gid in self.groups:
            needed = stat.S_IRGRP | stat.S_IWGRP
        else:
            needed = stat.S_IROTH | stat.S_IWOTH
        return node.st_mode & needed == needed


def account_of(process: int | None, files: tuple[Path, ...], proc: Path = PROC) -> Account:
    """Return the gateway's user: of its process, else of its files, else whoever asks.

    Args:
        process: its PID; None while it does not run, or may not be told.
        files: of the gateway, the surest first.
        proc: where the processes are shown.
    """
    if process and (told := _of_process(proc / str(process) / "status")):
        return told
    owner = next((file.stat().st_uid for file in files if file.exists()), os.geteuid())
    if owner == os.geteuid() and owner != 0:
        groups = frozenset({os.getegid(), *os.getgroups()})
        return Account(uid=owner, name=_name(owner), groups=groups)
    return Account(uid=owner, name=_name(owner), groups=_groups(owner))


def group_name(gid: int) -> str:
    """Return a group's name, or its number where it has none."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def parent_of(process: int, proc: Path = PROC) -> int:
    """Return the PID of who began a process; 0 where that cannot be told."""
    try:
        return int(_status(proc / str(process) / "status")["PPid"])
    except (OSError, KeyError, ValueError):
        return 0


def _status(file: Path) -> dict[str, str]:
    return dict(line.split(":", 1) for line in file.read_text().splitlines() if ":" in line)


def _of_process(status: Path) -> Account | None:
    """Read the user of a process and the groups it really has (proc(5))."""
    try:
        lines = _status(status)
        uid, gid = int(lines["Uid"].split()[1]), int(lines["Gid"].split()[1])
        groups = frozenset({gid, *map(int, lines["Groups"].split())})
    except (OSError, KeyError, ValueError, IndexError):
        return None
    return Account(uid=uid, name=_name(uid), groups=groups)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user {uid}"


def _groups(uid: int) -> frozenset[int]:
    try:
        user = pwd.getpwuid(uid)
        return frozenset(os.getgrouplist(user.pw_name, user.pw_gid))
    except KeyError:
        return frozenset()
