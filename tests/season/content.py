"""The folder of the simulated shop: what its marketer wrote, and what customers do with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from importlib import resources
from pathlib import Path
from typing import Final

from shop import Reaction, Truth

from gateway.commerce.flows.loading import shipped_flows

ARMS: Final = """

[[arm]]
name = "plain"
template = "cart-plain"

[[arm]]
name = "coupon"
template = "cart-coupon"
coupon = "cart"
"""
"""Of the abandoned cart: the shop compares a reminder with an offer."""

TEMPLATES: Final = {
    "cart-plain": "{{ store.brand }}: {{ first_name | default('You') }}, your basket is kept for "
    "you: {{ cart.url | short }} Reply STOP to opt out",
    "cart-coupon": "{{ store.brand }}: your basket is 10 % off with {{ coupon }}: "
    "{{ cart.url | short }} Reply STOP to opt out",
    "winter-a": "{{ store.brand }}: warm things for the winter are here. Reply STOP to opt out",
    "winter-b": "{{ store.brand }}: 10 % off all winter things with {{ coupon }}. "
    "Reply STOP to opt out",
    "flash": "{{ store.brand }}: two hours only, teapots at half the price. Reply STOP to opt out",
    "hopeless": "{{ store.brand }}: one minute only, and nobody can have it. Reply STOP to opt out",
    "hours": "{{ store.brand }}: a good hour for tea. Reply STOP to opt out",
    "letter": "{{ store.brand }}: our letter of the month. Reply STOP to opt out",
    "doomed": "{{ store.brand }}: this should not have gone out. Reply STOP to opt out",
}

COUPONS: Final = """
[cart]
pattern = "CART-******"
expires = "7d"

[winter]
pattern = "SNOW-******"
expires = "14d"

[referral]
kind = "referral"
pattern = "FRIEND-******"

[thanks]
pattern = "THANKS-******"
"""

CAMPAIGNS: Final = {
    "winter": """
        where = "orders >= 0"
        template = "winter-a"

        [[arm]]
        name = "a"
        template = "winter-a"

        [[arm]]
        name = "b"
        template = "winter-b"
        coupon = "winter"
        """,
    "flash": """
        where = "orders >= 1"
        template = "flash"
        sale_ends = {ends}
        """,
    "hopeless": """
        where = "orders >= 1"
        template = "hopeless"
        sale_ends = {ends}
        """,
    "hours": """
        where = "orders >= 1"
        template = "hours"
        timing = "best_hour"
        """,
    "letter": """
        where = "orders >= 1"
        template = "letter"

        [canary]
        numbers = [{numbers}]
        """,
    "doomed": """
        where = "orders >= 0"
        template = "doomed"
        """,
}

REACTIONS: Final = (
    Reaction(name="cart.coupon", words=re.compile(r"basket is 10"), buys=0.25, clicks=0.4),
    Reaction(name="cart.plain", words=re.compile(r"basket is kept"), buys=0.15, clicks=0.3),
    Reaction(name="winter.b", words=re.compile(r"off all winter"), buys=0.08, stops=0.01),
    Reaction(name="winter.a", words=re.compile(r"warm things"), buys=0.03, stops=0.01),
    Reaction(name="flash", words=re.compile(r"two hours only"), buys=0.05, stops=0.02),
    Reaction(name="refer", words=re.compile(r"give a friend"), refers=0.5),
    Reaction(name="order", words=re.compile(r"on its way"), clicks=0.5, stops=0, asks=0.03),
    Reaction(name="other", words=re.compile(r"STOP to opt out"), buys=0.0, stops=0.01),
)
"""The first whose words are in a text is what it does."""


def make_truth() -> Truth:
    """Return what is true of the customers."""
    return Truth(reactions=REACTIONS)


def write_templates(folder: Path, templates: dict[str, str] = TEMPLATES) -> None:
    """Write templates into the shop's folder, in the one language that its customers react to."""
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    for name, text in templates.items():
        (folder / "templates" / f"{name}.en.txt").write_text(text)


def write_shop(
    folder: Path, flows: Collection[str] | None = None, holdout: float | None = None
) -> None:
    """Write the whole folder: flows as they are shipped, with an experiment on carts.

    Args:
        folder: where to.
        flows: their names; None: all.
        holdout: the share of persons who get no reminder of a cart; None: as it is shipped.
    """
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    write_templates(folder, shipped_templates())
    write_templates(folder, TEMPLATES)
    for name, text in shipped_flows().items():
        if flows is not None and name not in flows:
            continue
        if name == "abandoned-cart":
            text = _with_arms(text, holdout)
        (folder / "flows" / f"{name}.toml").write_text(text)
    (folder / "coupons.toml").write_text(COUPONS)


def _with_arms(text: str, holdout: float | None) -> str:
    shipped = "holdout = 0.1"
    assert shipped in text
    return text.replace(shipped, shipped if holdout is None else f"holdout = {holdout}") + ARMS


def shipped_templates() -> dict[str, str]:
    """Return the English templates that are shipped, by name."""
    shipped = resources.files("gateway.commerce.templates") / "shipped"
    files = [file for file in shipped.iterdir() if file.name.endswith(".en.txt")]
    return {file.name.removesuffix(".en.txt"): file.read_text() for file in files}


def write_campaign(folder: Path, name: str, **values: str) -> None:
    """Write a campaign's file."""
    (folder / "campaigns").mkdir(parents=True, exist_ok=True)
    (folder / "campaigns" / f"{name}.toml").write_text(CAMPAIGNS[name].format(**values))
