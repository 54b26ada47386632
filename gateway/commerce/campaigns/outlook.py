"""What a campaign would be, before it is launched: who gets what, and when the last would be out.

The forecast itself is `gateway.dispatch.forecast`'s; here it is asked, with one text for each arm
and language, about those who would be given it. Of very many persons an even sample stands for all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.campaigns.launching import Members
from gateway.commerce.campaigns.preparing import Prepared
from gateway.commerce.campaigns.spec import Spec
from gateway.commerce.deciding import Occasion, Shop
from gateway.commerce.deciding.ports import Belongs
from gateway.commerce.deciding.recipient import Recipient, find_recipient, locale_of
from gateway.commerce.deciding.timing import goes_at
from gateway.commerce.deciding.words import words_of
from gateway.commerce.experiments import Arm, draw
from gateway.consent.identity import Identities
from gateway.dispatch.forecast.forecast import Forecast
from gateway.dispatch.forecast.question import Question
from gateway.domain.errors import RejectedError

SAMPLE: Final = 20_000
"""Persons who are looked at one by one, at most: about a minute."""

LINK: Final = "s.example/l/AbCdEf123456"
"""A short link as long as they get, for the parts that a text takes."""

CODE: Final = "SAVE-ABCDEF"
"""A coupon's code, likewise."""

NO_ARM: Final = "no_arm"

Ask = Callable[[Connection, Sequence[Question]], Forecast]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """What an outlook leans on.

    Attributes:
        shop: words messages.
        members: who is in the segment.
        belongs: who may be given an arm.
        identities: who a number is.
        key: of the draws.
    """

    shop: Shop
    members: Members
    belongs: Belongs
    identities: Identities
    key: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What a campaign would be."""

    name: str
    persons: int
    """In the segment."""
    each: int
    """Persons that each who was looked at stands for; 1 where all were."""
    held: int
    """Left alone, to compare with."""
    arms: Mapping[str, int]
    """Persons by arm, whether they may be written to or not."""
    left_out: Mapping[str, int]
    """Who is given nothing, by reason."""
    texts: Mapping[str, str]
    """By arm, what one of its persons would read."""
    forecast: Forecast

    @property
    def late(self) -> int:
        """Messages that would not be out in time."""
        return self.forecast.expired + self.forecast.unserved

    @property
    def late_share(self) -> float:
        """Of those who may be written to, from 0 to 1."""
        return self.late / self.forecast.persons if self.forecast.persons else 0.0


@dataclass(kw_only=True, slots=True)
class _Drawn:
    """Who is given what, of those who were looked at."""

    looked: int = 0
    held: int = 0
    arms: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    numbers: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    """By arm and language of the text."""
    texts: dict[tuple[str, str], str] = field(default_factory=dict)


def look_out(
    connection: Connection, prepared: Prepared, asker: Asker, ask: Ask, now: datetime
) -> Outlook:
    """Return what a campaign would be if it were launched now.

    Args:
        connection: for reading.
        prepared: the campaign.
        asker: who is in it, and what they would read.
        ask: answers what becomes of texts.
        now: the current instant, UTC.

    Raises:
        ContentError: there is nothing to say to somebody.
        RejectedError: the segment is empty.
    """
    persons = sum(1 for _ in asker.members(connection, prepared, now))
    if not persons:
        reason = f"{prepared.spec.name} is about nobody: its segment is empty"
        raise RejectedError("empty_segment", reason, field="segment")
    each = -(-persons // SAMPLE)
    drawn = _Drawn()
    for person in islice(asker.members(connection, prepared, now), 0, None, each):
        found = find_recipient(connection, prepared.store, person, asker.identities, prepared.zone)
        _draw(connection, prepared, asker, found, drawn, now)
    found_forecast = ask(connection, list(_questions(prepared, drawn, each, now)))
    return Outlook(
        name=prepared.spec.name,
        persons=persons,
        each=each,
        held=drawn.held * each,
        arms=_times(drawn.arms, each),
        left_out=_times(drawn.left_out, each),
        texts=_text_of_each(drawn),
        forecast=found_forecast,
    )


def require_in_time(outlook: Outlook, spec: Spec) -> None:
    """Pass when a sale's messages would all be out before its end.

    Raises:
        RejectedError: they would not.
    """
    if spec.sale_ends is not None and outlook.late:
        last = spec.sale_ends.strftime("%Y-%m-%d %H:%M UTC")
        raise RejectedError(
            "too_late",
            f"{outlook.late:,} of {outlook.forecast.persons:,} messages would not be out before "
            f"the sale ends at {last}; start earlier, add lines, or say --even-if-late",
            field="sale_ends",
        )


def require_lines(outlook: Outlook) -> None:
    """Pass when there is a line that may send it.

    Raises:
        RejectedError: there is none; it says why as far as it is known.
    """
    found = outlook.forecast
    barred = found.refused.get("policy", 0)
    if found.messages or not (found.unserved or barred):
        return
    raise RejectedError(
        "no_line",
        "no line may send this: see `shopbell modems`, and `shopbell modem permit` for what a "
        "SIM's contract must allow",
        field="template",
    )


def _draw(
    connection: Connection,
    prepared: Prepared,
    asker: Asker,
    found: Recipient | None,
    drawn: _Drawn,
    now: datetime,
) -> None:
    drawn.looked += 1
    if found is None:
        drawn.left_out["unknown_person"] += 1
        return
    spec, store, person = prepared.spec, prepared.store, found.record.person
    given = draw(
        spec.design,
        key=asker.key,
        store=store,
        experiment=spec.campaign,
        person=found.drawn_as,
        eligible=[
            arm.name
            for arm in spec.design.arms
            if arm.where is None or asker.belongs(connection, store, arm.where, person, now)
        ],
    )
    if given is None:
        drawn.left_out[NO_ARM] += 1
        return
    if given.held_out:
        drawn.held += 1
        return
    arm = spec.design.arm(given.arm)
    drawn.arms[arm.name] += 1
    _word(connection, prepared, asker, found, arm, drawn)


def _word(
    connection: Connection,
    prepared: Prepared,
    asker: Asker,
    found: Recipient,
    arm: Arm,
    drawn: _Drawn,
) -> None:
    """Note the number under arm and language; the first of each says how long the text is."""
    template = arm.template or prepared.spec.message.template
    language = locale_of(found.record) or ""
    kind = (arm.name, language)
    drawn.numbers[kind].append(found.record.number)
    if kind not in drawn.texts:
        drawn.texts[kind] = _text(connection, prepared, asker, found, template)


def _text(
    connection: Connection, prepared: Prepared, asker: Asker, found: Recipient, template: str
) -> str:
    spec, record = prepared.spec, found.record
    occasion = Occasion(
        store=prepared.store,
        campaign=spec.campaign,
        trigger=record.person,
        person=record.person,
        message=spec.message,
        design=spec.design,
        expires_at=spec.ends_at,
    )
    words = words_of(connection, occasion, record, asker.shop.voice)
    written = asker.shop.library.render(
        template,
        locale_of(record),
        {**words, "coupon": CODE, "coupon_expires_at": spec.sale_ends, "opt_out_url": LINK},
        zone=found.zone,
        shorten=lambda *_: LINK,
    )
    return written.text


def _questions(prepared: Prepared, drawn: _Drawn, each: int, now: datetime) -> Iterable[Question]:
    spec = prepared.spec
    begins = max(now, spec.start or now)
    for (name, language), numbers in drawn.numbers.items():
        starts_at = goes_at(spec.design.arm(name), begins, prepared.zone)
        yield Question(
            store=prepared.store,
            country=prepared.country,
            purpose=spec.message.purpose,
            text=drawn.texts[name, language],
            recipients=numbers,
            each=each,
            scope=spec.message.scope,
            category=spec.message.category,
            campaign=spec.campaign,
            starts_at=starts_at,
            expires_at=spec.ends_at,
        )


def _times(counts: Counter[str], each: int) -> Mapping[str, int]:
    return {name: count * each for name, count in counts.most_common()}


def _text_of_each(drawn: _Drawn) -> Mapping[str, str]:
    """Return one text of each arm: that which most of its persons would read."""
    most = sorted(drawn.numbers, key=lambda kind: len(drawn.numbers[kind]))
    return {name: drawn.texts[name, language] for name, language in most}
