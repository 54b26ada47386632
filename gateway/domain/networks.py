"""To which operator the number plan gives a number.

A number that its owner has taken to another operator is still told as the first one's, and some
plans, such as that of North America, tell nothing.
"""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Iterable, Mapping, Set
from typing import Final

import phonenumbers

NOBODY: Final = ""
"""The network of a number of which the plan tells nothing that was asked for."""

_DATA: Final = "phonenumbers.carrierdata"
_LANGUAGE: Final = "en"


class UnknownNetworkError(ValueError):
    """The number plan knows no operator of this name; the text names the nearest.

    Attributes:
        name: as it was asked for.
    """

    def __init__(self, name: str, near: str) -> None:
        super().__init__(
            f'"{name}" is no operator of the number plan; the nearest known one is "{near}"'
        )
        self.name = name


class NumberPlan:
    """The prefixes of some operators.

    Args:
        entries: the operator (`network_key`) by prefix, without ``+``. Prefixes of others that
            begin with one of these are `NOBODY`'s.
    """

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        self._entries = dict(entries or {})
        self._longest = max(map(len, self._entries), default=0)

    def network_of(self, recipient: str) -> str:
        """Return the operator of a recipient (E.164), or `NOBODY`."""
        digits = recipient[1 : 1 + self._longest]
        for end in range(len(digits), 0, -1):
            found = self._entries.get(digits[:end])
            if found is not None:
                return found
        return NOBODY


def read_plan(names: Iterable[str]) -> NumberPlan:
    """Return what the number plan tells of the operators of these names.

    The whole plan is 40 MB of objects, so it is read only where somebody asks, and let go of.

    Args:
        names: as in phonenumbers' data, such as ``Vodafone``; capitals do not matter.

    Raises:
        UnknownNetworkError: there is no operator of such a name.
    """
    asked = {network_key(name): name for name in names}
    if not asked:
        return NumberPlan()
    plan = _whole_plan()
    known = set(plan.values())
    for key, name in asked.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
            raise UnknownNetworkError(name, near[0])
    return NumberPlan(_of(plan, asked.keys()))


def network_key(name: str) -> str:
    """Return an operator's name as names are compared: capitals do not matter."""
    return name.casefold()


def _whole_plan() -> dict[str, str]:
    held = sys.modules.keys() | {_DATA}
    data = importlib.import_module(_DATA)
    plan = {
        prefix: network_key(names.get(_LANGUAGE, NOBODY))
        for prefix, names in data.CARRIER_DATA.items()
    }
    for module in sys.modules.keys() - held | {_DATA}:  # its memory is then for others
        sys.modules.pop(module, None)
    vars(phonenumbers).pop("carrierdata", None)
    return plan


def _of(plan: Mapping[str, str], networks: Set[str]) -> dict[str, str]:
    """Return the prefixes of some networks, and those of others that begin with one of them."""
    ours = {prefix: network for prefix, network in plan.items() if network in networks}
    within = {
        prefix: NOBODY
        for prefix in plan.keys() - ours.keys()
        if any(prefix[:end] in ours for end in range(1, len(prefix)))
    }
    return ours | within
