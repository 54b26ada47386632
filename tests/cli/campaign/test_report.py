"""What a campaign was worth, as a person and as a program reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from support.command import Shopbell
from support.inline import make_file
from support.measured import BEGIN, Past

from gateway.db.engine import writing_engine

ASK = ("campaign", "report", "--store", "acme")
DAYS = ("--since", f"{BEGIN:%Y-%m-%d}", "--until", "2026-10-10")


@pytest.fixture
def past(config: Path) -> Engine:
    """A database beside the configuration, with the past of a shop in it."""
    text = config.read_text()
    text = text.replace("[gateway]\n", '[gateway]\ncurrency = "GBP"\n', 1)
    config.write_text(text.replace('port = "nowhere"', 'port = "nowhere"\ncost = "0.04"', 1))
    file = make_file(config.parent / "shopbell.db")
    engine = writing_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        Past(connection, persons=300).write()
    engine.dispose()
    return engine


def test_a_program_reads_one_document(shopbell: Shopbell, past: Engine) -> None:
    done = shopbell(*ASK, "sale", *DAYS, "--json")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert (told["campaign"], told["currency"]) == ("campaign.sale", "GBP")
    assert set(told["arms"]) == {"", "holdout", "plain", "offer"}
    arm = told["arms"]["plain"]
    assert arm["messages"] > 0
    # m0 costs 4 pence a part, the other modem is not configured.
    assert 0 < float(arm["cost"]) < 0.04 * arm["parts"]
    assert float(arm["roi"]) == pytest.approx(
        (float(arm["revenue"]) - float(arm["cost"])) / float(arm["cost"])
    )
    assert {(one["arm"], one["over"]) for one in told["lift"]["effects"]} == {
        ("plain", "holdout"),
        ("offer", "holdout"),
        ("offer", "plain"),
    }


def test_a_person_reads_a_table_and_what_it_does_not_say(shopbell: Shopbell, past: Engine) -> None:
    done = shopbell(*ASK, "flow.cart", *DAYS)
    assert done.code == 0
    assert "Revenue GBP" in done.out
    assert "persons are left alone" in done.out
    assert "got nothing: no_consent" in done.out
    assert "What it changed, within 7d of the decision" in done.out
    assert "No arm is shown to be the best" in done.out


def test_a_flow_is_found_by_its_own_name(shopbell: Shopbell, past: Engine) -> None:
    told = json.loads(shopbell(*ASK, "cart", "--json").out)
    assert told["campaign"] == "flow.cart"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nothing",), 1, "nothing was decided yet by a campaign or a flow 'nothing' of acme"),
        (("sale", "--since", "yesterday"), 2, "'yesterday' is no day; write one such as"),
        (("sale", "--window", "soon"), 2, "is no length of time"),
        (("sale", "--store", "other"), 1, "no store 'other'"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(
    shopbell: Shopbell, past: Engine, words: tuple[str, ...], code: int, said: str
) -> None:
    done = shopbell(*ASK, *words)
    assert (done.code, done.out) == (code, "")
    assert said in " ".join(done.err.split())


def test_what_it_is_too_early_to_say_is_said(shopbell: Shopbell, past: Engine) -> None:
    done = shopbell(*ASK, "sale", "--window", "3000d")
    assert "What it changed is seen 3000d after the decision" in done.out
