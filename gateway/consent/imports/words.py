"""The words of shops' systems, as the ledger has them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from gateway.domain.consent import ALL, MARKETING, PURPOSES, SERVICE, Action, Basis, covers
from gateway.domain.redaction import redact_text

NOTHING: Final = frozenset({"no", "false", "0", "n", "never_subscribed", "not_subscribed", "none"})
"""States of who never consented: there is nothing to write down."""

PENDING: Final = frozenset({"pending", "requested", "pending_confirmation", "unconfirmed"})

ACTIONS: Final[Mapping[str, Action]] = {
    **dict.fromkeys(
        (
            *("subscribed", "granted", "yes", "true", "1", "y", "active", "consented", "consent"),
            *("opted_in", "opt_in", "optin", "accepted", "in"),
        ),
        Action.GRANTED,
    ),
    **dict.fromkeys(
        (
            *("unsubscribed", "withdrawn", "revoked", "opted_out", "opt_out", "optout", "stop"),
            *("stopped", "suppressed", "blocked", "blacklisted", "cancelled", "canceled", "out"),
        ),
        Action.WITHDRAWN,
    ),
    **dict.fromkeys(("objected", "objection"), Action.OBJECTED),
    **dict.fromkeys(("deactivated", "invalid", "undeliverable"), Action.DEACTIVATED),
}

_PURPOSES: Final[Mapping[str, str]] = {
    **{_purpose: _purpose for _purpose in PURPOSES},
    "marketing_offers": "marketing.offers",
    "offers": "marketing.offers",
    "promotional": "marketing.offers",
    "promotions": "marketing.offers",
    "newsletter": "marketing.offers",
    "marketing_restock": "marketing.restock",
    "restock": "marketing.restock",
    "back_in_stock": "marketing.restock",
    "marketing_cart": "marketing.cart",
    "cart": "marketing.cart",
    "abandoned_cart": "marketing.cart",
    "transactional": SERVICE,
    "transactional_order": SERVICE,
    "order": SERVICE,
    "order_updates": SERVICE,
}

WILDCARDS: Final = frozenset({MARKETING, ALL})

CHANNELS: Final = frozenset({"sms", "text", "text_message", "text_messages", "mobile"})

_BASES: Final[Mapping[str, Basis]] = {
    "consent": Basis.CONSENT,
    "express": Basis.CONSENT,
    "opt_in": Basis.CONSENT,
    "soft_opt_in": Basis.SOFT_OPT_IN,
    "soft": Basis.SOFT_OPT_IN,
    "existing_customer": Basis.SOFT_OPT_IN,
    "implied": Basis.SOFT_OPT_IN,
}

_LEVELS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("single", "single_opt_in", "unknown", "no", "false", "0"), False),
    **dict.fromkeys(
        ("double", "double_opt_in", "confirmed", "confirmed_opt_in", "yes", "true", "1"), True
    ),
}

_YES: Final = frozenset(
    {"yes", "true", "1", "y", "shown", "paid", "completed", "partially_refunded"}
)
_NO: Final = frozenset(
    {"no", "false", "0", "n", "unpaid", "pending", "voided", "refunded", "cancelled", "failed"}
)


@lru_cache(maxsize=1024)
def word(text: str) -> str:
    """Return a word as it is looked up: ``Opted-In`` as ``opted_in``."""
    return re.sub(r"[\s-]+", "_", text.strip().lower())


@lru_cache(maxsize=1024)
def read_purposes(text: str) -> tuple[str, ...]:
    """Return the purposes of the ledger that a text names; several stand with + or | between.

    Raises:
        ValueError: one is none; says which there are.
    """
    return tuple(dict.fromkeys(map(_purpose_of, re.split(r"[+|;,]", text))))


def _purpose_of(text: str) -> str:
    found = _PURPOSES.get(word(text))
    if found is None:
        raise ValueError(
            f"has {redact_text(text.strip())[:40]!r}, which is no purpose; "
            f"right: {narrow_purposes()}"
        )
    return found


def consented(purposes: Sequence[str]) -> tuple[str, ...]:
    """Return what a yes to some purposes is a yes to; all marketing is each kind by itself (G-2).

    Raises:
        ValueError: one of them stands for everything.
    """
    if ALL in purposes:
        raise ValueError(f"is too wide, each is consented to by itself; right: {narrow_purposes()}")
    kinds = [one for one in PURPOSES if one != MARKETING and covers(MARKETING, one)]
    each = [kinds if one == MARKETING else [one] for one in purposes]
    return tuple(dict.fromkeys(one for some in each for one in some))


def narrow_purposes() -> str:
    """Return the purposes that one can consent to, for a sentence."""
    return ", ".join(one for one in PURPOSES if one not in WILDCARDS)


def is_sms(text: str) -> bool:
    """Tell whether one of the channels that a text names is text messages."""
    return any(word(channel) in CHANNELS for channel in re.split(r"[+|;,]", text))


def read_basis(text: str) -> Basis:
    """Return a legal basis.

    Raises:
        ValueError: it is none that marketing may stand on.
    """
    found = _BASES.get(word(text))
    if found is None:
        raise ValueError("is no basis; right: consent or soft_opt_in")
    return found


def read_level(text: str) -> bool:
    """Return whether a level of opt-in is the double one.

    Raises:
        ValueError: it is no level.
    """
    found = _LEVELS.get(word(text))
    if found is None:
        raise ValueError("is no level; right: single_opt_in or confirmed_opt_in")
    return found


def is_yes(text: str) -> bool:
    """Tell whether a text says yes; an instant or a name says it too, "no" does not."""
    return word(text) in _YES or word(text) not in _NO
