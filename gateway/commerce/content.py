"""All that a shop's folder says: what marketers edit, read at the start, at SIGHUP and by `check`.

What cannot be read is named and left out; the rest is as if it were not there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.commerce.campaigns import Campaigns, load_campaigns
from gateway.commerce.templates import TEMPLATES, Library, load_templates
from gateway.domain.errors import ContentError
from gateway.domain.ids import StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopContent:
    """What a store's folder says."""

    store: StoreName
    campaigns: Campaigns = field(default_factory=Campaigns)
    library: Library = field(default_factory=Library)
    """Its templates."""
    faults: tuple[ContentError, ...] = ()
    """Of all files."""


def load_content(
    store: StoreName,
    folder: Path | None,
    zone: ZoneInfo,
    *,
    language: str = "en",
    country: str | None = None,
) -> ShopContent:
    """Read a shop's folder.

    Args:
        store: whose it is.
        folder: None where the store has none; then there is nothing to say.
        zone: of the store.
        language: of its texts for persons of whom no language is known, BCP 47.
        country: of the store, ISO 3166.
    """
    if folder is None:
        return ShopContent(store=store)
    campaigns = load_campaigns(folder, zone)
    library, faults = load_templates(folder / TEMPLATES, language=language, country=country)
    return ShopContent(
        store=store,
        campaigns=campaigns,
        library=library,
        faults=(*campaigns.faults, *faults),
    )
