"""``python -m gateway.web.api docs/api`` writes the document."""

from __future__ import annotations

import sys
from pathlib import Path

from gateway.web.api.files import write


def main(words: list[str]) -> int:
    """Write into the folder that is named; return the exit code."""
    if len(words) != 1:
        sys.stderr.write("usage: python -m gateway.web.api FOLDER\n")
        return 2
    write(Path(words[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
