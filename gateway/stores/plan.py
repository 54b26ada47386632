"""From the gateway's configuration to what Mosquitto's has to say, or why that cannot work."""

from __future__ import annotations

import ipaddress
import re
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from gateway.domain.errors import ConfigurationError
from gateway.settings import Settings
from gateway.stores.mosquitto import BrokerPlan, Certificate, Place
from gateway.stores.system import MOSQUITTO, Account

INCLUDED: Final = "conf.d"
"""A folder of this name is one that Debian's own mosquitto.conf includes."""

_USER: Final = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


def broker_plan(settings: Settings, folder: Path, account: Account) -> BrokerPlan:
    """Return what Mosquitto's configuration is to say.

    Args:
        settings: the gateway's configuration.
        folder: where Mosquitto's files are, absolute.
        account: whose they are.

    Raises:
        ConfigurationError: what is configured cannot work.
    """
    if any(not sign.isprintable() for sign in str(folder)):
        raise ConfigurationError(f"{folder!r}: Mosquitto reads no such path; name another folder")
    certificate = _certificate(settings)
    return BrokerPlan(
        passwords=folder / "shopbell.passwd",
        access=folder / "shopbell.acl",
        plain=_plain(settings),
        tls=None if certificate is None else _place(settings.broker.tls_listen),
        certificate=certificate,
        user=account.name if settings.broker.user or account.name == MOSQUITTO else None,
        data=None if folder.name == INCLUDED else folder / "data",
    )


def gateway_user(settings: Settings) -> str:
    """Return what the broker knows the gateway by.

    Raises:
        ConfigurationError: it has no user and password, or one that cannot be.
    """
    name = settings.mqtt.username
    if name is None or settings.mqtt.secret is None:
        raise ConfigurationError(
            "[mqtt]: the gateway needs a user of its own at the broker; write username = "
            '"gateway" and password_file = "mqtt.password"'
        )
    if not _USER.match(name):
        raise ConfigurationError(
            f'[mqtt] username = "{name}": may have letters, digits, dots, dashes; write "gateway"'
        )
    if name in {store.name for store in settings.store}:
        raise ConfigurationError(
            f'[mqtt] username = "{name}": is a store, which would then read what all stores send; '
            'write another, such as "gateway"'
        )
    return name


def bridge_user(settings: Settings) -> str | None:
    """Return what the broker knows the bridge by; None where there is none.

    Raises:
        ConfigurationError: it has no user and password, or one that cannot be.
    """
    bridge = settings.bridge
    if bridge is None:
        return None
    if bridge.username is None or bridge.secret is None:
        raise ConfigurationError(
            '[bridge]: needs a user of its own at the broker; write username = "bridge" and '
            'password_file = "bridge.password"'
        )
    name = bridge.username
    if not _USER.match(name):
        raise ConfigurationError(
            f'[bridge] username = "{name}": may have letters, digits, dots, dashes; write "bridge"'
        )
    if name == settings.mqtt.username or name in {store.name for store in settings.store}:
        whose = "the gateway" if name == settings.mqtt.username else "a store"
        raise ConfigurationError(
            f'[bridge] username = "{name}": is {whose}; write another, such as "bridge"'
        )
    return name


def _plain(settings: Settings) -> Place | None:
    """Return where the gateway looks for its broker without TLS, on this machine."""
    if settings.broker.listen is not None:
        return _place(settings.broker.listen)
    url = settings.mqtt.url
    if url.tls:
        return None
    if not is_loopback(url.host):
        raise ConfigurationError(
            f"[mqtt] url = {url}: passwords and texts would cross the network in the clear; write "
            f'mqtts:// with [broker] cert_file and key_file, or [broker] listen = "{url.host}:'
            f'{url.port}" if that network is yours alone'
        )
    return Place(host=url.host, port=url.port)


def _certificate(settings: Settings) -> Certificate | None:
    cert, key = settings.broker.cert_file, settings.broker.key_file
    if cert is None or key is None:
        if settings.mqtt.url.tls:
            raise ConfigurationError(
                f"[mqtt] url = {settings.mqtt.url}: the broker needs a certificate for that; write "
                '[broker] cert_file = "broker.pem" and key_file = "broker.key"'
            )
        return None
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key, password=lambda: "")
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"[broker] cert_file, key_file: {cert} and {key} are no certificate in PEM and its "
            f"key, without a passphrase ({error.reason or 'not readable'})"
        ) from None
    return Certificate(cert=cert, key=key)


def _place(listener: str) -> Place:
    split = urlsplit(f"//{listener}")
    return Place(host=split.hostname or "", port=split.port or 0)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
