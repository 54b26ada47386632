"""Exit codes, and that a user's mistakes never end in a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import Shopbell

from gateway.cli import main
from gateway.domain.errors import ConfigurationError, RejectedError, ShopbellError, StorageError

COMMANDS = (
    *("run", "check", "demo", "send", "messages", "modems", "simulate", "modem"),
    *("store", "broker-config"),
)

HEAVY = ("aiomqtt", "alembic", "amqtt", "asyncio", "phonenumbers", "pydantic", "rich", "sqlalchemy")


def test_help_names_every_command(shopbell: Shopbell) -> None:
    done = shopbell("--help")
    assert done.code == 0
    for command in COMMANDS:
        assert f"  {command} " in done.out


def test_help_waits_for_nothing_heavy() -> None:
    """Loading them would take seconds on a small box before a typing mistake is answered."""
    code = f"import sys, gateway.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_check_loads_no_gateway(config: Path) -> None:
    """It is what an operator runs again and again while he writes the configuration."""
    words = ["shopbell", "check", "--config", str(config)]
    code = f"""
import sys
sys.argv = {words!r}
from gateway.cli import main
try:
    main()
finally:
    print([name for name in ("aiomqtt", "sqlalchemy", "gateway.app") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["check", "--bogus"],
        ["send", "--store", "acme"],
        ["send", "--store", "a", "--to", "1", "--text", "x", "--purpose", "spam"],
        ["messages", "--state", "lost"],
        ["messages", "--limit", "0"],
        ["demo", "--modems", "0"],
        ["demo", "--port", "70000"],
        ["simulate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(shopbell: Shopbell, words: list[str]) -> None:
    done = shopbell(*words)
    assert done.code == 2
    assert "error" in done.err.lower()
    assert done.out == ""


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["check"],
        ["send", "--store", "a", "--to", "1", "--text", "x", "--purpose", "otp"],
        ["messages"],
        ["modems"],
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("content", [None, "[gateway", '[gateway]\nnode = 7\ncountry = "UK"'])
def test_a_wrong_configuration_is_1_with_its_faults(
    shopbell: Shopbell, config: Path, words: list[str], content: str | None
) -> None:
    config.unlink()
    if content is not None:
        config.write_text(content)

    done = shopbell(*words)

    assert done.code == 1
    assert done.out == ""
    assert "shopbell.toml: " in done.err
    assert "Traceback" not in done.err


def test_no_traceback_from_a_real_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from gateway.cli import main; main()", "check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "there is no such file" in done.stderr


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StorageError("the disk is full"), "the disk is full\n"),
        (RejectedError("no_consent", "none on record"), "rejected: no_consent: none on record\n"),
        (PermissionError(13, "Permission denied", "/x.db"), "/x.db: permission denied\n"),
        (
            ExceptionGroup("", [ExceptionGroup("", [ConfigurationError("wrong")])]),
            "wrong\n",
        ),
    ],
)
def test_what_a_user_can_cause_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    said: str,
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("gateway.cli.entry.app", fail)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    "error",
    [RuntimeError("a bug"), ExceptionGroup("", [ShopbellError("x"), RuntimeError("a bug")])],
)
def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("gateway.cli.entry.app", fail)
    with pytest.raises(type(error)):
        main()


def test_that_a_configuration_may_not_be_read_is_no_wrong_usage(
    shopbell: Shopbell, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read everything, so only the question is asked whether it may be read."""
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    assert config.exists()
    assert shopbell("check").code == 0
