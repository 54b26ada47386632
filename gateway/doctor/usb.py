"""The USB: sticks that still are CD-ROMs, hubs that feed too many, sleep, and weak supplies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.doctor.finding import Finding, warning, well, wrong

MODEM_VENDORS: Final = frozenset(
    {"0af0", "1199", "12d1", "1410", "16d8", "19d2", "1bbb", "1c9e", "2001", "2020", "2c7c"}
)
"""Who makes sticks with a CD-ROM in front: Option, Sierra, Huawei, Novatel, CMOTECH, ZTE, Alcatel,
Longcheer, D-Link, Mobile Action, Quectel (usb_modeswitch-data)."""

_STORAGE: Final = "08"
_SERIAL: Final = frozenset({"ff", "02", "0a"})
"""Classes of interfaces: mass storage; vendor's own, communications and their data (USB-IF)."""

_SELF_POWERED: Final = 0x40
"""Of ``bmAttributes`` (USB 2.0, 9.6.3)."""

_BUS_BUDGET_MA: Final = 400
"""What a hub without a supply may hand on: 500 less its own 100 (USB 2.0, 7.2.1)."""

_UNDER_VOLTAGE: Final = 0x1
_HAS_BEEN: Final = 0x10000
"""Of the Raspberry Pi's ``get_throttled``: now, and since the start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsbDevice:
    """One device as sysfs shows it."""

    path: str
    """Such as ``1-1.2``."""
    vendor: str
    product: str
    name: str = ""
    classes: tuple[str, ...] = ()
    """Of its interfaces, two hexadecimal digits each."""
    power_control: str = ""
    """``auto``: the kernel may put it to sleep."""
    milliamperes: int = 0
    """What it says it draws at most."""
    self_powered: bool = False

    @property
    def parent(self) -> str:
        """The path of the hub it is plugged into; empty for one at the box itself."""
        return self.path.rpartition(".")[0]

    @property
    def is_modem(self) -> bool:
        """Whether it has what a modem has."""
        return bool(_SERIAL & set(self.classes)) and self.vendor in MODEM_VENDORS

    @property
    def is_cdrom(self) -> bool:
        """Whether it is a stick that shows its CD-ROM alone."""
        return self.vendor in MODEM_VENDORS and set(self.classes) == {_STORAGE}

    def __str__(self) -> str:
        return " ".join(filter(None, [self.name, f"({self.vendor}:{self.product}) at {self.path}"]))


@dataclass(frozen=True, kw_only=True, slots=True)
class UsbFacts:
    """What was seen of the USB."""

    devices: tuple[UsbDevice, ...]
    throttled: int | None = None
    """What a Raspberry Pi tells of its supply; None elsewhere."""
    low_voltage: bool = False
    """Whether its newer kernel rings (``rpi_volt``)."""


def look(sysfs: Path) -> UsbFacts:
    """Look at the USB."""
    folders = sorted((sysfs / "bus" / "usb" / "devices").glob("[0-9]*-*[0-9]"))
    devices = [_device(folder) for folder in folders if ":" not in folder.name]
    firmware = sysfs / "devices" / "platform" / "soc" / "soc:firmware" / "get_throttled"
    told = _text(firmware)
    return UsbFacts(
        devices=tuple(devices),
        throttled=int(told, 16) if told else None,
        low_voltage=any(
            _text(one) == "1" for one in (sysfs / "class" / "hwmon").glob("*/in0_lcrit_alarm")
        ),
    )


def judge(facts: UsbFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    for device in facts.devices:
        yield from _judge_device(device)
    yield from _judge_hubs(facts.devices)
    yield from _judge_supply(facts)
    if modems := [device for device in facts.devices if device.is_modem]:
        yield well("usb.sticks", f"sticks: {', '.join(map(str, modems))}")


def _judge_device(device: UsbDevice) -> Iterator[Finding]:
    if device.is_cdrom:
        yield wrong(
            "usb.cdrom",
            f"{device} shows itself as a CD-ROM and no modem",
            "`sudo apt install usb-modeswitch`, then pull it out and plug it in; see docs/usb.md",
        )
    if device.is_modem and device.power_control == "auto":
        yield warning(
            "usb.sleep",
            f"the kernel may put {device} to sleep, and it loses its first command then",
            "install the udev rules (docs/usb.md), or now: "
            f"`echo on | sudo tee /sys/bus/usb/devices/{device.path}/power/control`",
        )


def _judge_hubs(devices: Sequence[UsbDevice]) -> Iterator[Finding]:
    for hub in devices:
        fed = [one for one in devices if one.parent == hub.path and not one.self_powered]
        drawn = sum(one.milliamperes for one in fed)
        if not hub.self_powered and drawn > _BUS_BUDGET_MA:
            yield warning(
                "usb.hub",
                f"the hub {hub} has no supply of its own and feeds {len(fed)} devices that draw up "
                f"to {drawn} mA; it may hand on {_BUS_BUDGET_MA} mA",
                "take a hub with its own supply, 2.5 A for four sticks at least",
            )


def _judge_supply(facts: UsbFacts) -> Iterator[Finding]:
    remedy = "take the supply made for this Raspberry Pi, and a hub with its own for the sticks"
    if facts.low_voltage or (facts.throttled or 0) & _UNDER_VOLTAGE:
        yield wrong("usb.under_voltage", "the box gets too little voltage now", remedy)
    elif (facts.throttled or 0) & _HAS_BEEN:
        yield warning(
            "usb.under_voltage", "the box got too little voltage since it was started", remedy
        )


def _device(folder: Path) -> UsbDevice:
    return UsbDevice(
        path=folder.name,
        vendor=_text(folder / "idVendor"),
        product=_text(folder / "idProduct"),
        name=_text(folder / "product"),
        classes=tuple(
            _text(one) for one in sorted(folder.glob(f"{folder.name}:*/bInterfaceClass"))
        ),
        power_control=_text(folder / "power" / "control"),
        milliamperes=_number(_text(folder / "bMaxPower").removesuffix("mA"), 10),
        self_powered=bool(_number(_text(folder / "bmAttributes"), 16) & _SELF_POWERED),
    )


def _number(text: str, base: int) -> int:
    try:
        return int(text, base)
    except ValueError:
        return 0


def _text(file: Path) -> str:
    """Return what a file of sysfs says; empty where there is none, or the device has just gone."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
