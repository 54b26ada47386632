"""The simulated modems, as a process of their own: a serial port's two ends must not share one."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from gateway.domain.errors import ShopbellError

SUBMIT_SECONDS: Final = 0.6
"""From Ctrl-Z to +CMGS; a real network takes 2 to 10, and a demo has less patience."""

REPORT_SECONDS: Final = 1.5
"""From +CMGS to the report."""

START_LIMIT: Final = 20.0
"""Seconds until the modems are there, on a small and busy machine."""

STOP_LIMIT: Final = 5.0
"""Seconds that they have to go."""


class SimulatorUnavailableError(ShopbellError):
    """The simulated modems did not come up."""


@asynccontextmanager
async def run_modems(directory: Path, count: int) -> AsyncIterator[None]:
    """Have ``directory/modem0`` … for as long as the ``async with``.

    Raises:
        SimulatorUnavailableError: they did not come up.
    """
    process = await asyncio.create_subprocess_exec(
        *_command(directory, count),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,  # Ctrl-C is for us: the lines finish before the modems go
    )
    try:
        await _await_ready(process)
        yield
    finally:
        await _stop(process)


def _command(directory: Path, count: int) -> list[str]:
    options = {
        "--modems": count,
        "--latency": SUBMIT_SECONDS,
        "--report-delay": REPORT_SECONDS,
    }
    words = [str(word) for option in options.items() for word in option]
    return [sys.executable, "-m", "hardware.simulator", str(directory), *words]


async def _await_ready(process: Process) -> None:
    assert process.stdout is not None  # noqa: S101 -- it is a pipe
    try:
        async with asyncio.timeout(START_LIMIT):
            line = await process.stdout.readline()
    except TimeoutError:
        raise SimulatorUnavailableError(
            f"the simulated modems did not come up within {START_LIMIT:g} s"
        ) from None
    if line.strip() != b"ready":
        _, said = await process.communicate()
        reason = said.decode(errors="replace").strip()
        raise SimulatorUnavailableError(f"the simulated modems did not come up: {reason}")


async def _stop(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_LIMIT):
            await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()
