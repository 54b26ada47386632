"""``shopbell broker-config``: Mosquitto's files for the stores there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.stores.broker import Written
    from gateway.stores.users import Completed


def broker_config(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Such as /etc/mosquitto/conf.d.", readable=False)
    ],
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Write a configuration, a password file and an access list for Mosquitto.

    Who has no password yet, gateway or store, gets one. Run again, it changes only what is not as
    it should be.
    """
    from gateway.stores.broker import write_broker_files
    from gateway.stores.users import complete_users

    completed = complete_users(config)
    written = write_broker_files(config, folder)
    if json:
        print_json(_as_json(completed, written))
    else:
        _print(completed, written)
    for note in written.notes:
        remark(note)


def _as_json(completed: Completed, written: Written) -> dict[str, object]:
    return {
        "directory": str(written.folder),
        "files": [str(path) for path in written.files],
        "changed": [str(path) for path in written.changed],
        "owner": written.owner,
        "restart": written.restart,
        "gateway_user_made": completed.gateway_made,
        "passwords_made": {name: str(path) for name, path in completed.stores.items()},
        "notes": list(written.notes),
    }


def _print(completed: Completed, written: Written) -> None:
    for path in written.files:
        print_line(f"{path} {'written' if path in written.changed else 'is as it should be'}")
    for name, path in completed.stores.items():
        print_line(f"{name} had no password; its new one is in {path}")
    if completed.gateway_made:
        print_line("the gateway had no user; [mqtt] names one now: restart the gateway")
    if written.restart:
        print_line("restart Mosquitto, so that it listens as written")
    elif written.changed:
        print_line("have Mosquitto reload: systemctl reload mosquitto, or SIGHUP")
