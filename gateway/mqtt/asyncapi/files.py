"""The document and its schemas as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from gateway.mqtt.asyncapi.document import build_document, build_schemas

DOCUMENT: Final = "asyncapi.json"


def render() -> dict[str, str]:
    """Return the text of each file, by its path in the folder."""
    written = {DOCUMENT: build_document()} | build_schemas()
    return {
        path: json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        for path, content in written.items()
    }


def write(folder: Path) -> None:
    """Write all files, and remove schemas that nothing refers to any more."""
    files = render()
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8")
    for old in (folder / "schemas").glob("*.json"):
        if old.relative_to(folder).as_posix() not in files:
            old.unlink()
