"""Rung 7 of the ladder: taking a stick off its bus, or its power away (MODEMS.md 5.12, 6.6).

Both are off unless the operator turns them on, since both reach beyond the stick: unbinding needs
root's rights, and a hub may cut the power of its neighbours too.
"""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from gateway.domain.errors import ModemError
from gateway.modem.port.usb import SYSFS, look_up

log = structlog.get_logger(__name__)

UNBOUND: Final = 2.0
"""Seconds between unbinding and binding: drivers and udev notice that the stick is gone."""

SYSFS_LIMIT: Final = 10.0
"""Seconds for one write to sysfs, which waits for the stick's drivers to let go."""

COMMAND_LIMIT: Final = 60.0
"""Seconds for the operator's power command; a hub that is off for 10 is well within it."""

_LONGEST_WORDS: Final = 200
"""Characters of what a command complained of that go into the log."""

_DRIVER: Final = Path("bus/usb/drivers/usb")


class PowerError(ModemError):
    """The power could not be taken away; the text says what was in the way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a stick is, as far as it is known."""

    device: str = ""
    """Its tty, such as ``/dev/ttyUSB2``."""
    usb: str = ""
    """Its USB path, such as ``1-1.2``; empty for what is no USB stick."""


async def place_of(device: str, sysfs: Path = SYSFS) -> Place:
    """Return where the stick is whose tty is open; it is asked while the tty is there.

    Args:
        device: the tty's path.
        sysfs: where sysfs is mounted.
    """
    stick = await look_up(device, sysfs)
    return Place(device=device, usb="" if stick is None else stick.path)


async def rebind(place: Place, sysfs: Path = SYSFS) -> None:
    """Take a stick's drivers off it and put them back, as if it were pulled out.

    Raises:
        PowerError: its USB path is not known, or sysfs refuses it.
    """
    if not place.usb:
        raise PowerError("usb_reset: the modem's USB path is not known")
    try:
        await _tell(sysfs / _DRIVER / "unbind", place.usb)
        await asyncio.sleep(UNBOUND)
    except BaseException:  # The kernel may take it later; without drivers nobody has the stick.
        with contextlib.suppress(PowerError):
            await asyncio.shield(_tell(sysfs / _DRIVER / "bind", place.usb))
        raise
    await asyncio.shield(_tell(sysfs / _DRIVER / "bind", place.usb))


async def _tell(file: Path, usb: str) -> None:
    try:
        async with asyncio.timeout(SYSFS_LIMIT):
            await asyncio.to_thread(file.write_text, usb, encoding="ascii")
    except TimeoutError:
        raise PowerError(f"{file} did not take {usb} within {SYSFS_LIMIT:g} s") from None
    except OSError as error:
        raise PowerError(f"{file} does not take {usb}: {error.strerror}") from error


async def run_power_command(words: Sequence[str], place: Place) -> None:
    """Run the operator's command; ``{port}`` and ``{usb}`` in it stand for the stick's place.

    It is started without a shell. What it last said to stderr goes into the log.

    Raises:
        PowerError: the place that it asks for is not known; or it cannot be started, fails, or does
            not end in time.
    """
    filled = [_fill(word, place) for word in words]
    try:
        process = await asyncio.create_subprocess_exec(
            *filled, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
        )
    except OSError as error:
        raise PowerError(f"power_command: {filled[0]}: {error.strerror}") from error
    said = await _wait(process)
    log.info("power_command_ended", command=filled[0], status=process.returncode, said=said)
    if process.returncode:
        raise PowerError(f"power_command ended with {process.returncode}: {said}")


def _fill(word: str, place: Place) -> str:
    """Put the place into a word; without one the command might cut the power of others."""
    for name, value in (("{port}", place.device), ("{usb}", place.usb)):
        if name in word and not value:
            raise PowerError(f"power_command: what {name} stands for is not known")
        word = word.replace(name, value)
    return word


async def _wait(process: Process) -> str:
    """Return the last line of what a command complained of; end one that does not end."""
    try:
        async with asyncio.timeout(COMMAND_LIMIT):
            _, complaint = await process.communicate()
    except TimeoutError:
        raise PowerError(f"power_command did not end within {COMMAND_LIMIT:g} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    lines = complaint.decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return last[:_LONGEST_WORDS]
