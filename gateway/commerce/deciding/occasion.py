"""What calls for a decision about a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from gateway.commerce.experiments import Design
from gateway.domain.consent import Scope
from gateway.domain.ids import Campaign, PersonId, StoreName
from gateway.domain.job import NEVER
from gateway.domain.purpose import Purpose

Tracking = Literal["none", "aggregate", "individual"]
"""How the links of a message are tracked; individual by the person's consent alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a message is about, by the store's ids; the words are read when it is written."""

    order_id: str | None = None
    shipment_id: str | None = None
    cart_id: str | None = None
    product_id: str | None = None
    product_ids: tuple[str, ...] = ()
    """Several, such as what is recommended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is sent, by a flow or a campaign, unless the arm says otherwise."""

    template: str
    purpose: Purpose = Purpose.MARKETING
    scope: Scope | None = None
    category: str | None = None
    coupon: str | None = None
    """The pool that its code is from."""
    tracking: Tracking = "aggregate"
    sale_ends: datetime | None = None
    """Until when the offer holds, as texts say it; UTC. None: until the message expires, if it
    does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """A decision to be made."""

    store: StoreName
    campaign: Campaign
    """``flow.`` or ``campaign.`` and the name of it."""
    trigger: str
    """What calls for it; with store and campaign it names the decision for ever."""
    person: PersonId
    message: Message
    design: Design
    subject: Subject = field(default_factory=Subject)
    send_at: datetime | None = None
    """Not before; UTC. None: now."""
    expires_at: datetime = NEVER
