"""The schema, its revisions and its refusals."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, select
from sqlalchemy import Table as SqlTable

from gateway.db import Database
from gateway.db.columns import Table
from gateway.db.engine import writing_engine
from gateway.db.inbox import held_messages, read_parts_in
from gateway.db.migrate import SCRIPTS, _configuration, migrate, revisions
from gateway.db.tables import JOBS, LANES, PARTS
from gateway.domain.errors import StorageError

NUMBER = "+447700900123"


async def open_and_close(url: str) -> None:
    async with Database.open(url):
        pass


def contents(path: Path) -> bytes:
    return path.read_bytes()


def schema(connection: Connection) -> dict[str, str]:
    """Return what each table, index and constraint is made of, in the database's own words."""
    sqlite = connection.dialect.name == "sqlite"
    rows = connection.exec_driver_sql(SQLITE_SCHEMA if sqlite else SERVER_SCHEMA)
    return {name: re.sub(r"\s+", " ", said.replace('"', "")) for name, said in rows}


SQLITE_SCHEMA = (
    "SELECT name, sql FROM sqlite_master WHERE sql NOT NULL AND name <> 'alembic_version'"
)
SERVER_SCHEMA = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT table_name || '.' || column_name,
    concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
"""


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = writing_engine(url, enforce_keys=False)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def schema_of(url: str) -> dict[str, str]:
    with connected(url) as connection:
        return {name: said for name, said in schema(connection).items() if "alembic" not in name}


class TestTheRevisions:
    def test_files_are_named_by_them(self) -> None:
        """By the names it is known without Alembic whether anything is to be done."""
        configuration = Config()
        configuration.set_main_option("script_location", str(SCRIPTS))
        scripts = ScriptDirectory.from_config(configuration)
        assert revisions() == [script.revision for script in scripts.walk_revisions()][::-1]

    async def test_they_lead_to_the_tables(self, url: str, database: Database) -> None:
        def differences(connection: Connection) -> list[object]:
            return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

        assert await database.read(differences) == []

    def test_they_lead_to_the_same_constraints_and_partial_indexes(self, empty_url: str) -> None:
        """Alembic's own comparison looks at neither the conditions nor the names of all."""
        with connected(empty_url) as connection:
            Table.metadata.create_all(connection)
            direct = schema(connection)
            Table.metadata.drop_all(connection)
        migrate(writing_engine(empty_url, enforce_keys=False))
        assert columns_and_rest(schema_of(empty_url)) == columns_and_rest(direct)

    @pytest.mark.sqlite_only("a server writes its files by itself")
    async def test_opening_again_changes_nothing(self, url: str, path: Path) -> None:
        await open_and_close(url)
        before = contents(path)
        await open_and_close(url)
        assert contents(path) == before


def columns_and_rest(statements: dict[str, str]) -> dict[str, set[str]]:
    """The clauses of each statement; in which order they come is of no account."""
    return {name: set(re.split(r", (?![^(]*\))|\( | \)", sql)) for name, sql in statements.items()}


@pytest.fixture
def made(url: str) -> Iterator[Engine]:
    engine = writing_engine(url, enforce_keys=False)
    migrate(engine)
    yield engine
    engine.dispose()


class TestRefusals:
    async def test_a_newer_schema(self, url: str, made: Engine) -> None:
        with made.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(
            StorageError, match=r"newer version of Shopbell \(schema 9999, .* \d{4}\)"
        ):
            await open_and_close(url)

    async def test_another_programs_database(self, empty_url: str) -> None:
        with connected(empty_url) as connection:
            connection.exec_driver_sql("CREATE TABLE contacts (name TEXT)")
        before = schema_of(empty_url)
        with pytest.raises(StorageError, match="another program's tables"):
            await open_and_close(empty_url)
        assert schema_of(empty_url) == before


class TestAMigrationThatFails:
    @pytest.mark.sqlite_only("a server enforces keys all the time")
    def test_is_taken_back_when_it_breaks_a_reference(
        self, made: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Keys are not enforced while tables are rebuilt, so they are looked at afterwards."""

        def break_a_reference(configuration: Config, _revision: str) -> None:
            configuration.attributes["connection"].exec_driver_sql(
                "INSERT INTO parts (job_key, number, tail, state) VALUES (1, 1, '', 'waiting')"
            )

        monkeypatch.setattr(command, "upgrade", break_a_reference)
        with made.begin() as connection:
            connection.exec_driver_sql("DELETE FROM alembic_version")
        with pytest.raises(StorageError, match="break 1 reference"):
            migrate(made)
        with made.connect() as connection:
            assert connection.exec_driver_sql("SELECT * FROM parts").all() == []

    def test_leaves_the_schema_that_was_there(
        self, empty_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise LookupError("half way")

        monkeypatch.setattr(op, "batch_alter_table", fail)
        with pytest.raises(LookupError):
            migrate(writing_engine(empty_url, enforce_keys=False))
        assert schema_of(empty_url) == {}
        monkeypatch.undo()
        migrate(writing_engine(empty_url, enforce_keys=False))
        assert "pk_nodes" in str(schema_of(empty_url))


async def test_two_gateways_that_start_together_migrate_once(empty_url: str) -> None:
    engines = [writing_engine(empty_url, enforce_keys=False) for _ in range(3)]
    await asyncio.gather(*(asyncio.to_thread(migrate, engine) for engine in engines))
    assert "pk_nodes" in str(schema_of(empty_url))


def test_the_folder_may_have_a_percent_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alembic takes its settings for a file in which a percent sign means something."""
    folder = tmp_path / "100%"
    folder.symlink_to(SCRIPTS)
    monkeypatch.setattr("gateway.db.migrate.SCRIPTS", folder)
    migrate(writing_engine(f"sqlite:///{tmp_path}/shopbell.db", enforce_keys=False))


def fill(connection: Connection, name: str, *rows: dict[str, object]) -> None:
    """Insert rows into a table as it is now."""
    table = SqlTable(name, MetaData(), autoload_with=connection)
    connection.execute(table.insert(), list(rows))


async def test_what_came_in_before_stores_were_told_waits_for_one(empty_url: str) -> None:
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    came = {"line": "l", "received_at": at}
    with connected(empty_url) as connection:
        command.upgrade(_configuration(connection), "0002")
        fill(
            connection,
            "inbound",
            came
            | {"fingerprint": b"\x0a", "pdu": "00AA", "sender": "+447700900123", "text": "Yes"},
            came | {"fingerprint": b"\x0b", "pdu": "00FF", "sender": None, "text": None},
        )
        job = dict.fromkeys(("node", "line", "modem", "reason"), "")
        fill(
            connection,
            "jobs",
            job
            | {"store": "acme", "id": "o-1", "digest": b"\0", "recipient": NUMBER}
            | {"text": "Hi", "purpose": "otp", "urgency": 0, "report": True, "state": "sent"}
            | {"accepted_at": at, "not_before": at, "expires_at": at}
            | {"seq": 1, "stage": "handed", "tries": 0},
        )
        fill(connection, "parts", {"job_key": 1, "number": 1, "state": "sent"})
    async with Database.open(empty_url) as database:
        held = await database.read(lambda c: held_messages(c, 10))
        parts = [await database.read(lambda c, m=m: read_parts_in(c, m.key)) for m in held]
        tails = await database.read(lambda c: c.scalars(select(PARTS.c.tail)).all())
    assert [(message.id, message.sender, message.total) for message in held] == [
        ("0a", NUMBER, 1),
        ("0b", None, 1),
    ]
    assert [part.pdu for [part] in parts] == ["00AA", "00FF"]
    assert tails == ["00900123"]


async def test_what_waited_before_there_were_lanes_goes_out_on_the_lines_it_waits_for(
    empty_url: str,
) -> None:
    at, later = datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
    job: dict[str, object] = {"store": "acme", "digest": b"\0", "recipient": NUMBER, "text": "Hi"}
    job |= {"purpose": "transactional", "urgency": 1, "report": True, "state": "accepted"}
    job |= {"accepted_at": at, "not_before": at, "expires_at": later, "seq": 1, "tries": 0}
    job |= dict.fromkeys(("node", "line", "modem", "only_line"), None)
    jobs = [
        job | {"id": "free", "stage": "ready"},
        job | {"id": "begun", "stage": "ready", "line": "l1"},
        job | {"id": "pinned", "stage": "scheduled", "only_line": "l2"},
        job | {"id": "claimed", "stage": "claimed", "line": "l3", "node": "box-1"},
        job | {"id": "doubt", "stage": "handed", "line": "l4"},
        job | {"id": "code", "stage": "ready", "urgency": 0, "purpose": "otp"},
        job | {"id": "done", "stage": "done", "line": "l5"},
    ]
    with connected(empty_url) as connection:
        command.upgrade(_configuration(connection), "0011")
        fill(connection, "jobs", *jobs)
    async with Database.open(empty_url) as database:
        rows = await database.read(
            lambda c: c.execute(
                select(JOBS.c.id, JOBS.c.held_for, LANES.c.urgency, LANES.c.destination).join(
                    LANES, LANES.c.key == JOBS.c.lane
                )
            ).all()
        )
        held = {row.id: row.held_for for row in rows}
        assert held == {
            "free": None,
            "code": None,
            "claimed": None,
            "begun": "l1",
            "pinned": "l2",
            "doubt": "l4",
        }, "a claimed one may be put back for any line"
        assert {row.destination for row in rows} == {""}
        assert {row.id for row in rows if row.urgency == 0} == {"code"}
