"""Messages about alarms."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.alarms.due import Due
from gateway.alarms.message import Message
from gateway.alarms.state import AlarmState
from gateway.domain.alarms import AlarmKind

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def message() -> Message:
    """One about the line m1."""
    values: dict[str, Any] = {"detail": "out of service", "began_at": NOON, "noticed_at": NOON}
    alarm = AlarmState(kind=AlarmKind.LINE_DOWN, subject="m1", **values)
    return Message(id="c0ffee", node="box-1", at=NOON, due=Due(new=(alarm,)))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the loopback, signed by itself, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mail"
    name = ["-addext", "subjectAltName=IP:127.0.0.1"]
    made = [*request.split(), *name, "-keyout", file, "-out", file.with_suffix(".crt")]
    subprocess.run(made, check=True, capture_output=True)
    file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


@pytest.fixture
def serving(certificate: Path) -> ssl.SSLContext:
    """What a server speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    """What a client trusts that server by."""
    return ssl.create_default_context(cafile=str(certificate.with_suffix(".crt")))
