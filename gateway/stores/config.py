"""The configuration file, changed for its operator: read as the gateway does before it counts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from gateway.domain.errors import ConfigurationError
from gateway.settings import Settings, load
from gateway.stores.files import owner_of, read_raw, replace_text, write_text


def change_config(config: Path, change: Callable[[str], str]) -> Settings:
    """Change the text of a configuration; return what it says then.

    Raises:
        ConfigurationError: it would be wrong then; nothing was changed.
    """
    text = change(read_raw(config))
    settings = _read(config, text)
    replace_text(config, text)
    return settings


def _read(config: Path, text: str) -> Settings:
    """Read a text as if it stood in the configuration: names in it are relative to that."""
    draft = config.with_name(f".{config.name}.{os.getpid()}.draft")
    try:
        write_text(draft, text, owner=owner_of(config))
        return load(draft)
    except ConfigurationError as error:
        raise ConfigurationError(str(error).replace(str(draft), str(config))) from None
    finally:
        draft.unlink(missing_ok=True)
