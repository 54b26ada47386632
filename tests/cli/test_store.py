"""``shopbell store`` and ``shopbell broker-config`` as their operator meets them."""

from __future__ import annotations

import asyncio
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.command import CONFIGURATION, Shopbell
from support.stores import US, mode_of

from gateway.control import ControlServer, socket_path
from gateway.domain.errors import ConfigurationError

WAITING = ("send", "--store", "acme", "--to", "07700 900123", "--text", "x", "--purpose", "otp")


def stores(config: Path) -> list[str]:
    return [store["name"] for store in tomllib.loads(config.read_text())["store"]]


def keep_broker_here(config: Path, *lines: str) -> None:
    """Have the store commands keep Mosquitto's files up to date."""
    section = ["[broker]", 'dir = "broker"', f'user = "{US}"', *lines]
    credentials = 'username = "gateway"\npassword = "secret"\n'
    config.write_text(
        config.read_text().replace(
            "[[modem]]", f"{credentials}\n" + "\n".join(section) + "\n\n[[modem]]", 1
        )
    )


def test_a_store_is_added_and_its_password_written_for_its_owner_alone(
    shopbell: Shopbell, config: Path
) -> None:
    done = shopbell("store", "add", "books", "--country", "FR")
    file = config.with_name("store-books.password")
    assert done.code == 0
    assert done.out.splitlines()[:2] == [
        "books added: FR, Europe/Paris",
        f"user books, password in {file}",
    ]
    assert "no gateway runs" in done.err
    assert "shopbell broker-config DIR" in done.err
    assert stores(config) == ["acme", "books"]
    assert mode_of(file) == 0o600
    assert file.read_text().strip() not in done.out + done.err + config.read_text()


def test_a_password_is_shown_when_asked_for_and_then_in_no_file(
    shopbell: Shopbell, config: Path
) -> None:
    shopbell("store", "add", "books")
    done = shopbell("store", "rotate", "books", "--show-password", "--json")
    told = json.loads(done.out)
    assert len(told["password"]) == 43
    assert told["password_file"] is None
    assert told["old_password_valid"] is True, "no broker was told"
    assert "the old password ends as soon as Mosquitto has reloaded" in done.err
    written = "".join(path.read_text() for path in config.parent.iterdir() if path.is_file())
    assert told["password"] not in written


def test_what_is_refused_is_one_line_and_changes_nothing(shopbell: Shopbell, config: Path) -> None:
    before = sorted(config.parent.iterdir())
    for words, reason in (
        (("add", "acme"), "rejected: name_taken: there is a store acme"),
        (("add", "Books"), 'name = "Books": is a topic level'),
        (("add", "b", "--country", "UK"), 'did you mean "GB"?'),
        (("add", "b", "--timezone", "Mars"), 'timezone = "Mars": is no time zone'),
        (("add", "b", "--country", "US"), "rejected: no_timezone: US has"),
        (("rotate", "nobody"), "rejected: unknown_store: the configuration has no store 'nobody'"),
        (("remove", "nobody"), "rejected: unknown_store: the configuration has no store 'nobody'"),
    ):
        done = shopbell("store", *words)
        assert (done.code, done.out) == (1, "")
        assert reason in done.err
        assert len(done.err.splitlines()) == 1
    assert config.read_text() == CONFIGURATION
    assert sorted(config.parent.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [("store", "add"), ("store", "forget", "acme"), ("broker-config",), ("store", "list", "x")],
)
def test_wrong_words_are_wrong_usage(shopbell: Shopbell, words: tuple[str, ...]) -> None:
    assert shopbell(*words).code == 2


def test_stores_are_listed_with_what_waits(shopbell: Shopbell) -> None:
    assert json.loads(shopbell("store", "list", "--json").out)["waiting"] is None
    shopbell(*WAITING, "--id", "a")
    shopbell("store", "add", "books")
    listed = [json.loads(line) for line in shopbell("store", "list", "--json").out.splitlines()]
    assert [(store["store"], store["password"], store["waiting"]) for store in listed] == [
        ("acme", False, 1),
        ("books", True, 0),
    ]
    assert "none yet" in shopbell("store", "list").out


def test_a_store_whose_jobs_wait_is_removed_by_force_only(shopbell: Shopbell, config: Path) -> None:
    for number in range(7):
        shopbell(*WAITING, "--id", f"order-{number}")
    done = shopbell("store", "remove", "acme")
    assert (done.code, done.out) == (1, "")
    assert "acme has 7 jobs that wait (order-0, order-1, order-2, order-3, order-4, …)" in done.err
    assert config.read_text() == CONFIGURATION

    forced = shopbell("store", "remove", "acme", "--force")
    assert (forced.code, forced.out) == (0, "acme removed\n")
    assert "they go out all the same" in forced.err
    assert "store" not in tomllib.loads(config.read_text())


def test_the_next_store_of_a_name_is_said_to_inherit(shopbell: Shopbell) -> None:
    shopbell(*WAITING, "--id", "a")
    shopbell("store", "remove", "acme", "--force")
    assert "a store acme has sent before" in shopbell("store", "add", "acme").err


async def test_a_gateway_that_runs_is_told_and_what_it_leaves_is_named(
    shopbell: Shopbell, config: Path
) -> None:
    async def reload(fields: Mapping[str, Any]) -> object:
        return {"taken": [], "left": ["[gateway] node"], "stores": stores(config)}

    async with ControlServer(socket_path(config.with_name("shopbell.db")), {"reload": reload}):
        done = await asyncio.to_thread(shopbell, "store", "add", "books", "--json")
    assert done.code == 0
    assert json.loads(done.out)["gateway_told"] is True
    assert "until its restart the gateway goes on without: [gateway] node" in done.err


@pytest.mark.parametrize("known", [["another"], None])
async def test_a_gateway_that_does_not_take_it_up_is_a_failure_that_loses_no_password(
    shopbell: Shopbell, config: Path, known: list[str] | None
) -> None:
    async def reload(fields: Mapping[str, Any]) -> object:
        if known is None:
            raise ConfigurationError("the file is wrong")
        return {"taken": [], "left": [], "stores": known}

    async with ControlServer(socket_path(config.with_name("shopbell.db")), {"reload": reload}):
        done = await asyncio.to_thread(
            shopbell, "store", "add", "books", "--json", "--show-password"
        )
    assert done.code == 1
    told = json.loads(done.out)
    assert len(told["password"]) == 43
    assert len(told["problems"]) == 1
    assert told["problems"][0] in done.err


def test_the_brokers_files_follow_and_the_broker_is_told(shopbell: Shopbell, config: Path) -> None:
    keep_broker_here(config, 'reload = ["touch", "told"]')
    assert shopbell("broker-config", "broker").code == 0
    told = json.loads(shopbell("store", "add", "books", "--json").out)
    assert (told["broker_files_written"], told["broker_reloaded"]) == (True, True)
    assert "books:$7$" in (config.parent / "broker" / "shopbell.passwd").read_text()
    assert config.with_name("told").exists()
    assert "the old password ends now" in shopbell("store", "rotate", "books").err
    rotated = json.loads(shopbell("store", "rotate", "books", "--json").out)
    assert rotated["old_password_valid"] is False
    shopbell("store", "remove", "books")
    assert "books:" not in (config.parent / "broker" / "shopbell.passwd").read_text()


def test_before_the_gateway_is_a_user_the_broker_is_left_alone(
    shopbell: Shopbell, config: Path
) -> None:
    config.write_text(config.read_text() + '\n[broker]\ndir = "broker"\n')
    done = shopbell("store", "add", "books")
    assert done.code == 0
    assert f"run `shopbell broker-config {config.parent / 'broker'}` this once" in done.err


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ('["false"]', "[broker] reload: false: exit code 1"),
        ('["/nowhere/at-all"]', "[broker] reload: /nowhere/at-all: no such file"),
        ('["sh", "-c", "echo no such unit >&2; exit 4"]', "no such unit"),
    ],
)
def test_a_broker_that_cannot_be_told_is_a_failure(
    shopbell: Shopbell, config: Path, command: str, reason: str
) -> None:
    keep_broker_here(config, f"reload = {command}")
    done = shopbell("store", "add", "books")
    assert done.code == 1
    assert reason in done.err
    assert "Traceback" not in done.err
    assert stores(config) == ["acme", "books"]


def test_files_that_cannot_be_written_are_a_failure(shopbell: Shopbell, config: Path) -> None:
    keep_broker_here(config)
    (config.parent / "broker").mkdir()
    (config.parent / "broker" / "shopbell.conf").write_text("somebody's")
    done = shopbell("store", "add", "books")
    assert done.code == 1
    assert "was not written here" in done.err
    assert (config.parent / "broker" / "shopbell.conf").read_text() == "somebody's"


def test_broker_config_says_what_it_did_and_what_is_to_be_done(
    shopbell: Shopbell, config: Path
) -> None:
    config.write_text(config.read_text() + f'\n[broker]\nuser = "{US}"\n')
    first = shopbell("broker-config", "broker")
    assert first.code == 0
    for words in ("acme had no password", "restart the gateway", "restart Mosquitto"):
        assert words in first.out
    again = shopbell("broker-config", "broker")
    assert again.out.count("is as it should be") == 3
    assert "restart" not in again.out
    shopbell("store", "add", "books")
    assert "have Mosquitto reload" in shopbell("broker-config", "broker").out


def test_broker_config_for_programs(shopbell: Shopbell, config: Path) -> None:
    config.write_text(config.read_text() + f'\n[broker]\nuser = "{US}"\n')
    told = json.loads(shopbell("broker-config", "broker", "--json").out)
    assert [Path(path).name for path in told["files"]] == [
        "shopbell.conf",
        "shopbell.passwd",
        "shopbell.acl",
    ]
    assert told["changed"] == told["files"]
    assert (told["restart"], told["gateway_user_made"]) == (True, True)
    assert list(told["passwords_made"]) == ["acme"]


def test_a_folder_that_cannot_be_is_one_line(shopbell: Shopbell, config: Path) -> None:
    config.write_text(config.read_text() + f'\n[broker]\nuser = "{US}"\n')
    config.with_name("file").write_text("")
    for folder in ("file", "file/below"):
        done = shopbell("broker-config", folder)
        assert done.code == 1
        assert len(done.err.splitlines()) == 1
