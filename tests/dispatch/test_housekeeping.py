"""What has long ended moves out of the way, whole, and is for everybody still there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from support.deliver import deliver
from support.inbox import come
from support.statements import overheard
from support.world import ACME, KEYS, RECIPIENT, START, World, request

from gateway.consent.retention import Periods
from gateway.db.answers import newest_handed
from gateway.db.archive import archive_jobs, jobs_long_over
from gateway.db.contact import last_contact, marketing_times
from gateway.db.counts import Count, fold_counts, read_counts, recount
from gateway.db.exchanges import newest_on, writers_to
from gateway.db.failed import fates_of
from gateway.db.handed import marketing_handed
from gateway.db.listing import list_jobs
from gateway.db.parts import was_handed
from gateway.db.retiring import retire_jobs
from gateway.db.spent import SpentJobs
from gateway.db.tables import ARCHIVED, CARRIAGES, HOT, INBOUND, JOB_COUNTS, JOBS
from gateway.dispatch import Housekeeping
from gateway.domain.ids import JobId
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState
from tests.dispatch.deeds import LINE, claim, hand, lost, report, send, sent

WEEK = timedelta(days=7, seconds=1)


async def tidy(world: World, **periods: int) -> int:
    """Let time pass until all that may has moved; return how much did."""
    return await Housekeeping(world.context, Periods(**periods)).work()


async def rows(world: World, sheaf: Any) -> dict[str, int]:
    """Count the rows of one side."""
    names = ("jobs", "parts", "attempts", "reports", "carriages")

    def count(connection: Any) -> dict[str, int]:
        return {
            name: connection.execute(
                select(func.count()).select_from(getattr(sheaf, name))
            ).scalar_one()
            for name in names
        }

    return {name: number for name, number in (await world.database.read(count)).items() if number}


async def delivered(world: World, job: str = "order-1", reference: int = 7) -> None:
    await send(world, job, reference)
    await world.dispatcher.report(LINE, report(reference, at=world.clock.now()), None)


async def archived(world: World, job: str = "order-1") -> None:
    """A delivered job that has moved."""
    await delivered(world, job)
    world.clock.instant += WEEK
    assert await tidy(world) == 1


class TestWhatMoves:
    async def test_a_job_moves_with_all_that_hangs_on_it(self, world: World) -> None:
        await delivered(world)
        key = (await world.job()).key
        carriage = {"job_key": key, "line": "carrier:a", "handed_at": START}
        await world.database.write(lambda c: c.execute(insert(CARRIAGES), carriage))
        before = await rows(world, HOT)
        world.clock.instant += WEEK
        assert await tidy(world) == 1
        assert await rows(world, HOT) == {}
        assert await rows(world, ARCHIVED) == before
        assert before == {"jobs": 1, "parts": 1, "attempts": 1, "reports": 1, "carriages": 1}

    async def test_not_before_its_time(self, world: World) -> None:
        await delivered(world)
        world.clock.instant += timedelta(days=7)
        assert await tidy(world) == 0
        assert await tidy(world, archive_days=6) == 1

    async def test_the_time_is_that_since_the_end(self, world: World) -> None:
        """One that was taken long ago and reported just now stays."""
        await send(world, "order-1", 7)
        world.clock.instant += timedelta(days=20)
        await world.dispatcher.report(LINE, report(7, at=world.clock.now()), None)
        assert await tidy(world) == 0
        world.clock.instant += WEEK
        assert await tidy(world) == 1

    async def test_what_is_not_at_its_end_stays(self, world: World) -> None:
        await send(world, "no-report-yet", 8)
        await world.allow()
        await world.accept("in-doubt", purpose=Purpose.MARKETING)
        await claim(world)
        await lost(world, await hand(world, "in-doubt"), "in-doubt")
        await world.accept("far", send_at=START + timedelta(days=90))
        await world.accept("waiting")
        world.clock.instant += timedelta(days=30)
        assert await tidy(world) == 0

    async def test_without_a_report_it_moves_when_none_is_waited_for(self, world: World) -> None:
        await send(world, "order-1", 7)
        await world.advance(days=4)
        assert (await world.job()).reason == "no final report"
        world.clock.instant += WEEK
        assert await tidy(world) == 1

    async def test_what_was_never_sent_moves(self, world: World) -> None:
        await world.accept("cancelled")
        await world.cancel("cancelled")
        await world.accept("expired", expires_at=START + timedelta(hours=1))
        await world.advance(hours=2)
        world.clock.instant += WEEK
        assert await tidy(world) == 2

    async def test_what_a_carrier_is_still_asked_about_stays(self, world: World) -> None:
        await delivered(world)
        key = (await world.job()).key
        due = {"job_key": key, "line": "carrier:a", "handed_at": START, "look_at": START}
        await world.database.write(lambda c: c.execute(insert(CARRIAGES), due))
        world.clock.instant += WEEK
        assert await tidy(world) == 0

    async def test_it_is_asked_again_when_it_moves(self, world: World) -> None:
        """A reader found it; meanwhile a report came."""
        await delivered(world)
        now = world.clock.now()
        found = await world.database.read(lambda c: jobs_long_over(c, now + WEEK, 0, 10))
        assert found
        assert await world.database.write(lambda c: archive_jobs(c, found, now)) == 0

    async def test_many_move_in_lots(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("gateway.dispatch.housekeeping.LOT", 2)
        monkeypatch.setattr("gateway.dispatch.housekeeping.FOUND", 3)
        for number in range(7):
            await delivered(world, f"order-{number}", number)
        world.clock.instant += WEEK
        assert await tidy(world) == 7
        assert (await rows(world, ARCHIVED))["jobs"] == 7

    async def test_no_key_is_given_twice(self, world: World) -> None:
        """SQLite would begin anew in tables that are empty."""
        await archived(world, "order-1")
        await delivered(world, "order-2", 8)
        world.clock.instant += WEEK
        assert await tidy(world) == 1
        assert await rows(world, HOT) == {}
        listed = await world.database.read(list_jobs)
        assert [job.id for job in listed] == ["order-2", "order-1"]


class TestWhoLooksFindsIt:
    async def test_the_same_job_again_is_answered_and_not_sent(self, world: World) -> None:
        await archived(world)
        told = len(await world.said())
        assert await world.admit(request("order-1")) == [None]
        [accepted, ended] = (await world.said())[told:]
        assert (accepted["state"], accepted["parts"]["total"]) == ("accepted", 1)
        assert (ended["state"], ended["seq"], ended["parts"]["delivered"]) == ("delivered", 3, 1)
        assert "jobs" not in await rows(world, HOT)

    async def test_another_job_under_its_id_is_a_conflict(self, world: World) -> None:
        await archived(world)
        [refused] = await world.admit(request("order-1", text="Something else."))
        assert refused is not None
        assert refused.code == "conflict"

    async def test_it_cannot_be_taken_back(self, world: World) -> None:
        await archived(world)
        refused = await world.cancel()
        assert refused is not None
        assert refused.code == "too_late"

    async def test_an_answer_finds_what_it_answers(self, world: World) -> None:
        await archived(world)
        await come(world, deliver("Yes please", at=world.clock.now()))
        [letter] = await world.said("inbound")
        assert letter["in_reply_to"] == "order-1"

    async def test_the_newest_of_both_sides_is_answered(self, world: World) -> None:
        await archived(world, "order-1")
        await send(world, "order-2", 9)
        given = {"number": RECIPIENT, "tail": "00900123", "line": LINE, "stores": [ACME]}
        found = await world.database.read(lambda c: newest_handed(c, **given, since=START))
        assert found is not None
        assert found.id == "order-2"

    async def test_a_stop_of_who_was_written_to_long_ago_holds(self, world: World) -> None:
        await world.allow()
        await world.accept("news", purpose=Purpose.MARKETING)
        await claim(world)
        await sent(world, await hand(world, "news"), 7, "news")
        await world.dispatcher.report(LINE, report(7, at=world.clock.now()), None)
        world.clock.instant += WEEK
        assert await tidy(world) == 1
        await come(world, deliver("STOP", at=world.clock.now()))
        [refused] = await world.admit(request("news-2", purpose=Purpose.MARKETING))
        assert refused is not None
        assert refused.code in ("no_consent", "objected", "withdrawn")

    async def test_history_is_that_of_both(self, world: World) -> None:
        await world.allow()
        await world.accept("news", purpose=Purpose.MARKETING)
        await claim(world)
        await sent(world, await hand(world, "news"), 7, "news")
        await delivered(world, "order-1", 8)

        def ask(connection: Any) -> list[object]:
            since = START - timedelta(days=1)
            return [
                marketing_times(connection, ACME, RECIPIENT, JobId(""), since),
                last_contact(connection, ACME, RECIPIENT, since),
                writers_to(connection, RECIPIENT),
                writers_to(connection, RECIPIENT, LINE),
                newest_on(connection, RECIPIENT, LINE, 5),
                fates_of(connection, RECIPIENT),
                was_handed(connection, "00900123"),
                [one for some in marketing_handed(connection) for one in some],
                recount(connection),
                read_counts(connection),
            ]

        await world.advance(days=4)
        before = await world.database.read(ask)
        world.clock.instant += WEEK
        assert await tidy(world) == 2
        assert await world.database.read(ask) == before
        assert all(before)


class TestALateReport:
    async def silent(self, world: World) -> None:
        """A job of which no report said how it ended, in the archive."""
        await send(world, "order-1", 7)
        await world.advance(days=4)
        world.clock.instant += WEEK
        assert await tidy(world) == 1

    async def test_it_is_told(self, world: World) -> None:
        await self.silent(world)
        await world.dispatcher.report(LINE, report(7, at=world.clock.now()), None)
        assert (await world.states())[-1] == "delivered"
        assert await rows(world, ARCHIVED) == {}
        world.clock.instant += WEEK
        assert await tidy(world) == 1

    async def test_a_national_number_is_the_same(self, world: World) -> None:
        await self.silent(world)
        late = report(7, number="07700900123", at=world.clock.now())
        await world.dispatcher.report(LINE, late, None)
        assert (await world.states())[-1] == "delivered"

    @pytest.mark.parametrize(
        "other",
        [{"reference": 8}, {"reference": 7, "number": "+447700900999"}, {"line": "8944-other"}],
    )
    async def test_of_something_else_it_says_nothing(
        self, world: World, other: dict[str, Any]
    ) -> None:
        await self.silent(world)
        said = {"reference": 7, "at": world.clock.now(), "line": LINE} | other
        line = said.pop("line")
        await world.dispatcher.report(line, report(**said), None)
        assert (await world.states())[-1] == "sent"
        assert (await rows(world, ARCHIVED))["jobs"] == 1

    async def test_one_that_was_said_again_changes_nothing(self, world: World) -> None:
        await archived(world)
        told = len(await world.said())
        await world.dispatcher.report(LINE, report(7, at=world.clock.now()), None)
        assert len(await world.said()) == told
        assert (await rows(world, ARCHIVED))["jobs"] == 1


class TestItGoesInTheEnd:
    async def test_an_archived_job_is_let_go_of_as_any(self, world: World) -> None:
        await archived(world)
        await come(world, deliver("Yes please", at=world.clock.now()))
        [key] = await world.database.read(lambda c: c.scalars(select(ARCHIVED.jobs.c.key)).all())
        spent = SpentJobs(KEYS)
        gone = await world.database.write(lambda c: retire_jobs(c, [key], spent, world.clock.now()))
        assert gone == 1
        assert await rows(world, ARCHIVED) == {}
        answered = await world.database.read(lambda c: c.scalars(select(INBOUND.c.job_key)).all())
        assert answered == [None]
        assert await world.database.read(read_counts) == []
        assert await world.admit(request("order-1")) == [None]
        assert await world.database.read(lambda c: c.scalars(select(JOBS.c.key)).all()) == []


class TestCounts:
    async def test_each_change_of_state_is_counted(self, world: World) -> None:
        await delivered(world, "order-1", 1)
        await send(world, "order-2", 2)
        await world.accept("long", text="x" * 200)
        counts = await world.database.read(read_counts)
        assert [(one.state, one.jobs, one.parts) for one in counts] == [
            (JobState.ACCEPTED, 1, 2),
            (JobState.DELIVERED, 1, 1),
            (JobState.SENT, 1, 1),
        ]

    async def test_moving_counts_nothing(self, world: World) -> None:
        await delivered(world)
        before = await world.database.read(read_counts)
        world.clock.instant += WEEK
        await tidy(world)
        assert await world.database.read(read_counts) == before

    async def test_days_of_long_ago_are_counted_by_the_month(self, world: World) -> None:
        for number in range(4):
            await delivered(world, f"order-{number}", number)
            world.clock.instant += timedelta(days=1)
        before = await world.database.read(read_counts)
        days = select(JOB_COUNTS.c.day).where(JOB_COUNTS.c.jobs != 0)
        assert len(await world.database.read(lambda c: c.scalars(days).all())) == 4
        last = world.clock.now().date()
        await world.database.write(lambda c: fold_counts(c, last))
        assert await world.database.read(read_counts) == before
        every = select(JOB_COUNTS.c.day)
        assert set(await world.database.read(lambda c: c.scalars(every).all())) == {"2026-11"}

    async def test_a_job_of_a_folded_day_still_counts_once(self, world: World) -> None:
        await send(world, "order-1", 7)
        later = START.date() + timedelta(days=1)
        await world.database.write(lambda c: fold_counts(c, later))
        await world.dispatcher.report(LINE, report(7), None)
        await world.database.write(lambda c: fold_counts(c, later))
        await world.database.write(lambda c: fold_counts(c, later))
        one = Count(store=ACME, state=JobState.DELIVERED, jobs=1, parts=1)
        assert await world.database.read(read_counts) == [one]
        assert len(await world.database.read(lambda c: c.execute(select(JOB_COUNTS)).all())) == 1


class TestAMoveThatBreaks:
    @pytest.mark.parametrize("at", range(1, 11))
    async def test_leaves_each_job_on_one_side_whole(self, world: World, at: int) -> None:
        """Wherever it breaks off, as it does when the process is killed between two statements."""
        await delivered(world, "order-1", 1)
        await delivered(world, "order-2", 2)
        whole = await rows(world, HOT)
        counts = await world.database.read(read_counts)
        world.clock.instant += WEEK
        seen: list[str] = []

        def cut(statement: str, _values: object) -> None:
            if "archived_" in statement or statement.startswith("DELETE"):
                seen.append(statement)
                if len(seen) == at:
                    raise LookupError("cut")

        with overheard(cut), pytest.raises(LookupError):
            await tidy(world)
        assert await rows(world, HOT) == whole
        assert await tidy(world) == 2
        assert await rows(world, ARCHIVED) == whole
        assert await world.database.read(read_counts) == counts
