"""What has to be planned: checked once, and in one form that every step reads.

Legal windows and deadlines of a million people are few different ones; they are kept once each
(`Problem.windows`), with the number of the own one beside each person. This module refuses what
makes no sense. It does not look whether everybody fits; that is `scoring.planner.plan`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BLOCK = 16_384
"""Persons that are looked at in one go: their values then stay in the processor's cache."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Problem:
    """Persons, slots and limits; made by `problem`."""

    values: NDArray[np.float32]
    """(n, S): worth of each person in each slot, against no message."""
    parts: NDArray[np.int32]
    """(n,): SMS that the message to each person takes."""
    room: NDArray[np.int64]
    """(S,): parts that may be sent in each slot, the reserve taken off."""
    windows: NDArray[np.bool_]
    """(W, S): the different sets of slots that are legal."""
    window: NDArray[np.intp]
    """(n,): which of them is each person's."""

    @property
    def n(self) -> int:
        """Number of persons."""
        return self.values.shape[0]

    @property
    def slots(self) -> int:
        """Number of slots."""
        return self.values.shape[1]

    def legal(self, persons: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which slots are legal for some persons, (k, S)."""
        return self.windows[self.window[persons]]

    def blocks(self) -> Iterator[slice]:
        """Yield the persons in blocks."""
        for start in range(0, self.n, BLOCK):
            yield slice(start, min(start + BLOCK, self.n))


def problem(
    values: ArrayLike,
    capacity: ArrayLike,
    *,
    parts: ArrayLike | None = None,
    allowed: ArrayLike | None = None,
    zone: ArrayLike | None = None,
    deadline: ArrayLike | None = None,
    reserve: ArrayLike = 0.0,
) -> Problem:
    """Check what has to be planned.

    Parameters
    ----------
    values : array of shape (n, S)
        Worth of a message to each person in each slot, against none. Kept as float32. A slot of
        negative worth is never used.
    capacity : array of shape (S,)
        Parts that the lines can send in each slot.
    parts : array of shape (n,), optional
        SMS that the message to each person takes; 1 for everybody when left out.
    allowed : bool array of shape (S,), (n, S) or, with `zone`, (Z, S), optional
        Legal windows: for everybody, for each person, or for each zone.
    zone : int array of shape (n,), optional
        Row of `allowed` that is each person's.
    deadline : int or int array of shape (n,), optional
        Number of the first slot that is too late.
    reserve : float or array of shape (S,)
        Share of each slot's capacity, in [0, 1], that is left for transactional messages.

    Returns
    -------
    Problem

    Raises
    ------
    ValueError
        An array has a wrong shape or holds what cannot be; the text names the first place.

    Examples
    --------
    >>> from scoring.planner import problem
    >>> problem([[0.2, 0.1], [0.3, 0.3]], [10, 10], reserve=0.1).room
    array([9, 9])
    """
    worth = _values(values)
    n, slots = worth.shape
    windows, window = _windows(allowed, zone, n, slots)
    windows, window = _before(deadline, windows, window)
    return Problem(
        values=worth,
        parts=_parts(parts, n),
        room=_room(capacity, reserve, slots),
        windows=windows,
        window=window,
    )


def _values(values: ArrayLike) -> NDArray[np.float32]:
    array = np.ascontiguousarray(values, dtype=np.float32)
    if array.ndim != 2 or array.shape[1] == 0:
        raise ValueError(f"values has shape {array.shape}; (persons, slots) would be right")
    for start in range(0, len(array), BLOCK):
        block = array[start : start + BLOCK]
        if not np.isfinite(block.sum(dtype=np.float64)):
            person, slot = np.argwhere(~np.isfinite(block))[0]
            raise ValueError(
                f"values[{start + person}, {slot}] is {block[person, slot]}; a finite number "
                "would be right (slots that are not legal are named by allowed)"
            )
    return array


def _parts(parts: ArrayLike | None, n: int) -> NDArray[np.int32]:
    if parts is None:
        return np.ones(n, dtype=np.int32)
    array = _whole("parts", parts, n)
    if n and array.min() < 1:
        person = int(np.argmin(array))
        raise ValueError(f"parts[{person}] is {array[person]}; a message takes 1 or more")
    return array.astype(np.int32)


def _room(capacity: ArrayLike, reserve: ArrayLike, slots: int) -> NDArray[np.int64]:
    parts = np.asarray(capacity, dtype=np.float64)
    if parts.shape != (slots,):
        raise ValueError(f"capacity has shape {parts.shape}; ({slots},) would be right")
    share = np.broadcast_to(np.asarray(reserve, dtype=np.float64), (slots,))
    if not (np.isfinite(parts) & (parts >= 0)).all():
        slot = int(np.argmin(np.isfinite(parts) & (parts >= 0)))
        raise ValueError(f"capacity[{slot}] is {parts[slot]}; 0 or more parts would be right")
    if not ((share >= 0) & (share <= 1)).all():
        raise ValueError(f"reserve is {reserve}; a share from 0 to 1 would be right")
    # A product such as 30 * (1 - 0.9) falls a hair short of the whole number that is meant.
    return np.floor(parts * (1 - share) + 1e-9).astype(np.int64)


def _windows(
    allowed: ArrayLike | None, zone: ArrayLike | None, n: int, slots: int
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    everybody = np.zeros(n, dtype=np.intp)
    if allowed is None:
        if zone is not None:
            raise ValueError("zone is given without allowed, which says what each zone allows")
        return np.ones((1, slots), dtype=bool), everybody
    legal = np.asarray(allowed)
    if legal.dtype != np.bool_:
        raise ValueError(f"allowed holds {legal.dtype}; true and false would be right")
    if zone is not None:
        return _of_zones(legal, zone, n, slots)
    if legal.shape == (slots,):
        return legal[np.newaxis], everybody
    if legal.shape != (n, slots):
        raise ValueError(f"allowed has shape {legal.shape}; ({slots},) or ({n}, {slots}) is right")
    return different(legal)


def _of_zones(
    legal: NDArray[np.bool_], zone: ArrayLike, n: int, slots: int
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    if legal.ndim != 2 or legal.shape[1] != slots:
        raise ValueError(f"allowed has shape {legal.shape}; (zones, {slots}) would be right")
    rows = _whole("zone", zone, n)
    if n and not 0 <= rows.min() <= rows.max() < len(legal):
        person = int(np.argmax((rows < 0) | (rows >= len(legal))))
        raise ValueError(f"zone[{person}] is {rows[person]}; allowed has {len(legal)} rows")
    return legal, rows.astype(np.intp)


def different(legal: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Return the different rows, and which one each row is."""
    packed = np.ascontiguousarray(np.packbits(legal, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return legal[first], which.astype(np.intp)


def _before(
    deadline: ArrayLike | None, windows: NDArray[np.bool_], window: NDArray[np.intp]
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Return the windows, with what is too late taken out of them."""
    if deadline is None:
        return windows, window
    slots = windows.shape[1]
    last = np.asarray(deadline)
    last = _whole("deadline", np.full(len(window), last) if last.ndim == 0 else last, len(window))
    last = np.clip(last, 0, slots)
    keys, which = np.unique(window * (slots + 1) + last, return_inverse=True)
    early = np.arange(slots) < (keys % (slots + 1))[:, np.newaxis]
    return windows[keys // (slots + 1)] & early, which.astype(np.intp)


def _whole(name: str, numbers: ArrayLike, n: int) -> NDArray[np.int64]:
    array = np.asarray(numbers)
    if array.shape != (n,):
        raise ValueError(f"{name} has shape {array.shape}; ({n},) would be right")
    whole = array.astype(np.int64) if n == 0 or np.isfinite(array).all() else None
    if whole is None or (whole != array).any():
        raise ValueError(f"{name} holds {array.dtype} that are not whole; whole ones are right")
    return whole
