"""What is shown of the settings: every key, where it is from, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configuration import CONTRACT

from gateway.settings import Settings, load
from gateway.settings.in_force import HIDDEN, NOTHING, Key, Origin, in_force, written
from gateway.settings.model import SECTIONS

SECRETS = """
[alarms]
sms_to = ["+447700900123"]
email_to = ["ops@shop.example"]
email_from = "box@shop.example"
smtp_url = "smtp://mailer@mail.example:587"
smtp_password = "hunter2hunter2"
webhook_url = "https://hooks.example/T0P/S3CR3T"
webhook_secret = "s3cr3ts3cr3t"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    for secret in ("mqtt.password", "m0.pin"):
        (tmp_path / secret).write_text("7391\n")
        (tmp_path / secret).chmod(0o600)
    made = tmp_path / "shopbell.toml"
    made.write_text(CONTRACT + SECRETS)
    made.chmod(0o600)
    return made


def keys(settings: Settings) -> dict[str, Key]:
    return {f"{table.title} {key.name}": key for table in in_force(settings) for key in table.keys}


def test_every_key_of_every_table_is_told(file: Path) -> None:
    settings = load(file)
    told = keys(settings)
    for name, model in SECTIONS.items():
        value = getattr(settings, name)
        if value and not isinstance(value, tuple):
            assert {f"[{name}] {key}" for key in model.model_fields} <= told.keys()
    assert "[[modem]] m0 rate" in told


def test_no_secret_is_told(file: Path) -> None:
    whole = repr(list(in_force(load(file))))
    for secret in ("7391", "hunter2", "S3CR3T", "s3cr3t", "mailer", "7700900123"):
        assert secret not in whole
    assert keys(load(file))["[mqtt] password_file"].value == HIDDEN


def test_where_a_value_is_from(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPBELL_GATEWAY__GRACE", "5")
    monkeypatch.setenv("SHOPBELL_MODEM__M0__DAILY_LIMIT", "90")
    told = keys(load(file))
    assert told["[gateway] grace"].origin is Origin.ENVIRONMENT
    assert told["[gateway] grace"].value == "5.0"
    assert told["[[modem]] m0 daily_limit"].origin is Origin.ENVIRONMENT
    assert told["[gateway] node"].origin is Origin.FILE
    assert told["[gateway] submit_timeout"].origin is Origin.DEFAULT


@pytest.mark.parametrize(
    ("key", "live"),
    [
        ("[[modem]] m0 rate", True),
        ("[[modem]] m0 port", False),
        ("[[store]] acme brand", True),
        ("[alarms] repeat", True),
        ("[mqtt] url", False),
        ("[gateway] node", False),
    ],
)
def test_what_a_change_takes(file: Path, key: str, live: bool) -> None:
    assert keys(load(file))[key].live is live


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("routes", (), NOTHING),
        ("country", None, NOTHING),
        ("jitter", True, "yes"),
        ("tags", frozenset({"b", "a"}), "a, b"),
        ("url", "sqlite:////var/shop.db", "sqlite:////var/shop.db"),
        ("url", "postgresql+psycopg://me@db/shop?sslkey=x", "postgresql+psycopg://db/shop"),
        ("power_command", ("curl", "-u", "me:secret"), HIDDEN),
        ("number", "+447700900123", "+44…"),
    ],
)
def test_how_a_value_is_written(name: str, value: object, shown: str) -> None:
    told = written(name, value)
    if name == "number":
        assert "7700900123" not in told
    else:
        assert told == shown
