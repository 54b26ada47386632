"""A row of a file as events for the ledger, or the reason why it is none.

A row that says yes has to prove it: to what, when, where, to which wording (COMPLIANCE.md
G-1, G-2). A row that says no is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from gateway.consent.imports.instants import RIGHT
from gateway.consent.imports.proof import find_confirmation, find_end, find_sale, find_wording
from gateway.consent.imports.said import Form, RowError, Said
from gateway.consent.imports.words import (
    ACTIONS,
    NOTHING,
    PENDING,
    consented,
    is_sms,
    is_yes,
    narrow_purposes,
    read_basis,
    read_purposes,
    word,
)
from gateway.consent.texts import Wording
from gateway.domain.consent import ALL, MARKETING, Action, Basis, ConsentEvent, Method
from gateway.domain.ids import PersonId

T = TypeVar("T")

_MAX_POSTAL_CODE: Final = 16
_MAX_LANGUAGE: Final = 35
"""Characters that the database keeps of them."""

_WHOLE: Final = {Action.OBJECTED: MARKETING, Action.DEACTIVATED: ALL}
"""What ends beside a withdrawal, and of which purpose it always is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """A row that is taken, as far as the file can tell."""

    line: int
    number: str
    """E.164."""
    persons: tuple[PersonId, ...]
    """The fingerprints of the number: under the key in use and under former ones."""
    events: tuple[ConsentEvent, ...]
    dated: bool = True
    """Whether the row says when; a no without an instant has that of the import."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What is kept of the person for the rules, see `gateway.db.persons`; only with a yes."""
    wording: Wording | None = None
    unproved: bool = False
    """Whether it claims a double opt-in that it does not prove, and so counts as a single one."""


def read_row(line: int, facts: Mapping[str, str], form: Form) -> Brought | None:
    """Return what a row brings; None when it says that the person never consented.

    Args:
        line: where it stands.
        facts: what it says, by fact, see `gateway.consent.imports.columns`.
        form: what holds for all rows.

    Raises:
        RowError: it is refused.
    """
    if facts.get("store", form.store) != form.store:
        raise RowError("store", f"is another than {form.store}; import it under its own --store")
    state = word(facts.get("state", ""))
    if state in NOTHING:
        return None
    action = _action(state)
    if action is Action.GRANTED:
        return _yes(Said(line, {**form.stated, **facts}, form))
    return _no(Said(line, facts, form), action)


def _action(state: str) -> Action:
    if not state:
        raise RowError("state", "is missing; right: subscribed or unsubscribed")
    if state in PENDING:
        reason = "is a question that nobody answered; ask anew: shopbell consent request"
        raise RowError("state", reason)
    action = ACTIONS.get(state)
    if action is None:
        raise RowError("state", "is no state; right: subscribed or unsubscribed")
    return action


def _no(said: Said, action: Action) -> Brought:
    """Take back what the row names, else all marketing; what cannot be read keeps no no away."""
    at = _believed(lambda: said.instant("at"))
    source = _believed(lambda: said.kept("source"))
    whole = _WHOLE.get(action)
    named = _believed(lambda: said.read("purpose", read_purposes))
    purposes = (whole,) if whole else named or (MARKETING,)
    events = tuple(
        ConsentEvent(
            store=said.form.store,
            person=said.persons[0],
            purpose=purpose,
            action=action,
            method=Method.IMPORT,
            at=at or said.form.now,
            source=source or said.form.source,
            actor=said.form.actor,
            evidence={**said.form.evidence, "line": said.line},
        )
        for purpose in purposes
    )
    return Brought(
        line=said.line,
        number=said.number,
        persons=said.persons,
        events=events,
        dated=at is not None,
    )


def _believed(read: Callable[[], T | None]) -> T | None:
    try:
        return read()
    except RowError:
        return None


def _yes(said: Said) -> Brought:
    _check_channel(said)
    purposes = _granted(said)
    at = said.instant("at")
    if at is None:
        raise RowError("at", f"is missing; right: {RIGHT}")
    basis = said.read("basis", read_basis) or Basis.CONSENT
    wording = find_wording(said, purposes, basis)
    confirmation = find_confirmation(said, at)
    sale = find_sale(said) if basis is Basis.SOFT_OPT_IN else {}
    evidence = {**_collected(said), **sale, **confirmation.evidence}
    events = tuple(
        ConsentEvent(
            store=said.form.store,
            person=said.persons[0],
            purpose=purpose,
            action=Action.GRANTED,
            method=Method.IMPORT,
            at=confirmation.at or at,
            basis=basis,
            confirmed=confirmation.at is not None,
            until=find_end(said, at, basis),
            text_version=wording.version if wording else None,
            text_digest=wording.digest if wording else None,
            language=wording.language if wording else None,
            source=said.kept("source") or said.form.source,
            actor=said.form.actor,
            evidence=evidence,
        )
        for purpose in purposes
    )
    return Brought(
        line=said.line,
        number=said.number,
        persons=said.persons,
        events=events,
        facts=_facts(said),
        wording=wording,
        unproved=confirmation.unproved,
    )


def _check_channel(said: Said) -> None:
    channel = said.text("channel")
    if channel is None and not said.form.says_sms:
        raise RowError(
            "channel", "is missing: e-mail's consent is none for text messages; right: sms"
        )
    if channel is not None and not is_sms(channel):
        raise RowError("channel", "is not text messages; right: sms")


def _granted(said: Said) -> tuple[str, ...]:
    purposes = said.read("purpose", read_purposes)
    if not purposes:
        raise RowError("purpose", f"is missing; right: {narrow_purposes()}")
    try:
        return consented(purposes)
    except ValueError as error:
        raise RowError("purpose", str(error)) from None


def _collected(said: Said) -> dict[str, object]:
    evidence: dict[str, object] = {**said.form.evidence, "line": said.line}
    method = said.kept("method")
    if method is not None:
        evidence["collected_by"] = method
    if said.form.stated:
        evidence["stated_by_operator"] = sorted(said.form.stated)
    return evidence


def _facts(said: Said) -> dict[str, object]:
    facts: dict[str, object] = {
        "postal_code": said.read("postal_code", _postal_code),
        "timezone": said.read("timezone", _timezone),
        "language": said.read("language", _language),
        "country": said.country if "country" in said else None,
        "minor": is_yes(said.text("minor") or "no") if "minor" in said else None,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _postal_code(text: str) -> str:
    if len(text) > _MAX_POSTAL_CODE:
        raise ValueError(f"has more than {_MAX_POSTAL_CODE} characters")
    return text


def _language(text: str) -> str:
    if len(text) > _MAX_LANGUAGE:
        raise ValueError("is no language; right: one such as de")
    return text


def _timezone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, KeyError):
        raise ValueError(
            "is no zone of the tz database; right: one such as Europe/London"
        ) from None
