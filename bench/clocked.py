"""``python -m bench.clocked FILE WORDS …``: `shopbell` with a watch on its claims.

Each round of the desk, in which all lines that ask at that moment are given their next jobs, is
timed inside its transaction; the seconds are appended to the file, one a line.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

CLAIMS: Final = (("gateway.dispatch.desk.round", "serve"), ("gateway.db.jobs", "claim_job"))
"""The functions that choose and claim; of those that there are, the first is watched."""


def watch(file: Path) -> None:
    """Have every call of the function that claims write down how long it took."""
    module, name = next(filter(_is_there, CLAIMS))
    target = import_module(module)
    claim = getattr(target, name)
    written = file.open("a", buffering=1)

    def clocked(*args: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return claim(*args, **options)
        finally:
            written.write(f"{time.perf_counter() - began:.6f}\n")

    _replace(claim, clocked)


def _is_there(place: tuple[str, str]) -> bool:
    try:
        return hasattr(import_module(place[0]), place[1])
    except ModuleNotFoundError:
        return False


def _replace(old: Callable[..., Any], new: Callable[..., Any]) -> None:
    """Put a function into the place of another wherever that was imported to."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("gateway."):
            for name, value in list(vars(module).items()):
                if value is old:
                    setattr(module, name, new)


def main() -> None:
    """Be `shopbell`, watched."""
    file = Path(sys.argv.pop(1))
    import_module("gateway.app")
    watch(file)
    from gateway.cli import main as shopbell

    shopbell()


if __name__ == "__main__":
    main()
