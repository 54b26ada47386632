"""Flows, campaigns, decisions, links, clicks and coupons.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.String(length=128)
WORD = sa.String(length=64)
STORE = sa.String(length=32)
INSTANT = sa.DateTime(timezone=True)
MONEY = sa.BigInteger()


def upgrade() -> None:
    """Forward."""
    _add_flow_runs()
    _add_campaigns()
    _add_campaign_members()
    _add_decisions()
    _add_links()
    _add_clicks()
    _add_coupons()
    _add_referrals()
    _find_put_off()


def _find_put_off() -> None:
    """Let what a campaign has waiting for a time be found without a look at all others."""
    where = sa.text("stage = 'scheduled'")
    op.create_index(
        "ix_jobs_put_off",
        "jobs",
        ["lane"],
        unique=False,
        sqlite_where=where,
        postgresql_where=where,
    )


def _add_flow_runs() -> None:
    op.create_table(
        "flow_runs",
        sa.Column("key", KEY, nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("flow", WORD, nullable=False),
        sa.Column("trigger", NAME, nullable=False),
        sa.Column("topic", NAME, nullable=False),
        sa.Column("person", WORD, nullable=True),
        sa.Column("customer", NAME, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_flow_runs")),
        sa.UniqueConstraint(
            "store", "flow", "trigger", name=op.f("uq_flow_runs_store_flow_trigger")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_flow_runs_customer", "flow_runs", ["store", "customer"], unique=False)
    op.create_index(
        "ix_flow_runs_due",
        "flow_runs",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_flow_runs_person", "flow_runs", ["store", "person"], unique=False)
    op.create_index("ix_flow_runs_topic", "flow_runs", ["store", "topic"], unique=False)


def _add_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("key", KEY, nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("launched_at", INSTANT, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("cleared_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("store", "name", name=op.f("uq_campaigns_store_name")),
        sqlite_autoincrement=True,
    )


def _add_campaign_members() -> None:
    op.create_table(
        "campaign_members",
        sa.Column("campaign_key", sa.BigInteger(), nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("send_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_key"],
            ["campaigns.key"],
            name=op.f("fk_campaign_members_campaign_key_campaigns"),
        ),
        sa.PrimaryKeyConstraint("campaign_key", "person", name=op.f("pk_campaign_members")),
    )
    op.create_index(
        "ix_campaign_members_due", "campaign_members", ["campaign_key", "send_at"], unique=False
    )
    op.create_index(
        "ix_campaign_members_person", "campaign_members", ["store", "person"], unique=False
    )


def _add_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("key", KEY, nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("campaign", WORD, nullable=False),
        sa.Column("trigger", NAME, nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("arm", WORD, nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("policy", WORD, nullable=False),
        sa.Column("outcome", WORD, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("job", WORD, nullable=True),
        sa.Column("template", WORD, nullable=True),
        sa.Column("coupon", NAME, nullable=True),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decisions")),
        sa.UniqueConstraint(
            "store", "campaign", "trigger", name=op.f("uq_decisions_store_campaign_trigger")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_decisions_decided_at", "decisions", ["store", "campaign", "decided_at"], unique=False
    )
    op.create_index("ix_decisions_job", "decisions", ["store", "job"], unique=False)
    op.create_index(
        "ix_decisions_person", "decisions", ["store", "person", "decided_at"], unique=False
    )


def _add_links() -> None:
    op.create_table(
        "links",
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("level", WORD, nullable=False),
        sa.Column("decision_key", sa.BigInteger(), nullable=True),
        sa.Column("job", WORD, nullable=True),
        sa.Column("person", WORD, nullable=True),
        sa.Column("campaign", WORD, nullable=True),
        sa.Column("product_id", NAME, nullable=True),
        sa.Column("shared", WORD, nullable=True),
        sa.Column("counted", sa.String(length=16), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_key"], ["decisions.key"], name=op.f("fk_links_decision_key_decisions")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_links")),
        sa.UniqueConstraint("shared", name=op.f("uq_links_shared")),
    )
    op.create_index("ix_links_decision", "links", ["decision_key"], unique=False)
    op.create_index("ix_links_expires_at", "links", ["expires_at"], unique=False)
    op.create_index("ix_links_person", "links", ["store", "person"], unique=False)


def _add_clicks() -> None:
    op.create_table(
        "clicks",
        sa.Column("key", KEY, nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_clicks")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_clicks_at", "clicks", ["store", "at"], unique=False)
    op.create_index("ix_clicks_token", "clicks", ["token"], unique=False)


def _add_coupons() -> None:
    op.create_table(
        "coupons",
        sa.Column("key", KEY, nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("pool", WORD, nullable=False),
        sa.Column("code", NAME, nullable=False),
        sa.Column("folded", NAME, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("person", WORD, nullable=True),
        sa.Column("decision_key", sa.BigInteger(), nullable=True),
        sa.Column("given_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("redeemed_at", INSTANT, nullable=True),
        sa.Column("order_id", NAME, nullable=True),
        sa.Column("discount", MONEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_key"], ["decisions.key"], name=op.f("fk_coupons_decision_key_decisions")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_coupons")),
        sa.UniqueConstraint("store", "folded", name=op.f("uq_coupons_store_folded")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_coupons_free",
        "coupons",
        ["store", "pool"],
        unique=False,
        sqlite_where=sa.text("given_at IS NULL"),
        postgresql_where=sa.text("given_at IS NULL"),
    )
    op.create_index("ix_coupons_person", "coupons", ["store", "person"], unique=False)


def _add_referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("key", KEY, nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("friend", WORD, nullable=False),
        sa.Column("coupon_key", sa.BigInteger(), nullable=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["coupon_key"], ["coupons.key"], name=op.f("fk_referrals_coupon_key_coupons")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_referrals")),
        sa.UniqueConstraint("store", "friend", name=op.f("uq_referrals_store_friend")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_referrals_coupon", "referrals", ["coupon_key"], unique=False)
