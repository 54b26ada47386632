"""``shopbell segment``: whom a shop's segments name, in words and figures and without a number."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.command import CONFIGURATION, Shopbell
from support.known import put_person

from gateway.db.consent import append_events
from gateway.db.engine import writing_engine
from gateway.db.migrate import migrate
from gateway.domain.consent import Action, ConsentEvent, Method
from gateway.domain.ids import PersonId, StoreName

ACME = StoreName("acme")
SEGMENTS = """
irish = "country = 'IE'"
gone = "last_order_at < now() - interval '90 days'"
[british]
where = "country = 'GB'"
about = "for the sale at home"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "segments.toml").write_text(SEGMENTS)
    file = tmp_path / "shopbell.toml"
    file.write_text(f'{CONFIGURATION}shop_dir = "shop"\ncurrency = "GBP"\n')
    return file


@pytest.fixture
def people(tmp_path: Path) -> None:
    """Four persons, two of them British, one of whom allows offers; and one who objects."""
    engine = writing_engine(f"sqlite:///{tmp_path}/shopbell.db")
    migrate(engine)
    now = datetime.now(UTC) - timedelta(minutes=1)
    with engine.begin() as connection:
        for number, country in enumerate(("GB", "GB", "IE", None, "GB")):
            person = PersonId(f"person-{number}")
            put_person(connection, ACME, person, f"+4477009000{number:02}", now, country=country)
        append_events(
            connection,
            [_event("person-0", Action.GRANTED, now), _event("person-4", Action.OBJECTED, now)],
            now,
        )
    engine.dispose()
    (tmp_path / "shopbell.db.key").write_text("00" * 32)


def _event(person: str, action: Action, now: datetime) -> ConsentEvent:
    return ConsentEvent(
        store=ACME,
        person=PersonId(person),
        purpose="marketing.offers",
        action=action,
        method=Method.FORM,
        at=now,
    )


@pytest.mark.usefixtures("people")
def test_size_says_who_how_many_and_how_many_may_be_sent_offers(shopbell: Shopbell) -> None:
    done = shopbell("segment", "size", "british")
    assert done.err == ""
    assert done.out == ("people who live in 'GB': 2 of 4 persons (50.0%), of whom 1 allow offers\n")
    told = json.loads(shopbell("segment", "size", "--where", "spend < 5", "--json").out)
    assert told == {
        "store": "acme",
        "segment": None,
        "words": "people who spent less than £5",
        "persons": 4,
        "people": 4,
        "allowing": 1,
        "share": 1.0,
    }


@pytest.mark.usefixtures("people")
def test_members_are_pseudonyms_and_no_numbers(shopbell: Shopbell) -> None:
    done = shopbell("segment", "members", "british")
    assert sorted(done.out.split()) == ["person-0", "person-1"]
    done = shopbell("segment", "members", "--where", "true", "--most", "1", "--json")
    assert list(json.loads(done.out)) == ["person"]
    assert "and more" in done.err
    assert "77009" not in done.out + done.err


def test_list_and_explain_ask_no_database(shopbell: Shopbell) -> None:
    listed = [json.loads(line) for line in shopbell("segment", "list", "--json").out.splitlines()]
    assert [one["name"] for one in listed] == ["irish", "gone", "british"]
    assert listed[2]["about"] == "for the sale at home"
    assert "last ordered more than 90 days ago" in shopbell("segment", "list").out
    assert shopbell("segment", "explain", "irish").out == "people who live in 'IE'\n"
    words = json.loads(shopbell("segment", "explain", "--where", "is_irish", "--json").out)["words"]
    assert words == "people who are in 'irish' (who live in 'IE')"


def test_check_names_every_fault(shopbell: Shopbell, tmp_path: Path) -> None:
    done = shopbell("segment", "check")
    assert (done.code, done.out) == (0, "right: irish, gone, british\n")
    file = tmp_path / "shop" / "segments.toml"
    file.write_text('a = "spent > 1"\nb = "country > 2"\nc = \'true\'\n')
    done = shopbell("segment", "check")
    assert done.code == 1
    assert done.err.splitlines() == [
        f"{file}: a, line 1, column 1: there is no column 'spent'; do you mean spend?",
        f"{file}: b, line 1, column 1: is a text, which is never > another; right: =, <>, in, like",
    ]
    told = json.loads(shopbell("segment", "check", "--json").out)
    assert (told["ok"], told["right"], len(told["faults"])) == (False, ["c"], 2)
    done = shopbell("segment", "explain", "a")
    assert (done.code, "do you mean spend?" in done.err) == (1, True)


@pytest.mark.parametrize("command", ["size", "explain", "members"])
def test_a_name_or_a_condition_is_needed(shopbell: Shopbell, command: str) -> None:
    assert shopbell("segment", command).code == 2
    assert shopbell("segment", command, "irish", "--where", "true").code == 2
    done = shopbell("segment", command, "dutch")
    assert done.code == 1
    assert "acme has no segment 'dutch'; it has irish, gone, british" in done.err
    done = shopbell("segment", command, "--where", "spend >")
    assert (done.code, done.err.count("\n")) == (1, 1)
