"""Reads a campaign's file. Pure.

Docs: ``docs/commerce/campaigns.md`` has each key; a test compares.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gateway.commerce.campaigns.spec import DEFAULT_PATIENCE, Approval, Canary, Spec, Timing
from gateway.commerce.deciding.reading import read_design, read_message, require_name
from gateway.domain.content import Fields
from gateway.domain.errors import ContentError

MOST_CANARIES: Final = 20
"""Own numbers; more are an audience."""

_LEAST_PATIENCE: Final = timedelta(minutes=1)


def parse_campaign(name: str, text: str, zone: ZoneInfo) -> Spec:
    """Return the campaign that a file describes.

    Args:
        name: of the file, without its ending.
        text: what it says.
        zone: of the store, for instants without an offset.

    Raises:
        ContentError: it is none; without the file, which the caller knows.
    """
    require_name(name, "campaign")
    fields = Fields.of(text)
    segment, where = _persons(fields)
    message = read_message(fields)
    spec = Spec(
        name=name,
        segment=segment,
        where=where,
        message=replace(message, sale_ends=fields.instant("sale_ends", zone)),
        design=read_design(fields, message.purpose),
        timing=fields.word("timing", Timing, Timing.NOW),
        start=fields.instant("start", zone),
        deadline=fields.instant("deadline", zone),
        canary=_canary(fields.table("canary")),
    )
    fields.end()
    _require_times(spec)
    return spec


def _persons(fields: Fields) -> tuple[str | None, str | None]:
    segment, where = fields.text("segment"), fields.text("where")
    if (segment is None) is (where is None):
        both = "is said beside where" if segment else "is missing"
        right = 'write either segment = "vip", a name of segments.toml, or where = "orders > 3"'
        raise fields.fault("segment", f"{both}; {right}")
    return segment, where


def _canary(fields: Fields | None) -> Canary | None:
    if fields is None:
        return None
    numbers = fields.texts("numbers")
    if not 1 <= len(set(numbers)) <= MOST_CANARIES:
        right = f'write your own numbers, 1 to {MOST_CANARIES}, as numbers = ["+44…"]'
        raise fields.fault("numbers", f"has {len(set(numbers))} numbers; {right}")
    patience = fields.duration("patience")
    if patience is not None and patience < _LEAST_PATIENCE:
        raise fields.fault("patience", 'is too short to be looked at; write one such as "2h"')
    canary = Canary(
        numbers=tuple(dict.fromkeys(numbers)),
        approval=fields.word("approval", Approval, Approval.DELIVERED),
        patience=DEFAULT_PATIENCE if patience is None else patience,
    )
    fields.end()
    return canary


def _require_times(spec: Spec) -> None:
    """Pass when a campaign begins before it ends, and each message has one time."""
    for key, end in (("deadline", spec.deadline), ("sale_ends", spec.sale_ends)):
        if spec.start is not None and end is not None and end <= spec.start:
            raise ContentError(f"is {end:%Y-%m-%d %H:%M} UTC, not after start", place=key)
    timed = [arm.name for arm in spec.design.arms if arm.delay or arm.hour is not None]
    if timed and spec.timing is not Timing.NOW:
        reason = f'is "{spec.timing}", and the arm {timed[0]} has a time of its own; say which'
        raise ContentError(reason, place="timing")
