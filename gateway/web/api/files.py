"""The OpenAPI document as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from gateway.web.api.app import PREFIX, ROUTERS
from gateway.web.api.document import describe

NAME: Final = "openapi.json"


def render() -> str:
    """Return the text of the file."""
    return json.dumps(describe(ROUTERS, PREFIX), ensure_ascii=False, indent=2) + "\n"


def write(folder: Path) -> None:
    """Write it."""
    (folder / NAME).write_text(render(), encoding="utf-8")
