"""Which reports there are, by the words a person calls them."""

from __future__ import annotations

from pathlib import Path

from scoring.errors import ScoringError
from scoring.reports.execution import notebooks_folder

START = "00-start-here"
"""It leads to the others and tells nothing itself."""


def reports() -> dict[str, Path]:
    """Return the notebooks by their names: ``01-delivery.ipynb`` is ``delivery``."""
    files = sorted(notebooks_folder().glob("[0-9][0-9]-*.ipynb"))
    return {file.stem.partition("-")[2]: file for file in files if file.stem != START}


def find_report(name: str) -> Path:
    """Return the notebook of a report; the beginning of its name is enough where it is one's alone.

    Raises
    ------
    ScoringError
        There is none of this name; those that there are are named.

    Examples
    --------
    >>> find_report("deliver").name
    '01-delivery.ipynb'
    """
    known = reports()
    found = [file for key, file in known.items() if key.startswith(name)]
    if name in known:
        return known[name]
    if len(found) != 1:
        raise ScoringError(f"there is no report {name!r}; there are: {', '.join(known)}")
    return found[0]
