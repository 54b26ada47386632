"""How tests of stores and their broker speak: a configuration, and who has which password."""

from __future__ import annotations

import os
import pwd
import stat
from pathlib import Path
from typing import Final

from gateway.stores.keeping import handover_file

US: Final = pwd.getpwuid(os.geteuid()).pw_name
"""Who runs the tests; root would else give Mosquitto's files to `mosquitto`, who cannot enter a
folder of the tests."""

CONFIGURATION: Final = f"""\
# the box
[gateway]
node = "box-1"
country = "GB"

[mqtt]
url = "mqtt://127.0.0.1:1883"

[broker]
user = "{US}"   # whoever runs the tests

# the first
[[store]]
name = "acme"
country = "GB"
timezone = "Europe/London"
"""


def password_of(config: Path, user: str) -> str:
    """Return what a user's file holds."""
    name = "mqtt.password" if user == "gateway" else handover_file(config, user).name
    return config.with_name(name).read_text().strip()


def mode_of(path: Path) -> int:
    """Return a file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)
