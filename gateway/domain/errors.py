"""The one error tree of the gateway.

    ShopbellError
    ├── ConfigurationError        the operator's file is wrong: file, key, value, remedy
    ├── ContentError              what a shop wants to say is wrong: file, place, reason, remedy
    ├── RejectedError             a store's input is wrong: a code, the field, a sentence
    ├── CodecError                an SMS cannot be written or read: field and offset
    │   ├── EncodeError
    │   └── DecodeError
    ├── ModemError                the device is wrong
    │   ├── LinkLostError         the port is gone; nothing more will come from it
    │   ├── CommandTimeoutError   silence within a command's time limit
    │   ├── CommandRefusedError   a final result other than OK, with its code
    │   ├── NotSentError          a submit that certainly did not reach the network
    │   └── OutcomeUnknownError   a submit after Ctrl-Z whose result was lost
    ├── CarrierError              a carrier did not answer a question as it should
    └── StorageError              the database could not keep a change
        └── StorageFullError

Packages add leaves for what only they raise, such as `gateway.db.DatabaseInUseError`.
Foreign errors are translated once, at the border where they arise, with ``from``.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from gateway.domain.results import FinalResult


class ShopbellError(Exception):
    """Root of every error that the gateway raises on purpose.

    Each can go from a process to another: Python by itself would make it anew of its message alone.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        """Tell how it is made anew; see `pickle`."""
        return _made_anew, (type(self), self.args, self.__dict__)


def _made_anew(
    kind: type[ShopbellError], args: tuple[Any, ...], fields: dict[str, Any]
) -> ShopbellError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(fields)
    return error


class ConfigurationError(ShopbellError):
    """The configuration names something that cannot be; the text says file, key and remedy."""


class ContentError(ShopbellError):
    """A template, segment, flow, campaign or coupon of a shop cannot be as it stands.

    Attributes:
        file: where it stands; None for what was typed.
        place: the key, the line, or the word at fault; None when it is the whole.
        reason: what is wrong and what would be right, as the end of the sentence.
    """

    def __init__(self, reason: str, *, file: Path | None = None, place: str | None = None) -> None:
        super().__init__(": ".join(str(part) for part in (file, place, reason) if part is not None))
        self.file = file
        self.place = place
        self.reason = reason


class RejectedError(ShopbellError):
    """A store's input is refused; becomes a ``rejected`` payload.

    Attributes:
        code: a stable word for programs, such as ``invalid_number``.
        field: the field of the payload at fault, or None when it is the whole.
        job: the ``id`` of the job, or of the event, where it could be read.
        source: of an event, where it could be read; with the id it names the event.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        job: str | None = None,
        source: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.job = job
        self.source = source


class CodecError(ShopbellError):
    """An SMS element cannot be coded.

    Attributes:
        field: the element by its name in 3GPP TS 23.040, such as ``TP-OA``.
        offset: octets from the start of what was given, where known.
    """

    def __init__(self, field: str, message: str, *, offset: int | None = None) -> None:
        place = field if offset is None else f"{field} at octet {offset}"
        super().__init__(f"{place}: {message}")
        self.field = field
        self.offset = offset


class EncodeError(CodecError):
    """A value cannot be put on the wire."""


class DecodeError(CodecError):
    """Octets from the wire do not form what they should."""


class ModemError(ShopbellError):
    """The modem, its cable or its SIM did not do what was asked."""


class LinkLostError(ModemError):
    """The port is closed, unplugged or hung up."""


class CommandTimeoutError(ModemError):
    """No final result came within the command's time limit."""


class CommandRefusedError(ModemError):
    """The modem answered with a final result other than OK.

    Attributes:
        command: the command as written, without what follows ``=``.
        result: the final result with its code.
    """

    def __init__(self, command: str, result: FinalResult) -> None:
        super().__init__(f"{command} was answered with {result}")
        self.command = command
        self.result = result


class NotSentError(ModemError):
    """The submit ended before its Ctrl-Z, or was refused: it certainly was not sent.

    Attributes:
        result: the modem's final result, or None when it gave none.
    """

    def __init__(self, message: str, *, result: FinalResult | None = None) -> None:
        super().__init__(message)
        self.result = result


class OutcomeUnknownError(ModemError):
    """Ctrl-Z was written and the result is not known: the message may have been sent.

    Attributes:
        result: the modem's final result when it gave one that proves nothing, or None.
    """

    def __init__(self, message: str, *, result: FinalResult | None = None) -> None:
        super().__init__(message)
        self.result = result


class CarrierError(ShopbellError):
    """A carrier did not answer a question as it should.

    Attributes:
        needs_person: it will not mend itself: a wrong token, address or certificate.
        retry_after: how long the carrier wants to be left alone, where it says so.
    """

    def __init__(
        self, message: str, *, needs_person: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.needs_person = needs_person
        self.retry_after = retry_after


class StorageError(ShopbellError):
    """The database could not commit; nothing of the change was kept."""


class StorageFullError(StorageError):
    """The disk has no room for the change, or is below the reserve kept for outcomes."""
