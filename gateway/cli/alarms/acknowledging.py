"""``shopbell alarms ack``: says that an alarm was seen, so that it is not told again."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.alarms.asking import ask_alarms
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line


def ack(
    kind: Annotated[str, typer.Argument(help="The alarm, such as line_down.")],
    subject: Annotated[str | None, typer.Argument(help="Of which; none: of all.")] = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Say that an alarm was seen: it is not told again, and its end still is."""
    answer = run_async(ask_alarms(config, "alarm_acknowledge", kind=kind, subject=subject))
    for one in answer["acknowledged"]:
        if json:
            print_json(one)
        else:
            print_line(f"{one['kind']} {one['subject']}".rstrip())
