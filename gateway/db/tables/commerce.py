"""What we decided to say to whom: flows, campaigns, decisions, links, clicks and coupons."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, UniqueConstraint, text
from sqlmodel import Field

from gateway.db.columns import (
    KEYS_RISE,
    Table,
    instant_column,
    key_column,
    money_column,
    name_column,
    reference_column,
    store_column,
    text_column,
    word_column,
)


def _word(length: int = 64, *, primary: bool = False, nullable: bool = True) -> str | None:
    column = Column(String(length), primary_key=primary, nullable=nullable and not primary)
    return Field(default=None, sa_column=column)  # type: ignore[no-any-return]


class FlowRun(Table, table=True):
    """A flow that something set off; once for each trigger, for ever.

    It is for a person, or stands for all whom something concerns, such as that a product is back,
    until each of them has a run of their own.
    """

    __tablename__ = "flow_runs"
    __table_args__ = (
        UniqueConstraint("store", "flow", "trigger"),
        Index(
            "ix_flow_runs_due",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_flow_runs_person", "store", "person"),
        Index("ix_flow_runs_topic", "store", "topic"),
        Index("ix_flow_runs_customer", "store", "customer"),
        KEYS_RISE,
    )

    key: int | None = key_column()
    store: str = store_column(primary=False)
    flow: str = word_column()
    trigger: str = name_column(nullable=False)
    """What set it off, such as `order:1001`; the same again is the same run."""
    topic: str = name_column(nullable=False)
    """What it is about, such as `cart:1001`; several runs may be about the same."""
    person: str | None = _word()
    customer: str | None = name_column()
    subject: str = text_column(nullable=False)
    """A JSON object: the ids that the message is about, such as `order_id`."""
    began_at: datetime = instant_column()
    """When what set it off happened."""
    due_at: datetime = instant_column()
    state: str = word_column()
    """`waiting`, `decided`, `dropped`, or `spread`: each whom it concerned has one of their own."""
    reason: str | None = None
    """Why it was dropped, or why nothing was sent."""


class Campaign(Table, table=True):
    """A campaign that was launched."""

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("store", "name"), KEYS_RISE)

    key: int | None = key_column()
    store: str = store_column(primary=False)
    name: str = word_column()
    state: str = word_column()
    """`launching`, `canary`, `running`, `paused`, `finished`, `stopped`."""
    reason: str | None = None
    """Why it was paused or stopped, where nobody asked for it."""
    spec: str = text_column(nullable=False)
    """As it was launched, JSON."""
    persons: int
    """Whom its segment named at the launch."""
    launched_at: datetime = instant_column()
    starts_at: datetime = instant_column()
    ends_at: datetime | None = instant_column(nullable=True)
    """Nothing of it is handed to a modem at or after this instant."""
    cleared_at: datetime | None = instant_column(nullable=True)
    """Since when it may go to all; None while its canaries are waited for."""
    finished_at: datetime | None = instant_column(nullable=True)
    """Since when nothing of it waits any more, whether it went or was stopped."""


class CampaignMember(Table, table=True):
    """Somebody whom a campaign is about, until it is decided what they get."""

    __tablename__ = "campaign_members"
    __table_args__ = (
        Index("ix_campaign_members_due", "campaign_key", "send_at"),
        Index("ix_campaign_members_person", "store", "person"),
    )

    campaign_key: int = Field(
        sa_column=Column(BigInteger, ForeignKey("campaigns.key"), primary_key=True)
    )
    store: str = store_column(primary=False)
    person: str = _word(primary=True)  # type: ignore[assignment]
    send_at: datetime = instant_column()


class Decision(Table, table=True):
    """What was decided for a person, by a flow or a campaign: one row, whatever came of it.

    Every message that we write for a store of our own accord has exactly one. Rows are added, and
    never changed but for what the gate found when the message was handed over.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("store", "campaign", "trigger"),
        Index("ix_decisions_person", "store", "person", "decided_at"),
        Index("ix_decisions_job", "store", "job"),
        Index("ix_decisions_decided_at", "store", "campaign", "decided_at"),
        KEYS_RISE,
    )

    key: int | None = key_column()
    store: str = store_column(primary=False)
    campaign: str = word_column()
    """`flow.` or `campaign.` and its name; that of the job, too."""
    trigger: str = name_column(nullable=False)
    """What called for it: the flow's trigger, or the person of a campaign."""
    person: str = word_column()
    arm: str = word_column()
    """`holdout`, or the name of the arm."""
    probability: float
    """Of this arm for this person, as drawn."""
    candidates: str = text_column(nullable=False)
    """A JSON object: each arm that was possible, with its probability."""
    policy: str = word_column()
    """Who chose, such as `hash`."""
    outcome: str = word_column()
    """`sent` to the queue, `held` out, or `skipped`."""
    reason: str | None = None
    """Why it was skipped: a code of a rejection, or a word of the conditions."""
    job: str | None = _word()
    template: str | None = _word()
    coupon: str | None = name_column()
    products: str = text_column(nullable=False)
    """A JSON list of ids: what was recommended in it."""
    decided_at: datetime = instant_column()


class Link(Table, table=True):
    """A short link."""

    __tablename__ = "links"
    __table_args__ = (
        Index("ix_links_decision", "decision_key"),
        Index("ix_links_person", "store", "person"),
        Index("ix_links_expires_at", "expires_at"),
        UniqueConstraint("shared"),
    )

    token: str = _word(16, primary=True)  # type: ignore[assignment]
    store: str = store_column(primary=False)
    kind: str = word_column()
    """`page`: it leads somewhere; `opt_out`: it asks whether to write no more; `count`: it leads
    nowhere, and clicks are counted under it."""
    url: str = text_column(2048, nullable=False)
    """Where it leads, as it stands in a Location header; empty where nowhere."""
    level: str = word_column()
    """How it is tracked: `none`, `aggregate` or `individual`."""
    decision_key: int | None = reference_column("decisions.key", nullable=True)
    """None where it is nobody's own."""
    job: str | None = _word()
    person: str | None = _word()
    """Of an individual one."""
    campaign: str | None = _word()
    product_id: str | None = name_column()
    """What its card shows."""
    shared: str | None = _word()
    """Of one that is nobody's: a digest of what it is for, so that there is one of each."""
    counted: str | None = _word(16)
    """The token under which its clicks are counted, where its page alone would tell whose they
    are; None: its own."""
    created_at: datetime = instant_column()
    expires_at: datetime = instant_column()


class Click(Table, table=True):
    """That a short link was opened."""

    __tablename__ = "clicks"
    __table_args__ = (
        Index("ix_clicks_token", "token"),
        Index("ix_clicks_at", "store", "at"),
        KEYS_RISE,
    )

    key: int | None = key_column()
    token: str = Field(sa_column=Column(String(16), nullable=False))
    store: str = store_column(primary=False)
    at: datetime = instant_column()
    machine: bool
    """Whether a scanner or a preview opened it, as far as one can tell."""
    reason: str | None = None
    """By what that was told."""


class Coupon(Table, table=True):
    """A code: in a pool, given to a person, redeemed."""

    __tablename__ = "coupons"
    __table_args__ = (
        UniqueConstraint("store", "folded"),
        Index(
            "ix_coupons_free",
            "store",
            "pool",
            sqlite_where=text("given_at IS NULL"),
            postgresql_where=text("given_at IS NULL"),
        ),
        Index("ix_coupons_person", "store", "person"),
        KEYS_RISE,
    )

    key: int | None = key_column()
    store: str = store_column(primary=False)
    pool: str = word_column()
    code: str = name_column(nullable=False)
    """As the person gets it."""
    folded: str = name_column(nullable=False)
    """The code without regard to capitals, by which it is found again."""
    kind: str = word_column()
    """`single`: used once; `referral`: its person passes it on, and others use it."""
    person: str | None = _word()
    """Whose it is."""
    decision_key: int | None = reference_column("decisions.key", nullable=True)
    given_at: datetime | None = instant_column(nullable=True)
    expires_at: datetime | None = instant_column(nullable=True)
    redeemed_at: datetime | None = instant_column(nullable=True)
    order_id: str | None = name_column()
    """The order that it was redeemed with."""
    discount: Decimal | None = money_column()


class Referral(Table, table=True):
    """A friend's first order with the code of another person, who is credited with it."""

    __tablename__ = "referrals"
    __table_args__ = (
        UniqueConstraint("store", "friend"),
        Index("ix_referrals_coupon", "coupon_key"),
        KEYS_RISE,
    )

    key: int | None = key_column()
    store: str = store_column(primary=False)
    friend: str = word_column()
    """The person who ordered."""
    coupon_key: int = reference_column("coupons.key")
    order_id: str = name_column(nullable=False)
    at: datetime = instant_column()
    """When the order was placed."""
