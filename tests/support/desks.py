"""The desks about persons over a world, asked as commands, pages and the API ask them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from support.consoling import Console
from support.world import KEYS, World

from gateway.app.desks import PeopleDesks
from gateway.consent.retention import Periods
from gateway.control import Operation
from gateway.control.consents import ConsentDesk
from gateway.control.jobs import JobDesk
from gateway.control.persons import make_desk
from gateway.dispatch.rights import Reach
from gateway.settings import Settings, load
from gateway.web.console.live import Live
from gateway.web.console.pages import TOPICS

ONE_STORE = """
[gateway]
node = "box-1"
country = "GB"

[mqtt]
url = "mqtt://127.0.0.1:1"

[console]
listen = "127.0.0.1:8025"

[[store]]
name = "acme"
country = "GB"
timezone = "Europe/London"
consent_texts = "texts"
"""

BELA = """
[[store]]
name = "bela"
country = "DE"
timezone = "Europe/Berlin"
"""

WORDING = """
version = "v1"
language = "en"
purposes = ["marketing.offers"]
controller = "Acme Ltd, 1 High Street, London"
frequency = "at most 4 a month"
privacy_url = "https://acme.example/privacy"
text = "Yes, Acme may send me offers by text message, at most 4 a month."
"""


def settings_in(folder: Path, more: str = "") -> Settings:
    """Return settings of a box with the store acme and its wording."""
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    (folder / "texts" / "v1.en.toml").write_text(WORDING)
    file = folder / "shopbell.toml"
    file.write_text(ONE_STORE + more)
    return load(file)


def desk_operations(
    world: World, url: str, settings: Settings, keys: Sequence[bytes] = KEYS
) -> Mapping[str, Operation]:
    """Return what may be asked about persons, by name."""
    persons = make_desk(
        world.context,
        keys=keys,
        url=url,
        periods=Periods(),
        traces=None,
        reach=Reach(),
    )
    consents = ConsentDesk(world.context, world.admission)
    desks = PeopleDesks(lambda: settings, world.context, world.admission, persons, consents)
    return {**persons.operations(), **consents.operations(), **desks.operations()}


def over_world(console: Console, world: World, url: str, settings: Settings) -> Console:
    """Have a console ask the desks of a world, by the world's clock."""
    console.settings, console.clock = settings, world.clock
    jobs = JobDesk(world.admission, world.database)
    operations = {**desk_operations(world, url, settings), **jobs.operations()}
    console.house = replace(console.house, clock=world.clock, operations=operations)
    console.site.state.house = console.house
    console.site.state.live = Live(console.house, TOPICS)
    return console


class Asking:
    """Asks the desks of a world."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self.operations = operations

    async def __call__(self, op: str, /, **fields: object) -> Any:
        return await self.operations[op](fields)
