"""``shopbell score import``: the models' advice becomes the gateway's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.extra import AnalysisError, scoring_errors
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.domain.score import Score
    from gateway.settings import Settings

Keep = Callable[[list["Score"]], Awaitable[None]]

_PROBE: Final[list[Any]] = []
"""What is sent first, to learn whether a gateway runs."""


def import_scores(
    file: Annotated[
        Path, typer.Argument(help="What `shopbell score run` has written.", readable=False)
    ],
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Load scores into the gateway, also while it runs.

    The whole file is checked before anything is kept. Scores that are older than 14 days are advice
    no more.
    """
    from gateway.settings import load

    settings = load(config)
    with scoring_errors():
        counts = run_async(_import(settings, file))
    if json:
        print_json({"taken": counts})
    else:
        print_line("\n".join(f"{store}: {count:,} scores" for store, count in counts.items()))


async def _import(settings: Settings, file: Path) -> dict[str, int]:
    """Check the file, keep what is for our stores, and return how many of each."""
    import asyncio

    from gateway.domain.clock import SystemClock
    from gateway.lake.scores import check_scores, read_scores

    there = await asyncio.to_thread(check_scores, file, SystemClock().now())
    counts = _ours(settings, there)
    lots = read_scores(file, list(counts))
    async with _keeper(settings) as keep:
        while scores := await asyncio.to_thread(next, lots, None):
            await keep(scores)
    return counts


def _ours(settings: Settings, there: Any) -> dict[str, int]:
    known = [store.name for store in settings.store]
    foreign = sorted(set(there) - set(known))
    if foreign and len(foreign) == len(there):
        raise AnalysisError(
            f"scores.store: the file has {', '.join(foreign)}; right: a store of this gateway, "
            f"which has {', '.join(known) or 'none'}"
        )
    for store in foreign:
        remark(f"{store} is no store of this gateway; its scores were left out")
    return {store: count for store, count in sorted(there.items()) if store in known}


@asynccontextmanager
async def _keeper(settings: Settings) -> AsyncIterator[Keep]:
    """Give what keeps scores: the gateway that runs, else its database."""
    from gateway.control import NoGatewayError, ask, socket_path
    from gateway.control.scores import ScoreDesk, lots
    from gateway.db import Database
    from gateway.domain.clock import SystemClock

    path = socket_path(settings.database.beside)

    async def send(scores: list[Score]) -> None:
        for lot in lots(scores):
            await ask(path, "scores", rows=lot)

    try:
        await ask(path, "scores", rows=_PROBE)
    except NoGatewayError:
        async with Database.open(settings.database.address) as database:
            desk = ScoreDesk(database, SystemClock())

            async def keep(scores: list[Score]) -> None:
                await desk.keep(scores)

            yield keep
    else:
        yield send
