"""A shop and its customers, with a known truth: what a gateway under test is told and answered.

It imports nothing of `gateway`. It publishes what a real shop would (EVENTS.md), late, twice and
wrong now and then, and its customers do with the SMS that reach their phones what `truth` says. So
what a message is really worth is known, and what the gateway reports can be held against it.
"""

from shop.acts import Act, Click, Reply, Told
from shop.customers import Customer, make_customers
from shop.goods import Good, make_goods
from shop.shop import Shop
from shop.truth import Effect, Reaction, Truth

__all__ = [
    "Act",
    "Click",
    "Customer",
    "Effect",
    "Good",
    "Reaction",
    "Reply",
    "Shop",
    "Told",
    "Truth",
    "make_customers",
    "make_goods",
]
