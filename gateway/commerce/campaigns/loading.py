"""Reads the campaigns of a shop's folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from gateway.commerce.campaigns.parsing import parse_campaign
from gateway.commerce.campaigns.spec import Spec
from gateway.domain.content import read_content, standing_in
from gateway.domain.errors import ContentError

FOLDER: Final = "campaigns"
"""Where they lie in the shop's folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaigns:
    """What a shop's files say of campaigns."""

    specs: Mapping[str, Spec] = field(default_factory=dict)
    """By name."""
    faults: tuple[ContentError, ...] = ()
    """One for each file that cannot be read; there is no campaign of its name."""


def load_campaigns(folder: Path, zone: ZoneInfo) -> Campaigns:
    """Return the campaigns of a shop's folder, and what is wrong with the others.

    Args:
        folder: of the shop; it needs no campaigns.
        zone: of the store, for instants without an offset.
    """
    specs: dict[str, Spec] = {}
    faults: list[ContentError] = []
    for file in sorted((folder / FOLDER).glob("*.toml")):
        try:
            with standing_in(file):
                specs[file.stem] = parse_campaign(file.stem, read_content(file), zone)
        except ContentError as fault:
            faults.append(fault)
    return Campaigns(specs=specs, faults=tuple(faults))
