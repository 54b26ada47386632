"""The first member of a backup: what it is, and what the others have to be."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from gateway.backup.errors import BackupError
from gateway.domain.job import format_instant

NAME: Final = "manifest.json"
FORMAT: Final = 1
DATABASE: Final = "shopbell.db"
KEYS: Final = "shopbell.key"
CONFIGURATION: Final = "shopbell.toml"
MEMBERS: Final = frozenset({DATABASE, KEYS, CONFIGURATION})
"""Everything that a backup may hold beside the manifest."""

MOST: Final = 64 * 1024
"""Octets of a manifest."""

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A file in a backup."""

    size: int
    """Octets."""
    sha256: str
    """Hex."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    version: str
    """Of the Shopbell that made it."""
    schema: str
    """The revision of its database."""
    node: str
    copied_at: datetime
    """Up to when it knows what happened; UTC."""
    members: Mapping[str, Member]
    counts: Mapping[str, int] = field(default_factory=dict)
    """Rows of some tables of its database."""

    def to_json(self) -> bytes:
        """Return it as it stands in the backup."""
        said: dict[str, Any] = {
            "format": FORMAT,
            "version": self.version,
            "schema": self.schema,
            "node": self.node,
            "copied_at": format_instant(self.copied_at),
            "counts": dict(self.counts),
            "members": {
                name: {"size": member.size, "sha256": member.sha256}
                for name, member in self.members.items()
            },
        }
        return json.dumps(said, indent=2).encode() + b"\n"


def read_manifest(text: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        BackupError: it is none, or of another format.
    """
    try:
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise BackupError(
                f"it has the format {said['format']!r}, and this version of Shopbell reads "
                f"{FORMAT}; install the version {said.get('version', 'that made it')}"
            )
        return Manifest(
            version=str(said["version"]),
            schema=str(said["schema"]),
            node=str(said["node"]),
            copied_at=datetime.fromisoformat(said["copied_at"]),
            counts={str(name): int(rows) for name, rows in said["counts"].items()},
            members={name: _member(name, told) for name, told in said["members"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"its {NAME} cannot be read ({error!r}); take another backup") from error


def _member(name: str, told: Mapping[str, Any]) -> Member:
    if name not in MEMBERS or not _DIGEST.fullmatch(told["sha256"]) or int(told["size"]) < 0:
        raise BackupError(f"its {NAME} tells of {name!r}, which no backup holds")
    return Member(size=int(told["size"]), sha256=told["sha256"])
