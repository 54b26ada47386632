"""``shopbell lab``: JupyterLab on the notebooks, in this very Python."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from gateway.cli.extra import AnalysisError, scoring_errors
from gateway.cli.output import remark
from gateway.cli.report import LAKE_VARIABLE, WithLake

FIRST: Final = "00-start-here.ipynb"
SILENT: Final = Path(__file__).parent / "jupyter"
"""Settings of JupyterLab that keep it from asking the internet for news."""
COPY: Final = Path("shopbell-notebooks")


def lab(
    lake: WithLake = None,
    port: Annotated[int, typer.Option(help="On 127.0.0.1.", min=1, max=65535)] = 8888,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open JupyterLab on the notebooks: on the lake that is named, or on the demo's."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise AnalysisError(
            "this needs the extra `notebooks` (jupyterlab is not installed): "
            "pip install 'shopbell[notebooks]'"
        )
    with scoring_errors("notebooks"):
        from scoring.reports import notebooks_folder

        folder = _writable(notebooks_folder())
    environ = {"JUPYTER_CONFIG_PATH": str(SILENT)}
    if lake is not None:
        environ[LAKE_VARIABLE] = str(lake.resolve())
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *(["--ServerApp.allow_root=True"] if os.geteuid() == 0 else []),
        *([] if browser else ["--no-browser"]),
    ]
    # In this process's place, so that signals and the exit code are JupyterLab's own.
    os.execve(sys.executable, command, {**os.environ, **environ})  # noqa: S606


def _writable(folder: Path) -> Path:
    """Return the notebooks of a checkout, or a copy of those that are installed."""
    if (folder.parent / "pyproject.toml").is_file():
        return folder
    copy = COPY.resolve()
    if not copy.is_dir():
        shutil.copytree(folder, copy)
        remark(f"The notebooks were copied to {copy}.")
    return copy
