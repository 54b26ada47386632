"""What an operator installs: the wheel has all that the clone has, and works outside of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.command import CONFIGURATION

CLONE = Path(__file__).parents[2]
UV = shutil.which(
    "uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
)
LIMIT = 110.0
"""Seconds; what has to be fetched mostly lies in uv's cache already."""

Installed = Callable[..., subprocess.CompletedProcess[str]]


def uv(*arguments: str, **environment: str) -> None:
    """Run uv; skip where what it needs cannot be had, which in CI is a failure."""
    if UV is None:
        pytest.skip("uv is not installed")
    done = subprocess.run(
        [UV, *arguments],
        cwd=CLONE,
        env=os.environ | {"UV_PYTHON_DOWNLOADS": "never"} | environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"uv {arguments[0]} could not: {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--wheel", "--out-dir", str(folder))
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Runs the program as ``uv tool install`` puts it, in a folder with a configuration."""
    folder = tmp_path_factory.mktemp("tool")
    uv(
        "tool",
        "install",
        *("--python", sys.executable),
        str(wheel),
        UV_TOOL_DIR=str(folder / "tools"),
        UV_TOOL_BIN_DIR=str(folder / "bin"),
    )
    (folder / "shopbell.toml").write_text(CONFIGURATION.replace("nowhere", "auto"))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(folder / "bin" / "shopbell"), *arguments],
            cwd=folder,
            env=clean,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    return run


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    """Templates, static files, migrations, policies, profiles, units and rules among them."""
    if not (CLONE / ".git").exists():
        pytest.skip("this is no clone")
    listed = subprocess.run(
        ["git", "ls-files", "gateway", "hardware", "scoring"],
        cwd=CLONE,
        capture_output=True,
        text=True,
        check=True,
    )
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert sorted(set(listed.stdout.split()) - packed) == []


@pytest.mark.parametrize(
    "kind",
    [
        "gateway/db/migrations/versions/r*.py",
        "gateway/policy/*.toml",
        "gateway/web/console/templates/*.html",
        "hardware/profiles/*.toml",
        "hardware/systemd/*.service",
        "hardware/udev/76-shopbell.rules",
    ],
)
def test_what_is_data_is_found_where_it_is_looked_for(kind: str) -> None:
    """Else the test above would pass with an empty folder."""
    assert list(CLONE.glob(kind))


def test_it_says_which_version_it_is(installed: Installed) -> None:
    done = installed("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("shopbell ")


def test_help_names_the_commands(installed: Installed) -> None:
    assert " doctor " in installed("--help").stdout


def test_check_reads_a_configuration(installed: Installed) -> None:
    done = installed("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("shopbell.toml is right")


def test_the_doctor_finds_its_rules_and_says_what_is_wrong(installed: Installed) -> None:
    done = installed("doctor", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    found = {line["key"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert found["broker.unreachable"]["level"] == "wrong"
    rules = next(line for key, line in found.items() if key.startswith("modemmanager."))
    assert "76-shopbell.rules" in (rules["remedy"] or rules["what"])


def test_the_service_starts_the_program_that_was_installed(
    installed: Installed, tmp_path: Path
) -> None:
    assert installed("service-config", str(tmp_path)).returncode == 0
    unit = (tmp_path / "etc/systemd/system/shopbell.service").read_text()
    [start] = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    program = Path(start.removeprefix("ExecStart=").split()[0])
    assert program.name == "shopbell"
    assert program.is_file()
    assert CLONE not in program.parents


def test_the_demo_sends_with_what_is_in_the_wheel(installed: Installed) -> None:
    done = installed("demo", "--seconds", "3", "--modems", "1")
    assert done.returncode == 0, done.stderr[-2000:]
