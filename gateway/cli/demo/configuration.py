"""The demo's configuration: a file as an operator would write it, read as any other."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.commerce.flows.loading import require_shipped
from gateway.commerce.templates import SHIPPED, TEMPLATES
from gateway.settings import Settings, load

STORE: Final = "demo-shop"

_HEAD: Final = """\
[gateway]
node = "demo"
country = "GB"

[database]
url = "sqlite:///shopbell.db"

[mqtt]
url = "mqtt://127.0.0.1:{port}"
protocol = "3.1.1"
username = "gateway"
password_file = "mqtt.password"

[console]
listen = "127.0.0.1:{console}"

[[store]]
name = "{store}"
country = "GB"
timezone = "Europe/London"
brand = "Demo Shop"
currency = "GBP"
shop_dir = "shop"
"""

FLOWS: Final = (
    "order-placed",
    "order-shipped",
    "out-for-delivery",
    "order-delivered",
    "abandoned-cart",
)
"""That run, as they are shipped."""

CART_WAIT: Final = ('wait = "45m"', 'wait = "4s"')
"""Nobody watches a demo for three quarters of an hour."""


CAMPAIGN: Final = """\
# Whoever is a customer hears of it, at any hour: it is about their order, and no offer.
where = "orders >= 1"
template = "new-hours"
purpose = "transactional"
"""

TEXT: Final = "Demo Shop: from Monday on we pack orders until 8 pm. Yours will be with you sooner."

_MODEM: Final = """
[[modem]]
name = "m{number}"
port = "modems/modem{number}"
rate = "unlimited"
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoPlaces:
    """Where the demo's things are."""

    file: Path
    """The configuration."""
    modems: Path
    """The directory of the ports."""
    log: Path
    """What the gateway says."""
    port: int
    """The broker's."""
    passwords: dict[str, str]
    """Of the broker's users."""
    modem_names: tuple[str, ...]

    def settings(self) -> Settings:
        """Read the configuration."""
        return load(self.file)


def write_configuration(directory: Path, *, modems: int, port: int, console: int) -> DemoPlaces:
    """Write the configuration and its secret into a directory.

    Args:
        directory: an empty one.
        modems: how many there are.
        port: of the broker.
        console: the port of the console.
    """
    places = DemoPlaces(
        file=directory / "shopbell.toml",
        modems=directory / "modems",
        log=directory / "gateway.log",
        port=port,
        passwords={user: secrets.token_urlsafe(12) for user in ("gateway", STORE)},
        modem_names=tuple(f"m{number}" for number in range(modems)),
    )
    text = _HEAD.format(port=port, store=STORE, console=console)
    text += "".join(_MODEM.format(number=number) for number in range(modems))
    places.file.write_text(text, encoding="utf-8")
    _write_shop(directory / "shop")
    (directory / "mqtt.password").write_text(places.passwords["gateway"], encoding="utf-8")
    return places


def _write_shop(folder: Path) -> None:
    """Write what a marketer gets with `shopbell flow add`, in the language of the demo."""
    for name in FLOWS:
        text = require_shipped(name).replace(*CART_WAIT)
        _write(folder / "flows" / f"{name}.toml", text)
        template = f"{name}.en.txt"
        _write(folder / TEMPLATES / template, (SHIPPED / template).read_text(encoding="utf-8"))
    _write(folder / "campaigns" / "new-hours.toml", CAMPAIGN)
    _write(folder / TEMPLATES / "new-hours.en.txt", TEXT)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
