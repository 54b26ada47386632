"""A sysfs written by hand, laid out as Linux lays it out."""

from __future__ import annotations

import shutil
from pathlib import Path


class Sysfs:
    """Sticks in a folder; each tty is an ordinary file in ``dev``."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "sys"
        self.dev = folder / "dev"
        self.dev.mkdir()
        (self.root / "class" / "tty").mkdir(parents=True)

    def plug(
        self,
        path: str,
        ttys: dict[str, int],
        *,
        usb: str = "12d1:1506",
        serial: str = "",
        acm: bool = False,
    ) -> Path:
        """Plug a stick in; ``ttys`` are names with their interface numbers. Returns its folder.

        An ACM tty hangs right under its interface, one of a serial driver under a port of it.
        """
        vendor, product = usb.split(":")
        folder = self._folder(path)
        folder.mkdir(parents=True)
        texts = {"idVendor": vendor, "idProduct": product, "serial": serial}
        texts |= {"manufacturer": "HUAWEI Technology", "product": "HUAWEI Mobile"}
        for name, text in texts.items():
            if text:
                (folder / name).write_text(f"{text}\n")
        for tty, number in ttys.items():
            interface = folder / f"{path}:1.{number}"
            interface.mkdir(exist_ok=True)
            (interface / "bInterfaceNumber").write_text(f"{number:02x}\n")
            self._tty(tty, interface if acm else interface / tty)
        return folder

    def _folder(self, path: str) -> Path:
        """Hubs have ids as well: 1-1 is one when something is plugged into 1-1.2."""
        folder = self.root / "devices" / "pci0000:00" / f"usb{path.partition('-')[0]}"
        parts = path.split(".")
        for depth in range(1, len(parts)):
            folder /= ".".join(parts[:depth])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "idVendor").write_text("1d6b\n")
            (folder / "idProduct").write_text("0002\n")
        return folder / path

    def _tty(self, name: str, device: Path) -> None:
        own = device / "tty" / name
        own.mkdir(parents=True)
        (own / "device").symlink_to(device)
        (own / "uevent").write_text(f"MAJOR=188\nMINOR=0\nDEVNAME={self.dev / name}\n")
        (self.root / "class" / "tty" / name).symlink_to(own)
        (self.dev / name).touch()

    def number(self, name: str, number: str) -> None:
        """Let a tty be found by its major and minor number, such as ``188:0``."""
        numbers = self.root / "dev" / "char"
        numbers.mkdir(parents=True, exist_ok=True)
        (numbers / number).symlink_to((self.root / "class" / "tty" / name).readlink())

    def virtual(self, name: str) -> None:
        """A console of the kernel's own: it has no device behind it."""
        folder = self.root / "class" / "tty" / name
        folder.mkdir()
        (folder / "uevent").write_text(f"MAJOR=4\nMINOR=0\nDEVNAME={name}\n")

    def unplug(self, path: str) -> None:
        """Pull a stick out."""
        folder = self._folder(path)
        for link in (self.root / "class" / "tty").iterdir():
            if link.is_symlink() and folder in link.resolve().parents:
                (self.dev / link.name).unlink()
                link.unlink()
        shutil.rmtree(folder)
