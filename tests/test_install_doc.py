"""docs/install.md, upgrade.md and usb.md name commands and a configuration that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from support.command import Done

from gateway.cli import main
from gateway.cli.entry import app

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ("install.md", "upgrade.md", "usb.md")

SAID = re.compile(r"(?<![\w./-])(?<!-u )shopbell ([a-z][a-z-]+)(?= |`|$|\))", re.MULTILINE)
"""The program with a command; `systemctl stop shopbell`, the user and paths are others'."""


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_named_is_one(page: str) -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group's
    code = re.findall(r"```sh\n(.*?)```|`([^`]+)`", (DOCS / page).read_text(), re.DOTALL)
    named = {word for block in code for text in block for word in SAID.findall(text)}
    assert named - known == set()
    assert named


def test_the_configuration_of_the_first_sms_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [text] = re.findall(r"```toml\n(.*?)```", (DOCS / "install.md").read_text(), re.DOTALL)
    file = tmp_path / "shopbell.toml"
    file.write_text(text.replace("/var/lib/shopbell", str(tmp_path)))
    monkeypatch.setattr("sys.argv", ["shopbell", "check", "--config", str(file)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert Done(int(ended.value.code or 0), "", said.err) == Done(0, "", "")


def test_the_exposure_that_is_told_is_the_one_that_is_held() -> None:
    from installing.test_units import MOST

    told = re.search(
        r"systemd-analyze security shopbell`: ([\d.]+)", (DOCS / "install.md").read_text()
    )
    assert told
    assert float(told[1]) == MOST["shopbell.service"]
