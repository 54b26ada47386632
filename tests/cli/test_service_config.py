"""The files by which systemd and udev know Shopbell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command import Shopbell

from gateway.cli.service_config import program


def test_it_writes_them_once_and_then_what_has_changed(shopbell: Shopbell, tmp_path: Path) -> None:
    root = tmp_path / "root"
    first = shopbell("service-config", str(root))
    assert (first.code, first.err) == (0, "")
    assert first.out.count(" written\n") == 5
    assert "systemctl daemon-reload" in first.out

    assert " written" not in shopbell("service-config", str(root)).out

    rules = root / "etc/udev/rules.d/76-shopbell.rules"
    rules.write_text("of an older version\n")
    again = json.loads(shopbell("service-config", str(root), "--json").out)
    assert again["changed"] == [str(rules)]
    assert rules.read_text().startswith("# Keeps ModemManager away")


def test_the_unit_starts_this_very_program(
    shopbell: Shopbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "bin" / "shopbell"
    here.parent.mkdir()
    here.touch()
    monkeypatch.setattr("sys.argv", [str(here)])
    assert program() == str(here)


def test_the_version_is_told(shopbell: Shopbell) -> None:
    done = shopbell("--version")
    assert (done.code, done.err) == (0, "")
    assert done.out.split()[0] == "shopbell"
