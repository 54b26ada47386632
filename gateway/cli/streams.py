"""The standard streams: always there while a command runs, and never a reason to fail.

What is said on them is for whoever listens. That nobody does, or that the disk behind them is
full, must not stop a gateway, nor change how a command ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

_MODES: Final = {"stdin": "r", "stdout": "w", "stderr": "w"}
"""Python's names of descriptors 0, 1 and 2, in this order."""


@contextmanager
def standard_streams() -> Iterator[None]:
    """Provide all three streams, and let go at the end of those that take nothing any more.

    A descriptor that the caller closed leads nowhere meanwhile; otherwise the next file to be
    opened, such as the database, would take its place and be written to.
    """
    _open_missing()
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            _let_go(stream)


def _open_missing() -> None:
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < len(_MODES):
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    for descriptor, (name, mode) in enumerate(_MODES.items()):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(descriptor, mode, closefd=False))


def _let_go(stream: TextIO) -> None:
    """Write what is left; what cannot be written would otherwise fail once more at the exit."""
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
