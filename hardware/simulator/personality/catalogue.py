"""The sticks that the simulator can be, by name."""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from pathlib import Path

from hardware.simulator.errors import PersonalityError
from hardware.simulator.personality.personality import Personality
from hardware.simulator.personality.reading import build

STICKS = Path(__file__).parent.parent / "sticks"


def names() -> list[str]:
    """All that there are, sorted."""
    return sorted(path.stem for path in STICKS.glob("*.toml"))


@cache
def load(name: str) -> Personality:
    """The personality of a name.

    Raises:
        PersonalityError: there is none of this name, or its file is wrong.
    """
    if name not in names():
        raise PersonalityError(f"no stick is called {name!r}; {_hint(name)}")
    try:
        table = tomllib.loads((STICKS / f"{name}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PersonalityError(f"{name}: {error}") from error
    return build(Personality, table, name)


def _hint(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), names(), n=1, cutoff=0.4)
    every = f"there are {', '.join(names())}"
    return f"did you mean {near[0]}? {every}" if near else every
