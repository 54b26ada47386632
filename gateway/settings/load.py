"""Reading the configuration: one file, the environment over it, and every fault at once."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gateway.domain import failpoint
from gateway.domain.errors import ConfigurationError
from gateway.settings.anchor import reading
from gateway.settings.consistency import FAILPOINT_VARIABLE, contradictions
from gateway.settings.faults import Fault, FaultyConfigurationError
from gateway.settings.model import Settings
from gateway.settings.reasons import translate


def load(file: Path) -> Settings:
    """Read the configuration.

    Args:
        file: TOML; what it names relatively is relative to where it lies.

    Raises:
        FaultyConfigurationError: with every fault there is.
    """
    document = _read(file)
    faults = contradictions(document, file)
    with reading(file):
        try:
            settings = Settings()
        except ValidationError as error:
            raise FaultyConfigurationError(translate(error, file, document) + faults) from None
    if faults:
        raise FaultyConfigurationError(faults)
    return settings


def arm_failpoint() -> None:
    """Arm the failpoint that the environment names, if it names one.

    Raises:
        ConfigurationError: there is no such failpoint.
    """
    spec = os.environ.get(FAILPOINT_VARIABLE)
    if not spec:
        return
    try:
        failpoint.arm(spec)
    except ValueError:
        known = ", ".join(failpoint.Failpoint)
        raise ConfigurationError(
            f'{FAILPOINT_VARIABLE} = "{spec}": there is no such failpoint; write NAME or NAME@N '
            f"with one of {known}"
        ) from None


def notify_socket() -> str | None:
    """Return where a service manager listens (sd_notify(3)), or None without one."""
    return os.environ.get("NOTIFY_SOCKET") or None


def watchdog_seconds() -> float | None:
    """Return within how many seconds a service manager wants to hear from us, or None.

    As sd_watchdog_enabled(3) has it: what is meant for another process is not for this one.
    """
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    meant = os.environ.get("WATCHDOG_PID") in (None, "", str(os.getpid()))
    return int(microseconds) / 1e6 if microseconds.isdecimal() and meant else None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        reason = "there is no such file; create it (README shows one) or name it with --config"
    except OSError as error:
        reason = f"{(error.strerror or 'cannot be read').lower()}; the gateway's user must read it"
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text at byte {error.start}; save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        reason = f"is no TOML: {error}; a text stands in quotes, a section in brackets"
    raise FaultyConfigurationError([Fault(source=str(file), reason=reason)])
