"""All subjects are looked at together, and none holds the others or the process."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from gateway.doctor.examination import Report, Subject, apart, examine
from gateway.doctor.finding import Finding, Level, warning, well, wrong
from gateway.domain.errors import StorageError

DOCTOR = Path(__file__).parents[2] / "gateway" / "doctor"


def subject(name: str, *findings: Finding, after: float = 0.0, limit: float = 5.0) -> Subject:
    async def look() -> Iterable[Finding]:
        await asyncio.sleep(after)
        return findings

    return Subject(name=name, look=look, limit=limit)


@pytest.mark.looptime
async def test_they_are_looked_at_at_once_and_told_in_their_order() -> None:
    begun = asyncio.get_running_loop().time()
    reports = await examine(
        [subject("slow", well("slow.a", "a"), after=3), subject("fast", well("fast.b", "b"))]
    )
    assert [one.subject for one in reports] == ["slow", "fast"]
    assert asyncio.get_running_loop().time() - begun == pytest.approx(3)


@pytest.mark.looptime
async def test_one_that_does_not_answer_in_its_time_is_told_as_such() -> None:
    [report] = await examine([subject("bus", after=60, limit=2)])
    [found] = report.findings
    assert (found.key, found.level) == ("bus.unseen", Level.WARNING)
    assert "2 s" in found.what


@pytest.mark.looptime
async def test_none_may_take_longer_than_the_whole_has() -> None:
    begun = asyncio.get_running_loop().time()
    await examine([subject("bus", after=60, limit=59)])
    assert asyncio.get_running_loop().time() - begun < 20


@pytest.mark.parametrize("error", [OSError("no"), StorageError("no")])
async def test_one_that_cannot_be_looked_at_is_told_as_such(error: Exception) -> None:
    async def look() -> Iterable[Finding]:
        raise error

    [report] = await examine([Subject(name="disk", look=look)])
    assert [one.key for one in report.findings] == ["disk.unseen"]


HANGING = """
import asyncio, time
from gateway.doctor.examination import apart

async def main():
    try:
        async with asyncio.timeout(0.05):
            await apart(lambda: time.sleep(600))
    except TimeoutError:
        print("on")

asyncio.run(main())
"""


def test_a_thread_that_hangs_holds_neither_the_others_nor_the_end_of_the_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "on\n", "")


async def test_what_a_thread_raises_is_raised() -> None:
    def fail() -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await apart(fail)
    assert await apart(lambda: 7) == 7


def test_a_report_is_as_bad_as_its_worst_finding() -> None:
    found = (well("a.a", "a"), wrong("a.b", "b", "do"), warning("a.c", "c", "do"))
    assert Report(subject="a", findings=found).level is Level.WRONG
    assert Report(subject="a", findings=()).level is Level.OK


def test_what_is_not_well_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="could be done"):
        Finding(key="a.b", level=Level.WARNING, what="so")


def test_every_finding_has_a_test() -> None:
    """By its key, which is written once in the code and at least once in a test."""
    tests = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    keys = {key for file in DOCTOR.glob("*.py") for key in keys_of(ast.parse(file.read_text()))}
    assert len(keys) > 40
    assert sorted(key for key in keys if f'"{key}"' not in tests) == []


def keys_of(module: ast.Module) -> Iterator[str]:
    """Yield the keys of what is not well; those that are put together are of a word of others."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            bad = node.func.id in ("warning", "wrong", "kind", "level")
            if bad and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
