"""``shopbell campaign launch``: shows what would be, asks, and lets it go."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.campaign.forecasting import (
    BASELINE,
    LIFT,
    Baseline,
    Lift,
    look,
    print_outlook,
)
from gateway.cli.campaign.options import Name, ask_or_do
from gateway.cli.consent.who import StoreName
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.commerce.campaigns.document import Looked
    from gateway.settings import Settings


def launch(
    name: Name,
    store: StoreName = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be, and launch nothing.")
    ] = False,
    even_if_late: Annotated[
        bool, typer.Option("--even-if-late", help="Though a sale would end before all had it.")
    ] = False,
    baseline: Baseline = BASELINE,
    lift: Lift = LIFT,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Launch a campaign: to those who are in its segment now, as its file is now."""
    from gateway.settings import load

    settings = load(config)
    looked = look(settings, name, store)
    if not json:
        print_outlook(looked, baseline, lift)
    looked.require(even_if_late=even_if_late)
    if dry_run:
        _say(looked, {"launched": False}, baseline, lift, json=json)
        return
    _require_yes(looked, yes=yes)
    answer = run_async(_launch(settings, looked))
    _say(looked, {"launched": True, **answer}, baseline, lift, json=json)


def _require_yes(looked: Looked, *, yes: bool) -> None:
    """Pass when somebody at a terminal says yes, or said so before."""
    if yes:
        return
    if not sys.stdin.isatty():
        remark("nobody is there to ask; say --yes to launch it")
        raise typer.Exit(1)
    typer.confirm(
        f"Launch {looked.outlook.name} to {looked.outlook.forecast.messages:,} persons?", abort=True
    )


async def _launch(settings: Settings, looked: Looked) -> dict[str, Any]:
    fields = {"store": str(looked.store), "name": looked.outlook.name, "looked": True}
    return dict(await ask_or_do(settings, "campaign_launch", **fields))


def _say(
    looked: Looked, answer: dict[str, Any], baseline: float, lift: float, *, json: bool
) -> None:
    from gateway.commerce.campaigns.document import outlook_document

    if json:
        print_json(outlook_document(looked, baseline, lift) | {"launch": answer})
        return
    if not answer["launched"]:
        print_line("not launched")
        return
    for words in answer["remarks"]:
        print_line(f"note: {words}")
    waiting = f"; {answer['canaries']} own numbers get it first" if answer["canaries"] else ""
    print_line(f"launched to {answer['persons']:,} persons{waiting}")
    print_line(f"see how it goes: shopbell campaign progress {looked.outlook.name}")
