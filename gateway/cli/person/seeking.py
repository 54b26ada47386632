"""Whom a number means: read as a store writes it, with its fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def sought_of(settings: Settings, number: str, store: str | None) -> Sought:
    """Return whom to look for; at one store, or everywhere.

    Raises:
        RejectedError: the number is none that can be reached.
    """
    from gateway.consent.identity import Identities
    from gateway.db.key import key_path, make_or_load_keys
    from gateway.db.whereabouts import Sought
    from gateway.domain.ids import StoreName
    from gateway.domain.spelling import Spelling

    e164 = read_number(settings, number, store)
    keys = make_or_load_keys(key_path(settings.database.path))
    return Sought(
        spelling=Spelling(e164),
        persons=Identities(keys).all_of(e164),
        store=None if store is None else StoreName(store),
    )
