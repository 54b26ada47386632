"""The schema: brought up to date at every opening, refused when it is newer than the code.

The revisions are in `gateway/db/migrations/versions`. A migration is one transaction: a process
killed in the middle of it leaves the schema that was there before. Alembic, a tenth of a second of
every start, is imported where there is something to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, Select, String, column, inspect, select, table

from gateway.db.engine import reading_engine, sqlite_path
from gateway.db.failures import storage_errors
from gateway.db.locks import hold
from gateway.db.server import require_suitable
from gateway.domain.errors import StorageError
from gateway.domain.failpoint import Failpoint, reach

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS: Final = Path(__file__).parent / "migrations"
VERSION_TABLE: Final = "alembic_version"
_REVISION: Final[Select[str]] = select(column("version_num", String)).select_from(
    table(VERSION_TABLE)
)


def migrate(engine: Engine) -> None:
    """Bring the schema up to date; an empty database gets all of it.

    Args:
        engine: a writing engine that does not enforce foreign keys.

    Raises:
        StorageError: the database is another program's or a newer version's, or it failed.
    """
    with storage_errors(), engine.begin() as connection:
        require_suitable(connection)
        _wait_for_turn(connection)
        _require_ours(connection)
        if _is_current(connection):
            return
        _upgrade(connection)
        _require_whole(connection)
        reach(Failpoint.MIGRATION_DONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How far a database is."""

    revision: str | None
    """Of its schema; None where it has no tables yet."""
    newest: str
    """Of this version."""
    waiting: int
    """Revisions between the two."""


def standing_of(url: str) -> Standing:
    """Look how far a database is, without changing it.

    Raises:
        StorageError: there is none, it is another program's or a newer version's, or it failed.
    """
    path = sqlite_path(url)
    if path is not None and not path.exists():
        raise StorageError(f"there is no database at {path}; `shopbell run` makes it")
    engine = reading_engine(url)
    try:
        with storage_errors(), engine.connect() as connection:
            _require_ours(connection)
            _is_current(connection)
            revision, known = revision_of(connection), revisions()
    finally:
        engine.dispose()
    waiting = known[known.index(revision) + 1 :] if revision in known else known
    return Standing(revision=revision, newest=known[-1], waiting=len(waiting))


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(_configuration(connection), "head")


def _wait_for_turn(connection: Connection) -> None:
    """Let one gateway alone migrate, for as long as the transaction lasts; others wait for it.

    SQLite has one writer anyway.
    """
    if connection.dialect.name == "sqlite":
        return
    for limit in ("lock_timeout", "statement_timeout"):  # a large table takes its time
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
    hold(connection, "migration")


def require_current(connection: Connection) -> None:
    """Pass when the schema is the one of this version.

    Raises:
        StorageError: it is not.
    """
    _require_ours(connection)
    if not _is_current(connection):
        raise StorageError("the database is of an older version; `shopbell migrate` updates it")


def _require_ours(connection: Connection) -> None:
    tables = inspect(connection).get_table_names()
    if tables and VERSION_TABLE not in tables:
        raise StorageError("the database holds another program's tables; name one of Shopbell's")


def _is_current(connection: Connection) -> bool:
    """Tell whether nothing is to be done.

    Raises:
        StorageError: the code does not know the schema's revision.
    """
    known = revisions()
    revision = revision_of(connection)
    if revision is not None and revision not in known:
        raise StorageError(
            f"the database was written by a newer version of Shopbell (schema {revision}, this "
            f"one knows up to {known[-1]}); install that version, or restore a "
            "backup made by this one with `shopbell restore FILE`"
        )
    return revision == known[-1]


def revisions() -> list[str]:
    """Return the revisions that there are, the newest last: ``r0001_first.py`` is ``0001``."""
    return sorted(file.name[1:5] for file in (SCRIPTS / "versions").glob("r*.py"))


def revision_of(connection: Connection) -> str | None:
    """Return the schema's revision; None for a database without tables."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(_REVISION)


def _configuration(connection: Connection) -> Config:
    from alembic.config import Config

    configuration = Config()
    # The value is subject to interpolation, in which a percent sign is doubled.
    configuration.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration


def _require_whole(connection: Connection) -> None:
    """Pass when every reference has what it refers to: keys were not enforced meanwhile."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise StorageError(f"the migration would break {len(broken)} references; nothing was done")
