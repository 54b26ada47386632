"""What of a configuration read again can be taken up while the gateway runs, and what cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Final, TypeVar

from gateway.settings.model import (
    SECTIONS,
    CarrierSettings,
    ModemSettings,
    Settings,
    StoreSettings,
)
from gateway.settings.pacing import Budgeted, LimitSettings
from gateway.settings.section import Section
from gateway.settings.sources import ARRAYS

_BUDGETS: Final = frozenset(Budgeted.model_fields)
_LIVE: Final = frozenset(
    {
        *_BUDGETS,
        *("rate", "jitter", "routes", "tags", "cost", "costs"),
        *("number", "country", "tariff_permits_bulk", "unique_recipient_limit", "receives"),
    }
)
"""Keys of a modem that may change while it runs."""

_LIVE_OF_CARRIER: Final = _BUDGETS | {"rate", "routes", "purposes", "cost", "costs"}

_LIVE_WHOLE: Final = ("store", "limit", "broker", "bridge", "retention", "alarms", "backup")
"""Sections that may change as a whole, or concern no gateway that runs."""

Entry = ModemSettings | CarrierSettings | StoreSettings | LimitSettings
Live = TypeVar("Live", ModemSettings, CarrierSettings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What came of comparing two configurations."""

    settings: Settings
    """What holds from now on: the old one with everything that may change taken from the new."""
    taken: tuple[str, ...]
    """What changed and is taken up, by name, such as ``[[modem]] m0 rate``."""
    refused: tuple[str, ...]
    """What changed and stays as it was until the gateway is started again."""


def compare(old: Settings, new: Settings) -> Changes:
    """Tell what of ``new`` a gateway that runs with ``old`` can take up.

    Stores and limits may come, go and change, and so may what is kept how long and copied where,
    and who is told of alarms; of a modem and of a carrier how it is used, but not what it is. What
    the broker's files are made of, and the bridge, concern no gateway that runs.
    """
    taken: dict[str, object] = {
        **{section: getattr(new, section) for section in _LIVE_WHOLE},
        "modem": tuple(_live(modem, new.modem, _LIVE) for modem in old.modem),
        "carrier": tuple(_live(one, new.carrier, _LIVE_OF_CARRIER) for one in old.carrier),
    }
    settings = old.model_copy(update=taken)
    return Changes(
        settings=settings,
        taken=tuple(_differences(old, settings)),
        refused=tuple(_differences(settings, new)),
    )


def is_live(section: str, key: str) -> bool:
    """Whether a change of a key is taken up by a gateway that runs."""
    live = {"modem": _LIVE, "carrier": _LIVE_OF_CARRIER}.get(section, frozenset[str]())
    return section in _LIVE_WHOLE or key in live


def _live(entry: Live, others: Sequence[Live], keys: Set[str]) -> Live:
    """Return an entry with what may change of it taken from the one of its name."""
    for other in others:
        if other.name == entry.name:
            return entry.model_copy(update={key: getattr(other, key) for key in keys})
    return entry


def _differences(old: Settings, new: Settings) -> Iterator[str]:
    for section in SECTIONS:
        before, after = getattr(old, section), getattr(new, section)
        if section in ARRAYS:
            yield from _entry_differences(section, before, after)
        else:
            yield from _section_differences(f"[{section}]", before, after)


def _entry_differences(
    section: str, before: Sequence[Entry], after: Sequence[Entry]
) -> Iterator[str]:
    olds = {entry.name: entry for entry in before}
    news = {entry.name: entry for entry in after}
    for name in olds | news:
        title = f"[[{section}]] {name}"
        yield from _section_differences(title, olds.get(name), news.get(name))


def _section_differences(
    title: str, before: Section | None, after: Section | None
) -> Iterator[str]:
    if before is None or after is None:
        if before is not after:
            yield f"{title} ({'added' if before is None else 'removed'})"
        return
    for key in type(before).model_fields:
        if getattr(before, key) != getattr(after, key):
            yield f"{title} {key}"
