"""Box, software, clock and disk: what is said of facts, without the fault on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.doctor import box, clock, disk, software
from gateway.doctor.finding import Finding, Level

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MIB = 1024**2

BOX = box.BoxFacts(memory=2048 * MIB, available=1024 * MIB, load=0.5, cores=4, celsius=50.0)
CLOCK = clock.ClockFacts(
    now=NOW, kept=True, newest=NOW, zone="Europe/London", gateway_zone="Europe/London"
)
DISK = disk.DiskFacts(
    folder="/var/lib/shopbell",
    free=9000 * MIB,
    total=32_000 * MIB,
    inodes_free=900_000,
    inodes=1_000_000,
    fsync=0.002,
)
SOFTWARE = software.SoftwareFacts(shopbell="1.0", python="3.13.1", sqlite=(3, 53, 4), bits=64)


def bad(findings: Iterable[Finding]) -> dict[str, Level]:
    """Return what is not well, by key."""
    return {one.key: one.level for one in findings if one.level is not Level.OK}


def test_a_box_that_is_well_is_well() -> None:
    assert bad(box.judge(BOX)) == {}
    assert bad(clock.judge(CLOCK)) == {}
    assert bad(disk.judge(DISK)) == {}
    assert bad(software.judge(SOFTWARE)) == {}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"available": 50 * MIB}, {"box.memory": Level.WRONG}),
        ({"available": 150 * MIB}, {"box.memory": Level.WARNING}),
        ({"load": 17.0}, {"box.load": Level.WARNING}),
        ({"celsius": 81.0}, {"box.hot": Level.WARNING}),
        ({"read_only": ("/var/lib/shopbell",)}, {"box.read_only": Level.WRONG}),
        ({"memory": None, "available": None, "load": None, "celsius": None}, {}),
    ],
)
def test_what_is_wrong_with_the_box(change: dict[str, object], found: dict[str, Level]) -> None:
    assert bad(box.judge(replace(BOX, **change))) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"kept": False}, {"clock.adrift": Level.WARNING}),
        ({"kept": None}, {}),
        ({"now": datetime(2016, 1, 1, tzinfo=UTC)}, {"clock.past": Level.WRONG}),
        ({"newest": NOW + timedelta(hours=3)}, {"clock.set_back": Level.WRONG}),
        ({"newest": NOW + timedelta(seconds=90)}, {}),
        ({"newest": None}, {}),
    ],
)
def test_what_is_wrong_with_the_clock(change: dict[str, object], found: dict[str, Level]) -> None:
    assert bad(clock.judge(replace(CLOCK, **change))) == found  # type: ignore[arg-type]


def test_the_zones_of_box_and_gateway_are_told() -> None:
    [told, _] = clock.judge(replace(CLOCK, zone="Etc/UTC", gateway_zone="Europe/Paris"))
    assert told.what == "it is 2026-11-26 13:00 in Europe/Paris; this box is in Etc/UTC"
    assert told.key == "clock.time"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"free": 10 * MIB}, {"disk.full": Level.WRONG}),
        ({"free": 200 * MIB}, {"disk.little": Level.WARNING}),
        ({"free": 4 * MIB, "total": 60 * MIB}, {"disk.little": Level.WARNING}),
        ({"free": 2 * MIB, "total": 60 * MIB}, {"disk.full": Level.WRONG}),
        ({"inodes_free": 10_000}, {"disk.inodes": Level.WRONG}),
        ({"inodes": 0, "inodes_free": 0}, {}),
        ({"fsync": 0.06}, {"disk.slow": Level.WARNING}),
        ({"fsync": 0.6}, {"disk.slow": Level.WRONG}),
        ({"fsync": None}, {}),
    ],
)
def test_what_is_wrong_with_the_disk(change: dict[str, object], found: dict[str, Level]) -> None:
    assert bad(disk.judge(replace(DISK, **change))) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sqlite", "bug"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 4), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_which_versions_of_sqlite_have_the_reset_bug(sqlite: software.Version, bug: bool) -> None:
    """RELIABILITY.md 0.7: 3.7.0 to 3.51.2, but for what was put into 3.44.6 and 3.50.7."""
    assert software.has_reset_bug(sqlite) is bug


def test_the_bug_is_a_danger_only_with_a_second_program_that_writes() -> None:
    alone = replace(SOFTWARE, sqlite=(3, 40, 1))
    assert bad(software.judge(alone)) == {}
    beside = replace(alone, writers=("litestream (PID 7)",))
    [found] = [one for one in software.judge(beside) if one.level is not Level.OK]
    assert found.key == "software.sqlite"
    assert "litestream (PID 7)" in found.what


def test_32_bits_are_told() -> None:
    assert bad(software.judge(replace(SOFTWARE, bits=32))) == {"software.bits": Level.WARNING}


def test_looking_reads_what_the_kernel_shows(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text(
        "MemTotal: 1000 kB\nMemAvailable:  400 kB\nHugePages: 0\n"
    )
    (tmp_path / "proc/loadavg").write_text("0.10 1.25 0.30 1/99 7\n")
    for number, heat in enumerate(("41000", "62500", "")):
        zone = tmp_path / f"sys/class/thermal/thermal_zone{number}"
        zone.mkdir(parents=True)
        (zone / "temp").write_text(f"{heat}\n")
    facts = box.look((tmp_path,), tmp_path)
    assert (facts.memory, facts.available) == (1_024_000, 409_600)
    assert (facts.load, facts.celsius, facts.read_only) == (1.25, 62.5, ())


def test_looking_at_a_box_without_all_that_is_no_error(tmp_path: Path) -> None:
    facts = box.look((tmp_path,), tmp_path)
    assert (facts.memory, facts.load, facts.celsius) == (None, None, None)


def test_the_disk_is_measured_without_leaving_anything(tmp_path: Path) -> None:
    facts = disk.look(tmp_path)
    assert facts.fsync is not None
    assert facts.fsync > 0
    assert facts.total > facts.free > 0
    assert list(tmp_path.iterdir()) == []


def test_the_newest_of_our_files_tells_when_the_clock_was_last_believed(tmp_path: Path) -> None:
    file = tmp_path / "shopbell.db"
    file.touch()
    facts = clock.look(NOW, [file, tmp_path / "nowhere"], "UTC")
    assert facts.newest is not None
    assert facts.newest.timestamp() == pytest.approx(file.stat().st_mtime)
