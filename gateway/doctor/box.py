"""The box: memory, load, heat, and whether its disk still takes anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.doctor.finding import Finding, warning, well, wrong

MEMORY_LEAST: Final = 64 * 1024**2
"""Octets: with less available the kernel soon ends processes, the gateway (some 150 MiB) first."""

MEMORY_SHARE: Final = 0.10

LOAD_EACH: Final = 4.0
"""Programs that wait for each core; a gateway of thirty modems is a twentieth of one."""

HOT: Final = 80.0
"""Degrees Celsius at which a Raspberry Pi begins to slow itself down."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxFacts:
    """What was seen of the box."""

    memory: int | None
    """Octets; None where it cannot be told, as for what follows."""
    available: int | None
    """Octets that programs can still have."""
    load: float | None
    """Programs at work or waiting, the mean of five minutes."""
    cores: int
    celsius: float | None
    """Of the hottest part."""
    read_only: tuple[str, ...] = ()
    """Folders of ours on file systems that are mounted read-only."""


def look(folders: tuple[Path, ...], root: Path = Path("/")) -> BoxFacts:
    """Look at the box.

    Args:
        folders: in which the gateway writes.
        root: where ``proc`` and ``sys`` are.
    """
    memory = _memory(root / "proc" / "meminfo")
    return BoxFacts(
        memory=memory.get("MemTotal"),
        available=memory.get("MemAvailable"),
        load=_load(root / "proc" / "loadavg"),
        cores=os.cpu_count() or 1,
        celsius=_celsius(root / "sys" / "class" / "thermal"),
        read_only=tuple(str(one) for one in folders if _is_read_only(one)),
    )


def judge(facts: BoxFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    yield from _judge_memory(facts)
    if facts.load is not None:
        yield _judge_load(facts.load, facts.cores)
    if facts.celsius is not None:
        yield _judge_heat(facts.celsius)
    for folder in facts.read_only:
        yield wrong(
            "box.read_only",
            f"the file system of {folder} is mounted read-only",
            "`dmesg` tells why: mostly a worn card, which has to be replaced; else "
            f"`mount -o remount,rw $(findmnt -no TARGET -T {folder})`",
        )


def _judge_memory(facts: BoxFacts) -> Iterator[Finding]:
    if facts.memory is None or facts.available is None:
        return
    said = f"{megabytes(facts.available)} of {megabytes(facts.memory)} of memory can be had"
    if facts.available < MEMORY_LEAST:
        yield wrong("box.memory", said, "`ps aux --sort=-rss | head` names who has it; stop that")
    elif facts.available < MEMORY_SHARE * facts.memory:
        yield warning("box.memory", said, "`ps aux --sort=-rss | head` names who has it")
    else:
        yield well("box.memory", said)


def _judge_load(load: float, cores: int) -> Finding:
    said = f"{load:.1f} programs at work on {cores} cores, the mean of five minutes"
    if load > LOAD_EACH * cores:
        return warning("box.load", said, "`top` names them; what comes in is answered late")
    return well("box.load", said)


def _judge_heat(celsius: float) -> Finding:
    if celsius >= HOT:
        return warning(
            "box.hot",
            f"it is {celsius:.0f} °C hot and slows itself down",
            "give it air, or a heat sink and a fan",
        )
    return well("box.hot", f"{celsius:.0f} °C")


def megabytes(octets: float) -> str:
    """Return a size as people read it."""
    size = octets / 1024**2
    return f"{size:.0f} MiB" if size < 10_000 else f"{size / 1024:.0f} GiB"


def _memory(file: Path) -> dict[str, int]:
    """Return the octets of what /proc/meminfo tells, by its names (proc(5))."""
    found = {}
    for line in _text(file).splitlines():
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdecimal():
            found[name] = int(words[0]) * 1024
    return found


def _load(file: Path) -> float | None:
    words = _text(file).split()
    return float(words[1]) if len(words) > 1 else None


def _celsius(folder: Path) -> float | None:
    """Return the heat of the hottest zone; they tell thousandths."""
    told = [_text(file).strip() for file in folder.glob("thermal_zone*/temp")]
    return max((int(one) / 1000 for one in told if one.lstrip("-").isdecimal()), default=None)


def _is_read_only(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
