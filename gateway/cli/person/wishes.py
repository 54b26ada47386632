"""``shopbell person restrict``, ``unrestrict`` and ``object``; and how any wish is passed on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line
from gateway.cli.person.options import Actor, Number, Store

if TYPE_CHECKING:
    from gateway.settings import Settings


def restrict(
    number: Number,
    store: Store = None,
    by: Actor = "operator",
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Keep a person's data and do nothing with them: nothing is sent, nothing analysed."""
    _do("restrict", number, store, by, config, json=json)


def unrestrict(
    number: Number,
    store: Store = None,
    by: Actor = "operator",
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """End a restriction."""
    _do("unrestrict", number, store, by, config, json=json)


def object_(
    number: Number,
    store: Store = None,
    by: Actor = "operator",
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Note that a person objects: no marketing, and no profile, score or experiment any more."""
    _do("object", number, store, by, config, json=json)


def _do(action: str, number: str, store: str | None, by: str, config: Path, *, json: bool) -> None:
    from gateway.settings import load

    told = run_async(wish(load(config), action, number, store, by))
    if json:
        print_json(told)
    else:
        print_line(f"{action}: done at {', '.join(told['stores']) or 'no store: there is none'}")


async def wish(
    settings: Settings, action: str, number: str, store: str | None, by: str
) -> Mapping[str, Any]:
    """Have the gateway that runs do it, else do it on its database."""
    from gateway.app import offline_persons
    from gateway.cli.logs import without_logging
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.persons import ANSWER_WITHIN
    from gateway.control.seeking import number_at
    from gateway.dispatch.rights import RIGHTS

    e164 = number_at(settings, number, store)
    path = socket_path(settings.database.beside)
    fields = {"action": action, "number": e164, "store": store, "actor": by}
    try:
        told: Mapping[str, Any] = await ask(path, "person", answer_within=ANSWER_WITHIN, **fields)
    except NoGatewayError:
        with without_logging():
            async with offline_persons(settings) as desk:
                told = await desk.wish(e164, RIGHTS[action], store, by)
    return told
