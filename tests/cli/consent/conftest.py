"""A store with a text, and a file of consents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from support.command import CONFIGURATION, Done, Shopbell

from gateway.cli import main

TEXT = """
version = "v1"
language = "en"
purposes = ["marketing.offers", "marketing.cart"]
controller = "Acme Ltd, 1 High Street, London"
frequency = "at most 4 a month"
privacy_url = "https://acme.example/privacy"
text = "Yes, send me offers by text message. Reply STOP to end."
"""

COLUMNS = ("phone", "purpose", "channel", "state", "consented_at", "source", "text_version")
YES = {
    "phone": "+447700900123",
    "purpose": "marketing.offers",
    "channel": "sms",
    "state": "subscribed",
    "consented_at": "2026-03-01T09:30:00Z",
    "source": "https://acme.example/checkout",
    "text_version": "v1",
}

WriteRows = Callable[..., Path]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "shopbell.toml"
    file.write_text(f'{CONFIGURATION}consent_texts = "texts"\n')
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "v1.toml").write_text(TEXT)
    return file


@pytest.fixture
def shopbell(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shopbell:
    monkeypatch.chdir(config.parent)

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


@pytest.fixture
def write(tmp_path: Path) -> WriteRows:
    """Writes rows that differ from `YES` into a file."""

    def write(rows: Sequence[dict[str, str]], name: str = "a.csv") -> Path:
        lines = [",".join(COLUMNS)]
        lines += [",".join({**YES, **row}[column] for column in COLUMNS) for row in rows]
        file = tmp_path / name
        file.write_text("\n".join(lines))
        return file

    return write
