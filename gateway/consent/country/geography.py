"""Where in the United States a postal code or a number lies; see `gateway/policy/states.toml`."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class Geography:
    """The states of a country. A word that nothing is known of is of no state."""

    by_area_code: Mapping[str, frozenset[str]]
    by_zip3: Mapping[str, frozenset[str]]
    zones: Mapping[str, tuple[ZoneInfo, ...]]
    """Of each state."""

    def states_of_number(self, number: str) -> frozenset[str]:
        """Return the state of a number's area code; E.164."""
        return self.by_area_code.get(number[2:5], frozenset()) if number[:2] == "+1" else _NONE

    def states_of_postal_code(self, code: str) -> frozenset[str]:
        """Return the states that a ZIP code may be in; those at a border have two."""
        return self.by_zip3.get(code.strip()[:3], _NONE)


_NONE: frozenset[str] = frozenset()


@cache
def load_geography() -> Geography:
    """Return what is known of the United States."""
    text = (files("gateway") / "policy" / "states.toml").read_text(encoding="utf-8")
    by_area_code: dict[str, set[str]] = defaultdict(set)
    by_zip3: dict[str, set[str]] = defaultdict(set)
    states = tomllib.loads(text)
    for state, facts in states.items():
        for code in facts["area_codes"]:
            by_area_code[code].add(state)
        for first, last in (ends.split("-") for ends in facts["zip3"]):
            for code in range(int(first), int(last) + 1):
                by_zip3[f"{code:03}"].add(state)
    return Geography(
        by_area_code={code: frozenset(found) for code, found in by_area_code.items()},
        by_zip3={code: frozenset(found) for code, found in by_zip3.items()},
        zones={state: tuple(map(ZoneInfo, facts["zones"])) for state, facts in states.items()},
    )
