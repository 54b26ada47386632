"""The command as its user meets it, in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command import CONFIGURATION, Done, Shopbell

from gateway.cli import main


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration that is right."""
    file = tmp_path / "shopbell.toml"
    file.write_text(CONFIGURATION)
    return file


@pytest.fixture
def shopbell(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shopbell:
    """Runs ``shopbell`` where the configuration lies, in this process and as important as it."""
    monkeypatch.chdir(config.parent)
    monkeypatch.setattr("gateway.domain.modesty.be_modest", lambda: None)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr("sys.argv", ["shopbell", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int | None)
        return Done(code or 0, said.out, said.err)

    return run
