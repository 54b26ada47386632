"""How tests speak of the command ``shopbell``: a configuration, and how a run of it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CONFIGURATION = """
[gateway]
node = "box-1"
country = "GB"

[database]
url = "sqlite:///shopbell.db"

[mqtt]
url = "mqtt://127.0.0.1:1"

[[modem]]
name = "m0"
port = "nowhere"
daily_limit = 200

[[store]]
name = "acme"
country = "GB"
timezone = "Europe/London"
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Shopbell = Callable[..., Done]
