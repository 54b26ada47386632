"""What computes for long does so in another process, and its errors come back as they were."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from support.members import eventually

from gateway.app.aside import Aside, AsideError
from gateway.domain.errors import ContentError, RejectedError, StorageError

# The child finds this module as the suite's own process does, by its file.
MODULE = Path(__file__).stem


async def tell_process(words: str) -> tuple[str, int, int]:
    print("what a library prints is no part of the answer")  # noqa: T201
    return words.upper(), os.getpid(), os.nice(0)


async def refuse(kind: str) -> None:
    if kind == "rejected":
        raise RejectedError("too_late", "it would be late", field="sale_ends")
    raise (
        ContentError("is empty", file=Path("spring.toml"))
        if kind == "content"
        else StorageError("it cannot be read")
    )


async def die() -> None:
    os._exit(3)


def note_process(mark: Path) -> None:
    mark.write_text(str(os.getpid()))


async def linger(mark: Path) -> None:
    note_process(mark)
    await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def findable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the child import this module by the name under which its functions are pickled."""
    folder = os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parents[1])))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setitem(sys.modules, MODULE, sys.modules[__name__])
    for function in (tell_process, refuse, die, linger):
        monkeypatch.setattr(function, "__module__", MODULE)


async def test_it_is_another_process_that_steps_back() -> None:
    words, process, niceness = await Aside().do(tell_process, "spring")
    assert words == "SPRING"
    assert process != os.getpid()
    assert niceness > os.nice(0)


async def test_refusals_come_back_with_code_and_field() -> None:
    aside = Aside()
    with pytest.raises(RejectedError, match="it would be late") as caught:
        await aside.do(refuse, "rejected")
    assert (caught.value.code, caught.value.field) == ("too_late", "sale_ends")
    with pytest.raises(ContentError, match=r"spring.toml: is empty"):
        await aside.do(refuse, "content")
    with pytest.raises(Exception, match="it cannot be read"):
        await aside.do(refuse, "storage")


async def test_a_child_that_dies_is_an_error_and_not_an_answer() -> None:
    with pytest.raises(AsideError, match="the log has why"):
        await Aside().do(die)


async def test_who_asks_no_longer_leaves_no_child(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    asking = asyncio.create_task(Aside().do(linger, mark), name="asking")
    await eventually(lambda: mark.exists() and mark.read_text(), seconds=30)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


async def test_what_nobody_would_wait_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.app.aside.MOST_WAITING", 0)
    aside, mark = Aside(), tmp_path / "mark"
    working = asyncio.create_task(aside.do(linger, mark), name="work")
    await eventually(mark.exists, seconds=20)
    with pytest.raises(RejectedError, match="ask again"):
        await aside.do(tell_process, "spring")
    working.cancel()
    await asyncio.wait({working})
    assert (await aside.do(tell_process, "spring"))[0] == "SPRING"
