"""Where the queue is kept, and what lies beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.configuration import CONTRACT, Write

from gateway.settings import FaultyConfigurationError, load
from gateway.settings.database import DatabaseSettings

SERVER = "postgresql+psycopg://gateway@db.example/shopbell"
Database = Callable[..., DatabaseSettings]


@pytest.fixture
def database(write: Write) -> Database:
    """Reads a configuration with these lines about the database."""

    def read(*lines: str) -> DatabaseSettings:
        text = CONTRACT.replace('url = "sqlite:///shopbell.db"', "\n".join(lines))
        return load(write(text)).database

    return read


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (SERVER, SERVER),
        ("postgresql://gateway@db.example/shopbell", SERVER),
        (f"{SERVER}?sslmode=verify-full", f"{SERVER}?sslmode=verify-full"),
        ("postgresql+psycopg:///shopbell", "postgresql+psycopg:///shopbell"),
    ],
)
def test_a_server_is_taken_as_it_is(database: Database, url: str, address: str) -> None:
    settings = database(f'url = "{url}"')
    assert settings.address == address
    assert settings.file is None
    assert settings.may_exist


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (SERVER, "postgresql+psycopg://gateway:s3cr%26t%2Fx@db.example/shopbell"),
        ("postgresql:///shopbell", "postgresql+psycopg://:s3cr%26t%2Fx@/shopbell"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_a_password_is_in_the_address_alone(database: Database, url: str, address: str) -> None:
    settings = database(f'url = "{url}"', 'password = "s3cr&t/x"')
    assert settings.address == address
    assert "s3cr" not in settings.url
    assert "s3cr" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql+psycopg://u:p@h/db", "password_file beside it"),
        ("postgresql+psycopg://u@h/db?password=p", "password_file beside it"),
        ("postgresql+asyncpg://u@h/db", "another driver than psycopg"),
        ("postgresql://u@h", "names no database"),
        ("postgresql://u@h:0x1/db", "no usable port"),
    ],
)
def test_what_is_no_server_is_refused(database: Database, url: str, reason: str) -> None:
    with pytest.raises(FaultyConfigurationError, match=reason) as caught:
        database(f'url = "{url}"')
    assert ":p@" not in str(caught.value)


def test_beside_a_file_lie_its_key_and_its_socket(database: Database, tmp_path: Path) -> None:
    settings = database()
    assert settings.beside == tmp_path / "shopbell.db"
    assert settings.key_path == tmp_path / "shopbell.db.key"
    assert not settings.may_exist


def test_with_a_server_they_lie_beside_the_configuration(
    database: Database, tmp_path: Path
) -> None:
    settings = database(f'url = "{SERVER}"')
    assert settings.beside == tmp_path / "shopbell.toml"
    assert settings.key_path == tmp_path / "shopbell.toml.key"


def test_both_can_be_elsewhere(database: Database, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    settings = database(f'url = "{SERVER}"', 'state_dir = "state"', 'key_file = "all.key"')
    assert settings.beside == tmp_path / "state" / "shopbell.toml"
    assert settings.key_path == tmp_path / "all.key"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('state_dir = "nowhere"', "no directory"),
        ('key_file = "nowhere/key"', "no directory"),
        ('key_file = "."', "is a folder"),
    ],
)
def test_a_place_has_to_be_there(database: Database, line: str, reason: str) -> None:
    with pytest.raises(FaultyConfigurationError, match=reason):
        database(line)
