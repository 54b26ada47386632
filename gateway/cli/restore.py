"""``shopbell restore``: puts a backup back, and lets go of what waits in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, print_json, print_line

if TYPE_CHECKING:
    from gateway.app.restoring import Restored
    from gateway.settings import Settings

ANSWER_WITHIN = 3600.0
"""Seconds: a million jobs are let go of in small lots."""


def restore(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="What `shopbell backup` wrote.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only try it: nothing is changed.")
    ] = False,
    release: Annotated[
        bool, typer.Option("--release", help="Let go out what a restored copy holds.")
    ] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="Cancel what a restored copy holds.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Put a backup in the place of the database; what was there is kept aside.

    No gateway may run. What was sent after the backup is not sent again, and what waited in it is
    held until you say --release, or --discard.
    """
    from gateway.settings import arm_failpoint, load

    word = release or discard
    if (file is None) is not word or (release and discard) or (check and file is None):
        raise typer.BadParameter("say FILE, or --release, or --discard")
    arm_failpoint()
    settings = load(config)
    if file is None:
        _say_released(run_async(_release(settings, discard=discard)), json=json)
    else:
        _say_restored(run_async(_restore(settings, file, check=check)), json=json)


async def _restore(settings: Settings, file: Path, *, check: bool) -> Restored:
    from gateway.app.restoring import restore as put_back
    from gateway.cli.logs import without_logging

    with without_logging():
        return await put_back(settings, file, check=check)


async def _release(settings: Settings, *, discard: bool) -> dict[str, Any]:
    from dataclasses import asdict

    from gateway.app.restoring import offline_context
    from gateway.cli.logs import without_logging
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.dispatch.restored.releasing import release

    path = socket_path(settings.database.beside)
    try:
        answer: dict[str, Any] = await ask(
            path, "restored_release", answer_within=ANSWER_WITHIN, discard=discard
        )
    except NoGatewayError:
        with without_logging():
            async with offline_context(settings) as context:
                answer = asdict(await release(context, discard=discard))
    return answer


def _say_released(answer: dict[str, Any], *, json: bool) -> None:
    if json:
        print_json(answer)
        return
    what = "were cancelled" if answer["discarded"] else "go out"
    print_line(f"{answer['jobs']:,} jobs {what}; campaigns and flows go on")


def _say_restored(done: Restored, *, json: bool) -> None:
    settled = done.entered.settled
    told = {
        "in_doubt": settled.handed if settled else 0,
        "names_spent": settled.spent if settled else 0,
        "taken_back": settled.taken_back if settled else 0,
        "held": settled.held if settled else 0,
    }
    if json:
        print_json(
            {
                "copied_at": done.manifest.copied_at,
                "schema": done.manifest.schema,
                "diary_since": done.entered.diary_since,
                "aside": None if done.aside is None else str(done.aside),
                **told,
            }
        )
        return
    at = local_time(done.manifest.copied_at)
    if done.aside is None:
        print_line(f"the backup of {at} is whole, and could be put back")
    else:
        print_line(f"the database is that of {at}; what was there before is in {done.aside}")
    if done.entered.diary_since is None:
        print_line("there is no diary beside it: what was sent since is not known")
    print_line(
        f"sent since and not sent again: {told['in_doubt'] + told['names_spent']:,} jobs; "
        f"taken back since and held to: {told['taken_back']:,} consents and erasures"
    )
    if told["held"]:
        print_line(
            f"{told['held']:,} jobs are held, with campaigns and flows, until you say "
            "`shopbell restore --release`, or `--discard`"
        )
