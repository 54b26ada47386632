"""Who has to hear that stores came or went: the gateway that runs, and the broker."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.control import ControlError, NoGatewayError, ask, socket_path
from gateway.domain.errors import RejectedError, ShopbellError
from gateway.settings import Settings

RELOAD_LIMIT: Final = 30.0
"""Seconds for the command that makes the broker read its files again."""


class NotToldError(ShopbellError):
    """The change is in the files, and who works by them does not know of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What the gateway that runs said."""

    running: bool
    left: tuple[str, ...] = ()
    """What else changed in its configuration and waits for its next start."""


async def tell_gateway(settings: Settings) -> Heard:
    """Have the gateway that runs, if one does, read its configuration again.

    Raises:
        NotToldError: it did not, or it works by another file.
    """
    try:
        said = await ask(socket_path(settings.database.beside), "reload")
    except NoGatewayError:
        return Heard(running=False)
    except (ControlError, RejectedError) as error:
        raise NotToldError(
            f"the gateway that runs has not read its configuration again: {error}; send it SIGHUP"
        ) from None
    if set(said["stores"]) != {store.name for store in settings.store}:
        raise NotToldError("the gateway that runs works by another configuration file")
    return Heard(running=True, left=tuple(said["left"]))


def tell_broker(command: Sequence[str]) -> None:
    """Run what makes the broker read its files again.

    Raises:
        NotToldError: it could not be run, or failed.
    """
    words = " ".join(command)
    try:
        done = subprocess.run(  # noqa: S603 -- the operator's own command, without a shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=RELOAD_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotToldError(f"[broker] reload: {words}: {_reason(error)}") from None
    if done.returncode:
        said = " ".join(done.stderr.split())[:200] or f"exit code {done.returncode}"
        raise NotToldError(f"[broker] reload: {words}: {said}")


def _reason(error: OSError | subprocess.TimeoutExpired) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"did not end within {RELOAD_LIMIT:g} s"
    return (error.strerror or "cannot be run").lower()
