"""Under which names the console answers. Pure.

A page of a stranger's site can have its own name lead to this machine (DNS rebinding), and then it
and the console are one site to the browser. The name in ``Host`` gives it away: it is theirs. An
address written in digits is nobody's name, and cannot be led elsewhere.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from gateway.settings import ConsoleSettings

_LOOPBACK: Final = "localhost"


def is_known_host(host: str, console: ConsoleSettings | None) -> bool:
    """Whether a ``Host`` header names this console; ports are not looked at."""
    name = _name_of(host)
    if name is None:
        return False
    return _is_address(name) or _is_loopback(name) or name in _own_names(console)


def _own_names(console: ConsoleSettings | None) -> set[str]:
    if console is None:
        return set()
    names = {_name_of(console.listen)}
    if console.url is not None:
        names.add(console.url.host)
    return {name for name in names if name}


def _is_loopback(name: str) -> bool:
    """Whether it means this machine to every browser (RFC 6761 section 6.3)."""
    return name == _LOOPBACK or name.endswith(f".{_LOOPBACK}")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _name_of(host: str) -> str | None:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    return None if name is None else name.removesuffix(".")
