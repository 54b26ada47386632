"""Made-up campaigns for the tests of the planner."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

SLOTS = 14


def curves(n: int, seed: int = 0, slots: int = SLOTS) -> np.ndarray:
    """Return worths of persons who differ in level and in their favourite slots."""
    random = np.random.default_rng(seed)
    level = random.beta(2, 20, size=(n, 1))
    shape = np.exp(0.5 * random.normal(size=(n, slots)) + 0.3 * np.sin(np.arange(slots)))
    return (level * shape).astype(np.float32)


def limits(n: int, seed: int = 0, slots: int = SLOTS) -> dict[str, Any]:
    """Return zones with windows, deadlines, parts and a reserve for as many persons."""
    random = np.random.default_rng(seed)
    zones = np.ones((4, slots), dtype=bool)
    for zone in range(4):
        zones[zone, :zone] = False
        zones[zone, slots - zone :] = False
    return {
        "allowed": zones,
        "zone": random.integers(0, 4, n),
        "deadline": np.where(random.random(n) < 0.2, slots - 4, slots),
        "parts": random.choice([1, 1, 2, 3], n),
        "reserve": 0.1,
    }


@st.composite
def campaigns(draw: st.DrawFn, most: int = 40) -> dict[str, Any]:
    """Draw small campaigns of every kind: tight and roomy, equal worths, nothing legal."""
    n, slots = draw(st.integers(0, most)), draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = random.normal(1, 0.6, (n, slots))
    if draw(st.booleans()):
        values = np.round(values)
    several = draw(st.booleans())
    return {
        "values": values.astype(np.float32),
        "capacity": random.integers(0, max(2, 2 * (n + 1) // slots + 1), slots),
        "parts": random.integers(1, 4, n) if several else None,
        "allowed": random.random((n, slots)) < draw(st.sampled_from([0.4, 0.8, 1.0])),
        "deadline": random.integers(0, slots + 1, n) if draw(st.booleans()) else None,
        "reserve": draw(st.sampled_from([0.0, 0.1, 0.5])),
    }
