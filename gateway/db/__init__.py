"""The database: its tables, its one writer, its readers and its migrations.

`Database` is the way in. The functions that read and change rows are in the modules beside it, one
per noun; each takes a connection and is run by `Database.write` or `Database.read`.
"""

from gateway.db.database import Database
from gateway.db.failures import DatabaseCorruptError
from gateway.db.lock import DatabaseInUseError, running_gateway
from gateway.db.reader import Reader

__all__ = [
    "Database",
    "DatabaseCorruptError",
    "DatabaseInUseError",
    "Reader",
    "running_gateway",
]
