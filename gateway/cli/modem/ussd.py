"""``shopbell modem ussd``: asks the network's menus over one modem, the balance for instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.settings import Settings

PATIENCE: Final = 600.0
"""Seconds for a running gateway's answer: a message that is under way comes first, and each form
of the request and each reply has its own time."""


def ussd(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The modem, as configured.")],
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="Such as '*100#'.")],
    reply: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="To the menu that comes; again for the next one."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Ask the network's menus and print the answer.

    Without a running gateway, the modem is opened for it.
    """
    from gateway.settings import load

    settings = load(config)
    answer = run_async(_ask(settings, name, {"request": request, "replies": reply or []}))
    if json:
        print_json({"modem": name, **answer})
        return
    print_line(answer["text"])
    if answer["menu"]:
        remark("this is a menu; go on with --reply")


async def _ask(settings: Settings, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Ask over the gateway that runs, else over the modem itself."""
    from gateway.control import NoGatewayError, ask, socket_path

    path = socket_path(settings.database.beside)
    try:
        answer = await ask(path, "ussd", answer_within=PATIENCE, name=name, **fields)
    except NoGatewayError:
        answer = await _ask_alone(settings, name, fields)
    return dict(answer)


async def _ask_alone(settings: Settings, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    from gateway.app import offline_modem
    from gateway.cli.logs import configure_logging
    from gateway.control.desk import ask_menus

    configure_logging()
    remark(f"no gateway runs; {name} is opened for this")
    async with offline_modem(settings, name) as supervisor:
        return dict(await ask_menus(supervisor, fields))
