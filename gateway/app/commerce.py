"""The e-commerce half, put together: what the shops' folders say, who hears, who works.

It comes to be in two steps, for the queue stands between them: first what the queue is made with
(the gate, who hears of events, who words templates), then what works on the queue.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gateway.app.campaigns import make_campaign_desk, make_engine
from gateway.app.law import keys_of
from gateway.app.membership import Membership
from gateway.app.shops import (
    Contents,
    answers_of,
    link_hosts,
    make_shortener,
    read_contents,
    shops_of,
)
from gateway.commerce.campaigns.engine import CampaignEngine
from gateway.commerce.campaigns.stopping import may_go
from gateway.commerce.conversations import QuestionListener
from gateway.commerce.coupons import Coupons, note_coupon
from gateway.commerce.deciding import Decider, Shop
from gateway.commerce.deciding.writing import TemplateWriter
from gateway.commerce.flows.engine import FlowEngine
from gateway.commerce.flows.flow import PREFIX as FLOW
from gateway.commerce.flows.judging import FlowCondition
from gateway.commerce.flows.listening import FlowListener
from gateway.commerce.flows.loading import Book
from gateway.commerce.flows.taking import Taker
from gateway.commerce.gate import CommerceGate
from gateway.commerce.shop import Listener
from gateway.consent.identity import Identities
from gateway.consent.rulebook import Rulebook
from gateway.control.campaign_views import Foresee
from gateway.control.campaigns import CampaignDesk
from gateway.dispatch import Admission, Context
from gateway.dispatch.gate import Gate
from gateway.domain.ids import StoreName
from gateway.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Works:
    """What works on the queue."""

    decider: Decider
    flows: FlowEngine
    campaigns: CampaignEngine

    def duties(self) -> Mapping[str, Callable[[], Awaitable[object]]]:
        """Return what one gateway does for all on its database, by its name."""
        return {"flows": self.flows.run, "campaigns": self.campaigns.run}


class Commerce:
    """What the shops' folders say, and what goes by it.

    Args:
        settings: what the gateway is made of.
        gate: of the rules.

    Attributes:
        gate: around it, with what flows and campaigns have to say.
        listeners: hear what happens in shops.
        writer: words jobs that come as a template.
        questions: answers what persons ask.
        links: makes short links.
        coupons: gives codes.
        belongs: tells who belongs to a segment.
        book: the flows.
    """

    def __init__(self, settings: Settings, gate: Gate) -> None:
        contents = read_contents(settings)
        self._settings = settings
        self._keys = keys_of(settings)
        self._identities = Identities(self._keys)
        self._shops: Mapping[StoreName, Shop] = shops_of(settings, contents)
        self._works: Works | None = None
        self.gate = CommerceGate(gate)
        self.links = make_shortener(settings)
        self.coupons = Coupons({})
        self.belongs = Membership(self._identities, contents)
        self.writer = TemplateWriter(self._shops, self._identities, self.links)
        self.questions = QuestionListener(
            self._shops, answers_of(settings), self._identities, self.links
        )
        self.book = Book()
        self.listeners: tuple[Listener, ...] = (note_coupon, FlowListener(self.book))
        self.gate.conditions[FLOW] = FlowCondition(self.book, self.belongs)
        self.gate.conditions["campaign"] = may_go
        self._go_by(contents)

    def put_to_work(self, context: Context, admission: Admission) -> Works:
        """Return what works on the queue that was made of this."""
        decider = Decider(
            self._shops,
            identities=self._identities,
            key=self._keys[-1],
            gate=context.gate,
            admission=admission,
            links=self.links,
            coupons=self.coupons,
            belongs=self.belongs,
        )
        taker = Taker(self.book, decider, self.belongs, context.policy)
        flows = FlowEngine(context, self.book, taker, admission, self._zone)
        campaigns = make_engine(context, decider, admission)
        self._works = Works(decider=decider, flows=flows, campaigns=campaigns)
        return self._works

    def campaign_desk(
        self,
        rules: Rulebook,
        context: Context,
        admission: Admission,
        works: Works,
        foresee: Foresee,
    ) -> CampaignDesk:
        """Return what launches and steers campaigns, by what the folders say at that time."""
        return make_campaign_desk(
            self._settings,
            rules,
            context,
            admission,
            works.decider,
            self._identities,
            lambda: self.take_up(self._settings),
            foresee,
        )

    def take_up(self, settings: Settings) -> Contents:
        """Go by what the folders, and the stores' settings, say from now on; return it."""
        self._settings = settings
        contents = read_contents(settings)
        self._shops = shops_of(settings, contents)
        self.writer.shops = self.questions.shops = self._shops
        self.questions.topics = answers_of(settings)
        self.links.hosts = link_hosts(settings)
        if self._works is not None:
            self._works.decider.shops = self._shops
        self._go_by(contents)
        return contents

    def _go_by(self, contents: Contents) -> None:
        self.belongs.take_up(contents)
        self.coupons.pools = {store: content.pools for store, content in contents.items()}
        self.book.flows = {store: content.flows for store, content in contents.items()}

    def _zone(self, store: StoreName) -> ZoneInfo:
        """Return where a store is, for persons of whom nothing tells."""
        return self._shops[store].zone
