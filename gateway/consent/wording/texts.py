"""The texts of consent: what each has to say (COMPLIANCE.md G-4, E-1, US-4, US-7, US-8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.consent.wording.draft import Draft, Kind
from gateway.consent.wording.finding import Finding, Severity
from gateway.consent.wording.sender import names_sender


@dataclass(frozen=True, kw_only=True, slots=True)
class _Slot:
    """One thing that has to be said."""

    what: str
    remedy: str
    rules: tuple[str, ...]
    carriers: bool = False
    """Whether only American carriers ask for it."""


_SLOTS: Final[Mapping[str, _Slot]] = {
    "brand": _Slot(
        what="who writes", remedy="name the store by its brand", rules=("G-4", "E-2", "US-8")
    ),
    "marketing": _Slot(
        what="what is sent",
        remedy="say what it is for, such as offers and news",
        rules=("G-4", "US-8"),
    ),
    "frequency": _Slot(
        what="how often",
        remedy="say how often, such as up to 4 messages a month",
        rules=("G-4", "US-8"),
    ),
    "rates": _Slot(
        what="what it costs",
        remedy="say that message and data rates may apply",
        rules=("US-8",),
        carriers=True,
    ),
    "opt_out": _Slot(
        what="how to end it", remedy="say how, such as reply STOP", rules=("E-2", "US-8")
    ),
    "help": _Slot(
        what="where help is", remedy="say how, such as reply HELP", rules=("US-8",), carriers=True
    ),
    "unconditional": _Slot(
        what="that one may buy without it",
        remedy="say that consent is not a condition of purchase",
        rules=("US-7",),
        carriers=True,
    ),
    "privacy": _Slot(
        what="where the privacy notice is", remedy="link it, and name it", rules=("G-4", "US-8")
    ),
    "agree": _Slot(
        what="how to confirm", remedy="say what to answer, such as YES", rules=("DE-1", "US-8")
    ),
    "contact": _Slot(
        what="where a person is reached",
        remedy="give an address, a link or a number",
        rules=("US-8",),
    ),
}

_REQUIRED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.MESSAGE: (),
    Kind.DISCLOSURE: (
        "brand", "marketing", "frequency", "rates", "opt_out", "help", "unconditional", "privacy",
    ),
    Kind.OPTIN_PROMPT: ("brand", "agree"),
    Kind.OPTIN_CONFIRM: ("brand", "frequency", "rates", "opt_out", "help"),
    Kind.HELP: ("brand", "contact", "opt_out"),
    Kind.STOP_CONFIRM: ("brand",),
}  # fmt: skip


def judge_slots(draft: Draft) -> Iterator[Finding]:
    """Find what a text of consent leaves out."""
    for name in _REQUIRED[draft.kind]:
        slot = _SLOTS[name]
        if not (slot.carriers and not draft.asks.carrier_rules) and not _says(draft, name):
            yield Finding(
                id=f"{name}_missing",
                severity=Severity.ERROR,
                what=f"the text does not say {slot.what}",
                remedy=slot.remedy,
                rules=slot.rules,
            )


def _says(draft: Draft, slot: str) -> bool:
    if slot == "brand":
        return names_sender(draft)
    if slot == "contact":
        return bool(draft.links) or any(map(str.isdigit, draft.text)) or "@" in draft.text
    return draft.has(slot)
