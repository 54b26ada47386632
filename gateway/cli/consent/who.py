"""Stores and persons, as an operator names them."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.settings import Settings
    from gateway.settings.model import StoreSettings

StoreName = Annotated[
    str | None, typer.Option("--store", help="The store; needed where there are several.")
]
Person = Annotated[
    str,
    typer.Argument(
        metavar="NUMBER|PERSON",
        help="A number, E.164 or national of the store; or a pseudonym of the ledger.",
    ),
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="E.164, or national of the store.")]


def find_store(settings: Settings, name: str | None) -> StoreSettings:
    """Return the store that is named, or the only one.

    Raises:
        RejectedError: there is none of that name, or none is named and there are several.
    """
    known = {str(store.name): store for store in settings.store}
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name is None:
        there = ", ".join(known) or "none; see `shopbell store add`"
        raise RejectedError("unknown_store", f"say which: --store NAME; there are {there}")
    if name not in known:
        there = ", ".join(known) or "none"
        raise RejectedError("unknown_store", f"this gateway has no store {name!r}; it has {there}")
    return known[name]


def asked_stores(settings: Settings, name: str | None) -> Sequence[StoreSettings]:
    """Return the store that is named, or all."""
    return settings.store if name is None else (find_store(settings, name),)


def actor() -> str:
    """Return who is at work, for the ledger."""
    try:
        return f"operator:{getpass.getuser()}"
    except (KeyError, OSError):
        return "operator"
