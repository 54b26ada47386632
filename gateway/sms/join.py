"""The parts of a long message to its text.

Pure: collecting parts, time-outs and what is kept on disk are `gateway.dispatch`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Final

from gateway.sms.coding import Alphabet
from gateway.sms.deliver import Deliver
from gateway.sms.userdata import UserData

GAP: Final = "[…]"
"""Stands where parts are missing."""


def join_parts(parts: Iterable[Deliver]) -> str:
    """Return the text of a message from its parts, in whatever order they came.

    Neighbours of one alphabet are joined as octets or septets and then decoded, since writers cut
    surrogate pairs and escape pairs in two. Of a part that came twice the first counts, a run of
    missing parts reads as `GAP`, and parts without a text (data) add nothing.

    Args:
        parts: of one message: same sender, reference, total and width.
    """
    placed = _by_place(parts)
    texts = [_text_of(run) for run in _neighbours(placed)]
    total = max((part.concat.total for part in placed.values() if part.concat), default=1)
    before = GAP if placed and min(placed) > 1 else ""
    after = GAP if placed and max(placed) < total else ""
    return before + GAP.join(texts) + after


def _by_place(parts: Iterable[Deliver]) -> dict[int, Deliver]:
    placed: dict[int, Deliver] = {}
    for part in parts:
        placed.setdefault(part.concat.sequence if part.concat else 1, part)
    return dict(sorted(placed.items()))


def _neighbours(placed: dict[int, Deliver]) -> list[list[UserData]]:
    """Return the runs of parts between which none is missing."""
    runs = groupby(enumerate(placed.items()), key=lambda entry: entry[1][0] - entry[0])
    return [[part.user_data for _, (_, part) in run] for _, run in runs]


def _text_of(run: list[UserData]) -> str:
    alike = (list(group) for _, group in groupby(run, key=_reading))
    joined = (replace(group[0], content=b"".join(d.content for d in group)) for group in alike)
    return "".join(data.text or "" for data in joined)


def _reading(data: UserData) -> tuple[Alphabet, bool, int, int]:
    """Return what must agree for two parts to be decoded as one."""
    header = data.header
    shifts = header.locking_language, header.single_shift_language
    return data.coding.alphabet, data.coding.compressed, *shifts
