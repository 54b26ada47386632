"""Notes are kept, written when they change alone, and never keep anybody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from structlog.testing import capture_logs

from gateway.domain.errors import StorageError
from gateway.domain.ids import ModemName
from gateway.modem.known.notebook import Notes
from tests.modem.notebooks import BrokenNotebook, PaperNotebook

pytestmark = pytest.mark.looptime

IMEI = "490154203237518"
A, B = ModemName("a"), ModemName("b")


async def test_what_did_not_change_is_not_written() -> None:
    paper = PaperNotebook()
    notes = Notes(paper)
    for _ in range(3):
        await notes.write("line:1", {"service_centre": "+4477"})
    await Notes(paper).write("line:1", {"service_centre": "+4477"})
    assert paper.writes == 1


async def test_a_broken_notebook_is_said_and_done_without() -> None:
    notes = Notes(BrokenNotebook())
    with capture_logs() as logs:
        await notes.write(f"modem:{IMEI}", {"memory": "SM"})
    assert await notes.read(f"modem:{IMEI}") == {"memory": "SM"}
    assert {entry["event"] for entry in logs} == {"note_not_read", "note_not_written"}
    assert IMEI not in str(logs)


async def test_what_could_not_be_written_is_written_at_the_next_time() -> None:
    class Full(PaperNotebook):
        full = True

        async def write(self, subject: str, facts: Mapping[str, object]) -> None:
            if self.full:
                raise StorageError("the disk is full")
            await super().write(subject, facts)

    paper = Full()
    notes = Notes(paper)
    await notes.write("line:1", {"service_centre": "+4477"})
    paper.full = False
    await notes.write("line:1", {"service_centre": "+4477"})
    assert paper.writes == 1


async def test_a_database_that_hangs_is_not_waited_for() -> None:
    class Hanging(PaperNotebook):
        async def read(self, subject: str) -> Mapping[str, object]:
            await asyncio.sleep(3600)
            raise AssertionError("nobody waits that long")

    begun = asyncio.get_running_loop().time()
    assert await Notes(Hanging()).read("line:1") == {}
    assert asyncio.get_running_loop().time() - begun < 5


class TestSubjects:
    async def test_a_stick_is_known_by_its_imei_wherever_it_is_plugged_in(self) -> None:
        notes = Notes(PaperNotebook())
        assert await notes.modem_subject(IMEI, A, "1-1") == f"modem:{IMEI}"
        assert await notes.modem_subject(IMEI, A, "1-2") == f"modem:{IMEI}"

    async def test_clones_are_told_apart_by_their_places_from_then_on(self) -> None:
        paper = PaperNotebook()
        notes = Notes(paper)
        await notes.modem_subject(IMEI, A, "1-1")
        assert await notes.modem_subject(IMEI, B, "1-2") == f"modem:{IMEI}@1-2"
        assert await notes.modem_subject(IMEI, A, "1-1") == f"modem:{IMEI}@1-1"
        restarted = Notes(paper)
        assert await restarted.modem_subject(IMEI, B, "1-2") == f"modem:{IMEI}@1-2"

    async def test_a_stick_that_changes_hands_is_no_clone(self) -> None:
        notes = Notes(PaperNotebook())
        await notes.modem_subject(IMEI, A, "1-1")
        notes.release(A)
        assert await notes.modem_subject(IMEI, B, "1-2") == f"modem:{IMEI}"

    async def test_a_stick_that_tells_no_imei_is_known_by_its_place(self) -> None:
        assert await Notes().modem_subject("", A, "1-1") == "modem:@1-1"
