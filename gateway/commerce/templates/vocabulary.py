"""All that a template may say: its name, what it is, an example, and whether it may be missing.

The linter, the preview and docs/commerce/templates.md read it; `gateway.commerce.deciding.words`
finds the values, and a test holds that both have the same names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, auto
from types import MappingProxyType
from typing import Any, Final

from gateway.domain.money import Price


class Known(Enum):
    """When a value is there."""

    ALWAYS = auto()
    PERHAPS = auto()
    """Shops do not tell it of everybody, or everything."""
    ABOUT = auto()
    """Where the message is about such a thing; its parts are as they say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A value, or several by their names."""

    about: str
    """What it is, for who writes templates."""
    known: Known = Known.PERHAPS
    sample: object = None
    """As it may be; None where the parts have them."""
    parts: Mapping[str, Word] = field(default_factory=dict)
    many: bool = False
    """Whether it is a list, of which each entry has the parts."""

    def value(self) -> object:
        """Return it as it may be."""
        if not self.parts:
            return self.sample
        one = {name: part.value() for name, part in self.parts.items()}
        return [one] if self.many else one


_AT: Final = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
_PRICE: Final = Price(Decimal("24.90"), "EUR")


def _always(about: str, sample: object) -> Word:
    return Word(about=about, sample=sample, known=Known.ALWAYS)


def _perhaps(about: str, sample: object) -> Word:
    return Word(about=about, sample=sample)


_ITEM: Final[Mapping[str, Word]] = {
    "product_id": _always("the store's id of the product", "mug-1"),
    "name": _always("its name, else its id", "Blue stoneware mug"),
    "category": _perhaps("its category", "Kitchen"),
    "quantity": _always("pieces of it", 2),
    "price": _perhaps("of a piece", _PRICE),
}

_PRODUCT: Final[Mapping[str, Word]] = {
    "id": _always("the store's id of the product", "mug-1"),
    "name": _always("its name, else its id", "Blue stoneware mug"),
    "category": _perhaps("its category", "Kitchen"),
    "brand": _perhaps("who makes it", "Muggery"),
    "price": _perhaps("of a piece", _PRICE),
    "url": _perhaps("of its page", "https://shop.example/products/blue-stoneware-mug"),
    "inventory": _perhaps("pieces that there are", 7),
}

VOCABULARY: Final[Mapping[str, Word]] = MappingProxyType(
    {
        "first_name": _perhaps("the person's given name", "Sophie"),
        "person": Word(
            about="whom the message goes to",
            known=Known.ALWAYS,
            parts={
                "first_name": _perhaps("the given name", "Sophie"),
                "customer": _perhaps("what the store calls the person", "C-1001"),
                "country": _perhaps("ISO 3166", "DE"),
                "language": _perhaps("BCP 47", "en"),
                "birthday": _perhaps("month and day", "03-14"),
                "joined_at": _perhaps("since when the store knows the person", _AT),
            },
        ),
        "store": Word(
            about="who writes",
            known=Known.ALWAYS,
            parts={
                "name": _always("as the configuration has it", "acme"),
                "brand": _always("by what name persons know it", "Acme Home"),
                "help": _perhaps("where persons get help", "help@acme.example"),
            },
        ),
        "order": Word(
            about="the order that the message is about",
            known=Known.ABOUT,
            parts={
                "id": _always("the store's id of it", "1001"),
                "status": _always("placed, cancelled, refunded or the store's word", "placed"),
                "placed_at": _perhaps("when it was placed", _AT),
                "total": _perhaps("with shipping and tax", Price(Decimal("49.80"), "EUR")),
                "coupon": _perhaps("the code it was placed with", "SAVE-4F7K2M"),
                "pieces": _always("how many", 2),
                "items": Word(about="what is in it", known=Known.ALWAYS, parts=_ITEM, many=True),
            },
        ),
        "cart": Word(
            about="the cart that the message is about",
            known=Known.ABOUT,
            parts={
                "id": _always("the store's id of it", "cart-1"),
                "url": _perhaps("where one goes on with it", "https://shop.example/cart/c1-9f8e7d"),
                "value": _perhaps("what is in it costs", Price(Decimal("49.80"), "EUR")),
                "pieces": _always("how many", 2),
                "items": Word(about="what is in it", known=Known.ALWAYS, parts=_ITEM, many=True),
            },
        ),
        "shipment": Word(
            about="the parcel that the message is about",
            known=Known.ABOUT,
            parts={
                "id": _always("the store's id of it", "S-1"),
                "status": _always("in_transit, out_for_delivery, delivered …", "in_transit"),
                "company": _perhaps("who carries it", "DHL"),
                "tracking_number": _perhaps("the carrier's number of it", "00340434161094"),
                "tracking_url": _perhaps(
                    "where one sees how far it is", "https://track.example/00340434161094"
                ),
                "estimated_at": _perhaps("when it is expected", _AT),
            },
        ),
        "product": Word(
            about="the product that the message is about; the first of `products`",
            known=Known.ABOUT,
            parts=_PRODUCT,
        ),
        "products": Word(
            about="the products that the message is about, such as what is recommended",
            known=Known.ALWAYS,
            parts=_PRODUCT,
            many=True,
        ),
        "coupon": Word(
            about="the person's code, where the message has a pool",
            known=Known.ABOUT,
            sample="SAVE-4F7K2M",
        ),
        "coupon_expires_at": _perhaps("until when the code holds", _AT),
        "opt_out_url": _perhaps(
            "the page on which the person ends marketing; needs `[links] url`",
            "s.example/l/Kx7Qm2Pa",
        ),
        "expires_at": _perhaps("until when the message makes sense, such as a sale's end", _AT),
    }
)


def sample_values() -> dict[str, Any]:
    """Return a value for everything, as it may be."""
    return {name: word.value() for name, word in VOCABULARY.items()}


def without_optional(words: Mapping[str, Word] = VOCABULARY) -> dict[str, Any]:
    """Return a value for everything but for what may be missing: the least that is known."""
    return {name: _least(word) for name, word in words.items()}


def _least(word: Word) -> object:
    if word.known is Known.PERHAPS:
        return None
    if not word.parts:
        return word.sample
    one = without_optional(word.parts)
    return [one] if word.many else one


def flat(words: Mapping[str, Word] = VOCABULARY, prefix: str = "") -> Iterator[tuple[str, Word]]:
    """Return every name in full, such as ``order.items.name``, with what it is."""
    for name, word in words.items():
        yield f"{prefix}{name}", word
        yield from flat(word.parts, f"{prefix}{name}.")
