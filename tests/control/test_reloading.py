"""The configuration read again at a command's word."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import CONFIGURATION

from gateway.control import ControlError, ControlServer, ask
from gateway.control.reloading import ReloadDesk
from gateway.domain.errors import ConfigurationError
from gateway.settings import Changes, compare, load


async def test_it_says_what_was_taken_up_and_which_stores_there_are(tmp_path: Path) -> None:
    file = tmp_path / "shopbell.toml"
    file.write_text(CONFIGURATION)
    before = load(file)
    file.write_text(CONFIGURATION.replace("box-1", "box-2") + "[broker]\ndir = 'b'\n")
    desk = ReloadDesk(lambda: compare(before, load(file)))
    async with ControlServer(tmp_path / "s", desk.operations()):
        assert await ask(tmp_path / "s", "reload") == {
            "taken": ["[broker] dir"],
            "left": ["[gateway] node"],
            "stores": ["acme"],
        }


async def test_a_wrong_file_is_said_to_whoever_asked(tmp_path: Path) -> None:
    def fail() -> Changes:
        raise ConfigurationError("shopbell.toml: is no TOML")

    async with ControlServer(tmp_path / "s", ReloadDesk(fail).operations()):
        with pytest.raises(ControlError, match="is no TOML"):
            await ask(tmp_path / "s", "reload")
