"""Where things are: the broker's address, a modem's port, files and folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import SplitResult, urlsplit

from pydantic import Field

from gateway.domain.ids import AUTO_PORT
from gateway.domain.links import LinkBase, read_link_base
from gateway.settings.anchor import anchored
from gateway.settings.text import read_by

MQTT_PORT: Final = 1883
MQTTS_PORT: Final = 8883

_API: Final = "https://api.twilio.com/2010-04-01"
_LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerAddress:
    """Where the MQTT broker listens."""

    host: str
    port: int
    tls: bool

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"


def read_broker(url: str) -> BrokerAddress:
    """Read ``mqtt://host[:port]`` or ``mqtts://host[:port]``.

    Raises:
        ValueError: it is neither, or holds more than that.
    """
    split = urlsplit(url)
    if split.scheme not in ("mqtt", "mqtts") or not split.hostname:
        raise ValueError("is no broker's address; write mqtt://HOST[:PORT] or mqtts://HOST[:PORT]")
    if split.username or split.password:
        raise ValueError("holds a user; give username and password_file beside it")
    if split.path.strip("/") or split.query or split.fragment:
        raise ValueError("goes on after the port; write mqtt://HOST[:PORT] alone")
    tls = split.scheme == "mqtts"
    port = port_of(split) or (MQTTS_PORT if tls else MQTT_PORT)
    return BrokerAddress(host=split.hostname, port=port, tls=tls)


def read_port(text: str) -> str:
    """Read a modem's port: ``auto``, a path or a glob (made absolute), or ``socket://host:port``.

    Raises:
        ValueError: it is none of them.
    """
    if text == AUTO_PORT:
        return text
    if "://" not in text:
        if not text.strip():
            raise ValueError('is empty; write a path such as "/dev/serial/by-id/usb-…"')
        return str(anchored(text))
    split = urlsplit(text)
    if split.scheme == "rfc2217":
        raise ValueError(
            "would block the gateway: set the terminal server to plain TCP (ser2net: raw, with the "
            "speed fixed there) and write socket://HOST:PORT"
        )
    if split.scheme != "socket" or not split.hostname or not port_of(split):
        raise ValueError('is no port; write a path, a glob, socket://HOST:PORT, or "auto"')
    return text


def read_api(url: str) -> str:
    """Read ``https://HOST/PATH`` of a carrier; plain HTTP is for this machine alone.

    Raises:
        ValueError: it is neither, or holds more than that.
    """
    split = urlsplit(url)
    if split.scheme not in ("http", "https") or not split.hostname:
        raise ValueError(f"is no address of an API; write {_API}")
    if split.username or split.password:
        raise ValueError("holds a user; give account and token_file beside it")
    if split.query or split.fragment:
        raise ValueError(f"goes on after the path; write {_API}")
    if split.scheme == "http" and split.hostname not in _LOCAL:
        raise ValueError("would send the token and every text in the clear; write https://")
    port_of(split)
    return url.rstrip("/")


def read_listener(text: str) -> str:
    """Read ``host:port``.

    Raises:
        ValueError: it is not.
    """
    split = urlsplit(f"//{text}")
    if not split.hostname or not port_of(split) or split.path:
        raise ValueError('is no address to listen on; write HOST:PORT, such as "127.0.0.1:8025"')
    return text


def read_existing(name: str) -> Path:
    """Return the absolute path of a file that is there.

    Raises:
        ValueError: it is not there.
    """
    path = anchored(name)
    if not path.is_file():
        raise ValueError(f"there is no file {path}; create it or name another")
    return path


def read_folder(name: str) -> Path:
    """Return the absolute path of a folder that is there, or can be made where it is to be.

    Raises:
        ValueError: something else is there, or there is no folder to make it in.
    """
    path = anchored(name)
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path} is no folder; name another")
    if not path.parent.is_dir():
        raise ValueError(f"there is no directory {path.parent}; create it for the gateway's user")
    return path


def read_directory(name: str) -> Path:
    """Return the absolute path of a folder that is there.

    Raises:
        ValueError: it is not there.
    """
    path = anchored(name)
    if not path.is_dir():
        raise ValueError(f"there is no directory {path}; create it for the gateway's user")
    return path


def read_new_file(name: str) -> Path:
    """Return the absolute path of a file that is there or can be made where it is to be.

    Raises:
        ValueError: a folder is there, or there is none to make it in.
    """
    path = anchored(name)
    if path.is_dir():
        raise ValueError(f"{path} is a folder; name a file in it")
    read_directory(str(path.parent))
    return path


def port_of(split: SplitResult) -> int | None:
    """Return the port of an address; None where it has none.

    Raises:
        ValueError: it is no port.
    """
    try:
        return split.port
    except ValueError:
        raise ValueError("has no usable port; write one from 1 to 65535") from None


BrokerUrl = Annotated[
    BrokerAddress, read_by(read_broker), Field(examples=["mqtt://127.0.0.1:1883"])
]
Port = Annotated[str, read_by(read_port), Field(examples=["/dev/serial/by-id/usb-…"])]
ApiUrl = Annotated[str, read_by(read_api), Field(examples=[_API])]
Listener = Annotated[str, read_by(read_listener), Field(examples=["127.0.0.1:8025"])]
LinkUrl = Annotated[LinkBase, read_by(read_link_base), Field(examples=["https://s.example"])]
ExistingFile = Annotated[Path, read_by(read_existing), Field(examples=["ca.pem"])]
Directory = Annotated[Path, read_by(read_directory), Field(examples=["/var/lib/shopbell"])]
NewFile = Annotated[Path, read_by(read_new_file), Field(examples=["shopbell.key"])]
Folder = Annotated[Path, read_by(read_folder), Field(examples=["traces"])]
