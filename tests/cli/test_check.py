"""What an operator reads before the first start."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from support.command import Shopbell

from gateway.app import run
from gateway.domain.errors import ConfigurationError
from gateway.settings import load


def test_a_right_one_is_summed_up(shopbell: Shopbell, tmp_path: Path) -> None:
    done = shopbell("check")

    assert (done.code, done.err) == (0, "")
    first, *notes = done.out.splitlines()
    assert first.startswith("shopbell.toml is right: node box-1; broker mqtt://127.0.0.1:1;")
    assert str(tmp_path / "shopbell.db") in first
    assert notes == [
        f"note: [[modem]] m0: nothing is at {tmp_path}/nowhere now; it is waited for",
        "note: [[store]] acme: without help_contact nobody who writes HELP is answered",
    ]


def test_every_fault_is_a_line(shopbell: Shopbell, config: Path) -> None:
    config.write_text(config.read_text().replace('"GB"', '"UK"').replace("nowhere", ""))

    done = shopbell("check")

    assert (done.code, done.out) == (1, "")
    lines = done.err.splitlines()
    assert [line.partition(" = ")[0] for line in lines] == [
        "shopbell.toml: [gateway] country",
        "shopbell.toml: [[modem]] m0 port",
        "shopbell.toml: [[store]] acme country",
    ]
    assert lines[0].endswith('did you mean "GB"?')


def test_an_operator_that_no_number_plan_knows_is_named_with_the_nearest(
    shopbell: Shopbell, config: Path
) -> None:
    text = config.read_text()
    config.write_text(text.replace('name = "m0"', 'name = "m0"\nnetworks = ["Vodaphone"]'))

    done = shopbell("check")

    assert done.code == 1
    assert done.err == (
        '[[modem]] m0 networks: "Vodaphone" is no operator of the number plan; '
        'the nearest known one is "vodafone"\n'
    )


def test_programs_get_one_document(shopbell: Shopbell, config: Path) -> None:
    right = json.loads(shopbell("check", "--json").out)
    assert (right["ok"], right["faults"]) == (True, [])

    config.write_text(config.read_text().replace("box-1", "box 1"))
    done = shopbell("check", "--json")

    assert done.code == 1
    [fault] = json.loads(done.out)["faults"]
    assert (fault["source"], fault["section"], fault["key"], fault["value"]) == (
        "shopbell.toml",
        "[gateway]",
        "node",
        '"box 1"',
    )


def test_a_database_too_deep_for_its_socket_is_refused(shopbell: Shopbell, config: Path) -> None:
    deep = config.parent / ("d" * 100)
    deep.mkdir()
    config.write_text(config.read_text().replace("shopbell.db", f"{deep.name}/shopbell.db"))

    done = shopbell("check")

    assert done.code == 1
    assert done.err.startswith("[database] url: the control socket")


def test_another_file_is_named(shopbell: Shopbell, config: Path) -> None:
    config.rename(config.with_name("other.toml"))
    assert shopbell("check").code == 1
    assert shopbell("check", "--config", "other.toml").code == 0


@pytest.mark.rule("SIM-3")
def test_a_british_gateway_for_others_is_refused(shopbell: Shopbell, config: Path) -> None:
    words = 'country = "GB"\ntenancy = "service_for_others"\n\n[database]'
    config.write_text(config.read_text().replace('country = "GB"\n\n[database]', words))
    done = shopbell("check")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith('[gateway] tenancy = "service_for_others": ')
    assert "a gateway with SIMs of GB may not serve other businesses" in done.err
    with pytest.raises(ConfigurationError, match="may not serve other businesses"):
        asyncio.run(run(load(config)))


@pytest.mark.rule("SIM-4")
def test_five_british_sims_are_worth_a_note(shopbell: Shopbell, config: Path) -> None:
    more = "".join(f'\n[[modem]]\nname = "x{n}"\nport = "p{n}"\n' for n in range(4))
    config.write_text(config.read_text() + more)
    assert "this box has 5 SIMs of GB" in shopbell("check").out
    config.write_text(config.read_text().replace('port = "p0"', 'port = "p0"\ncountry = "IE"'))
    assert "SIMs of" not in shopbell("check").out
