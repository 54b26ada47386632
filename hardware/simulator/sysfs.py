"""The bank's own sysfs: what the kernel would show of its sticks, as files that can be read.

Laid out as Linux does it (Documentation/ABI/testing/sysfs-bus-usb), as far as it takes to find a
stick's tty: ``class/tty/NAME`` leads to the tty, its ``device`` up to the interface and the stick.
``dev/char/MAJOR:MINOR`` leads to it by number.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_HUB = {"idVendor": "1d6b", "idProduct": "0002", "product": "Simulated hub"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One tty of a stick."""

    interface: int
    """``bInterfaceNumber``."""
    device: str
    """The pseudo-terminal behind it."""


class Sysfs:
    """A tree below one folder; a stick that returns gets other tty names, as on a busy box."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._numbers = {"ttyUSB": 0, "ttyACM": 0}
        self._names: dict[str, list[str]] = {}
        shutil.rmtree(root, ignore_errors=True)
        (root / "class" / "tty").mkdir(parents=True)
        (root / "dev" / "char").mkdir(parents=True)

    def plug(self, path: str, texts: Mapping[str, str], nodes: list[Node], *, acm: bool) -> None:
        """Show a stick.

        Args:
            path: where it is plugged in, such as ``1-1.2``.
            texts: its files, such as ``idVendor``.
            nodes: its tty.
            acm: its tty are of the class CDC ACM, and hang right under their interfaces.
        """
        self.unplug(path)
        _write(self._folder(path).parent, _HUB)
        _write(self._folder(path), texts)
        self._names[path] = [self._tty(path, node, acm=acm) for node in nodes]

    def unplug(self, path: str) -> None:
        """Show a stick no more; nothing happens to one that is not there."""
        for name in self._names.pop(path, []):
            (self.root / "class" / "tty" / name).unlink(missing_ok=True)
        shutil.rmtree(self._folder(path), ignore_errors=True)

    def _folder(self, path: str) -> Path:
        return self.root / "devices" / "usb1" / path.partition(".")[0] / path

    def _tty(self, path: str, node: Node, *, acm: bool) -> str:
        kind = "ttyACM" if acm else "ttyUSB"
        name = f"{kind}{self._numbers[kind]}"
        self._numbers[kind] += 1
        interface = self._folder(path) / f"{path}:1.{node.interface}"
        _write(interface, {"bInterfaceNumber": f"{node.interface:02x}"})
        device = interface if acm else interface / name
        own = device / "tty" / name
        number = Path(node.device).stat().st_rdev
        major, minor = os.major(number), os.minor(number)
        lines = (f"MAJOR={major}", f"MINOR={minor}", f"DEVNAME={node.device}")
        _write(own, {"uevent": "\n".join(lines)})
        (own / "device").symlink_to(device.absolute())
        for link in (Path("class", "tty", name), Path("dev", "char", f"{major}:{minor}")):
            (self.root / link).unlink(missing_ok=True)
            (self.root / link).symlink_to(own.absolute())
        return name


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(f"{text}\n")
