"""Campaigns, put together: who launches them, and who carries them out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.app.law import keys_of
from gateway.app.membership import Membership
from gateway.app.shops import voice_of
from gateway.commerce.campaigns.dealing import Dealer
from gateway.commerce.campaigns.engine import CampaignEngine
from gateway.commerce.campaigns.launching import Launcher, Members
from gateway.commerce.campaigns.outlook import Asker
from gateway.commerce.campaigns.preparing import Prepared
from gateway.commerce.campaigns.scheduling import Scheduler
from gateway.commerce.content import ShopContent
from gateway.commerce.deciding import Decider, Shop
from gateway.consent.identity import Identities
from gateway.consent.rulebook import Rulebook
from gateway.control.campaign_views import Foresee
from gateway.control.campaigns import CampaignDesk, Contents
from gateway.dispatch import Admission, Context
from gateway.domain.ids import PersonId
from gateway.domain.rate import Rate
from gateway.settings import Settings, StoreSettings
from gateway.settings.pacing import Budgeted

_UNLIMITED: Final = 3600.0
"""Parts in an hour of a line without a rate: no modem takes less than a second for one."""

_DAY_HOURS: Final = 12
"""Hours of a day in which marketing is sent nearly everywhere; a day's limit is for them."""


def make_engine(context: Context, decider: Decider, admission: Admission) -> CampaignEngine:
    """Return what carries campaigns out."""
    return CampaignEngine(
        database=context.database,
        clock=context.clock,
        dealer=Dealer(decider, context.gate),
        admission=admission,
        policy=context.policy,
    )


def make_campaign_desk(
    settings: Settings,
    rules: Rulebook,
    context: Context,
    admission: Admission,
    decider: Decider,
    identities: Identities,
    contents: Contents,
    foresee: Foresee,
) -> CampaignDesk:
    """Return what launches and steers campaigns."""
    launcher = Launcher(
        database=context.database,
        clock=context.clock,
        members=members_by(identities),
        scheduler=Scheduler(hours_of=rules.openings, per_hour=messages_an_hour(settings)),
        decider=decider,
        identities=identities,
        admission=admission,
    )
    return CampaignDesk(
        database=context.database,
        clock=context.clock,
        launcher=launcher,
        contents=contents,
        foresee=foresee,
        admission=admission,
    )


def members_by(identities: Identities) -> Members:
    """Return what tells who is in the segment of a campaign."""

    def members(connection: Connection, prepared: Prepared, now: datetime) -> Iterator[PersonId]:
        return prepared.segment.members(connection, prepared.store, now, identities)

    return members


def make_asker(settings: Settings, store: StoreSettings, content: ShopContent) -> Asker:
    """Return what the outlook on a store's campaigns leans on."""
    keys = keys_of(settings)
    identities = Identities(keys)
    return Asker(
        shop=Shop(voice=voice_of(store), zone=store.timezone, library=content.library),
        members=members_by(identities),
        belongs=Membership(identities, {content.store: content}),
        identities=identities,
        key=keys[-1],
    )


def messages_an_hour(settings: Settings) -> float:
    """Return how many parts the configured lines can send in an hour, by rate and limits."""
    modems = sum(_an_hour(modem, modem.rate) for modem in settings.modem)
    return modems + sum(_an_hour(carrier, carrier.rate) for carrier in settings.carrier)


def _an_hour(line: Budgeted, rate: Rate) -> float:
    limits = [_UNLIMITED if rate.per_second is None else rate.per_second * 3600]
    if line.hourly_limit is not None:
        limits.append(line.hourly_limit)
    if line.daily_limit is not None:
        limits.append(line.daily_limit / _DAY_HOURS)
    return min(limits)
