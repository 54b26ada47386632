"""The schema: brought up to date at every opening, refused when it is newer than the code.

The revisions are in `gateway/db/migrations/versions`. A migration is one transaction: a process
killed in the middle of it leaves the schema that was there before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect

from gateway.db.failures import storage_errors
from gateway.domain.errors import StorageError

SCRIPTS: Final = Path(__file__).parent / "migrations"
VERSION_TABLE: Final = "alembic_version"


def migrate(engine: Engine) -> None:
    """Bring the schema up to date; an empty database gets all of it.

    Args:
        engine: a writing engine that does not enforce foreign keys.

    Raises:
        StorageError: the database is another program's or a newer version's, or it failed.
    """
    with storage_errors(), engine.begin() as connection:
        _require_ours(connection)
        if _is_current(connection):
            return
        command.upgrade(_configuration(connection), "head")
        _require_whole(connection)


def require_current(connection: Connection) -> None:
    """Pass when the schema is the one of this version.

    Raises:
        StorageError: it is not.
    """
    _require_ours(connection)
    if not _is_current(connection):
        raise StorageError("the database is of an older version; `shopbell run` updates it")


def _require_ours(connection: Connection) -> None:
    tables = inspect(connection).get_table_names()
    if tables and VERSION_TABLE not in tables:
        raise StorageError("the database holds another program's tables; name one of Shopbell's")


def _is_current(connection: Connection) -> bool:
    """Tell whether nothing is to be done.

    Raises:
        StorageError: the code does not know the schema's revision.
    """
    scripts = ScriptDirectory.from_config(_configuration(connection))
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return False
    try:
        scripts.get_revision(revision)
    except CommandError as error:
        raise StorageError(
            f"the database was written by a newer version of Shopbell (schema {revision}, this "
            f"one knows up to {scripts.get_current_head()}); install that version, or restore a "
            "backup made by this one with `shopbell restore FILE`"
        ) from error
    return revision == scripts.get_current_head()


def _configuration(connection: Connection) -> Config:
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
