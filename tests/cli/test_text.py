"""What an operator is told of a text before it is sent."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from support.command import Shopbell

GOOD = "Acme: new tea is here for you. Reply STOP to opt out"


def test_a_text_that_may_go_out(shopbell: Shopbell) -> None:
    done = shopbell(
        "text", "check", "--store", "acme", "--purpose", "marketing", "--text", GOOD,
        "--cost", "0.07",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert done.out == "--text: may go out; 1 part in GSM7, costs 0.07\n"


def test_a_text_that_may_not_is_explained_and_counted_as_it_would_have_to_go_out(
    shopbell: Shopbell, config: Path
) -> None:
    config.write_text(
        config.read_text() + 'brand = "Acme Tea"\nopt_out_mention = "STOP au 36111"\n'
    )
    text = "New tea [bold] https://bit.ly/x1 " + "a" * 125
    done = shopbell(
        "text", "check", "--store", "acme", "--purpose", "marketing", "--text", text,
        "--cost", "0.07",
    )  # fmt: skip
    assert (done.code, done.err) == (1, "")
    first, second, _, *rest = done.out.splitlines()
    assert first == "--text: may not go out; 2 parts in GSM7, costs 0.14"
    assert second == 'counted with "STOP au 36111", which it has to say'
    told = "\n".join(rest)
    assert 'name the sender, such as "Acme Tea: …"' in told
    assert 'add "STOP au 36111"' in told
    assert "(15-32: https://bit.ly/x1)" in told


def test_programs_get_an_object_for_each_text(shopbell: Shopbell, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Your order 1001 has shipped and is on its way.\n")
    (tmp_path / "bad.txt").write_text("Your order 1001 has shipped. Shop now!")
    done = shopbell(
        "text", "check", "--store", "acme", "--purpose", "transactional", "--json",
        "good.txt", "bad.txt",
    )  # fmt: skip
    assert done.code == 1
    good, bad = map(json.loads, done.out.splitlines())
    assert good == {
        "source": "good.txt",
        "ok": True,
        "language": "en",
        "parts": 1,
        "alphabet": "gsm7",
        "units": 46,
        "forcing": None,
        "cost": None,
        "outgoing": "Your order 1001 has shipped and is on its way.",
        "findings": [],
    }
    [finding] = bad["findings"]
    assert (finding["id"], finding["severity"]) == ("offer", "error")
    assert finding["where"] == {"start": 29, "end": 37}


@pytest.mark.rule("US-8")
def test_a_text_of_consent_is_judged_by_its_country(shopbell: Shopbell) -> None:
    text = "Acme: welcome! Reply STOP to end. 4 msgs/month"
    words = ("text", "check", "--store", "acme", "--kind", "optin_confirm", "--text", text)
    assert shopbell(*words).code == 0
    american = shopbell(*words, "--country", "us")
    assert american.code == 1
    assert "rates_missing" in american.out


def test_a_text_comes_through_a_pipe(shopbell: Shopbell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(GOOD))
    assert shopbell("text", "check", "--store", "acme", "--purpose", "marketing", "-").code == 0


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["--store", "nope", "--purpose", "otp", "--text", "x"], 1, "no store 'nope'"),
        (["--store", "acme", "--purpose", "otp"], 2, "either --text TEXT or files"),
        (["--store", "acme", "--purpose", "otp", "--text", "x", "f"], 2, "either --text TEXT"),
        (["--store", "acme", "--text", "x"], 2, "a message needs --purpose"),
        (["--store", "acme", "--kind", "poem", "--text", "x"], 2, "there is no kind 'poem'"),
        (["--store", "acme", "--purpose", "otp", "--text", "x", "--cost", "1e999"], 0, ""),
        (["--store", "acme", "--purpose", "otp", "--text", "x", "--cost", "-1"], 2, "no amount"),
        (["--store", "acme", "--purpose", "otp", "--text", "x", "--cost", "NaN"], 2, "no amount"),
        (
            ["--store", "acme", "--purpose", "otp", "--text", "x", "--country", "UK"],
            2,
            "no country",
        ),
        (["--store", "acme", "--purpose", "otp", "missing.txt"], 1, "missing.txt: no such file"),
        (["--store", "acme", "--purpose", "otp", "latin.txt"], 1, "latin.txt is not UTF-8"),
        (["--store", "acme", "--purpose", "otp", "--text", "\ud83d"], 1, "surrogate"),
    ],
)
def test_what_cannot_be_judged_is_a_line(
    shopbell: Shopbell, tmp_path: Path, words: list[str], code: int, reason: str
) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    done = shopbell("text", "check", *words)
    assert done.code == code
    assert reason in done.err
    assert "Traceback" not in done.err


@pytest.mark.rule("T-1")
def test_a_store_that_asks_for_it_has_its_jobs_refused(shopbell: Shopbell, config: Path) -> None:
    words = ("send", "--store", "acme", "--to", "+447700900123", "--purpose", "transactional")
    assert shopbell(*words, "--text", "Order 1001 shipped. Shop now!").code == 0

    config.write_text(config.read_text() + 'wording = "require"\n')
    assert shopbell(*words, "--text", "Order 1001 has shipped.").code == 0
    refused = shopbell(*words, "--text", "Order 1001 shipped. Shop now!")
    assert refused.code == 1
    assert refused.err.startswith("rejected: wording: an offer stands in a service message")


def test_without_a_gateway_nothing_was_counted(shopbell: Shopbell) -> None:
    done = shopbell("text", "findings")
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
