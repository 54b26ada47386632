"""Which column says what, by the names that shops' systems give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.consent.imports.sheet import SheetError

_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "phone": (
        *("phone", "phone_number", "number", "to", "msisdn", "mobile", "mobile_phone"),
        *("mobile_number", "cell", "cell_phone", "telephone", "recipient", "e164", "sms_phone"),
    ),
    "store": ("store", "shop"),
    "purpose": ("purpose", "purposes", "consent_purpose", "topic"),
    "channel": ("channel", "channels", "medium", "consent_channel"),
    "state": (
        *("state", "status", "consent_state", "consent_status", "subscription_status", "consent"),
        *("sms_consent", "sms_consent_status", "sms_consent_state", "sms_marketing_consent"),
        *("sms_marketing_state", "sms_marketing_status", "accepts_sms_marketing", "opt_in_status"),
    ),
    "at": (
        *("consented_at", "consent_updated_at", "consent_timestamp", "consent_at", "timestamp"),
        *("at", "changed_at", "consent_date", "opt_in_at", "opted_in_at", "opt_in_date"),
        *("opt_in_timestamp", "optin_time", "subscribed_at", "unsubscribed_at", "opted_out_at"),
        *("sms_consent_timestamp", "sms_consent_updated_at", "sms_marketing_consent_updated_at"),
        *("last_updated", "date_created", "date"),
    ),
    "source": (
        *("source", "consent_collected_from", "collected_from", "consent_source", "method_detail"),
        *("sms_consent_source", "sms_consent_collected_from", "consent_url", "form_url", "url"),
    ),
    "method": ("method", "consent_method", "sms_consent_method", "opt_in_method", "collected_by"),
    "text_version": ("text_version", "consent_version", "disclosure_version", "wording_version"),
    "text": (
        *("text", "consent_text", "wording", "disclosure", "disclosure_text"),
        "consent_form_content",
    ),
    "text_digest": ("text_digest", "text_sha256", "text_hash", "consent_text_hash"),
    "language": ("language", "locale", "lang"),
    "opt_in_level": ("opt_in_level", "sms_opt_in_level", "sms_marketing_opt_in_level", "optin"),
    "basis": ("basis", "legal_basis"),
    "order": ("order_id", "order", "order_number"),
    "order_paid": ("order_paid", "order_paid_at", "paid", "paid_at", "financial_status"),
    "categories": ("category", "categories", "product_category", "product_categories"),
    "notice": ("notice", "notice_shown", "opt_out_offered"),
    "until": ("until", "implied_until", "valid_until", "expires_at", "consent_expires_at"),
    "confirmed_at": (
        *("confirmed_at", "double_opt_in_at", "double_optin_at", "doi_at", "opt_in_confirmed_at"),
        "confirmation_timestamp",
    ),
    "confirmation_id": (
        *("confirmation_id", "confirmation_message_id", "double_opt_in_message_id"),
        *("doi_message_id", "message_id", "message_sid"),
    ),
    "prompt_id": ("prompt_id", "prompt_message_id"),
    "prompted_at": ("prompted_at", "prompt_sent_at", "doi_sent_at"),
    "smsc_at": ("smsc_at", "smsc_time", "confirmation_smsc_at"),
    "evidence_url": ("evidence_url", "proof_url"),
    "country": ("country", "country_code", "country_iso"),
    "postal_code": ("postal_code", "postcode", "zip", "zip_code", "plz"),
    "timezone": ("timezone", "time_zone", "tz"),
    "minor": ("minor", "is_minor", "under_age"),
}
"""For each fact the names of its column, the surest first."""

_SAYS_SMS: Final = frozenset(name for name in _ALIASES["state"] if "sms" in name.split("_"))
"""Columns of a consent that name the channel themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Where each fact stands in a row."""

    places: Mapping[str, int]
    ignored: tuple[str, ...]
    """Columns of the file that say nothing that is taken."""
    says_sms: bool
    """Whether the column of the state is one for text messages."""

    def facts(self, cells: Sequence[str]) -> dict[str, str]:
        """Return what a row says, by fact; what is empty is left out."""
        return {
            fact: said
            for fact, place in self.places.items()
            if place < len(cells) and (said := cells[place].strip())
        }


def find_columns(header: Sequence[str]) -> Columns:
    """Return which column says what.

    Raises:
        SheetError: no column has numbers, or two columns have the same name.
    """
    names = [column_name(cell) for cell in header]
    places = places_of(names, _ALIASES)
    if "phone" not in places:
        raise SheetError(
            f"no column has the numbers; right: one of {', '.join(_ALIASES['phone'][:5])}; "
            f"the header has {', '.join(header)}"
        )
    state = places.get("state")
    return Columns(
        places=places,
        ignored=tuple(cell for at, cell in enumerate(header) if at not in places.values()),
        says_sms=state is not None and names[state] in _SAYS_SMS,
    )


def places_of(names: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return where each fact stands.

    Args:
        names: of the columns, as `column_name` has them.
        aliases: for each fact the names that its column may have, the surest first.

    Raises:
        SheetError: two columns have the same name.
    """
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise SheetError(f"the header names {', '.join(twice)} twice; rename or remove one")
    found = {
        fact: next((name for name in known if name in names), None)
        for fact, known in aliases.items()
    }
    return {fact: names.index(name) for fact, name in found.items() if name is not None}


def column_name(cell: str) -> str:
    """Return a column's name as it is looked up: ``SMS Consent`` as ``sms_consent``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cell.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
