"""Which lines may send what a lane holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TypeAlias

from gateway.dispatch.serving import Serves, serves
from gateway.domain.ids import StoreName
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState

StoreTags: TypeAlias = Mapping[StoreName, Set[str]]
"""Of the stores whose jobs go out on some lines only: a line has to have one of them."""


def eligible(line: LineState, lane: Lane, tags: StoreTags) -> Serves:
    """Tell how much of a lane a line may send: by its routes and bars, network, and tags.

    A line that is for some operators sends nothing to a person of whom the number plan tells none.
    """
    if line.networks and lane.network not in line.networks:
        return Serves.NONE
    wanted = tags.get(lane.store)
    if wanted and wanted.isdisjoint(line.tags):
        return Serves.NONE
    return serves(line, lane)
