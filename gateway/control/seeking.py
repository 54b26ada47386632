"""Whom a number means: read as a store writes it, with its fingerprints."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.consent.identity import Identities
from gateway.consent.who import read_number
from gateway.db.whereabouts import Sought
from gateway.domain.ids import StoreName
from gateway.domain.spelling import Spelling
from gateway.settings import Settings


def number_at(settings: Settings, number: str, store: str | None) -> str:
    """Return a number in E.164; a national one is of the store's country, else of the box's.

    Raises:
        RejectedError: it is none that can be reached.
    """
    countries = {str(one.name): one.country for one in settings.store}
    return read_number(number, countries.get(store or "", settings.gateway.country))


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
    e164 = number_at(settings, number, store)
    return Sought(
        spelling=Spelling(e164),
        persons=Identities(keys).all_of(e164),
        store=None if store is None else StoreName(store),
    )
