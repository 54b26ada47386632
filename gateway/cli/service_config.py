"""``shopbell service-config``: the files by which systemd and udev know Shopbell."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from gateway.cli.options import Json
from gateway.cli.output import print_json, print_line

_PROGRAM: Final = "/usr/local/bin/shopbell"
"""What the shipped units start; in the written ones it is the program that wrote them."""

_NAME: Final = "shopbell"

_FILES: Final = {
    "systemd/shopbell.service": "etc/systemd/system/shopbell.service",
    "systemd/shopbell-bridge.service": "etc/systemd/system/shopbell-bridge.service",
    "systemd/sysusers.conf": "etc/sysusers.d/shopbell.conf",
    "systemd/tmpfiles.conf": "etc/tmpfiles.d/shopbell.conf",
    "udev/76-shopbell.rules": "etc/udev/rules.d/76-shopbell.rules",
}
"""What is written where, below the root."""

_NEXT: Final = (
    "systemd-sysusers && systemd-tmpfiles --create",
    "udevadm control --reload && udevadm trigger",
    "systemctl daemon-reload && systemctl enable --now shopbell",
)


def service_config(
    root: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where the system's files begin.", readable=False)
    ] = Path("/"),
    json: Json = False,
) -> None:
    """Write the systemd units, the user and the udev rules.

    Run again, after an upgrade, it changes only what is not as it should be. It starts nothing.
    """
    written = {root / place: _write(source, root / place) for source, place in _FILES.items()}
    if json:
        changed = [str(path) for path, new in written.items() if new]
        print_json({"files": [str(path) for path in written], "changed": changed})
        return
    for path, new in written.items():
        print_line(f"{path} {'written' if new else 'is as it should be'}")
    if any(written.values()):
        print_line("then, as root:")
        for line in _NEXT:
            print_line(f"  {line}")


def program() -> str:
    """Return the path of this very program, as a service starts it."""
    called = Path(sys.argv[0])
    if called.name == _NAME and called.is_file():
        return str(called.absolute())
    return shutil.which(_NAME) or _PROGRAM


def _write(source: str, path: Path) -> bool:
    """Write a file where it is not there or another; return whether it was."""
    from importlib.resources import files

    text = files("hardware").joinpath(*source.split("/")).read_text(encoding="utf-8")
    text = text.replace(f"ExecStart={_PROGRAM} ", f"ExecStart={program()} ")
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
    return True
