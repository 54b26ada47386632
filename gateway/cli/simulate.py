"""``shopbell simulate``: the simulated modem bank, the other end of the cable.

Its options are the simulator's own and are handed on as they come, so that there is one list.
"""

from __future__ import annotations

import typer


def simulate(context: typer.Context) -> None:
    """Simulate modems: DIR --modems N.

    Its options are those of `shopbell simulate --help`.
    """
    from hardware.simulator.__main__ import main

    raise typer.Exit(main(context.args, program="shopbell simulate"))
