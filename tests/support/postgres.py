"""A private PostgreSQL, as a child process of the tests, on a free port of the loopback.

The server refuses to be run by root, so that it becomes another user where the tests are root. It
ends with the process that started it, however that one ends.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import psycopg
from support.daemon import Daemon
from support.ports import free_port

from gateway.db.engine import writing_engine
from gateway.db.migrate import migrate

START_TIMEOUT_S: Final = 30

OWNER: Final = "shopbell"
"""The role that the gateway is: it owns its database, and has no other right."""

MEMORY: Final = Path("/dev/shm")

ROOM: Final = 4_000_000_000
"""Octets for the servers of all workers: each has a few databases of 10 MB, and what they log."""

_RUNS_AS: Final = ("postgres", "nobody")


def program(name: str) -> str | None:
    """Return a program of the newest server there is; Debian keeps them out of the PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name)
    )
    return shutil.which(name, path=os.pathsep.join(map(str, [*reversed(installed), "/usr/bin"])))


class Postgres(Daemon):
    """A server that can be stopped, killed and started again on the same port and files.

    Attributes:
        host: where it listens.
        port: likewise.
        folder: what it keeps; gone after `close`.
    """

    host = "127.0.0.1"

    def __init__(self, *, durable: bool = False, settings: Sequence[str] = ()) -> None:
        """Make its files, which takes a second.

        Args:
            durable: whether a commit is on the disk before it is answered, so that nothing is
                forgotten with the machine's power. What only the server's own death would take is
                kept in any case.
            settings: more of its settings, each such as ``max_connections=5``.

        Raises:
            RuntimeError: there is no PostgreSQL on this machine.
        """
        if program("initdb") is None:
            raise RuntimeError("PostgreSQL is not installed")
        self.port = free_port()
        # Not in pytest's folder, which is closed to others.
        where = None if durable else _memory()
        self.folder = Path(tempfile.mkdtemp(prefix="shopbell-postgres-", dir=where))
        self._durable = durable
        self._settings = settings
        super().__init__()
        self._numbers = itertools.count(1)
        self._as_user = _as_user(self.folder)
        self._make()

    def url(self, name: str = "postgres", *, port: int | None = None) -> str:
        """Return where one of its databases is, as the configuration has it.

        Args:
            name: of the database.
            port: another than its own, such as that of a proxy in front of it.
        """
        return f"postgresql+psycopg://{OWNER}@{self.host}:{port or self.port}/{name}"

    @property
    def pid(self) -> int:
        """Of the server that runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has logged since the first start."""
        return (self.folder / "log").read_text()

    def start(self) -> None:
        """Start it, and return when it answers."""
        command = [str(program("postgres")), "-D", str(self.folder / "data")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*self._as_user, *command], stdout=log, stderr=log)
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Stop it cleanly; who is connected is cut off."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Have all of it drop dead without writing anything more, as a crash would."""
        self._end(signal.SIGQUIT)

    def close(self) -> None:
        """End it and remove its files."""
        self.kill()
        shutil.rmtree(self.folder)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as the server's own administrator, and return its rows."""
        where = {"host": self.host, "port": self.port, "user": "postgres", "dbname": database}
        with psycopg.connect(**where, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create(self, *, template: str = "template0") -> str:
        """Make a database of `OWNER`'s and return its name.

        Args:
            template: the database that it is a copy of; nobody may be connected to it.
        """
        name = f"shopbell_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        return name

    def template(self) -> str:
        """Make a database with the tables of this version, for copies of it; return its name."""
        name = self.create()
        engine = writing_engine(self.url(name), enforce_keys=False)
        migrate(engine)
        engine.dispose()
        return name

    def drop(self, name: str) -> None:
        """Remove a database; who is connected to it is cut off."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _make(self) -> None:
        data = self.folder / "data"
        subprocess.run(
            [
                *(*self._as_user, str(program("initdb")), "--pgdata", str(data)),
                *("--username", "postgres", "--auth", "trust", "--no-sync"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", *_order()),
            ],
            check=True,
            capture_output=True,
        )
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write("\n".join([*self._configuration(), ""]))
        self.start()
        self.execute(f"CREATE ROLE {OWNER} LOGIN")

    def _configuration(self) -> list[str]:
        kept = "on" if self._durable else "off"
        return [
            f"listen_addresses = '{self.host}'",
            f"port = {self.port}",
            "unix_socket_directories = ''",
            "shared_buffers = 32MB",
            "max_connections = 60",
            f"fsync = {kept}",
            f"full_page_writes = {kept}",
            "synchronous_commit = on",
            *self._settings,
        ]

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log[-2000:]}")
            with contextlib.suppress(psycopg.OperationalError):
                self.execute("SELECT 1")
                return
            time.sleep(0.02)
        raise RuntimeError(f"PostgreSQL does not answer:\n{self.log[-2000:]}")


def _memory() -> str | None:
    """Return where files are kept in memory, if there is such a place and it is no small one.

    To copy a database there costs a third of what it does on a disk.
    """
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return str(MEMORY)


def _order() -> list[str]:
    """Return what has texts sorted as people do, as on most servers, and not by their octets."""
    said = subprocess.run(
        [str(program("initdb")), "--version"], check=True, capture_output=True, text=True
    )
    version = re.search(r"\d+", said.stdout)
    icu = version is not None and int(version[0]) >= 15
    return ["--locale-provider", "icu", "--icu-locale", "en-US"] if icu else []


def _as_user(folder: Path) -> list[str]:
    """Return what runs a command as somebody who may run the server and owns the folder."""
    own = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() != 0:
        return own
    user = next(filter(None, map(_user, _RUNS_AS)))
    os.chown(folder, user.pw_uid, user.pw_gid)
    identity = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*own, *identity]


def _user(name: str) -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name)
    return None
