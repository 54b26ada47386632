"""The configuration: what a good one gives, and what is said of every kind of bad one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.configuration import CONTRACT, Write, faults_of, only_fault

from gateway.settings import Settings, advise, load

M0 = "[[modem]] m0"
BALANCE = """balance_request = "*100#"
balance_pattern = 'Balance: (?P<amount>[0-9.]+)'
"""


def test_the_contracts_own_example_is_read(write: Write, tmp_path: Path) -> None:
    settings = load(write(CONTRACT))

    assert settings.gateway.node == "box-1"
    assert settings.database.file == tmp_path / "shopbell.db"
    assert str(settings.mqtt.url) == "mqtt://127.0.0.1:1883"
    assert settings.mqtt.secret == "hunter2"
    assert settings.mqtt.protocol == "5"
    modem = settings.modem[0]
    assert (modem.name, modem.daily_limit, modem.secret) == ("m0", 200, "1234")
    assert modem.rate.per_second == pytest.approx(1 / 3)
    assert modem.routes == ("+44",)
    assert settings.store[0].timezone == ZoneInfo("Europe/London")


def test_defaults_of_what_the_contract_leaves_open(write: Write) -> None:
    gateway = load(write(CONTRACT)).gateway

    assert (gateway.submit_timeout, gateway.resend_unconfirmed_after, gateway.grace) == (
        180,
        3600,
        60,
    )
    assert gateway.inbound_wait == 6 * 3600


@pytest.mark.parametrize(
    ("country", "zone"), [("GB", "Europe/London"), ("DE", "UTC"), ("AU", "UTC"), ("FR", None)]
)
def test_the_box_stands_in_its_countrys_only_zone(
    write: Write, country: str, zone: str | None
) -> None:
    settings = load(write(CONTRACT.replace('country = "GB"', f'country = "{country}"', 1)))

    assert settings.gateway.zone == ZoneInfo(zone or "Europe/Paris")


def test_a_named_zone_of_the_box_is_taken(write: Write) -> None:
    text = CONTRACT.replace("[database]", 'timezone = "Asia/Tokyo"\n[database]')
    assert load(write(text)).gateway.zone == ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    "written", ['["uhubctl", "-p", "a b"]', "\"uhubctl -p 'a b'\""], ids=["list", "text"]
)
def test_a_power_command_is_a_list_or_is_split_as_by_a_shell(write: Write, written: str) -> None:
    file = write(CONTRACT.replace("= 200", f"= 200\npower_command = {written}"))
    assert load(file).modem[0].power_command == ("uhubctl", "-p", "a b")


def test_a_balance_is_asked_for_daily_unless_said_otherwise(write: Write) -> None:
    keys = f'["+44"]\n{BALANCE}balance_minimum = 2.1'
    modem = load(write(CONTRACT.replace('["+44"]', keys))).modem[0]
    assert modem.balance_request == "*100#"
    assert modem.balance_pattern is not None
    assert modem.balance_pattern.find("Balance: 5.10 GBP") == Decimal("5.10")
    assert (modem.balance_unit, modem.balance_every) == ("", 86_400)
    assert modem.balance_minimum == Decimal("2.1"), "as written, not as a float has it"
    assert load(write(CONTRACT)).modem[0].balance_request is None


def test_half_a_balance_may_come_from_the_environment(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPBELL_MODEM__M0__BALANCE_REQUEST", "*100#")
    monkeypatch.setenv("SHOPBELL_MODEM__M0__BALANCE_MINIMUM", "2.1")
    text = CONTRACT.replace('["+44"]', '["+44"]\nbalance_pattern = "(?P<amount>.+)"')
    modem = load(write(text)).modem[0]
    assert (modem.balance_request, modem.balance_minimum) == ("*100#", Decimal("2.1"))


def test_settings_cannot_be_changed(write: Write) -> None:
    settings: Settings = load(write(CONTRACT))
    with pytest.raises(ValueError, match="frozen"):
        settings.gateway.node = "other"  # type: ignore[misc]


def test_what_is_named_relatively_lies_beside_the_file(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(CONTRACT.replace("/dev/serial/by-id/usb-stick", "sim/modem0"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    settings = load(Path("../shopbell.toml"))

    assert settings.modem[0].port == str(file.parent / "elsewhere" / ".." / "sim/modem0") or (
        Path(settings.modem[0].port).resolve() == tmp_path / "sim/modem0"
    )
    assert settings.database.file is not None
    assert settings.database.file.resolve() == tmp_path / "shopbell.db"
    assert settings.mqtt.secret == "hunter2"


@pytest.mark.parametrize(
    ("before", "after", "section", "key", "remedy"),
    [
        ('"box-1"', '"box 1"', "[gateway]", "node", "letters, digits"),
        ('"box-1"', "7", "[gateway]", "node", 'node = "box-1"'),
        ('country = "GB"', 'country = "UK"', "[gateway]", "country", 'did you mean "GB"?'),
        ('country = "GB"', 'country = "gb"', "[gateway]", "country", 'did you mean "GB"?'),
        ('country = "GB"', 'country = "Britain"', "[gateway]", "country", "two capitals"),
        ('node = "box-1"', "", "[gateway]", "node", 'is missing; write node = "box-1"'),
        ("[database]", "grace = -1\n[database]", "[gateway]", "grace", "grace = 180"),
        ("[database]", "grace = inf\n[database]", "[gateway]", "grace", "finite"),
        ("[database]", "submit_timeout = 0\n[database]", "[gateway]", "submit_timeout", "= 180"),
        ("[database]", 'trace_dir = "a/b"\n[database]', "[gateway]", "trace_dir", "no directory"),
        ("[database]", 'trace_dir = "m0.pin"\n[database]', "[gateway]", "trace_dir", "no folder"),
        ("sqlite:///shopbell.db", "sqlite://", "[database]", "url", "sqlite:///shopbell.db"),
        ("sqlite:///shopbell.db", "sqlite:///:memory:", "[database]", "url", "name a file"),
        ("sqlite:///shopbell.db", "sqlite:///no/x.db", "[database]", "url", "no directory"),
        ("sqlite:///shopbell.db", "mysql://x/y", "[database]", "url", "sqlite:///shopbell.db"),
        ("mqtt://127", "http://127", "[mqtt]", "url", "write mqtt://HOST"),
        ("127.0.0.1:1883", "127.0.0.1:99999", "[mqtt]", "url", "1 to 65535"),
        ("mqtt://127", "mqtt://u:p@127", "[mqtt]", "url", "username and password_file"),
        (":1883", ":1883/shop", "[mqtt]", "url", "after the port"),
        ("mqtt.password", "no.password", "[mqtt]", "password_file", "no such file"),
        ("[console]", 'protocol = "4"\n[console]', "[mqtt]", "protocol", "'5' or '3.1.1'"),
        ("[console]", 'ca_file = "x.pem"\n[console]', "[mqtt]", "ca_file", "there is no file"),
        ("127.0.0.1:8025", "8025", "[console]", "listen", "HOST:PORT"),
        ('name = "m0"', 'name = "m 0"', "[[modem]] m 0", "name", "letters, digits"),
        ("/dev/serial/by-id/usb-stick", "", "[[modem]] m0", "port", "a path"),
        ("/dev/serial/by-id/usb-stick", "tcp://h:1", "[[modem]] m0", "port", "socket://"),
        ("/dev/serial/by-id/usb-stick", "socket://h", "[[modem]] m0", "port", "socket://"),
        ("20/min", "20/parsec", "[[modem]] m0", "rate", 'such as "20/min"'),
        ("20/min", "0/s", "[[modem]] m0", "rate", "N above 0"),
        ('"20/min"', "20", "[[modem]] m0", "rate", "put it in quotes"),
        ("= 200", "= 0", "[[modem]] m0", "daily_limit", "daily_limit = 200"),
        ("= 200", "= true", "[[modem]] m0", "daily_limit", "such as 200"),
        ("= 200", "= 1.5", "[[modem]] m0", "daily_limit", "such as 200"),
        ('["+44"]', f'["+44"]\n{BALANCE}balance_every = 60', M0, "balance_every", "86400"),
        ('["+44"]', f'["+44"]\n{BALANCE}balance_minimum = -1', M0, "balance_minimum", "= 2.0"),
        ('["+44"]', f'["+44"]\n{BALANCE}balance_minimum = true', M0, "balance_minimum", "2.0"),
        ('["+44"]', f'["+44"]\n{BALANCE}balance_unit = "a b"', M0, "balance_unit", "GBP"),
        ('["+44"]', '["+44"]\nbalance_request = "*100\\"#"', M0, "balance_request", "*100#"),
        ('["+44"]', '["+44"]\nbalance_pattern = "("', M0, "balance_pattern", "no regular"),
        ('["+44"]', '["+44"]\nbalance_pattern = "x"', M0, "balance_pattern", "?P<amount>"),
        ('["+44"]', '["+44"]\nbalance_request = "*100#"', M0, "", "write balance_pattern ="),
        ('["+44"]', '["+44"]\nbalance_minimum = 2', M0, "", "without a balance_request"),
        ("= 200", "= 200\nhang_up = 7", "[[modem]] m0", "hang_up", "hang_up = false"),
        ('["+44"]', '["44"]', "[[modem]] m0", "routes", 'such as "+44"'),
        ("= 200", "= 200\npower_command = []", "[[modem]] m0", "power_command", "uhubctl"),
        ("= 200", '= 200\npower_command = "off \'x"', "[[modem]] m0", "power_command", "quote"),
        ("= 200", "= 200\nusb_reset = 7", "[[modem]] m0", "usb_reset", "usb_reset = false"),
        ('name = "acme"', 'name = "ACME"', "[[store]] ACME", "name", "a-z, 0-9"),
        ('name = "acme"', 'name = "gateway"', "[[store]] gateway", "name", "announce themselves"),
        ("Europe/London", "Europe/Londn", "[[store]] acme", "timezone", '"Europe/London"'),
        ("Europe/London", "Europe", "[[store]] acme", "timezone", "tz database"),
        ("Europe/London", "/etc/passwd", "[[store]] acme", "timezone", "tz database"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_its_remedy(
    write: Write, before: str, after: str, section: str, key: str, remedy: str
) -> None:
    assert before in CONTRACT
    file = write(CONTRACT.replace(before, after, 1))

    fault = only_fault(file)

    assert (fault.source, fault.section, fault.key) == (str(file), section, key)
    assert remedy in fault.reason


@pytest.mark.parametrize(
    ("before", "after", "place", "near"),
    [
        ("node =", 'nod = "x"\nnode =', "[gateway] nod", "node"),
        ("daily_limit", "dayly_limit", "[[modem]] m0 dayly_limit", "daily_limit"),
        ("[console]\nlisten", "[mqt]\nlisten", "[mqt]", "[mqtt]"),
        ("[[modem]]", "[[modems]]", "[[modems]]", "[[modem]]"),
        ("\n[gateway]", 'node = "x"\n[gateway]', "node", "node under [gateway]"),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest_known_one(
    write: Write, before: str, after: str, place: str, near: str
) -> None:
    fault = only_fault(write(CONTRACT.replace(before, after, 1)))

    assert f"{fault.section} {fault.key}".strip() == place
    assert fault.reason.endswith(f"the nearest known one is {near}")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("gateway = 1\n" + CONTRACT.replace("[gateway]", "[console]", 1), "is no TOML"),
        (CONTRACT.replace("[[store]]", "[store]"), "write [[store]]"),
        (CONTRACT.replace("[gateway]", "[[gateway]]"), "write [gateway]"),
        (CONTRACT.replace("[mqtt]", "[mqttt]"), '[mqtt] with url = "mqtt://127.0.0.1:1883"'),
        ("node = box-1", "is no TOML"),
    ],
)
def test_a_file_of_the_wrong_shape_is_explained(write: Write, text: str, remedy: str) -> None:
    assert any(remedy in fault.reason for fault in faults_of(write(text)))


def test_every_fault_is_named_at_once(write: Write) -> None:
    """Also those that pydantic alone would keep back until the others are mended."""
    text = (
        CONTRACT.replace('"GB"', '"XX"', 1)
        .replace("20/min", "fast")
        .replace('password_file = "', 'password = "secret"\npassword_file = "')
        .replace("[[store]]", '[[modem]]\nname = "m0"\nport = "/dev/b"\n[[store]]')
    )
    places = {(fault.section, fault.key) for fault in faults_of(write(text))}

    assert places == {
        ("[gateway]", "country"),
        ("[[modem]] m0", "rate"),
        ("[mqtt]", "password"),
        ("[[modem]]", "name"),
    }


@pytest.mark.parametrize("key", ["name", "port"])
def test_two_modems_with_one_name_or_one_port_are_refused(write: Write, key: str) -> None:
    other = {"name": "m1", "port": "/dev/b"} | {
        key: {"name": "m0", "port": "/dev/serial/by-id/usb-stick"}[key]
    }
    text = f'{CONTRACT}\n[[modem]]\nname = "{other["name"]}"\nport = "{other["port"]}"\n'

    fault = only_fault(write(text))

    assert (fault.section, fault.key) == ("[[modem]]", key)
    assert "given 2 times" in fault.reason


def test_a_missing_file_says_how_to_name_another(tmp_path: Path) -> None:
    fault = only_fault(tmp_path / "shopbell.toml")
    assert fault.source == str(tmp_path / "shopbell.toml")
    assert "--config" in fault.reason


@pytest.mark.parametrize(
    ("content", "remedy"),
    [(b"", "only line"), (b"one\ntwo\n", "only line"), (b"\xff\xfe", "UTF-8"), (None, "create it")],
)
def test_a_file_without_one_secret_is_refused(
    write: Write, tmp_path: Path, content: bytes | None, remedy: str
) -> None:
    file = write(CONTRACT)
    (tmp_path / "mqtt.password").unlink()
    if content is not None:
        (tmp_path / "mqtt.password").write_bytes(content)

    fault = only_fault(file)

    assert fault.key == "password_file"
    assert remedy in fault.reason


def test_a_secret_is_never_shown(write: Write, tmp_path: Path) -> None:
    (tmp_path / "m0.pin").write_text("12345678901")
    text = CONTRACT.replace('pin_file = "m0.pin"', 'pin = "98x6"').replace(
        'password_file = "mqtt.password"', "password = 4711"
    )
    said = "\n".join(str(fault) for fault in faults_of(write(text)))
    assert "pin" in said
    assert "password" in said
    assert "98x6" not in said
    assert "4711" not in said

    in_file = only_fault(write(CONTRACT))
    assert in_file.key == "pin_file"
    assert "12345678901" not in str(in_file)


def test_settings_do_not_print_their_secrets(write: Write) -> None:
    shown = repr(load(write(CONTRACT)))
    assert "hunter2" not in shown
    assert "1234'" not in shown


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", "[[modem]] m0: nothing is at /dev/serial/by-id/usb-stick"),
        ("", "", "[[store]] acme: without help_contact nobody"),
        ("[database]", "submit_timeout = 20\n[database]", "submit_timeout = 20: below 120 s"),
    ],
)
def test_what_may_surprise_is_said_and_allowed(
    write: Write, before: str, after: str, said: str
) -> None:
    advice = advise(load(write(CONTRACT.replace(before, after, 1))))
    assert any(sentence.startswith(said) or said in sentence for sentence in advice)


def test_a_server_without_its_library_is_told_before_the_start(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = 'url = "postgresql+psycopg://shop@127.0.0.1/shop"'
    settings = load(write(CONTRACT.replace('url = "sqlite:///shopbell.db"', server, 1)))
    assert not any("psycopg" in each or "postgres]" in each for each in advise(settings))
    monkeypatch.setattr("gateway.settings.advice.find_spec", lambda _name: None)
    assert any("pip install 'shopbell[postgres]'" in each for each in advise(settings))


def test_a_modem_that_is_there_is_not_advised_about(write: Write, tmp_path: Path) -> None:
    (tmp_path / "stick-1").touch()
    text = CONTRACT.replace("/dev/serial/by-id/usb-stick", "stick-*")
    assert not [sentence for sentence in advise(load(write(text))) if "m0" in sentence]


def test_one_entry_may_stand_for_every_stick(write: Write) -> None:
    settings = load(write(CONTRACT.replace("/dev/serial/by-id/usb-stick", "auto")))
    assert settings.modem[0].auto
    assert settings.modem[0].port == "auto"


def test_only_one_entry_may_stand_for_every_stick(write: Write) -> None:
    entries = '\n[[modem]]\nname = "a"\nport = "auto"\n[[modem]]\nname = "b"\nport = "auto"\n'
    fault = only_fault(write(CONTRACT + entries))
    assert "one entry stands for every stick" in str(fault)


def test_names_of_found_sticks_are_kept_free(write: Write) -> None:
    taken = '\n[[modem]]\nname = "box"\nport = "auto"\n[[modem]]\nname = "box-1-1.2"\nport = "/x"\n'
    assert "is what a stick" in str(only_fault(write(CONTRACT + taken)))
    long = f'\n[[modem]]\nname = "{"b" * 17}"\nport = "auto"\n'
    assert "16 characters at most" in str(only_fault(write(CONTRACT + long)))


def test_power_is_not_cut_for_every_stick_by_a_command_for_one(write: Write) -> None:
    entry = '\n[[modem]]\nname = "box"\nport = "auto"\npower_command = ["uhubctl", "-p", {}]\n'
    assert "write {usb}" in str(only_fault(write(CONTRACT + entry.replace("{}", '"2"'))))
    assert load(write(CONTRACT + entry.replace("{}", '"{usb}"'))).modem[-1].auto


def test_sysfs_may_be_elsewhere(write: Write) -> None:
    file = write(CONTRACT.replace('country = "GB"\n', 'country = "GB"\nsysfs = "sys"\n', 1))
    assert load(file).gateway.sysfs == file.parent / "sys"


def test_a_terminal_server_is_asked_for_plain_tcp(write: Write) -> None:
    port = CONTRACT.replace("/dev/serial/by-id/usb-stick", "rfc2217://10.0.0.5:4000")
    assert "write socket://HOST:PORT" in str(only_fault(write(port)))


@pytest.mark.rule("E-2", "FR-2")
def test_a_store_tells_how_its_texts_are_judged(write: Write) -> None:
    [plain] = load(write(CONTRACT)).store
    assert (plain.brand, plain.opt_out_mention, plain.wording) == (None, None, "warn")

    words = 'brand = "Café Noir"\nopt_out_mention = "STOP au 36111"\nwording = "require"\n'
    [own] = load(write(CONTRACT + words)).store
    assert (own.brand, own.opt_out_mention, own.wording) == (
        "Café Noir",
        "STOP au 36111",
        "require",
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('brand = "…"', "is no name that a person reads"),
        ('brand = ""', "is no name that a person reads"),
        ('help_contact = "ask us"', "is nowhere to turn to; write an address, a link or a number"),
        ('help_contact = "{brand}@acme.example"', "is nowhere to turn to"),
        ('opt_out_mention = "a\\nb"', "is no line of a message"),
        ('wording = "strict"', "should be 'warn' or 'require'"),
    ],
)
def test_a_wrong_word_about_texts_is_named(write: Write, line: str, reason: str) -> None:
    assert reason in only_fault(write(CONTRACT + line)).reason
