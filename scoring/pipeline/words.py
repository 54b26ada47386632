"""Arrays of numbers and of words as JSON, one text a person, a million people in seconds.

`json.dumps` takes half a minute for the hours of a million people; here whole blocks are put
together from a table of ready-made figures.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

DIGITS: Final = 5
"""After the point: a click in 1,000 messages at the best of 168 hours still shows two figures."""

_WIDTH: Final = DIGITS + 3
"""Octets of ``0.12345,``: eight, so that each is one word of the machine."""


_AT_ONCE: Final = 256
"""Rows whose figures the processor's cache holds."""


def curves(shares: np.ndarray) -> pa.Array:
    """Return rows of probabilities as JSON lists.

    Parameters
    ----------
    shares : ndarray of shape (n, k)
        In [0, 1].

    Returns
    -------
    pyarrow.StringArray of length n

    Examples
    --------
    >>> curves(np.array([[0.25, 1.0], [0.0, 0.00001]])).to_pylist()
    ['[0.25000,1.00000]', '[0.00000,0.00001]']
    """
    rows, count = shares.shape
    length = count * _WIDTH + 1
    text = np.empty((rows, length), dtype=np.uint8)
    text[:, 0] = ord("[")
    for begin in range(0, rows, _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        text[some, 1:] = _written(shares[some])
    text[:, -1] = ord("]")
    offsets = np.arange(rows + 1, dtype=np.int32) * length
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(text))


def _written(shares: np.ndarray) -> np.ndarray:
    """Return each row's figures as octets."""
    whole = np.clip(shares, 0, 1) * 10**DIGITS
    whole += 0.5
    return np.take(_figures(), whole.astype(np.int32), mode="clip").view(np.uint8)


@cache
def _figures() -> np.ndarray:
    """Return ``0.00000,`` to ``1.00000,``, each in the octets of one number."""
    words = "".join(f"{number / 10**DIGITS:.{DIGITS}f}," for number in range(10**DIGITS + 1))
    return np.frombuffer(words.encode(), dtype=np.uint64)


def lists(places: np.ndarray, quoted: pa.Array) -> pa.Array:
    r"""Return rows of words as JSON lists.

    Parameters
    ----------
    places : ndarray of int, shape (n, k)
        Of words in ``quoted``, best first; -1 where there is none (only at a row's end).
    quoted : pyarrow.StringArray
        The words, each as JSON, of `quote`.

    Returns
    -------
    pyarrow.StringArray of length n

    Examples
    --------
    >>> lists(np.array([[1, 0], [0, -1], [-1, -1]]), quote(["a", 'b"']))[0].as_py()
    '["b\\"","a"]'
    >>> lists(np.array([[1, 0], [0, -1], [-1, -1]]), quote(["a", "b"])).to_pylist()
    ['["b","a"]', '["a"]', '[]']
    """
    rows, count = places.shape
    if not count:
        return pa.repeat("[]", rows)
    there = pa.array(places.ravel(), mask=places.ravel() < 0)
    words = pc.take(quoted, there)
    offsets = np.arange(rows + 1, dtype=np.int32) * count
    kept = pc.drop_null(words)
    offsets = np.concatenate([[0], np.cumsum(places >= 0)])[offsets].astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), kept), ",")
    return pc.binary_join_element_wise("[", joined, "]", "")


def quote(words: list[str]) -> pa.Array:
    """Return each word as JSON."""
    return pa.array([json.dumps(word) for word in words], pa.string())
