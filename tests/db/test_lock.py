"""One gateway to a database (RELIABILITY.md, fault 15)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.db import Database, DatabaseInUseError, running_gateway
from gateway.db.lock import hold_lock
from gateway.domain.errors import StorageError

OPENER = """
import asyncio, sys
from gateway.db import Database

async def main():
    async with Database.open(sys.argv[1]):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""

pytestmark = pytest.mark.sqlite_only("on a server several gateways may run")


@pytest.fixture
def first(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the database open."""
    with subprocess.Popen(
        [sys.executable, "-c", OPENER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def read_lock(path: Path) -> str:
    return Path(f"{path}.lock").read_text()


def write_lock(path: Path, text: str) -> None:
    Path(f"{path}.lock").write_text(text)


async def test_the_second_is_refused_with_the_pid_of_the_first(
    url: str, first: subprocess.Popen[str]
) -> None:
    with pytest.raises(DatabaseInUseError, match=f"process {first.pid}:") as caught:
        async with Database.open(url):
            pass
    assert caught.value.pid == first.pid
    assert running_gateway(url) == first.pid


async def test_a_killed_one_leaves_nothing_locked(
    url: str, first: subprocess.Popen[str], path: Path
) -> None:
    first.kill()
    first.wait(10)
    assert read_lock(path) == f"{first.pid}\n"
    assert running_gateway(url) is None
    async with Database.open(url):
        assert running_gateway(url) == os.getpid()
    assert running_gateway(url) is None


async def test_a_link_to_the_same_file_is_the_same_database(
    database: Database, path: Path, tmp_path: Path
) -> None:
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    with pytest.raises(DatabaseInUseError):
        async with Database.open(f"sqlite:///{link}"):
            pass


async def test_what_an_earlier_one_left_in_the_file_is_no_part_of_the_pid(
    url: str, path: Path
) -> None:
    write_lock(path, "123456789012\n")
    async with Database.open(url):
        assert running_gateway(url) == os.getpid()


def test_looking_makes_no_file(url: str, tmp_path: Path) -> None:
    assert running_gateway(url) is None
    assert list(tmp_path.iterdir()) == []


def test_a_failure_inside_lets_the_lock_go(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold_lock(path):
        raise ZeroDivisionError
    with hold_lock(path):
        pass


def test_several_may_run_on_a_server() -> None:
    assert running_gateway("postgresql+psycopg://box@db/shopbell") is None


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere.*No such file"):
        async with Database.open(f"sqlite:///{tmp_path}/nowhere/shopbell.db"):
            pass
