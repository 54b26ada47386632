"""The schema, its revisions and its refusals."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, select

from gateway.db import Database
from gateway.db.columns import Table
from gateway.db.engine import writing_engine
from gateway.db.inbox import held_messages, read_parts_in
from gateway.db.migrate import SCRIPTS, _configuration, migrate, revisions
from gateway.db.tables import PARTS
from gateway.domain.errors import StorageError


async def open_and_close(url: str) -> None:
    async with Database.open(url):
        pass


def contents(path: Path) -> bytes:
    return path.read_bytes()


def schema(path: Path) -> dict[str, str]:
    """Return each table's and index's statement, with white space and quotes made alike."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql NOT NULL AND name <> 'alembic_version'"
        )
        return {name: re.sub(r"\s+", " ", sql.replace('"', "")) for name, sql in rows}


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

    async def test_they_lead_to_the_same_constraints_and_partial_indexes(
        self, url: str, path: Path, tmp_path: Path
    ) -> None:
        """Alembic's own comparison looks at neither the conditions nor the names of all."""
        await open_and_close(url)
        direct = tmp_path / "direct.db"
        Table.metadata.create_all(engine := create_engine(f"sqlite:///{direct}"))
        engine.dispose()
        assert columns_and_rest(schema(path)) == columns_and_rest(schema(direct))

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

    async def test_another_programs_database(self, url: str, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE contacts (name TEXT)")
        with pytest.raises(StorageError, match="another program's tables"):
            await open_and_close(url)
        assert schema(path).keys() == {"contacts"}


class TestAMigrationThatFails:
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
        self, url: str, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise LookupError("half way")

        monkeypatch.setattr(op, "batch_alter_table", fail)
        with pytest.raises(LookupError):
            migrate(writing_engine(url, enforce_keys=False))
        assert schema(path) == {}
        monkeypatch.undo()
        migrate(writing_engine(url, enforce_keys=False))
        assert "jobs" in schema(path)


def test_the_folder_may_have_a_percent_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alembic takes its settings for a file in which a percent sign means something."""
    folder = tmp_path / "100%"
    folder.symlink_to(SCRIPTS)
    monkeypatch.setattr("gateway.db.migrate.SCRIPTS", folder)
    migrate(writing_engine(f"sqlite:///{tmp_path}/shopbell.db", enforce_keys=False))


async def test_what_came_in_before_stores_were_told_waits_for_one(url: str) -> None:
    engine = writing_engine(url, enforce_keys=False)
    with engine.begin() as connection:
        command.upgrade(_configuration(connection), "0002")
        connection.exec_driver_sql(
            "INSERT INTO inbound (fingerprint, line, pdu, sender, text, received_at) VALUES "
            "(x'0a', 'l', '00AA', '+447700900123', 'Yes', '2026-11-23 09:00:00.000000'), "
            "(x'0b', 'l', '00FF', NULL, NULL, '2026-11-23 09:00:00.000000')"
        )
        connection.exec_driver_sql(
            "INSERT INTO jobs VALUES (1, 'acme', 'o-1', x'00', '+447700900123', 'Hi', 'otp', 0, 1, "
            "'2026-11-23', '2026-11-23', '2026-11-23', 'sent', 1, 'handed', 0, '', '', '', '')"
        )
        connection.exec_driver_sql(
            "INSERT INTO parts (job_key, number, state) VALUES (1, 1, 'sent')"
        )
    engine.dispose()
    async with Database.open(url) as database:
        held = await database.read(lambda c: held_messages(c, 10))
        parts = [await database.read(lambda c, m=m: read_parts_in(c, m.key)) for m in held]
        tails = await database.read(lambda c: c.scalars(select(PARTS.c.tail)).all())
    assert [(message.id, message.sender, message.total) for message in held] == [
        ("0a", "+447700900123", 1),
        ("0b", None, 1),
    ]
    assert [part.pdu for [part] in parts] == ["00AA", "00FF"]
    assert tails == ["00900123"]
