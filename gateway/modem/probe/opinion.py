"""A second opinion on a modem: python-gsmmodem-new's own driver, asked in a process of its own.

It shares no code with ours, so that what both say is no mistake of one. It runs apart since it has
threads that cannot be ended, and it is killed when it takes too long.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from gateway.domain.errors import ShopbellError
from gateway.modem.port.transport import SOCKET_SCHEME

LIMIT: Final = 90.0
"""Seconds for all that it asks; a silent command costs it 5 to 15."""

_CHILD: Final = "gateway.modem.probe.opinion_child"


class OpinionError(ShopbellError):
    """There is no second opinion to be had; the text says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """What the other driver says; empty where it says nothing."""

    imei: str = ""
    imsi: str = ""
    manufacturer: str = ""
    model: str = ""
    revision: str = ""
    operator: str = ""
    signal_dbm: int | None = None
    service_centre: str = ""
    commands: tuple[str, ...] = ()
    """What AT+CLAC lists."""
    faults: tuple[str, ...] = ()
    """What it could not find out, and why."""


def check_opinion(port: str) -> None:
    """Raise where a second opinion on a port cannot be had.

    Raises:
        OpinionError: the driver is not installed, or cannot open such a port.
    """
    if importlib.util.find_spec("gsmmodem") is None:
        raise OpinionError(
            "--second-opinion needs python-gsmmodem-new: pip install python-gsmmodem-new"
        )
    if port.startswith(SOCKET_SCHEME):
        raise OpinionError("--second-opinion needs a device: python-gsmmodem-new opens no socket")


async def second_opinion(device: str, *, limit: float = LIMIT) -> Opinion:
    """Ask the other driver about the modem at a device that nobody has open.

    Args:
        device: its path.
        limit: seconds after which it is killed; what it found until then is lost.

    Raises:
        OpinionError: it is not there, or did not come to an end.
    """
    check_opinion(device)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _CHILD,
        device,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        async with asyncio.timeout(limit):
            said, _ = await child.communicate()
    except TimeoutError:
        return Opinion(faults=(f"it had not finished after {limit:g} s",))
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return _read(said)


def _read(said: bytes) -> Opinion:
    try:
        return TypeAdapter(Opinion).validate_json(said)
    except ValidationError:
        return Opinion(faults=("it ended without a word that can be read",))
