"""Secrets: written in the configuration, or better in a file beside it that few may read."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr

from gateway.settings.anchor import anchored
from gateway.settings.text import read_by

MAX_SECRET_CHARACTERS: Final = 1024
"""More than any password; a larger file was named by mistake."""


def read_secret(name: str) -> SecretStr:
    """Return what the file holds, without the line end.

    Raises:
        ValueError: the file cannot be read, or holds no secret.
    """
    path = anchored(name)
    try:
        text = path.read_text(encoding="utf-8").strip("\r\n")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text; it should hold the secret alone") from None
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise ValueError(
            f"{path}: {reason}; create it for the gateway's user, with the secret as its only line"
        ) from None
    if not text or "\n" in text or len(text) > MAX_SECRET_CHARACTERS:
        raise ValueError(f"{path} should hold the secret as its only line")
    return SecretStr(text)


def check_pin(pin: SecretStr) -> SecretStr:
    """Refuse what no SIM takes for a PIN (3GPP TS 31.101 clause 9.5.1: 4 to 8 digits).

    Raises:
        ValueError: it is no PIN.
    """
    text = pin.get_secret_value()
    if not (text.isascii() and text.isdigit() and 4 <= len(text) <= 8):
        raise ValueError("is no PIN; it has 4 to 8 digits, in quotes")
    return pin


SecretFile = Annotated[SecretStr, read_by(read_secret), Field(examples=["mqtt.password"])]
TokenFile = Annotated[SecretStr, read_by(read_secret), Field(examples=["carrier.token"])]
Pin = Annotated[SecretStr, AfterValidator(check_pin)]
PinFile = Annotated[
    SecretStr, read_by(read_secret), AfterValidator(check_pin), Field(examples=["m0.pin"])
]


def reveal(secret: SecretStr | None) -> str | None:
    """Return a secret as it is, for who uses it."""
    return None if secret is None else secret.get_secret_value()
