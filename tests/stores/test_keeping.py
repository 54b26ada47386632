"""Stores that come, change their password and go, without a gateway and a broker."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from support.stores import CONFIGURATION, mode_of

from gateway.domain.errors import ConfigurationError, RejectedError
from gateway.settings import load
from gateway.stores import keeping
from gateway.stores.book import Book
from gateway.stores.passwords import is_password


def add(config: Path, name: str, **options: str | bool) -> keeping.Kept:
    given = {"country": None, "timezone": None, "if_missing": False} | options
    return keeping.add(config, name, **given)  # type: ignore[arg-type]


def hash_of(config: Path, user: str) -> str:
    return Book(config).lines([user]).strip().partition(":")[2]


def test_a_store_is_added_with_the_gateways_country_and_a_password(config: Path) -> None:
    kept = add(config, "books")
    assert [store.name for store in load(config).store] == ["acme", "books"]
    assert (kept.settings.store[1].country, str(kept.settings.store[1].timezone)) == (
        "GB",
        "Europe/London",
    )
    assert kept.password is not None
    assert is_password(kept.password, hash_of(config, "books"))


def test_what_is_secret_is_for_its_owner_alone_and_the_rest_stays_as_it_was(config: Path) -> None:
    config.chmod(0o640)
    kept = add(config, "books")
    assert kept.password is not None
    assert mode_of(keeping.hand_over(config, "books", kept.password)) == 0o600
    assert mode_of(config.with_name("shopbell.passwd")) == 0o600
    assert mode_of(config) == 0o640
    assert kept.password not in config.with_name("shopbell.passwd").read_text()
    assert config.read_text().startswith(CONFIGURATION)


def test_an_own_zone_of_the_gateway_is_its_stores(config: Path) -> None:
    config.write_text(
        CONFIGURATION.replace('country = "GB"', 'country = "US"\ntimezone = "America/Chicago"', 1)
    )
    assert str(add(config, "books").settings.store[1].timezone) == "America/Chicago"


def test_a_country_of_many_zones_needs_one(config: Path) -> None:
    with pytest.raises(RejectedError, match=r"US has \d+ time zones; give one, such as") as refused:
        add(config, "books", country="US")
    assert refused.value.code == "no_timezone"
    assert config.read_text() == CONFIGURATION


def test_a_name_that_is_taken_is_refused_and_its_password_stays(config: Path) -> None:
    add(config, "books")
    before, text = hash_of(config, "books"), config.read_text()
    with pytest.raises(RejectedError, match="shopbell store rotate books") as refused:
        add(config, "books")
    assert refused.value.code == "name_taken"
    assert (hash_of(config, "books"), config.read_text()) == (before, text)


def test_a_script_may_ask_for_a_store_again_and_again(config: Path) -> None:
    """One that was written by hand, or whose adding was cut short, gets its password then."""
    assert add(config, "acme", if_missing=True).password is not None
    again = add(config, "acme", if_missing=True)
    assert (again.password, again.added) == (None, False)
    assert config.read_text() == CONFIGURATION
    with pytest.raises(RejectedError, match="there is a store acme"):
        add(config, "acme", if_missing=True, country="FR", timezone="Europe/Paris")


@pytest.mark.rule("G-14")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Acme", "is a topic level"),
        ("a/b", "is a topic level"),
        ("+", "is a topic level"),
        ("", "is a topic level"),
        ("a\nb", "is a topic level"),
        ("../x", "is a topic level"),
        ("gateway", "where gateways announce themselves"),
        ("447700900123", "could be a phone number"),
        ("07700-900-123", "could be a phone number"),
    ],
)
def test_a_name_that_can_be_no_topic_is_refused_and_nothing_changes(
    config: Path, name: str, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words) as refused:
        add(config, name)
    assert str(config) in str(refused.value)
    assert config.read_text() == CONFIGURATION
    assert sorted(path.name for path in config.parent.iterdir()) == ["shopbell.toml"]


@pytest.mark.rule("G-15")
def test_no_store_can_become_the_gateways_user(config: Path) -> None:
    config.write_text(
        CONFIGURATION.replace("[broker]", 'username = "hub"\npassword = "x"\n[broker]')
    )
    with pytest.raises(ConfigurationError, match="hub is the gateway's own user"):
        add(config, "hub")
    assert "hub" not in Book(config)


def test_a_new_password_ends_the_old_one(config: Path) -> None:
    old = add(config, "books").password
    new = keeping.rotate(config, "books").password
    assert old and new and old != new  # noqa: PT018
    assert is_password(new, hash_of(config, "books"))
    assert not is_password(old, hash_of(config, "books"))


def test_a_store_that_goes_leaves_no_password(config: Path) -> None:
    kept = add(config, "books")
    assert kept.password is not None
    keeping.hand_over(config, "books", kept.password)
    keeping.remove(config, "books")
    assert [store.name for store in load(config).store] == ["acme"]
    assert "books" not in Book(config)
    assert not keeping.handover_file(config, "books").exists()


@pytest.mark.parametrize("change", [keeping.rotate, keeping.remove])
def test_a_store_that_nobody_knows_is_refused_with_those_there_are(
    config: Path, change: object
) -> None:
    with pytest.raises(RejectedError, match="no store 'nobody'; it has acme") as refused:
        change(config, "nobody")  # type: ignore[operator]
    assert refused.value.code == "unknown_store"


def test_a_change_that_would_break_the_configuration_is_not_made(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPBELL_STORE__ACME__COUNTRY", "IE")
    with pytest.raises(ConfigurationError, match="there is no store of that name"):
        keeping.remove(config, "acme")
    assert config.read_text() == CONFIGURATION


def test_a_configuration_that_is_a_link_stays_one(config: Path) -> None:
    real = config.rename(config.with_name("real.toml"))
    config.symlink_to(real)
    add(config, "books")
    assert config.is_symlink()
    assert "books" in real.read_text()


def test_commands_at_once_do_not_lose_each_others_stores(config: Path) -> None:
    names = [f"s{number}" for number in range(8)]
    threads = [threading.Thread(target=add, args=(config, name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {store.name for store in load(config).store} == {"acme", *names}
    assert all(name in Book(config) for name in names)


def test_a_folder_without_room_for_a_new_file_changes_nothing(config: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    config.parent.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            add(config, "books")
    finally:
        config.parent.chmod(0o700)
    assert config.read_text() == CONFIGURATION


def test_a_book_that_is_none_is_named(config: Path) -> None:
    config.with_name("shopbell.passwd").write_text("acme\n")
    with pytest.raises(ConfigurationError, match=r"shopbell\.passwd: a line is no USER:HASH"):
        keeping.rotate(config, "acme")
