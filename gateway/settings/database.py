"""Where the queue is kept: in a file of SQLite's, or on a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final
from urllib.parse import parse_qs, quote, urlsplit

from pydantic import Field, PrivateAttr, SecretStr

from gateway.settings.anchor import anchored, current_file
from gateway.settings.places import Directory, NewFile, port_of
from gateway.settings.secrets import SecretFile, reveal
from gateway.settings.section import Section
from gateway.settings.text import read_by
from gateway.settings.values import Seconds

_FILE: Final = "sqlite:///shopbell.db"
_SERVER: Final = "postgresql+psycopg://USER@HOST/NAME"
_SCHEMES: Final = ("postgresql", "postgresql+psycopg")


def read_database(url: str) -> str:
    """Read ``sqlite:///FILE``, made absolute from where the configuration lies, or a server's.

    Raises:
        ValueError: it is neither.
    """
    scheme, _, rest = url.partition("://")
    if scheme.startswith("postgres"):
        return _read_server(scheme, rest)
    if scheme != "sqlite" or not rest.startswith("/") or "?" in rest or rest.endswith("/"):
        raise ValueError(f"is no SQLite file; write {_FILE}, or four / before a path; or {_SERVER}")
    if ":memory:" in rest:
        raise ValueError(f"would be lost with the process; name a file, as {_FILE}")
    file = anchored(rest[1:])
    if not file.parent.is_dir():
        raise ValueError(f"there is no directory {file.parent}; create it for the gateway's user")
    return f"sqlite:///{file}"


def _read_server(scheme: str, rest: str) -> str:
    split = urlsplit(f"//{rest}")
    if scheme not in _SCHEMES:
        raise ValueError(f"is for another driver than psycopg; write {_SERVER}")
    if split.password is not None or "password" in parse_qs(split.query):
        raise ValueError("holds a password; give password_file beside it")
    if not split.path.strip("/") or split.fragment:
        raise ValueError(f"names no database of the server; write {_SERVER}")
    port_of(split)
    return f"{_SCHEMES[-1]}://{rest}"


DatabaseUrl = Annotated[str, read_by(read_database), Field(examples=[_FILE])]


class DatabaseSettings(Section):
    """``[database]``: where the queue is kept."""

    url: DatabaseUrl = Field(default=_FILE, validate_default=True)
    password: SecretStr | None = Field(default=None, examples=["…"])
    """Of a server's role, where it asks for one."""
    password_file: SecretFile | None = None
    key_file: NewFile | None = None
    """The keys of the pseudonyms, the same on every box of a server; None: with what is beside."""
    state_dir: Directory | None = None
    """Where lies what is beside a database; None: with its file, or with the configuration."""
    lease: Seconds = Field(default=15, ge=3, le=300, examples=[15])
    """Seconds without a word after which a gateway on a server is taken for dead."""
    _configuration: Path = PrivateAttr(default_factory=lambda: current_file().absolute())

    @property
    def address(self) -> str:
        """The url with the password, for who opens the database; it is not to be shown."""
        secret = reveal(self.password_file or self.password)
        if secret is None or self.file is not None:
            return self.url
        scheme, _, rest = self.url.partition("://")
        user, at, place = rest.partition("@")
        if not at:
            user, place = "", rest
        return f"{scheme}://{user}:{quote(secret, safe='')}@{place}"

    @property
    def file(self) -> Path | None:
        """The database's file, absolute; None: it is a server's."""
        scheme, _, rest = self.url.partition(":///")
        return Path(rest) if scheme == "sqlite" else None

    @property
    def shared(self) -> bool:
        """Whether other gateways may be at work on it."""
        return self.file is None

    @property
    def may_exist(self) -> bool:
        """Whether there can be anything in it: what a server has it alone can tell."""
        return self.file is None or self.file.exists()

    @property
    def beside(self) -> Path:
        """What the names begin with of all that is kept beside the database."""
        place = self._configuration if self.file is None else self.file
        return place if self.state_dir is None else self.state_dir / place.name

    @property
    def key_path(self) -> Path:
        """The file of the keys of the pseudonyms."""
        return self.key_file or self.beside.with_name(f"{self.beside.name}.key")
