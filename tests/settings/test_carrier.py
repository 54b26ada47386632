"""``[[carrier]]``: what a good one gives, and what is said of every kind of bad one."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configuration import CONTRACT, Write, faults_of, only_fault

from gateway.domain.purpose import Purpose
from gateway.settings import compare, load

pytestmark = pytest.mark.rule("SIM-5")

CARRIER = """
[[carrier]]
name = "main"
url = "https://api.example.com/2010-04-01/"
account = "AC1"
token_file = "carrier.token"
sender = "+33937000000"
routes = ["+33"]
rate = "5/s"
purposes = ["marketing"]
"""
GOOD = CONTRACT + CARRIER
PLACE = "[[carrier]] main"


@pytest.fixture(autouse=True)
def _token(tmp_path: Path) -> None:
    (tmp_path / "carrier.token").write_text("s3cret\n")


def test_a_carrier_is_read(write: Write) -> None:
    [carrier] = load(write(GOOD)).carrier
    assert (carrier.name, carrier.line, carrier.account) == ("main", "carrier:main", "AC1")
    assert carrier.url == "https://api.example.com/2010-04-01"
    assert (carrier.secret, carrier.sender, carrier.routes) == ("s3cret", "+33937000000", ("+33",))
    assert carrier.rate.per_second == 5
    assert carrier.purposes == {Purpose.MARKETING}
    assert "s3cret" not in repr(carrier)


def test_what_may_be_left_out(write: Write) -> None:
    needed = [line for line in GOOD.splitlines() if not line.startswith(("purposes", 'rate = "5'))]
    [carrier] = load(write("\n".join(needed))).carrier
    assert carrier.purposes == set(Purpose)
    assert carrier.rate.text == "1/s"
    assert load(write(CONTRACT)).carrier == ()


def test_plain_http_is_for_this_machine(write: Write) -> None:
    file = write(GOOD.replace("https://api.example.com", "http://127.0.0.1:8000"))
    assert load(file).carrier[0].url == "http://127.0.0.1:8000/2010-04-01"


@pytest.mark.parametrize(
    "sender", ["MG" + "0a" * 16, "38000", "+33937000000"], ids=["service", "short code", "number"]
)
def test_marketing_needs_a_sender_that_can_be_answered(write: Write, sender: str) -> None:
    assert load(write(GOOD.replace("+33937000000", sender))).carrier[0].sender == sender


@pytest.mark.rule("US-6", "E-2")
def test_a_name_may_send_no_marketing(write: Write) -> None:
    named = GOOD.replace("+33937000000", "Acme Shop")
    fault = only_fault(write(named))
    assert (fault.section, fault.key) == (PLACE, "")
    assert "nobody can answer with STOP" in fault.reason
    assert load(write(named.replace('["marketing"]', '["otp"]'))).carrier[0].sender == "Acme Shop"


@pytest.mark.parametrize(
    ("before", "after", "key", "remedy"),
    [
        ("https://api.example.com", "http://api.example.com", "url", "in the clear"),
        ("https://api.example.com/2010-04-01/", "api.example.com", "url", "https://api.twilio.com"),
        ("https://api", "https://me:pw@api", "url", "account and token_file"),
        ("2010-04-01/", "2010-04-01/?x=1", "url", "after the path"),
        ('"AC1"', '"AC/../1"', "account", "letters, digits"),
        ('"carrier.token"', '"none.token"', "token_file", "no such file"),
        ('"+33937000000"', '"0937000000000"', "sender", "such as \"+33937000000\""),
        ('"+33937000000"', '"A name that is long"', "sender", "11 letters"),
        ('["+33"]', '["33"]', "routes", 'such as "+44"'),
        ('"5/s"', '"fast"', "rate", 'such as "20/min"'),
        ('["marketing"]', '["adverts"]', "purposes", 'purposes = ["marketing"]'),
        ('["marketing"]', "[]", "purposes", 'purposes = ["marketing"]'),
        ('name = "main"', 'name = "ma in"', "name", "letters, digits"),
        ('token_file = "carrier.token"', "", "", 'token_file = "carrier.token"'),
        ("account =", "acount =", "account", 'account = "AC…"'),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_remedy(
    write: Write, before: str, after: str, key: str, remedy: str
) -> None:
    assert before in CARRIER
    file = write(CONTRACT + CARRIER.replace(before, after, 1))
    assert any(fault.key == key and remedy in fault.reason for fault in faults_of(file))


def test_two_carriers_of_one_name_are_refused(write: Write) -> None:
    second = CARRIER.replace("+33937000000", "+33937000001")
    assert "give every carrier its own" in only_fault(write(GOOD + second)).reason


@pytest.mark.parametrize(("sender", "faults"), [("+33937000000", 1), ("Acme", 0)])
def test_two_carriers_of_one_number_are_refused(write: Write, sender: str, faults: int) -> None:
    """Each would take what comes to it; to a name nothing comes."""
    one = CARRIER.replace("+33937000000", sender).replace('"marketing"', '"otp"')
    text = CONTRACT + one + one.replace('"main"', '"other"')
    if faults:
        fault = only_fault(write(text))
        assert (fault.section, fault.key) == ("[[carrier]]", "sender")
        assert "told as often" in fault.reason
    else:
        assert len(load(write(text)).carrier) == 2


def test_a_token_is_never_shown(write: Write) -> None:
    both = GOOD.replace("token_file", 'token = "s3cret"\ntoken_file')
    for fault in faults_of(write(both)):
        assert "s3cret" not in str(fault)


def test_the_environment_wins(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPBELL_CARRIER__MAIN__PURPOSES", "otp,marketing")
    assert load(write(GOOD)).carrier[0].purposes == {Purpose.OTP, Purpose.MARKETING}


@pytest.mark.parametrize(
    ("before", "after", "name", "live"),
    [
        ("5/s", "1/s", "rate", True),
        ('["+33"]', '["+33", "+1"]', "routes", True),
        ('["marketing"]', '["otp"]', "purposes", True),
        ("+33937000000", "+33937000001", "sender", False),
    ],
)
def test_what_may_change_while_it_runs(
    write: Write, before: str, after: str, name: str, live: bool
) -> None:
    old = load(write(GOOD))
    changes = compare(old, load(write(GOOD.replace(before, after))))
    named = (f"{PLACE} {name}",)
    assert (changes.taken, changes.refused) == ((named, ()) if live else ((), named))
