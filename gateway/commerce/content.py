"""All that a shop's folder says: what marketers edit, read at the start, at SIGHUP and by `check`.

What cannot be read is named and left out; the rest is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.commerce.campaigns import Campaigns, load_campaigns
from gateway.commerce.campaigns.spec import Spec
from gateway.commerce.coupons import Pool, load_pools
from gateway.commerce.deciding import Message
from gateway.commerce.flows import Flow, Flows, load_flows
from gateway.commerce.segments import Segment, load_segments
from gateway.commerce.templates import TEMPLATES, Library, load_templates
from gateway.domain.errors import ContentError
from gateway.domain.ids import StoreName
from gateway.domain.purpose import Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopContent:
    """What a store's folder says."""

    store: StoreName
    folder: Path | None = None
    """None where the store has none."""
    zone: ZoneInfo
    country: str
    """ISO 3166 alpha-2."""
    library: Library = field(default_factory=Library)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    flows: Flows = field(default_factory=Flows)
    campaigns: Campaigns = field(default_factory=Campaigns)
    faults: tuple[ContentError, ...] = ()
    """Of all files."""

    @property
    def messages(self) -> Iterator[tuple[str, str, Message, str | None]]:
        """Every message that flows and campaigns send: of what, its template, and its pool.

        The first is as jobs have it, such as ``flow.birthday``.
        """
        senders: Iterable[Flow | Spec] = chain(
            self.flows.known.values(), self.campaigns.specs.values()
        )
        for sender in senders:
            message = sender.message
            for arm in sender.design.arms:
                pool = arm.coupon or message.coupon
                yield sender.campaign, arm.template or message.template, message, pool

    @property
    def purposes(self) -> Mapping[str, Purpose]:
        """What each template is sent for; marketing, whose rules are stricter, among several."""
        found: dict[str, Purpose] = {}
        for _, template, message, _ in self.messages:
            stricter = found.get(template) is Purpose.MARKETING
            found[template] = Purpose.MARKETING if stricter else message.purpose
        return found


def load_content(
    store: StoreName, folder: Path | None, *, zone: ZoneInfo, country: str, language: str = "en"
) -> ShopContent:
    """Read a shop's folder.

    Args:
        store: whose it is.
        folder: None where the store has none; then there is nothing to say.
        zone: of the store.
        country: of the store.
        language: of its texts for persons of whom no language is known, BCP 47.
    """
    if folder is None:
        return ShopContent(store=store, zone=zone, country=country)
    library, of_templates = load_templates(folder / TEMPLATES, language=language, country=country)
    segments, of_segments = load_segments(folder)
    pools, of_pools = load_pools(folder)
    flows, of_flows = load_flows(folder)
    campaigns = load_campaigns(folder, zone)
    return ShopContent(
        store=store,
        folder=folder,
        zone=zone,
        country=country,
        library=library,
        segments=segments,
        pools=pools,
        flows=flows,
        campaigns=campaigns,
        faults=(*of_templates, *of_segments, *of_pools, *of_flows, *campaigns.faults),
    )
