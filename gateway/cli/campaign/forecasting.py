"""``shopbell campaign forecast``: what a campaign would be, if it were launched now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.campaign.options import Name, read_shop
from gateway.cli.consent.who import StoreName
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import local_time, print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.commerce.campaigns.document import Looked
    from gateway.domain import ids
    from gateway.settings import Settings

BASELINE: Final = 0.05
LIFT: Final = 0.10

Baseline = Annotated[
    float,
    typer.Option(
        "--baseline", metavar="SHARE", help="Who buys without it, for the sample size: 0.05."
    ),
]
Lift = Annotated[
    float,
    typer.Option("--lift", metavar="SHARE", help="By how much that shall rise, to be found: 0.1."),
]


def forecast(
    name: Name,
    store: StoreName = None,
    baseline: Baseline = BASELINE,
    lift: Lift = LIFT,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Say what a campaign would be: who gets what, when the last would be out, what it costs.

    Nothing is sent.
    """
    from gateway.commerce.campaigns.document import outlook_document
    from gateway.settings import load

    looked = look(load(config), name, store)
    if json:
        print_json(outlook_document(looked, baseline, lift))
    else:
        print_outlook(looked, baseline, lift)


def look(settings: Settings, name: str, store: str | None) -> Looked:
    """Return what a campaign would be.

    Raises:
        ContentError: its files are not right.
        RejectedError: it cannot be.
    """
    from gateway.domain import ids

    home, _ = read_shop(settings, store)
    return run_async(_look(settings, ids.StoreName(home.name), name))


async def _look(settings: Settings, store: ids.StoreName, name: str) -> Looked:
    from gateway.app.outlooks import look_at
    from gateway.control import NoGatewayError, ask, socket_path

    modems: Sequence[Mapping[str, Any]] | None
    try:
        modems = await ask(socket_path(settings.database.beside), "modems")
    except NoGatewayError:
        modems = None
        remark("no gateway runs; as if all configured modems were in service")
    return await look_at(settings, store, name, modems)


def print_outlook(looked: Looked, baseline: float, lift: float) -> None:
    """Print what a campaign would be."""
    for line in _lines(looked, baseline, lift):
        print_line(line)


def _lines(looked: Looked, baseline: float, lift: float) -> Iterator[str]:
    outlook, spec = looked.outlook, looked.spec
    about = "about " if outlook.each > 1 else ""
    yield f"{outlook.name}: {outlook.persons:,} persons in {spec.segment or spec.where}"
    if outlook.each > 1:
        yield f"  reckoned from one of {outlook.each:,} of them"
    yield f"  {about}{outlook.held:,} are left alone, to compare with"
    for reason, persons in outlook.left_out.items():
        yield f"  {about}{persons:,} get nothing: {reason}"
    for arm, persons in outlook.arms.items():
        yield f"  {about}{persons:,} get {arm}: {outlook.texts.get(arm, '')}"
    yield from _prospects(looked)
    yield from _samples(looked, baseline, lift)


def _prospects(looked: Looked) -> Iterator[str]:
    outlook, found = looked.outlook, looked.outlook.forecast
    yield f"{found.persons:,} may be written to"
    for code, persons in found.refused.items():
        yield f"  {persons:,} may not: {code}"
    for reason, persons in found.put_off.items():
        yield f"  {persons:,} later: {reason}"
    if found.first_at is None or found.last_at is None:
        yield "nothing goes out"
    else:
        yield f"first message at {local_time(found.first_at)}"
        yield f"last message at {local_time(found.last_at)}"
    if outlook.late:
        yield f"{outlook.late:,} ({outlook.late_share:.1%}) would not be out in time"
    yield (
        f"{found.messages:,} messages, {found.parts:,} parts, {_cost(found.cost, looked.currency)}"
    )


def _cost(cost: Decimal, currency: str | None) -> str:
    return f"costs {cost:,} {currency}" if currency else "costs nothing that is configured"


def _samples(looked: Looked, baseline: float, lift: float) -> Iterator[str]:
    from gateway.commerce.experiments.power import MOST

    if not looked.spec.design.holdout:
        yield "nobody is left alone: what it brings will not be known"
        return
    for arm, needed, least in looked.samples(baseline, lift):
        wanted = "more persons than there are anywhere" if needed >= MOST else f"{needed:,} persons"
        shows = "no lift at all" if least is None else f"a lift of {least:.0%} or more"
        yield (
            f"{arm}: if {baseline:.1%} buy anyway, to find a lift of {lift:.0%} takes {wanted}; "
            f"these show {shows}"
        )
