"""What the queue stands on: the context of its workers, and the one way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from gateway.app.law import keys_of
from gateway.app.listening import InTurn
from gateway.app.parts import line_routes, shared_limits, store_countries, store_names
from gateway.app.routing import make_holding, make_router
from gateway.app.shops import make_writer
from gateway.commerce.coupons import note_coupon
from gateway.commerce.gate import CommerceGate
from gateway.commerce.shop import CommerceDesk, Listener
from gateway.consent.answers import Voices
from gateway.consent.country import load_policies
from gateway.consent.identity import Identities
from gateway.consent.listening import KeywordListener, OptIns
from gateway.consent.rulebook import Rulebook
from gateway.consent.shop import ShopDesk
from gateway.consent.texts import TextRegistry, load_texts
from gateway.db import Database
from gateway.db.events import TakenEvents
from gateway.db.known_lines import KnownLines
from gateway.db.spent import SpentJobs
from gateway.dispatch import (
    Admission,
    Context,
    DoubtPolicy,
    InboundPlan,
)
from gateway.dispatch.events import Events
from gateway.dispatch.holding import Holding
from gateway.dispatch.listener import Listener as Hears
from gateway.dispatch.nodes import Alone, Claims
from gateway.dispatch.pacing import SharedPace
from gateway.dispatch.writing import Writer
from gateway.domain.clock import SystemClock
from gateway.domain.destination import Destinations
from gateway.domain.ids import StoreName
from gateway.meter import Meter, Silent
from gateway.modem.trace.sheets import Folder as TraceFolder
from gateway.settings import Settings
from gateway.settings.numbers import number_plan


def make_context(
    settings: Settings,
    database: Database,
    rules: Rulebook,
    claims: Claims | None = None,
    gate: CommerceGate | None = None,
    questions: Hears | None = None,
    meter: Meter | None = None,
) -> Context:
    """Return what the workers of the queue share.

    Args:
        settings: what the gateway is made of.
        database: where the queue is.
        rules: of what may be sent, and when.
        claims: what is this node's; None: it has the database with nobody.
        gate: around the one of the rules; None for what hands nothing over.
        questions: hears what no keyword is in; None: nobody does.
        meter: counts and times what happens; None for what nobody asks.
    """
    meter = meter or Silent()
    database.tell(meter)
    policy = DoubtPolicy(
        transactional_after=timedelta(seconds=settings.gateway.resend_unconfirmed_after)
    )
    identities, voices = Identities(keys_of(settings)), Voices(rules.wording)
    keywords = KeywordListener(identities, voices, load_policies())
    return Context(
        database=database,
        clock=SystemClock(),
        node=settings.gateway.node,
        zone=settings.gateway.zone,
        gate=gate or rules.gate,
        lines=rules.lines,
        shared=SharedPace(shared_limits(settings)),
        policy=policy,
        spent=SpentJobs(keys_of(settings)),
        known=KnownLines(keys_of(settings)),
        opt_ins=OptIns(identities, voices),
        destinations=Destinations(line_routes(settings), number_plan(settings)),
        claims=claims or Alone(),
        meter=meter,
        inbound=InboundPlan(
            policy=policy,
            listener=InTurn([keywords] if questions is None else [keywords, questions]),
            stores=store_names(settings),
            strangers=settings.gateway.for_others,
            country=settings.gateway.country,
            wait=timedelta(seconds=settings.gateway.inbound_wait),
        ),
    )


def make_shop_desk(settings: Settings, listeners: Sequence[Listener] = ()) -> CommerceDesk:
    """Return what knows the events of shops.

    Args:
        settings: what the gateway is made of.
        listeners: who wants to know what happened in a shop.

    Raises:
        ConfigurationError: a wording that a store names cannot be read.
    """
    identities = Identities(keys_of(settings))
    consents = ShopDesk(identities, texts_of(settings))
    return CommerceDesk(consents, identities, [note_coupon, *listeners])


def texts_of(settings: Settings) -> Mapping[StoreName, TextRegistry]:
    """Return the wordings that each store keeps.

    Raises:
        ConfigurationError: one cannot be read.
    """
    return {StoreName(store.name): load_texts(store.consent_texts) for store in settings.store}


def make_admission(
    settings: Settings,
    context: Context,
    shop: CommerceDesk | None = None,
    holding: Holding | None = None,
    writer: Writer | None = None,
) -> Admission:
    """Return the one way into the queue.

    Args:
        settings: what the gateway is made of.
        context: the database, the time and the rules.
        shop: knows the events of shops; without it none are taken.
        holding: holds jobs for lines; without it none is in service.
        writer: words jobs that come as a template; None: as the shops' folders say now.
    """
    taken = TakenEvents(keys_of(settings))
    return Admission(
        database=context.database,
        clock=context.clock,
        countries=store_countries(settings),
        gate=context.gate,
        spent=context.spent,
        policy=context.policy,
        opt_ins=context.opt_ins,
        destinations=context.destinations,
        holding=holding or make_holding(settings, context, make_router(settings)),
        writer=writer or make_writer(settings),
        events=None if shop is None else Events(shop, taken),
        queue_changed=context.queue_changed,
        outbox_changed=context.outbox_changed,
    )


def trace_folder(settings: Settings, context: Context) -> TraceFolder | None:
    """Return where dialogues are recorded; None where they are not."""
    folder = settings.gateway.trace_dir
    return None if folder is None else TraceFolder(folder, context.clock)
