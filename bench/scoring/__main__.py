"""``python -m bench.scoring NAME ...``: run one of the measurements, or ``all`` of them."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def subjects() -> list[str]:
    """Return the names of the measurements: the modules here that can be run."""
    here = Path(__file__).parent
    return sorted(path.stem for path in here.glob("*.py") if "\ndef main(" in path.read_text())


def main(arguments: list[str]) -> int:
    """Run the measurement that is named, with the arguments behind it; return its exit code."""
    known = [name for name in subjects() if name != "__main__"]
    if arguments == ["all"]:
        return max(main([name]) for name in known)
    if not arguments or arguments[0] not in known:
        print(f"usage: python -m bench.scoring {{all,{','.join(known)}}} ...", file=sys.stderr)
        return 2
    print(f"== {arguments[0]}", flush=True)
    return import_module(f"bench.scoring.{arguments[0]}").main(arguments[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
