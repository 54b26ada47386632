"""What someone may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like ``word``; there is always one, if ``known`` has any."""
    return max(known, key=lambda candidate: difflib.SequenceMatcher(None, candidate, word).ratio())
