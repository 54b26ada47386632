"""A new password, on its way to the store: in a file for its owner alone, or shown once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.output import print_line

if TYPE_CHECKING:
    from gateway.stores.keeping import Kept


def hand_over_password(config: Path, name: str, kept: Kept, *, show: bool) -> dict[str, Any]:
    """Write the password down unless it is to be shown; return what programs are told of it."""
    from gateway.stores.keeping import hand_over, handover_file

    told: dict[str, Any] = {"username": name, "password_file": None}
    if kept.password is None:
        return told
    if show:
        handover_file(config, name).unlink(missing_ok=True)
        return told | {"password": kept.password}
    return told | {"password_file": str(hand_over(config, name, kept.password))}


def print_password(told: dict[str, Any]) -> None:
    """Say where the password is, or what it is."""
    if "password" in told:
        print_line(f"user {told['username']}, password {told['password']}")
    elif told["password_file"]:
        print_line(f"user {told['username']}, password in {told['password_file']}")
        print_line("take it to the store over a safe way, then delete it: nothing here needs it")
