"""Looking at all subjects at once, each within its own time, whatever becomes of the others.

A disk or a bus that hangs holds whoever asks it, so that each look is a thread of its own, which
nobody waits for beyond its time, nor at the end of the process.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from gateway.doctor.finding import Finding, Level, warning
from gateway.domain.errors import ShopbellError

T = TypeVar("T")

PATIENCE: Final = 10.0
"""Seconds for a subject that does not say otherwise."""

LONGEST: Final = 12.0
"""Seconds for any subject: the whole examination has to end within twenty, and the gateway is asked
before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One subject, and how it is looked at."""

    name: str
    """One word, which the keys of its findings begin with."""
    look: Callable[[], Awaitable[Iterable[Finding]]]
    limit: float = PATIENCE
    """Seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What was found of one subject."""

    subject: str
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """The worst of its findings."""
        order = list(Level)
        return max((one.level for one in self.findings), key=order.index, default=Level.OK)


async def examine(subjects: Sequence[Subject]) -> list[Report]:
    """Look at all subjects at once and return what was found, in their order."""
    return await asyncio.gather(*map(_look_at, subjects))


async def _look_at(subject: Subject) -> Report:
    try:
        async with asyncio.timeout(min(subject.limit, LONGEST)):
            findings = tuple(await subject.look())
    except TimeoutError:
        findings = (_unseen(subject, f"did not answer within {subject.limit:g} s"),)
    except (OSError, ShopbellError) as error:
        findings = (_unseen(subject, f"could not be looked at: {error}"),)
    return Report(subject=subject.name, findings=findings)


def _unseen(subject: Subject, why: str) -> Finding:
    return warning(
        f"{subject.name}.unseen",
        f"{subject.name} {why}",
        "run `shopbell doctor` again as the gateway's user or as root; if it stays, `dmesg` tells "
        "whether a disk or a bus hangs",
    )


async def apart(call: Callable[[], T]) -> T:
    """Run a call that may hang in a thread that nothing waits for, and return its result.

    Raises:
        Exception: what ``call`` raised.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()
    threading.Thread(target=_run, args=(call, loop, outcome), daemon=True).start()
    return await outcome


def _run(
    call: Callable[[], T], loop: asyncio.AbstractEventLoop, outcome: asyncio.Future[T]
) -> None:
    try:
        result = call()
    except Exception as error:
        _tell(loop, outcome, None, error)
    else:
        _tell(loop, outcome, result, None)


def _tell(
    loop: asyncio.AbstractEventLoop,
    outcome: asyncio.Future[T],
    result: T | None,
    error: Exception | None,
) -> None:
    def settle() -> None:
        if outcome.done():  # nobody waits any more
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)  # type: ignore[arg-type]  # it is a T where none was raised

    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)
