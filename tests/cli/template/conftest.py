"""A store with a folder of templates."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import CONFIGURATION

STORE = CONFIGURATION.replace('name = "acme"', 'name = "acme"\nshop_dir = "shop"\nbrand = "Acme"')


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration that is right, and names a folder."""
    file = tmp_path / "shopbell.toml"
    file.write_text(STORE)
    (tmp_path / "shop" / "templates").mkdir(parents=True)
    return file


@pytest.fixture
def templates(config: Path) -> Path:
    """Where templates are put."""
    return config.parent / "shop" / "templates"
