"""``shopbell alarms test``: tells every channel a message, and says what came of it."""

from __future__ import annotations

from typing import Final

import typer

from gateway.cli.alarms.asking import ask_alarms
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

_NOBODY: Final = 'nobody would be told: write sms_to = ["+447700900123"] under [alarms]'


def tell_test(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Tell every channel a test message, and say what came of it."""
    answer = run_async(ask_alarms(config, "alarm_test"))
    if json:
        print_json({"channels": answer})
    else:
        for channel, reason in answer.items():
            print_line(f"{channel}: {'told' if reason is None else reason}")
    if not answer:
        remark(_NOBODY)
    if not answer or any(reason is not None for reason in answer.values()):
        raise typer.Exit(1)
