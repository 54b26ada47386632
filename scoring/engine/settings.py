"""What can be asked of any engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineSettings:
    """Limits of an engine; None leaves its own default.

    Attributes
    ----------
    memory : str or None
        Such as ``"1GB"``; beyond it, what is computed goes to ``temp``.
    threads : int or None
        At once.
    temp : pathlib.Path or None
        The folder for what does not fit into memory.
    """

    memory: str | None = None
    threads: int | None = None
    temp: Path | None = None
