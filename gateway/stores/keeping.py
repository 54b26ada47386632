"""Stores come and go: a table in the configuration, and a user of the broker with a password.

The order is such that a command that ends in the middle leaves nothing that works by half: a user
whom no configuration names is copied to no broker, and the same command can be given again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.domain.errors import ConfigurationError, RejectedError
from gateway.domain.zones import zones_of_country
from gateway.settings import Settings, StoreSettings, load
from gateway.settings.edit import add_store, remove_store
from gateway.stores.book import Book
from gateway.stores.config import change_config
from gateway.stores.files import alone_in, owner_of, write_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """How a store stands after a change."""

    settings: Settings
    """The configuration, as it is now."""
    password: str | None = None
    """New; None: the store keeps the one it has."""
    added: bool = False
    """Whether it was not there before."""


@contextmanager
def changing(config: Path) -> Iterator[Settings]:
    """Read a configuration for a change, one command at a time.

    Raises:
        ConfigurationError: it is wrong as it stands.
    """
    load(config)
    with alone_in(config.absolute().parent):
        yield load(config)


def add(
    config: Path, name: str, *, country: str | None, timezone: str | None, if_missing: bool
) -> Kept:
    """Add a store to a configuration, with a user and a password.

    Args:
        config: the file.
        name: of the store.
        country: ISO 3166 code; None: the gateway's.
        timezone: IANA zone; None: the gateway's, where that is its only one.
        if_missing: whether one that is there already is no reason to refuse.

    Raises:
        RejectedError: it is there already, or there is no zone to take.
        ConfigurationError: a value is wrong; nothing was changed.
    """
    with changing(config) as settings:
        _refuse_our_names(settings, name)
        known = _named(settings, name)
        if known is None:
            fields = _fields(settings, name, country, timezone)
            change_config(config, lambda text: add_store(text, fields))
        elif not if_missing or _differs(known, country, timezone):
            raise _taken(known)
        book = Book(config)
        password = None if known is not None and name in book else book.give_new_password(name)
        book.save()
        return Kept(settings=load(config), password=password, added=known is None)


def rotate(config: Path, name: str) -> Kept:
    """Give a store a new password; its old one is forgotten.

    Raises:
        RejectedError: there is no such store.
    """
    with changing(config) as settings:
        require(settings, name)
        _refuse_our_names(settings, name)
        book = Book(config)
        password = book.give_new_password(name)
        book.save()
        return Kept(settings=settings, password=password)


def remove(config: Path, name: str) -> Kept:
    """Take a store out of a configuration, and its user out of the book.

    Raises:
        RejectedError: there is no such store.
        ConfigurationError: the file cannot be changed here; nothing was.
    """
    with changing(config) as settings:
        require(settings, name)
        now = change_config(config, lambda text: remove_store(text, name))
        book = Book(config)
        if name != settings.mqtt.username:
            book.forget(name)
        book.save()
        handover_file(config, name).unlink(missing_ok=True)
        return Kept(settings=now)


def require(settings: Settings, name: str) -> StoreSettings:
    """Return a store.

    Raises:
        RejectedError: there is none of that name.
    """
    store = _named(settings, name)
    if store is None:
        known = ", ".join(store.name for store in settings.store) or "none"
        reason = f"the configuration has no store {name!r}; it has {known}"
        raise RejectedError("unknown_store", reason, field="name")
    return store


def handover_file(config: Path, name: str) -> Path:
    """Return where a store's password is put for whoever takes it to the store."""
    return config.absolute().with_name(f"store-{name}.password")


def hand_over(config: Path, name: str, password: str) -> Path:
    """Write a password down for its owner alone, to be handed over and deleted; return where."""
    path = handover_file(config, name)
    write_text(path, f"{password}\n", owner=owner_of(config))
    return path


def _named(settings: Settings, name: str) -> StoreSettings | None:
    return next((store for store in settings.store if store.name == name), None)


def _fields(
    settings: Settings, name: str, country: str | None, timezone: str | None
) -> dict[str, str]:
    country = country or settings.gateway.country
    return {"name": name, "country": country, "timezone": timezone or _zone(settings, country)}


def _zone(settings: Settings, country: str) -> str:
    """Return the zone of a country's stores where there is no doubt.

    A country that nobody knows has none either; it is left to the configuration to say so.
    """
    gateway = settings.gateway
    if gateway.timezone is not None and country == gateway.country:
        return str(gateway.timezone)
    zones = zones_of_country(country)
    if len(zones) > 1:
        raise RejectedError(
            "no_timezone",
            f"{country} has {len(zones)} time zones; give one, such as --timezone {zones[0]}",
            field="timezone",
        )
    return str(zones[0]) if zones else "UTC"


def _differs(store: StoreSettings, country: str | None, timezone: str | None) -> bool:
    asked = (country or store.country, timezone or str(store.timezone))
    return asked != (store.country, str(store.timezone))


def _taken(store: StoreSettings) -> RejectedError:
    return RejectedError(
        "name_taken",
        f"there is a store {store.name} ({store.country}, {store.timezone}); choose another name, "
        f"or give it a new password with `shopbell store rotate {store.name}`",
        field="name",
    )


def _refuse_our_names(settings: Settings, name: str) -> None:
    """Keep a store from being a user of ours, who may read what all stores send, or tell it."""
    if name == settings.mqtt.username:
        raise ConfigurationError(
            f"{name} is the gateway's own user ([mqtt] username); write another there, or choose "
            "another name for the store"
        )
    if settings.bridge is not None and name == settings.bridge.username:
        raise ConfigurationError(
            f"{name} is the bridge's user ([bridge] username); write another there, or choose "
            "another name for the store"
        )
