"""A lane: jobs that are alike to whoever chooses what goes next, and over which line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gateway.domain.ids import LaneKey, LineId, StoreName


class Shelf(NamedTuple):
    """Ready jobs of a lane of which the same lines may take: any, or a certain one."""

    lane: LaneKey
    held_for: LineId | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """What is the same for all jobs of a lane, so that it is judged once and not for each.

    There are few of them, however many jobs wait: a store has as many as it has purposes,
    campaigns, and countries that it writes to.
    """

    key: LaneKey
    urgency: int
    """Of the purpose; 0 goes first."""
    store: StoreName
    campaign: str
    """What the store calls the campaign; empty for none."""
    destination: str
    """The beginning that all recipients (E.164) share: a country's code, or a longer one that some
    line is set to serve. Empty where nothing is known of them."""
    network: str
    """The operator to which the number plan gives the recipients; empty where nobody asks."""
