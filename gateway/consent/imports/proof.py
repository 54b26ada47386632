"""What proves a consent: a wording, the answer to a double opt-in, a sale (G-1, E-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.consent.imports.said import RowError, Said
from gateway.consent.imports.words import is_yes, read_level
from gateway.consent.texts import TextRegistry, Wording, digest_of
from gateway.domain.consent import Basis
from gateway.domain.place import place_of

IMPLIED: Final = timedelta(days=2 * 365)
"""How long a consent that a purchase implies lasts in Canada (CA-1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """Whether the person answered a message to this very number."""

    at: datetime | None
    """When; None when nothing proves that they did."""
    evidence: dict[str, object]
    unproved: bool
    """Whether the row claims it all the same."""


def find_wording(said: Said, purposes: Sequence[str], basis: Basis) -> Wording | None:
    """Return the wording that was agreed to; a customer's notice needs none of its own.

    Raises:
        RowError: it is not told which, or it does not ask for the purposes.
    """
    text = said.text("text")
    if text is not None:
        return _own_wording(said, text)
    if basis is Basis.SOFT_OPT_IN and not {"text_version", "text_digest"} & set(said.facts):
        return None
    return _known_wording(said, purposes)


def _known_wording(said: Said, purposes: Sequence[str]) -> Wording:
    texts, version = said.form.texts, said.text("text_version")
    digest = (said.text("text_digest") or "").lower()
    known = texts.find(version, said.text("language")) if version else texts.by_digest(digest)
    if known is None and version is not None and not texts.versions:
        return Wording(
            version=said.kept("text_version"),
            digest=digest or None,
            language=said.text("language"),
            text=None,
        )
    if known is None:
        raise RowError("text_version", _which(version, said.text("language"), texts))
    if digest and digest != known.digest:
        raise RowError("text_digest", f"is not that of text {known.version}; was it edited?")
    strange = [purpose for purpose in purposes if purpose not in known.purposes]
    if strange:
        asked = ", ".join(known.purposes)
        reason = f"{strange[0]} is none that text {known.version} asks for; it asks for {asked}"
        raise RowError("purpose", reason)
    return Wording(
        version=known.version, digest=known.digest, language=known.language, text=known.text
    )


def _which(version: str | None, language: str | None, texts: TextRegistry) -> str:
    there = ", ".join(texts.versions)
    offer = f"the store's texts are {there}" if there else "the store has none: see consent_texts"
    if version is None:
        return f"and text are missing; right: the wording that was agreed to; {offer}"
    known = texts.languages(version)
    if known:
        asked = "needs a language" if language is None else f"is not written in {language[:12]}"
        return f"{version[:64]} {asked}; it is in {', '.join(known)}"
    return f"is no text of the store; {offer}; right: one of them, or text with the wording"


def _own_wording(said: Said, text: str) -> Wording:
    version, language, digest = map(said.text, ("text_version", "language", "text_digest"))
    found = digest_of(text)
    if digest is not None and digest.lower() != found:
        raise RowError("text_digest", "is not the SHA-256 of text")
    known = said.form.texts.find(version, language) if version else None
    if known is not None and known.digest != found:
        raise RowError("text", f"is not what version {known.version} says; give it its own version")
    if language is None:
        raise RowError("language", "is missing; right: that of the text, as de")
    return Wording(version=version, digest=found, language=language, text=text.strip())


def find_confirmation(said: Said, at: datetime) -> Confirmation:
    """Return what proves a double opt-in: when the person answered, and by which message.

    Args:
        said: the row.
        at: when the person asked for it.

    Raises:
        RowError: its instants cannot be.
    """
    confirmed_at = said.instant("confirmed_at")
    claimed = said.read("opt_in_level", read_level) or confirmed_at is not None
    if confirmed_at is None or not ("confirmation_id" in said or "smsc_at" in said):
        return Confirmation(at=None, evidence={}, unproved=bool(claimed))
    if confirmed_at < at:
        raise RowError("confirmed_at", "is before consented_at; right: when the person answered")
    instants = {key: said.instant(key) for key in ("confirmed_at", "prompted_at", "smsc_at")}
    names = {key: said.kept(key) for key in ("confirmation_id", "prompt_id", "evidence_url")}
    proof: dict[str, object] = {key: one.isoformat() for key, one in instants.items() if one}
    proof |= {key: name for key, name in names.items() if name}
    return Confirmation(at=confirmed_at, evidence=proof, unproved=False)


def find_sale(said: Said) -> dict[str, object]:
    """Return what a soft opt-in stands on (E-1): a paid order, its products, the notice shown.

    Raises:
        RowError: one of them is missing.
    """
    order = said.kept("order")
    if order is None or not is_yes(said.text("order_paid") or "no"):
        reason = "and order_paid are needed for a soft opt-in: an account or a cart is no sale"
        raise RowError("order", reason)
    categories = [one.strip() for one in (said.text("categories") or "").split("+") if one.strip()]
    if not categories:
        raise RowError("categories", "is missing: a soft opt-in holds for similar products only")
    notice = said.kept("notice")
    if notice is None or not is_yes(notice):
        raise RowError("notice", "is missing: was an opt-out offered with the order? right: yes")
    return {"order": order, "categories": categories, "notice": notice}


def find_end(said: Said, at: datetime, basis: Basis) -> datetime | None:
    """Return when a consent ends by itself; None when it does not (CA-1).

    Raises:
        RowError: it has ended.
    """
    until = said.coming("until")
    if basis is Basis.SOFT_OPT_IN and place_of(said.number).country == "CA":
        until = min(until or at + IMPLIED, at + IMPLIED)
    if until is not None and until <= said.form.now:
        raise RowError("until", f"is past: the consent ended on {until:%Y-%m-%d}")
    return until
