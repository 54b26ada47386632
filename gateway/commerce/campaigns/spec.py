"""What a campaign is to be: whom it is about, what they get, from when until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gateway.commerce.deciding import Message
from gateway.commerce.experiments import Design
from gateway.domain.ids import Campaign
from gateway.domain.job import NEVER

PREFIX: Final = "campaign."
"""What the ``campaign`` of its jobs and decisions begins with."""

CANARY: Final = ".canary"
"""What that of its canaries ends with: they are in no experiment, and in no report on it."""

DEFAULT_PATIENCE: Final = timedelta(hours=2)
"""How long canaries are waited for: somebody reads them within a morning."""


class Timing(StrEnum):
    """When each person's message goes."""

    NOW = "now"
    """As soon as a line is free."""
    BEST_HOUR = "best_hour"
    """In the hour at which the person answers most, by fresh scores."""
    PLANNED = "planned"
    """In the hour that is best for all together, with what the lines can send in each."""


class Approval(StrEnum):
    """What lets a campaign go on after its canaries."""

    OPERATOR = "operator"
    """Somebody says so: `shopbell campaign approve`."""
    DELIVERED = "delivered"
    """The network says that each was delivered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Canary:
    """Own numbers that get it first."""

    numbers: tuple[str, ...]
    """E.164, or national ones of the store's country."""
    approval: Approval = Approval.DELIVERED
    patience: timedelta = DEFAULT_PATIENCE
    """The campaign is stopped when it was not let go on after so long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spec:
    """A campaign as its file has it. Instants are UTC."""

    name: str
    """Of the file, without the ending."""
    segment: str | None
    """A name of ``segments.toml``; None where ``where`` says it."""
    where: str | None
    """A segment's expression; None where ``segment`` names one."""
    message: Message
    design: Design
    timing: Timing = Timing.NOW
    start: datetime | None = None
    """None: at once when it is launched."""
    deadline: datetime | None = None
    """Nothing of it goes from then on; None: it goes until it is done."""
    canary: Canary | None = None

    @property
    def sale_ends(self) -> datetime | None:
        """Until when the offer holds; nothing is handed over after it."""
        return self.message.sale_ends

    @property
    def ends_at(self) -> datetime:
        """The instant from which on nothing of it goes; `NEVER` without one."""
        return min(self.deadline or NEVER, self.sale_ends or NEVER)

    @property
    def campaign(self) -> Campaign:
        """What its jobs and decisions say that they are of."""
        return campaign_of(self.name)

    @property
    def canary_campaign(self) -> Campaign:
        """What those of its canaries say."""
        return Campaign(f"{self.campaign}{CANARY}")


def campaign_of(name: str) -> Campaign:
    """Return what jobs and decisions of a campaign of this name say that they are of."""
    return Campaign(f"{PREFIX}{name}")


def name_of(campaign: str) -> str | None:
    """Return the name of the campaign that a job belongs to, as canary or not; None: to none."""
    if not campaign.startswith(PREFIX):
        return None
    return campaign.removeprefix(PREFIX).removesuffix(CANARY)
