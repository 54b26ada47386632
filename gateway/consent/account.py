"""What the ledger tells of a person: what they allow now, and how it came to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.standing import Standing, standing_of
from gateway.consent.who import is_pseudonym, read_number
from gateway.db.consent import events_of, stores_of
from gateway.db.persons import numbers_of
from gateway.db.wordings import find_wording
from gateway.domain.consent import PURPOSES, SERVICE, Recorded
from gateway.domain.consent_document import event_document
from gateway.domain.ids import PersonId, StoreName

NARROW = PURPOSES[:-2]
"""The purposes that are no wildcards."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A person's standing with a store."""

    store: StoreName
    standing: Standing
    wordings: dict[str, str]
    """The wordings that were agreed to, by their SHA-256, where they were kept."""


def find_persons(
    connection: Connection, who: str, keys: Sequence[bytes], country: str
) -> tuple[PersonId, ...]:
    """Return the fingerprints of whom an operator names, the one in use first.

    Args:
        connection: where to look.
        who: a number or a pseudonym.
        keys: of the ledger.
        country: in which a national number is read; ISO 3166.

    Raises:
        RejectedError: it is neither.
    """
    identities = Identities(keys)
    if not is_pseudonym(who):
        return identities.all_of(read_number(who, country)) if keys else ()
    person = PersonId(who)
    for number in numbers_of(connection, person):
        return identities.all_of(number)
    return (person,)


def read_accounts(
    connection: Connection, persons: Sequence[PersonId], store: str | None
) -> list[Account]:
    """Return the accounts of a person with each store, or with one."""
    stores = stores_of(connection, persons)
    return [read_account(connection, name, persons) for name in stores if store in (None, name)]


def read_account(connection: Connection, store: StoreName, persons: Sequence[PersonId]) -> Account:
    """Return the account of a person with a store; an empty one where nothing is recorded."""
    history = events_of(connection, store, persons)
    digests = {one.event.text_digest for one in history if one.event.text_digest}
    found = {digest: find_wording(connection, digest) for digest in sorted(digests)}
    return Account(
        store=store,
        standing=standing_of(history),
        wordings={digest: text for digest, text in found.items() if text is not None},
    )


def state_of(standing: Standing, purpose: str, now: datetime) -> str:
    """Return in a word or two whether a purpose is allowed now."""
    if standing.restricted:
        return "restricted"
    if standing.deactivated:
        return "deactivated"
    if purpose == SERVICE:
        return "ended" if standing.ended_service else "allowed"
    if standing.grant(purpose, now) is not None:
        return "allowed"
    return "taken back" if standing.withdrew(purpose) else "no consent"


def account_document(account: Account, now: datetime) -> dict[str, Any]:
    """Return an account for programs; it is what proves a consent."""
    standing = account.standing
    return {
        "store": account.store,
        "standing": {purpose: state_of(standing, purpose, now) for purpose in NARROW},
        "objects": standing.objects,
        "restricted": standing.restricted,
        "erased": standing.erased,
        "deactivated": standing.deactivated,
        "history": [recorded_document(one, account.wordings) for one in standing.history],
    }


def recorded_document(one: Recorded, wordings: dict[str, str]) -> dict[str, Any]:
    """Return an event of the ledger for programs, with the wording itself."""
    document = event_document(one.event)
    return {
        "key": one.key,
        **document,
        "text": wordings.get(one.event.text_digest or ""),
        "recorded_at": one.recorded_at.isoformat(),
    }
