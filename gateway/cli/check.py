"""``shopbell check``: is the configuration right, and if not, what is to be done?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.settings import Settings


def check(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Validate the configuration.

    Names the file, the key, the value and the remedy of every fault.
    """
    from gateway.cli.checking import check_configuration, fault_as_json

    checked = check_configuration(config)
    for fault in checked.faults:
        remark(str(fault))
    if json:
        faults = [fault_as_json(fault) for fault in checked.faults]
        print_json({"ok": checked.ok, "faults": faults, "advice": list(checked.advice)})
    if not checked.ok or checked.settings is None:
        raise typer.Exit(1)
    if json:
        return
    print_line(f"{config} is right: {_summary(checked.settings)}")
    for sentence in checked.advice:
        print_line(f"note: {sentence}")


def _summary(settings: Settings) -> str:
    modems = ", ".join(modem.name for modem in settings.modem) or "none"
    stores = ", ".join(store.name for store in settings.store) or "none"
    database = settings.database.file or settings.database.url
    return (
        f"node {settings.gateway.node}; broker {settings.mqtt.url}; "
        f"database {database}; modems {modems}; stores {stores}"
    )
