"""Who may read the metrics: this machine itself, and whoever has the right.

Nothing of a person is in them, but how much a shop sends is nobody's business. A proxy on this
machine looks like this machine, and not each says for whom it asks; so the loopback is believed
only where nothing speaks of a proxy: no header of one, and no `[console] url`, which is what a
console behind one has.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from gateway.access import Right
from gateway.web.guard.demand import Demand
from gateway.web.house import House

OF_PROXIES: Final = (
    *("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"),
    *("x-forwarded-port", "x-real-ip", "x-forwarded-server", "cf-connecting-ip"),
)


async def require_reader(request: Request) -> None:
    """Pass for who may read the metrics.

    Raises:
        SignInNeededError: nobody is known by what they show.
        RightMissingError: they may not.
        OneStoreError: they speak for one store.
    """
    house: House = request.app.state.house
    console = house.settings().console
    public = console is not None and console.url is not None
    peer = None if request.client is None else request.client.host
    if not public and is_this_machine(peer, request.headers):
        return
    # What all stores send together is not for a token that speaks for one of them.
    await Demand((Right.METRICS,))(request)


def is_this_machine(peer: str | None, headers: Mapping[str, str]) -> bool:
    """Tell whether a request comes from this machine, and from nobody else through it.

    Args:
        peer: the address that it comes from.
        headers: of the request, by their names in small letters.
    """
    if any(name in headers for name in OF_PROXIES):
        return False
    return _is_loopback(peer) and _names_loopback(headers.get("host", ""))


def _is_loopback(address: str | None) -> bool:
    try:
        found = ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _names_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name == "localhost" or _is_loopback(name)
