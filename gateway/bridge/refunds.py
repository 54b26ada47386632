"""What was given back of an order in all, though shops tell of each refund by itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gateway.bridge.hook import Hook, Known, RefundFact, Told
from gateway.bridge.reading import money, total

REFUNDED = "shop.order.refunded.v1"


def refund_of(
    hook: Hook,
    known: Known,
    facts: Sequence[RefundFact],
    *,
    currency: str,
    time: str | None,
    customer: str | None = None,
) -> tuple[Told, ...]:
    """Return the event of what is given back so far; none where that is known already.

    Args:
        hook: the call.
        known: what was told before.
        facts: refunds of one order.
        currency: of the order.
        time: when it happened.
        customer: whose, where the call says so.
    """
    if not facts:
        return ()
    order = facts[0].order
    before = known.refunds(hook.store, order)
    now = before | {fact.refund: fact.amount for fact in facts}
    given = total(now.values())
    if now == before or given <= Decimal(0):
        return ()
    properties = {"order_id": order, "total": money(given), "currency": currency}
    return (Told(kind=REFUNDED, properties=properties, customer=customer, time=time),)
