"""What goes over the control socket: one request a connection, one JSON object a line.

A request is ``{"op": …, …fields}``; an answer is ``{"result": …}`` or
``{"error": {"code", "message", "field"}}``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gateway.domain.errors import ConfigurationError
from gateway.domain.job import format_instant

MAX_LINE: Final = 1024 * 1024
"""Octets of a request or an answer; the longest, the status of hundreds of modems, has less."""

FAILED: Final = "failed"
"""The code of what a gateway tried and a modem, say, did not do; nobody asked for too much."""

MAX_SOCKET_PATH: Final = 107
"""Octets of a Unix socket's path: ``sun_path`` has 108, one of them the NUL (unix(7))."""


def socket_path(beside: Path) -> Path:
    """Return the socket of a gateway, from what the names begin with of all beside its database.

    Raises:
        ConfigurationError: the path is longer than a Unix socket's may be.
    """
    path = beside.with_name(f"{beside.name}.sock")
    length = len(os.fsencode(path))
    if length > MAX_SOCKET_PATH:
        raise ConfigurationError(
            f"[database] url: the control socket {path} beside the database has a path of {length} "
            f"octets, and Unix allows {MAX_SOCKET_PATH}; give state_dir a shorter path"
        )
    return path


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a message as a line."""
    return json.dumps(message, ensure_ascii=False, default=plain_value).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Read a line.

    Raises:
        ValueError: it is no JSON object.
    """
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004 -- one error for every malformed line
    return message


def plain_value(value: object) -> object:
    """Return what JSON has no word for as something it has."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
