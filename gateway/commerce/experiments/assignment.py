"""Who gets which arm: by a keyed hash of experiment and person, sticky and without memory.

The hash gives each person one number in [0, 1) for each experiment, uniform and independent of
that of any other experiment (Kohavi, Tang and Xu, Trustworthy Online Controlled Experiments, 2020,
chapter 14). The holdout lies at its lower end, so that a person who is held out stays so when the
arms above change. The key keeps who knows a pseudonym from working out the arm.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.commerce.experiments.design import HOLDOUT, Design
from gateway.domain.ids import PersonId, StoreName

POLICY: Final = "hash"
"""What the log of decisions says who chose."""

_BITS: Final = 53
"""What a float holds exactly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """What somebody was given, and how likely that was."""

    arm: str
    probability: float
    candidates: Mapping[str, float]
    """Each arm that was possible, the holdout among them, with its probability."""
    policy: str = POLICY

    @property
    def held_out(self) -> bool:
        """Whether the person gets nothing."""
        return self.arm == HOLDOUT


def draw(
    design: Design,
    *,
    key: bytes,
    store: StoreName,
    experiment: str,
    person: PersonId,
    eligible: Iterable[str] | None = None,
) -> Draw | None:
    """Return what somebody is given.

    Args:
        design: the arms.
        key: of the pseudonyms.
        store: whose experiment it is.
        experiment: its name; another name is another draw.
        person: the pseudonym.
        eligible: the arms that the person may be given; None: all.

    Returns:
        None where there is no arm for the person; then there is no experiment either.
    """
    names = [arm.name for arm in design.arms] if eligible is None else eligible
    shares = design.shares(names)
    if not shares:
        return None
    place = uniform(key, store, experiment, person)
    arm = _at(shares, place)
    return Draw(arm=arm, probability=shares[arm], candidates=shares)


def uniform(key: bytes, store: StoreName, experiment: str, person: PersonId) -> float:
    """Return the person's number in an experiment, in [0, 1)."""
    named = "\x00".join(("arm", store, experiment, person)).encode()
    digest = hmac.digest(key, named, hashlib.sha256)
    return (int.from_bytes(digest[:8]) >> (64 - _BITS)) / (1 << _BITS)


def _at(shares: Mapping[str, float], place: float) -> str:
    reached = 0.0
    for arm, share in shares.items():
        reached += share
        if place < reached:
            return arm
    return arm  # what rounding left of 1 belongs to the last
