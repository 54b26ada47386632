"""What must be there before a campaign can be launched: its words, whom it is about, its codes.

Pure, but for what is counted in the database.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gateway.commerce.campaigns.loading import FOLDER, Campaigns
from gateway.commerce.campaigns.spec import Spec
from gateway.commerce.coupons import Pool
from gateway.commerce.segments import Segment
from gateway.commerce.templates import Library
from gateway.consent.identity import Identities
from gateway.db.commerce.coupons import free_codes
from gateway.db.persons import find_person
from gateway.domain.content import standing_in
from gateway.domain.errors import ContentError, RejectedError
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.phone import PhoneNumberError, parse_phone

_SPARE: Final = 4
"""Standard deviations that are kept of a pool that several arms share by chance."""


class Says(Protocol):
    """What a shop's folder says, as far as campaigns lean on it; `gateway.commerce.content`."""

    @property
    def store(self) -> StoreName:
        """Whose it is."""
        ...

    @property
    def folder(self) -> Path | None:
        """Where it is read; None: nowhere."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """Of the store."""
        ...

    @property
    def country(self) -> str:
        """Of the store."""
        ...

    @property
    def campaigns(self) -> Campaigns:
        """Its campaigns, and what is wrong with others."""
        ...

    @property
    def segments(self) -> Mapping[str, Segment]:
        """Its segments, by name."""
        ...

    @property
    def pools(self) -> Mapping[str, Pool]:
        """Its pools of coupons, by name."""
        ...

    @property
    def library(self) -> Library:
        """Its templates."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A campaign that can be launched, as far as its files go."""

    store: StoreName
    spec: Spec
    segment: Segment
    zone: ZoneInfo
    country: str
    pools: Mapping[str, Pool] = field(default_factory=dict)

    @property
    def arms(self) -> Iterator[tuple[str, str, str | None]]:
        """Each arm's name, template and pool."""
        message = self.spec.message
        for arm in self.spec.design.arms:
            yield arm.name, arm.template or message.template, arm.coupon or message.coupon


def prepare(content: Says, name: str, now: datetime) -> Prepared:
    """Return a campaign of a shop's folder that its files have all for.

    Raises:
        ContentError: its file, or what it names, is not there or cannot be read.
        RejectedError: it would be over before it begins.
    """
    spec = find_spec(content.campaigns, content.store, name)
    made = _complete(content, spec)
    if spec.ends_at <= now:
        reason = f"{spec.name} ended at {spec.ends_at:%Y-%m-%d %H:%M} UTC"
        raise RejectedError("campaign_over", reason, field="sale_ends")
    return made


def missing(content: Says) -> list[ContentError]:
    """Return what campaigns of a shop's folder name that is not there, one fault for each."""
    faults: list[ContentError] = []
    for spec in content.campaigns.specs.values():
        try:
            _complete(content, spec)
        except ContentError as fault:
            faults.append(fault)
    return faults


def _complete(content: Says, spec: Spec) -> Prepared:
    """Return a campaign that has all that it names.

    Raises:
        ContentError: something is not there; the file is told.
    """
    with standing_in((content.folder or Path()) / FOLDER / f"{spec.name}.toml"):
        return _find_all(content, spec)


def _find_all(content: Says, spec: Spec) -> Prepared:
    made = Prepared(
        store=content.store,
        spec=spec,
        segment=_segment(content, spec),
        zone=content.zone,
        country=content.country,
        pools=content.pools,
    )
    for arm, template, pool in made.arms:
        if not content.library.languages(template):
            raise _unknown(f"arm {arm}: template", template, content.library.names)
        if pool is not None and pool not in content.pools:
            raise _unknown(f"arm {arm}: coupon", pool, list(content.pools))
    for one in spec.design.arms:
        if one.where is not None:
            Segment.parse(one.where, known=content.segments)
    return made


def find_spec(campaigns: Campaigns, store: StoreName, name: str) -> Spec:
    """Return the campaign of a name, or say why there is none.

    Raises:
        ContentError: its file cannot be read, or there is none.
    """
    for fault in campaigns.faults:
        if fault.file is not None and fault.file.stem == name:
            raise fault
    if name not in campaigns.specs:
        known = ", ".join(sorted(campaigns.specs)) or "none"
        raise ContentError(f"{store} has no campaign {name!r}; there are: {known}")
    return campaigns.specs[name]


def _segment(content: Says, spec: Spec) -> Segment:
    if spec.where is not None:
        return Segment.parse(spec.where, known=content.segments)
    named = str(spec.segment)
    if named not in content.segments:
        raise _unknown("segment", named, list(content.segments))
    return content.segments[named]


def _unknown(place: str, name: str, known: list[str]) -> ContentError:
    there = ", ".join(sorted(known)) or "none"
    return ContentError(f"there is no {name!r}; there are: {there}", place=place)


def canaries_of(
    connection: Connection, prepared: Prepared, identities: Identities
) -> list[PersonId]:
    """Return who the own numbers of a campaign are.

    Raises:
        RejectedError: one is no number, or of nobody whom the store knows.
    """
    canary = prepared.spec.canary
    found: list[PersonId] = []
    for place, written in enumerate(() if canary is None else canary.numbers, 1):
        try:
            number = parse_phone(written, prepared.country)
        except PhoneNumberError as error:
            raise _canary(place, str(error)) from None
        person = find_person(connection, prepared.store, identities.all_of(number))
        if person is None:
            raise _canary(
                place,
                "is of nobody whom the store knows; record that it may be written to: "
                "`shopbell consent grant`",
            )
        found.append(person.person)
    return found


def _canary(place: int, reason: str) -> RejectedError:
    """Return a refusal of the canary in a place; its number is not told."""
    return RejectedError("canary", f"canary number {place} {reason}", field="canary")


def require_codes(connection: Connection, prepared: Prepared, persons: int) -> None:
    """Pass when the pools have a code for each who may get one.

    Raises:
        RejectedError: one has too few.
    """
    for pool, most in _codes(prepared, persons).items():
        if prepared.pools[pool].file is None:  # made as they are given
            continue
        free = free_codes(connection, prepared.store, pool, most)
        if free < most:
            raise RejectedError(
                "pool_too_small",
                f"the pool {pool!r} has {free:,} codes left, and {most:,} may be given; "
                "add codes to its file",
                field="coupon",
            )


def _codes(prepared: Prepared, persons: int) -> Mapping[str, int]:
    """Return how many codes of each pool may be given: those of the draw, and some to spare."""
    shares: dict[str, float] = defaultdict(float)
    design = prepared.spec.design
    drawn = design.shares([arm.name for arm in design.arms])
    for arm, _, pool in prepared.arms:
        if pool is not None:
            # Who may not be given other arms adds to this one: with conditions nobody knows.
            where = any(one.where is not None for one in design.arms)
            shares[pool] += (1 - design.holdout) if where else drawn[arm]
    spare = {pool: _SPARE * math.sqrt(persons * s * max(0.0, 1 - s)) for pool, s in shares.items()}
    return {
        pool: min(persons, math.ceil(persons * share + spare[pool]))
        for pool, share in shares.items()
    }
