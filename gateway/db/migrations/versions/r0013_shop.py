"""What stores told of their shops: products, orders, shipments, carts, and who their persons are.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
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
    _add_products()
    _add_orders()
    _add_order_lines()
    _add_shipments()
    _add_carts()
    _add_product_views()
    _add_person_words()
    _add_erased_customers()
    _add_event_tallies()
    _tell_persons()
    _ask_of_persons()


def _add_products() -> None:
    op.create_table(
        "products",
        sa.Column("store", STORE, nullable=False),
        sa.Column("product_id", NAME, nullable=False),
        sa.Column("name", sa.String(length=256), nullable=True),
        sa.Column("category", NAME, nullable=True),
        sa.Column("brand", NAME, nullable=True),
        sa.Column("price", MONEY, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("url", sa.String(length=1024), nullable=True),
        sa.Column("image_url", sa.String(length=1024), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("inventory", sa.Integer(), nullable=True),
        sa.Column("discontinued", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("told_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("store", "product_id", name=op.f("pk_products")),
    )
    op.create_index("ix_products_category", "products", ["store", "category"], unique=False)


def _add_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("store", STORE, nullable=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("person", WORD, nullable=True),
        sa.Column("customer", NAME, nullable=True),
        sa.Column("placed_at", INSTANT, nullable=True),
        sa.Column("status", WORD, nullable=False),
        sa.Column("status_at", INSTANT, nullable=False),
        sa.Column("total", MONEY, nullable=True),
        sa.Column("revenue", MONEY, nullable=True),
        sa.Column("refunded", MONEY, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("coupon", NAME, nullable=True),
        sa.Column("cart_id", NAME, nullable=True),
        sa.Column("checkout_id", NAME, nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("store", "order_id", name=op.f("pk_orders")),
    )
    op.create_index("ix_orders_cart", "orders", ["store", "cart_id"], unique=False)
    op.create_index("ix_orders_checkout", "orders", ["store", "checkout_id"], unique=False)
    op.create_index("ix_orders_coupon", "orders", ["store", "coupon"], unique=False)
    op.create_index("ix_orders_customer", "orders", ["store", "customer"], unique=False)
    op.create_index(
        "ix_orders_person",
        "orders",
        ["store", "person", "placed_at", "status", "total", "revenue", "refunded"],
        unique=False,
    )
    op.create_index("ix_orders_placed_at", "orders", ["store", "placed_at"], unique=False)


def _add_order_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("store", STORE, nullable=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", NAME, nullable=False),
        sa.Column("name", sa.String(length=256), nullable=True),
        sa.Column("category", NAME, nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("store", "order_id", "line", name=op.f("pk_order_lines")),
    )
    op.create_index(
        "ix_order_lines_category", "order_lines", ["store", "category", "order_id"], unique=False
    )
    op.create_index("ix_order_lines_product", "order_lines", ["store", "product_id"], unique=False)


def _add_shipments() -> None:
    op.create_table(
        "shipments",
        sa.Column("store", STORE, nullable=False),
        sa.Column("shipment_id", NAME, nullable=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("company", NAME, nullable=True),
        sa.Column("tracking_number", NAME, nullable=True),
        sa.Column("tracking_url", sa.String(length=1024), nullable=True),
        sa.Column("estimated_at", INSTANT, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("told_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("store", "shipment_id", name=op.f("pk_shipments")),
    )
    op.create_index("ix_shipments_order", "shipments", ["store", "order_id"], unique=False)


def _add_carts() -> None:
    op.create_table(
        "carts",
        sa.Column("store", STORE, nullable=False),
        sa.Column("cart_id", NAME, nullable=False),
        sa.Column("person", WORD, nullable=True),
        sa.Column("customer", NAME, nullable=True),
        sa.Column("checkout_id", NAME, nullable=True),
        sa.Column("checkout_at", INSTANT, nullable=True),
        sa.Column("value", MONEY, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=1024), nullable=True),
        sa.Column("active_at", INSTANT, nullable=False),
        sa.Column("ordered_at", INSTANT, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("store", "cart_id", name=op.f("pk_carts")),
    )
    op.create_index("ix_carts_checkout", "carts", ["store", "checkout_id"], unique=False)
    op.create_index("ix_carts_customer", "carts", ["store", "customer"], unique=False)
    op.create_index("ix_carts_person", "carts", ["store", "person", "active_at"], unique=False)


def _add_product_views() -> None:
    op.create_table(
        "product_views",
        sa.Column("key", KEY, nullable=False),
        sa.Column("store", STORE, nullable=False),
        sa.Column("person", WORD, nullable=True),
        sa.Column("customer", NAME, nullable=True),
        sa.Column("product_id", NAME, nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("viewed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_product_views")),
    )
    op.create_index(
        "ix_product_views_customer",
        "product_views",
        ["store", "customer", "product_id"],
        unique=False,
    )
    op.create_index(
        "ix_product_views_person", "product_views", ["store", "person", "product_id"], unique=False
    )
    op.create_index(
        "ix_product_views_product",
        "product_views",
        ["store", "product_id", "viewed_at"],
        unique=False,
    )


def _add_person_words() -> None:
    op.create_table(
        "person_words",
        sa.Column("store", STORE, nullable=False),
        sa.Column("person", WORD, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("word", NAME, nullable=False),
        sa.PrimaryKeyConstraint("store", "person", "kind", "word", name=op.f("pk_person_words")),
    )
    op.create_index("ix_person_words_word", "person_words", ["store", "kind", "word"], unique=False)


def _add_erased_customers() -> None:
    op.create_table(
        "erased_customers",
        sa.Column("store", STORE, nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("erased_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("store", "name", name=op.f("pk_erased_customers")),
    )


def _add_event_tallies() -> None:
    op.create_table(
        "event_tallies",
        sa.Column("store", STORE, nullable=False),
        sa.Column("type", WORD, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.PrimaryKeyConstraint("store", "type", "day", name=op.f("pk_event_tallies")),
    )


def _tell_persons() -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_name", WORD, nullable=True))
        batch_op.add_column(sa.Column("birthday", sa.String(length=5), nullable=True))
        batch_op.add_column(sa.Column("joined_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("told_at", sa.Text(), nullable=True))


def _ask_of_persons() -> None:
    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.add_column(sa.Column("send_hour", sa.Integer(), nullable=True))
    op.create_index(
        "ix_consent_events_eventful",
        "consent_events",
        ["store", "person"],
        unique=False,
        sqlite_where=sa.text("action <> 'granted'"),
        postgresql_where=sa.text("action <> 'granted'"),
    )
