"""The lake from the command line: exported beside a gateway, imported without one."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.command import Shopbell

from gateway.db import Database
from scoring.lake import Lake


@pytest.fixture
def queued(shopbell: Shopbell) -> Shopbell:
    """The command, over a database with one message."""
    words = ["--to", "+447700900123", "--text", "Hello", "--purpose", "otp"]
    assert shopbell("send", "--store", "acme", "--id", "o-1", *words).code == 0
    return shopbell


def exported(shopbell: Shopbell, folder: Path) -> dict[str, Any]:
    done = shopbell("lake", "export", str(folder), "--json")
    assert (done.code, done.err) == (0, "")
    told: dict[str, Any] = json.loads(done.out)
    return told


def test_a_first_export_makes_the_key_beside_the_database(queued: Shopbell, tmp_path: Path) -> None:
    told = exported(queued, tmp_path / "lake")
    assert told["rows"] == {"messages": 1, "parts": 1, "persons": 1}
    assert stat.S_IMODE((tmp_path / "shopbell.db.key").stat().st_mode) == 0o600
    assert Lake(tmp_path / "lake").check() == ()


def test_a_second_one_has_nothing_new(queued: Shopbell, tmp_path: Path) -> None:
    exported(queued, tmp_path / "lake")
    done = queued("lake", "export", str(tmp_path / "lake"))
    assert (
        done.out == f"{tmp_path / 'lake'}: nothing new (0 files written, 3 unchanged, 0 removed)\n"
    )


async def test_it_works_while_a_gateway_has_the_database(queued: Shopbell, tmp_path: Path) -> None:
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}"):
        told = await asyncio.to_thread(exported, queued, tmp_path / "lake")
        assert told["written"] == 3


def test_before_the_first_start_there_is_nothing_to_export(
    shopbell: Shopbell, tmp_path: Path
) -> None:
    done = shopbell("lake", "export", str(tmp_path / "lake"))
    assert (done.code, done.out) == (1, "")
    assert "there is no database" in done.err
    assert not list(tmp_path.rglob("*.parquet"))


def test_the_key_never_lies_in_the_lake(queued: Shopbell, tmp_path: Path) -> None:
    done = queued("lake", "export", str(tmp_path))
    assert done.code == 2
    assert "would lie in it; name another folder" in done.err
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_lost_key_is_told_before_everybody_becomes_somebody_else(
    queued: Shopbell, tmp_path: Path
) -> None:
    exported(queued, tmp_path / "lake")
    (tmp_path / "shopbell.db.key").unlink()
    done = queued("lake", "export", str(tmp_path / "lake"))
    assert done.code == 1
    assert "was written under another key" in done.err
    assert "restore the key from your backup" in done.err


def test_without_the_extra_it_is_one_sentence(queued: Shopbell, tmp_path: Path) -> None:
    """In a process of its own: modules that are imported anew are others for every later test."""
    code = (
        "import sys; sys.modules['pyarrow'] = None; sys.argv = 'shopbell lake export lake'.split();"
        "from gateway.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install 'shopbell[scoring]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_shops_file_is_imported_without_a_configuration(
    shopbell: Shopbell, tmp_path: Path, config: Path
) -> None:
    config.unlink()
    file = tmp_path / "shop.csv"
    file.write_text("Nr,Kunde,Tag,Summe\n1,ann,2011-09-10,5\n2,,2011-09-10,7\n")
    words = ["--store", "acme", "--columns", "order=Nr,person=Kunde,at=Tag,value=Summe"]
    done = shopbell(
        "lake", "import", str(file), str(tmp_path / "lake"), *words, "--currency", "EUR"
    )
    assert (done.code, done.err) == (0, "1 rows without a customer were left out\n")
    assert "acme: 1 persons, 1 orders" in done.out
    assert Lake(tmp_path / "lake").table("orders").value.sum().execute() == 5.0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 1, "say it with --currency"),
        (["--columns", "order"], 2, "right: WHAT=NAME"),
        (["--timezone", "Mars/Olympus"], 1, "there is no time zone 'Mars/Olympus'"),
    ],
)
def test_what_is_wrong_with_an_import_is_one_sentence(
    shopbell: Shopbell, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    file = tmp_path / "shop.csv"
    file.write_text("order,customer,date,total\n1,ann,2011-09-10,5\n")
    done = shopbell("lake", "import", str(file), str(tmp_path / "lake"), "--store", "acme", *words)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def persons_of(folder: Path, table: str) -> set[str]:
    return set(Lake(folder).table(table).execute().person_id)


def phones(tmp_path: Path, *numbers: str) -> Path:
    file = tmp_path / "phones.csv"
    rows = [
        f"{n},ann@example.com,2026-09-1{n} 09:00,5,{number}" for n, number in enumerate(numbers)
    ]
    file.write_text("\n".join(["order,email,date,total,phone", *rows]) + "\n")
    return file


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("07700 900123", ()),
        ("+44 7700-900123", ()),
        ("0044 7700 900 123", ("--country", "gb")),
    ],
)
def test_who_is_imported_by_a_phone_is_the_gateways_person(
    queued: Shopbell, tmp_path: Path, written: str, words: tuple[str, ...]
) -> None:
    """Otherwise scores that were learnt from orders would find no number."""
    lake = tmp_path / "lake"
    exported(queued, lake)
    file = phones(tmp_path, written)
    told = queued(
        "lake", "import", str(file), str(lake), "--store", "acme", "--currency", "GBP", *words
    )
    assert (told.code, told.err) == (0, "")
    assert f"key: {tmp_path / 'shopbell.db.key'}" in told.out
    assert persons_of(lake, "orders") == persons_of(lake, "messages")
    assert Lake(lake).check() == ()


def test_the_key_of_a_gateway_elsewhere_is_given_by_its_file(
    queued: Shopbell, tmp_path: Path, config: Path
) -> None:
    exported(queued, tmp_path / "lake")
    key = (tmp_path / "shopbell.db.key").rename(tmp_path / "carried.key")
    config.unlink()
    words = ["--store", "acme", "--currency", "GBP", "--key", str(key)]
    file = str(phones(tmp_path, "+447700900123"))
    assert queued("lake", "import", file, str(tmp_path / "orders"), *words).code == 0
    assert persons_of(tmp_path / "orders", "orders") == persons_of(tmp_path / "lake", "messages")


def test_an_import_that_would_make_others_of_the_exports_persons_is_refused(
    queued: Shopbell, tmp_path: Path
) -> None:
    exported(queued, tmp_path / "lake")
    words = ["--store", "acme", "--currency", "GBP", "--key", str(tmp_path / "other.key")]
    file = str(phones(tmp_path, "+447700900123"))
    done = queued("lake", "import", file, str(tmp_path / "lake"), *words)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "was exported under another key than" in done.err
    assert not (tmp_path / "lake" / "orders" / "import-acme-0.parquet").exists()


def test_a_lake_that_had_a_key_of_its_own_is_told_of_the_gateways(
    shopbell: Shopbell, tmp_path: Path
) -> None:
    file = str(phones(tmp_path, "+447700900123"))
    words = [file, str(tmp_path / "lake"), "--store", "acme", "--currency", "GBP"]
    former = tmp_path / "lake.key"
    assert shopbell("lake", "import", *words, "--key", str(former)).err == ""
    before = persons_of(tmp_path / "lake", "orders")
    done = shopbell("lake", "import", *words)
    assert done.code == 0
    assert f"and no more {former}: import every store" in done.err
    assert persons_of(tmp_path / "lake", "orders") != before


def test_phones_that_reach_nobody_are_told_and_name_nobody(
    shopbell: Shopbell, tmp_path: Path
) -> None:
    file = str(phones(tmp_path, "123", "07700 900123"))
    done = shopbell("lake", "import", file, "lake", "--store", "acme", "--currency", "GBP")
    assert (done.code, done.err) == (
        0,
        "1 phones are no numbers that can be reached, and name nobody\n",
    )
    assert len(persons_of(Path("lake"), "orders")) == 1  # ann, whose other order has a number


def test_a_configuration_that_is_wrong_is_not_passed_over(
    shopbell: Shopbell, tmp_path: Path, config: Path
) -> None:
    """Another key would make others of all persons, in silence."""
    config.write_text("[gateway]\nnod = 1\n")
    file = str(phones(tmp_path, "+447700900123"))
    done = shopbell("lake", "import", file, "lake", "--store", "acme", "--currency", "GBP")
    assert done.code == 1
    assert "shopbell.toml" in done.err
    assert not Path("lake").exists()


def test_a_country_that_is_none_is_named(shopbell: Shopbell, tmp_path: Path) -> None:
    file = str(phones(tmp_path, "+447700900123"))
    done = shopbell("lake", "import", file, "lake", "--store", "acme", "--country", "England")
    assert done.code == 2
    assert "'England' is no country; right: two letters, as GB" in done.err
