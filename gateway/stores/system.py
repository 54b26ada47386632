"""Users of this machine: who Mosquitto runs as, and what it may read."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.domain.errors import ConfigurationError

MOSQUITTO: Final = "mosquitto"
"""Who Debian's Mosquitto becomes before it reads its password file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def owner(self) -> tuple[int, int]:
        """As files have it."""
        return self.uid, self.gid

    @property
    def is_ours(self) -> bool:
        """Whether this process runs as this user."""
        return self.uid == os.geteuid()


def broker_account(name: str | None) -> Account:
    """Return whose Mosquitto's files are to be.

    Args:
        name: as configured; None: ``mosquitto`` where we may give files away, else ourselves.

    Raises:
        ConfigurationError: there is no such user, or only root could give it files.
    """
    root = os.geteuid() == 0
    found = _find(name or MOSQUITTO) if name or root else None
    if found is None:
        if name is not None:
            raise ConfigurationError(f"[broker] user: this machine has no user {name}")
        return _ourselves()
    if not (root or found.is_ours):
        raise ConfigurationError(
            f"[broker] user: only root can give files to {found.name}; run this with sudo"
        )
    return found


def barrier(path: Path, account: Account) -> Path | None:
    """Return what keeps a user from reading a file: it, or a folder above it; None: nothing."""
    if account.uid == 0:
        return None
    groups = set(os.getgrouplist(account.name, account.gid))
    for folder in reversed(path.parents):
        if not _may(folder, account.uid, groups, stat.S_IXUSR):
            return folder
    return None if _may(path, account.uid, groups, stat.S_IRUSR) else path


def _may(path: Path, uid: int, groups: set[int], right: int) -> bool:
    found = path.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & right)
    if found.st_gid in groups:
        return bool(found.st_mode & right >> 3)
    return bool(found.st_mode & right >> 6)


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _ourselves() -> Account:
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:  # as in a container that was given a number only
        name = str(uid)
    return Account(name=name, uid=uid, gid=os.getegid())
