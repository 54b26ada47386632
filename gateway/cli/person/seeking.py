"""Whom a number means: read as a store writes it, with its fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.db.whereabouts import Sought
    from gateway.settings import Settings


def read_number(settings: Settings, number: str, store: str | None) -> str:
    """Return a number in E.164; a national one is of the store's country, else of the box's."""
    from gateway.domain.errors import RejectedError
    from gateway.domain.phone import PhoneNumberError, parse_phone

    countries = {str(one.name): one.country for one in settings.store}
    country = countries.get(store or "", settings.gateway.country)
    try:
        return parse_phone(number, country)
    except PhoneNumberError as error:
        raise RejectedError("invalid_number", f"the number {error}", field="NUMBER") from None


def sought_of(settings: Settings, number: str, store: str | None, keys: Sequence[bytes]) -> Sought:
    """Return whom to look for; at one store, or everywhere.

    Args:
        settings: where numbers are read.
        number: as the operator writes it.
        store: at which one; None: everywhere.
        keys: of the ledger, from `gateway.db.keeping.require_keys`; without any nobody is in it.

    Raises:
        RejectedError: the number is none that can be reached.
    """
    from gateway.consent.identity import Identities
    from gateway.db.whereabouts import Sought
    from gateway.domain.ids import StoreName
    from gateway.domain.spelling import Spelling

    e164 = read_number(settings, number, store)
    return Sought(
        spelling=Spelling(e164),
        persons=Identities(keys).all_of(e164),
        store=None if store is None else StoreName(store),
    )
