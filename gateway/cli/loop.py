"""Running a command's coroutine to its end."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Final, TypeVar

import typer

T = TypeVar("T")

INTERRUPTED: Final = 130
"""The exit code of who was told to end at once: 128 and SIGINT, as shells have it."""


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run ``coroutine``; one that is cancelled, by a second Ctrl-C, ends the command quietly."""
    import asyncio

    try:
        return asyncio.run(coroutine)
    except asyncio.CancelledError:
        raise typer.Exit(INTERRUPTED) from None
