"""The process of a second opinion: ``python -m gateway.modem.probe.opinion_child DEVICE``.

Connects with python-gsmmodem-new, asks what that driver knows, and prints it as one JSON object.
Nothing is announced to it, since it would read and delete what comes in.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any, Final

_BAUDRATE: Final = 115_200
_NO_ANNOUNCEMENTS: Final = "0,0,0,0,0"
_NO_SIGNAL: Final = -1


def ask(device: str) -> dict[str, Any]:
    """Return the fields of `gateway.modem.probe.opinion.Opinion` that the driver could fill."""
    from gsmmodem.modem import GsmModem

    modem = GsmModem(
        device, _BAUDRATE, AT_CNMI=_NO_ANNOUNCEMENTS, requestDelivery=False, exclusive=True
    )
    faults: list[str] = []
    if not _attempt("connect", modem.connect, faults, default=False, done=True):
        return {"faults": faults}
    signal = _attempt("signal", lambda: modem.signalStrength, faults, default=_NO_SIGNAL)
    return {
        "imei": _attempt("imei", lambda: modem.imei, faults),
        "imsi": _attempt("imsi", lambda: modem.imsi, faults),
        "manufacturer": _attempt("manufacturer", lambda: modem.manufacturer, faults),
        "model": _attempt("model", lambda: modem.model, faults),
        "revision": _attempt("revision", lambda: modem.revision, faults),
        "operator": _attempt("network", lambda: modem.networkName, faults) or "",
        "signal_dbm": None if signal == _NO_SIGNAL else -113 + 2 * signal,
        "service_centre": _attempt("service centre", lambda: modem.smsc, faults) or "",
        "commands": _attempt("commands", lambda: modem.supportedCommands, faults) or [],
        "faults": faults,
    }


def _attempt(
    what: str,
    step: Callable[[], Any],
    faults: list[str],
    *,
    default: Any = "",
    done: Any = None,
) -> Any:
    """Return what a step gives, or ``done``; a fault of any kind is noted: it is not our code."""
    try:
        result = step()
    except Exception as error:
        faults.append(f"{what}: {type(error).__name__} {error}".strip())
        return default
    return result if done is None else done


def main() -> None:
    """Print the opinion and end, whatever threads there still are."""
    sys.stdout.write(json.dumps(ask(sys.argv[1]), default=str))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
