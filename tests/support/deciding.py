"""A shop that decides, over a real queue, with stand-ins for words, links and codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from support.known import put_person
from support.world import ACME, IDENTITIES, KEYS, RECIPIENT, World

from gateway.commerce.deciding import Decider, Message, Occasion, Shop, Voice
from gateway.commerce.experiments import Design
from gateway.db.commerce.decisions import Decision
from gateway.domain.errors import ContentError
from gateway.domain.ids import Campaign, PersonId
from gateway.domain.purpose import Purpose

PERSON = IDENTITIES.of(RECIPIENT)
LONDON = ZoneInfo("Europe/London")
ALL = Design(holdout=0)
"""Everybody gets the message."""


@dataclass(frozen=True)
class Words:
    """A text."""

    text: str


class FormatLibrary:
    """Templates in the form of `str.format`."""

    def __init__(self, **texts: str) -> None:
        self.texts = texts

    def says(self, name: str, locale: str | None, word: str) -> bool:
        return word in self.texts.get(name, "")

    def render(
        self,
        name: str,
        locale: str | None,
        values: Mapping[str, object],
        *,
        zone: ZoneInfo,
        shorten: Callable[[str, str | None], str],
    ) -> Words:
        if name not in self.texts:
            raise ContentError(f"there is no template {name!r}")
        link = shorten("https://shop.example/x", None) if "{link}" in self.texts[name] else ""
        return Words(self.texts[name].format(**values, link=link, locale=locale))


@dataclass
class Desk:
    """Gives links and codes, and notes for whom."""

    codes: list[str] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    ways_out: list[dict[str, Any]] = field(default_factory=list)
    has_ways_out: bool = True
    members: dict[str, set[PersonId]] = field(default_factory=dict)

    def shorten(self, connection: Connection, url: str, **about: Any) -> str:
        self.links.append({"url": url} | about)
        return f"s.example/l/{len(self.links)}"

    def opt_out(self, connection: Connection, **about: Any) -> str | None:
        self.ways_out.append(about)
        return f"s.example/l/out{len(self.ways_out)}" if self.has_ways_out else None

    def give(
        self, connection: Connection, pool: str, **about: Any
    ) -> tuple[str, datetime | None] | None:
        return (self.codes.pop(0), None) if self.codes else None

    def belongs(
        self, connection: Connection, store: str, where: str, person: PersonId, now: datetime
    ) -> bool:
        return person in self.members[where]


@dataclass
class Deciding:
    """What a test of decisions touches."""

    world: World
    library: FormatLibrary = field(
        default_factory=lambda: FormatLibrary(hello="Hello {first_name}!", link="See {link}")
    )
    desk: Desk = field(default_factory=Desk)
    keys: list[bytes] = field(default_factory=lambda: list(KEYS))

    def __post_init__(self) -> None:
        shop = Shop(voice=Voice(brand="Acme"), zone=LONDON, library=self.library)
        self.decider = Decider(
            {ACME: shop},
            identities=IDENTITIES,
            key=KEYS[-1],
            gate=self.world.context.gate,
            admission=self.world.admission,
            links=self.desk,
            coupons=self.desk,
            belongs=self.desk.belongs,
        )

    async def know(self, number: str = RECIPIENT, **facts: Any) -> None:
        """Let the store know a person."""
        person, at = IDENTITIES.of(number), self.world.clock.now() - timedelta(days=1)
        told = {"first_name": "Ada", **facts}
        await self.world.database.write(
            lambda connection: put_person(connection, ACME, person, number, at, **told)
        )

    async def decide(self, **fields: Any) -> Decision:
        """Decide for an occasion."""
        occasion, now = an_occasion(**fields), self.world.clock.now()
        self.world.admission.look()
        made = await self.world.database.write(
            lambda connection: self.decider.decide(connection, occasion, now)
        )
        self.world.admission.notify()
        return made


def an_occasion(**fields: Any) -> Occasion:
    """An occasion of the store acme, to say hello to everybody."""
    message = {"template": "hello", "purpose": Purpose.MARKETING} | fields.pop("message", {})
    values: dict[str, Any] = {
        "store": ACME,
        "campaign": Campaign("campaign.hello"),
        "trigger": "once",
        "person": PERSON,
        "message": Message(**message),
        "design": ALL,
    }
    return Occasion(**(values | fields))
