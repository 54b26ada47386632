"""What follows on a change of the stores: the gateway that runs and the broker hear of it.

The change itself is on disk by then, and what it printed is printed whatever goes wrong here: a
password is shown once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gateway.cli.loop import run_async
from gateway.cli.output import remark

if TYPE_CHECKING:
    from gateway.settings import Settings


@dataclass(slots=True)
class Spread:
    """Who heard of a change."""

    gateway: bool = False
    """Whether one runs and has taken it up."""
    broker: bool = False
    """Whether the broker's files have it."""
    reloaded: bool = False
    """Whether the broker was made to read them."""
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What did not happen that should have; the command then fails."""

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "gateway_told": self.gateway,
            "broker_files_written": self.broker,
            "broker_reloaded": self.reloaded,
            "problems": self.problems,
        }

    def end(self) -> None:
        """Say what there is to say, and fail if something did not happen."""
        for sentence in [*self.notes, *self.problems]:
            remark(sentence)
        if self.problems:
            raise typer.Exit(1)


def spread(config: Path, settings: Settings, *, changed: bool = True) -> Spread:
    """Tell the gateway that runs, write the broker's files anew and have the broker read them.

    Args:
        config: the configuration.
        settings: what it says.
        changed: whether there is anything new; who was not told of it earlier still is.
    """
    told = Spread()
    _tell_gateway(settings, told)
    folder = settings.broker.dir
    if folder is not None and settings.mqtt.username is not None:
        _write_broker(config, settings, folder, told)
    elif changed:
        told.notes.append(_broker_left_alone(folder))
    return told


def _broker_left_alone(folder: Path | None) -> str:
    if folder is not None:  # the gateway's user is made by that command alone: it needs a restart
        return f"the broker does not know yet: run `shopbell broker-config {folder}` this once"
    return (
        "the broker does not know yet: run `shopbell broker-config DIR` and have Mosquitto reload, "
        "or write [broker] dir and reload, and it is done from here"
    )


def _tell_gateway(settings: Settings, told: Spread) -> None:
    from gateway.domain.errors import ShopbellError
    from gateway.stores.telling import tell_gateway

    try:
        heard = run_async(tell_gateway(settings))
    except ShopbellError as error:
        told.problems.append(str(error))
        return
    told.gateway = heard.running
    if not heard.running:
        told.notes.append("no gateway runs; the next one knows it")
    if heard.left:
        told.notes.append(f"until its restart the gateway goes on without: {', '.join(heard.left)}")


def _write_broker(config: Path, settings: Settings, folder: Path, told: Spread) -> None:
    from gateway.domain.errors import ShopbellError
    from gateway.stores.broker import write_broker_files
    from gateway.stores.telling import tell_broker

    try:
        written = write_broker_files(config, folder)
        told.broker = True
        told.notes += written.notes
        if settings.broker.reload:
            tell_broker(settings.broker.reload)
            told.reloaded = True
    except ShopbellError as error:
        told.problems.append(str(error))
    except OSError as error:
        told.problems.append(f"{error.filename}: {(error.strerror or 'not written').lower()}")
    else:
        told.notes += _left_to_do(restart=written.restart, reloaded=told.reloaded)


def _left_to_do(*, restart: bool, reloaded: bool) -> list[str]:
    if restart:
        return ["the broker's own configuration changed: restart Mosquitto"]
    return [] if reloaded else ["have Mosquitto reload: systemctl reload mosquitto"]
