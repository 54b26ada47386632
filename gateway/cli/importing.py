"""Importing much at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def importing() -> Iterator[None]:
    """Look for no garbage meanwhile, and never again in what was imported: all of it stays.

    It is a tenth of the start, and most of each of the long collections later on.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
