"""The command itself."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.loop import run_async

Seconds = Annotated[
    float | None, typer.Option(min=1, metavar="N", help="End by itself; default: at Ctrl-C.")
]
Modems = Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Simulated modems.")]
Port = Annotated[
    int, typer.Option(min=0, max=65535, metavar="N", help="Of the broker; 0: one that is free.")
]


def demo(seconds: Seconds = None, modems: Modems = 4, port: Port = 0) -> None:
    """Show it all with simulated modems.

    Orders go out as SMS and delivery reports come back, on this machine alone.
    """
    from gateway.cli.demo.show import show

    run_async(show(seconds=seconds, modems=modems, port=port))
