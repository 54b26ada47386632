"""The file being read: names in it are relative to where it lies, not to where we were started.

A context variable, because pydantic-settings hands no context to validators or sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_file: ContextVar[Path] = ContextVar("configuration file")


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Take ``file`` as the one being read inside the ``with``."""
    token = _file.set(file)
    try:
        yield
    finally:
        _file.reset(token)


def current_file() -> Path:
    """Return the file being read."""
    return _file.get()


def anchored(name: str) -> Path:
    """Return a path as named in the file, made absolute."""
    return (current_file().absolute().parent / Path(name).expanduser()).absolute()
