"""What a person wishes, as changes of the ledger. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from gateway.consent.identity import Identities
from gateway.domain.consent import ALL, MARKETING, Action, Change, ConsentEvent, Method
from gateway.domain.ids import StoreName

RIGHTS: Final[Mapping[str, Action]] = {
    "erase": Action.ERASED,
    "object": Action.OBJECTED,
    "restrict": Action.RESTRICTED,
    "unrestrict": Action.UNRESTRICTED,
}
"""The wishes, by the words of the command line and of ``shop.privacy.requested.v1``. The fifth,
``access``, changes nothing: it is `gateway.dispatch.rights.access`."""

_PURPOSES: Final = {Action.OBJECTED: MARKETING}
"""What a wish is about; all others are about everything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is to be done for whom."""

    number: str
    """E.164."""
    action: Action
    """One of `RIGHTS`."""
    at: datetime
    """When the person said so; UTC."""
    method: Method = Method.OPERATOR
    actor: str = "operator"
    """Who passes it on."""
    evidence: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """Such as ``{"request": …}``, the id of a store's event; never a number."""


def changes_of(
    wish: Wish, stores: Iterable[StoreName], identities: Identities
) -> tuple[Change, ...]:
    """Return the changes that a wish makes, one for each store.

    Args:
        wish: what is wished.
        stores: the stores that it is about; what others hold is theirs, and stays.
        identities: who the number is in the ledger.
    """
    return tuple(
        Change(
            event=ConsentEvent(
                store=store,
                person=identities.of(wish.number),
                purpose=_PURPOSES.get(wish.action, ALL),
                action=wish.action,
                method=wish.method,
                at=wish.at,
                actor=wish.actor,
                evidence=wish.evidence,
            ),
            number=wish.number,
        )
        for store in stores
    )
