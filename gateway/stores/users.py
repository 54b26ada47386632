"""Users that the broker lacks: our own, and those of stores that were written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.settings import BridgeSettings, Settings, load
from gateway.settings.edit import add_to_section
from gateway.stores.book import Book
from gateway.stores.config import change_config
from gateway.stores.files import mode_beside, owner_of, write_text
from gateway.stores.keeping import changing, hand_over
from gateway.stores.passwords import new_password

GATEWAY: Final = "gateway"
BRIDGE: Final = "bridge"
PASSWORD_FILE: Final = "mqtt.password"  # noqa: S105 -- where it is, and not what it is
BRIDGE_FILE: Final = "bridge.password"


@dataclass(frozen=True, kw_only=True, slots=True)
class Completed:
    """Who has a password now that had none."""

    gateway_made: bool
    """Whether the gateway did; it has to be started again to use it."""
    stores: dict[str, Path]
    """Stores that did, and where it was written down."""


def complete_users(config: Path) -> Completed:
    """Give a user and a password to whoever has none.

    Raises:
        ConfigurationError: the configuration is wrong, or cannot be changed here.
    """
    with changing(config) as settings:
        made_here = settings.mqtt.username is None and settings.mqtt.secret is None
        if made_here:
            settings = _give_user(config, "mqtt", GATEWAY, PASSWORD_FILE)
        if _lacks_user(settings.bridge):
            settings = _give_user(config, "bridge", BRIDGE, BRIDGE_FILE)
        book = Book(config)
        lacking = [store.name for store in settings.store if store.name not in book]
        made = {
            str(name): hand_over(config, name, book.give_new_password(name)) for name in lacking
        }
        if made:
            book.save()
        return Completed(gateway_made=made_here, stores=made)


def _lacks_user(bridge: BridgeSettings | None) -> bool:
    return bridge is not None and bridge.username is None and bridge.secret is None


def _give_user(config: Path, section: str, name: str, file: str) -> Settings:
    """Write a password beside the configuration, unless one is there from before, and name both."""
    path = config.absolute().with_name(file)
    if not path.exists():
        mode, owner = mode_beside(config), owner_of(config)
        write_text(path, f"{new_password()}\n", mode=mode, owner=owner)
    fields = {"username": name, "password_file": file}
    change_config(config, lambda text: add_to_section(text, section, fields))
    return load(config)
