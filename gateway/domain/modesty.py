"""Letting whoever sends go first: for what takes the processor and has time."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Final

LAST: Final = 19
"""The nice value of what may wait for everybody else."""


def be_modest(nice: int = LAST) -> None:
    """Be less important: the thread that calls it, and those that it starts.

    No reason not to work where it may not be said, as in a service whose system calls are filtered.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
