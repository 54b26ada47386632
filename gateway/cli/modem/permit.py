"""``shopbell modem permit``: records that a SIM may send what needs a permission."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.settings import Settings


def permit(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The modem, as configured.")],
    confirmed: Annotated[
        bool,
        typer.Option(
            "--i-have-permission",
            help="Say that the SIM's operator permits it in writing, and that the law does.",
        ),
    ] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Record that the SIM in a modem may send marketing and what else needs a permission.

    Who says so and when is kept. It holds for this SIM and for no other that is put in, and it
    never lifts what the law of the SIM's country forbids.
    """
    from gateway.settings import load

    if not confirmed:
        remark(
            f"{name}: ask the SIM's operator for a written permission (plans often forbid bulk), "
            "then say so with --i-have-permission"
        )
        raise typer.Exit(1)
    settings = load(config)
    answer = run_async(_permit(settings, {"name": name, "by": getpass.getuser()}))
    if json:
        print_json({"modem": name, **answer})
    else:
        print_line(f"{name}: permission recorded for the SIM {answer['line']}")


async def _permit(settings: Settings, fields: dict[str, Any]) -> dict[str, Any]:
    """Record it over the gateway that runs, else in its database."""
    from gateway.control import NoGatewayError, ask, socket_path

    try:
        return dict(await ask(socket_path(settings.database.beside), "permit", **fields))
    except NoGatewayError:
        return await _permit_alone(settings, fields)


async def _permit_alone(settings: Settings, fields: dict[str, Any]) -> dict[str, Any]:
    from gateway.app import offline_admission
    from gateway.control.permits import permit as record
    from gateway.domain.clock import SystemClock

    now = SystemClock().now()
    async with offline_admission(settings) as (_, database):
        line = await database.write(
            lambda connection: record(connection, fields["name"], fields["by"], now)
        )
    return {"line": line.id}
