"""A command's end of the control socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gateway.control.wire import FAILED, MAX_LINE, decode, encode
from gateway.domain.errors import RejectedError, ShopbellError, StorageError

ANSWER_LIMIT: Final = 30.0
"""Seconds for an answer: a commit on a slow disk, and not a gateway that hangs."""


class NoGatewayError(ShopbellError):
    """Nobody answers on the socket: no gateway works on this database."""


class ControlError(ShopbellError):
    """A gateway is there and could not do it, or gave no usable answer."""


async def ask(path: Path, op: str, *, answer_within: float = ANSWER_LIMIT, **fields: object) -> Any:
    """Ask the running gateway and return its answer.

    Args:
        path: its socket, see `gateway.control.socket_path`.
        op: the operation.
        answer_within: seconds for the answer, where the operation waits for more than a disk.
        fields: what goes with it, as JSON has it.

    Raises:
        NoGatewayError: none runs.
        RejectedError: it refuses; with code and field.
        StorageError: its database cannot.
        ControlError: it could not do it, or did not answer in time or as it should.
    """
    try:
        async with asyncio.timeout(answer_within):
            line = await _exchange(path, encode({"op": op, **fields}))
    except TimeoutError:
        raise ControlError(f"the gateway did not answer within {answer_within:g} s") from None
    return _result(line)


async def _exchange(path: Path, request: bytes) -> bytes:
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=MAX_LINE)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NoGatewayError("no gateway runs on this database") from None
    except PermissionError:
        raise ControlError(f"may not ask the gateway: {path} is another user's") from None
    try:
        writer.write(request)
        return await reader.readuntil(b"\n")
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ControlError("the gateway hung up") from error
    finally:
        writer.close()


def _result(line: bytes) -> Any:
    try:
        answer = decode(line)
        if "error" in answer:
            raise _error(answer["error"])
        return answer["result"]
    except (ValueError, KeyError) as error:
        raise ControlError("the gateway's answer cannot be read; is it another version?") from error


def _error(error: Mapping[str, Any]) -> ShopbellError:
    if error["code"] == "storage":
        return StorageError(error["message"])
    if error["code"] == FAILED:
        return ControlError(error["message"])
    return RejectedError(error["code"], error["message"], field=error["field"])
