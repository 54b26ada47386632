"""Server and client over a real Unix socket, and clients that misbehave."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.control import ControlError, ControlServer, NoGatewayError, ask, socket_path
from gateway.control.server import MAX_CLIENTS, REQUEST_LIMIT
from gateway.control.wire import MAX_LINE, MAX_SOCKET_PATH
from gateway.domain.errors import ConfigurationError, RejectedError, StorageError


async def echo(fields: Mapping[str, Any]) -> object:
    return dict(fields)


async def refuse(fields: Mapping[str, Any]) -> object:
    raise RejectedError("invalid_number", "to is not a phone number", field="to")


async def fill(fields: Mapping[str, Any]) -> object:
    raise StorageError("the disk is full")


async def fail(fields: Mapping[str, Any]) -> object:
    raise RuntimeError("a bug")


OPERATIONS = {"echo": echo, "refuse": refuse, "fill": fill, "fail": fail}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def is_there(path: Path) -> bool:
    return path.exists()


async def raw(path: Path, request: bytes) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(request)
    if not request.endswith(b"\n"):
        writer.write_eof()
    answer: dict[str, Any] = json.loads(await reader.readline())
    writer.close()
    return answer


async def test_an_answer_comes_back(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        assert await ask(path, "echo", text="Grüße 🎉", n=1) == {"text": "Grüße 🎉", "n": 1}


async def test_a_refusal_keeps_its_code_and_field(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        with pytest.raises(RejectedError, match="not a phone number") as caught:
            await ask(path, "refuse")
    assert (caught.value.code, caught.value.field) == ("invalid_number", "to")


async def test_trouble_with_the_database_is_told_as_such(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        with pytest.raises(StorageError, match="the disk is full"):
            await ask(path, "fill")


async def test_a_bug_in_one_operation_is_logged_and_stops_nothing(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        with capture_logs() as logged, pytest.raises(RejectedError, match="its log says why"):
            await ask(path, "fail")
        assert await ask(path, "echo") == {}
    assert [entry["event"] for entry in logged] == ["control_operation_failed"]


async def test_an_unknown_operation_names_the_known(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        with pytest.raises(RejectedError, match="echo, refuse"):
            await ask(path, "explode")


@pytest.mark.parametrize(
    "request_",
    [b"not json\n", b"[1]\n", b"\xff\xfe\n", b"{", b"", b"x" * (2 * MAX_LINE) + b"\n"],
    ids=["text", "list", "bytes", "cut", "nothing", "huge"],
)
async def test_malformed_requests_are_answered_and_stop_nothing(
    path: Path, request_: bytes
) -> None:
    async with ControlServer(path, OPERATIONS):
        assert (await raw(path, request_))["error"]["code"] == "malformed"
        assert await ask(path, "echo", n=1) == {"n": 1}


@pytest.mark.looptime
async def test_a_silent_client_is_let_go(path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with ControlServer(path, OPERATIONS):
        reader, writer = await asyncio.open_unix_connection(path)
        before = loop.time()
        answer = json.loads(await reader.readline())
        assert answer["error"]["code"] == "malformed"
        assert loop.time() - before == pytest.approx(REQUEST_LIMIT, abs=1)
        writer.close()


async def test_too_many_clients_are_told_so(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        idle = [await asyncio.open_unix_connection(path) for _ in range(MAX_CLIENTS)]
        with pytest.raises(RejectedError, match="ask again"):
            await ask(path, "echo")
        for _, writer in idle:
            writer.close()


async def test_a_client_that_hangs_up_stops_nothing(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        _, writer = await asyncio.open_unix_connection(path)
        writer.write(b'{"op": "echo"}\n')
        writer.transport.abort()
        assert await ask(path, "echo") == {}


async def test_only_the_owner_may_ask(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        assert mode_of(path) == 0o600


async def test_the_socket_goes_with_the_server(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        pass
    assert not is_there(path)
    with pytest.raises(NoGatewayError):
        await ask(path, "echo")


async def test_ending_ends_requests_at_work(path: Path) -> None:
    entered = asyncio.Event()

    async def hang(fields: Mapping[str, Any]) -> object:
        entered.set()
        return await asyncio.Event().wait()

    async with ControlServer(path, {"hang": hang}):
        asking = asyncio.create_task(ask(path, "hang"))
        await entered.wait()
    with pytest.raises(ControlError, match="hung up"):
        await asking


async def test_what_a_killed_gateway_left_is_replaced(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with pytest.raises(NoGatewayError):
        await ask(path, "echo")

    async with ControlServer(path, OPERATIONS):
        assert await ask(path, "echo", n=1) == {"n": 1}


async def test_a_living_gateways_socket_is_left_alone(path: Path) -> None:
    async with ControlServer(path, OPERATIONS):
        with pytest.raises(StorageError, match="another gateway"):
            async with ControlServer(path, {}):
                pass
        assert await ask(path, "echo") == {}


def test_a_file_in_the_way_is_not_removed(path: Path) -> None:
    async def start() -> None:
        async with ControlServer(path, {}):
            pass

    path.write_text("precious")
    with pytest.raises(StorageError, match="control socket"):
        asyncio.run(start())
    assert path.read_text() == "precious"


def test_the_socket_lies_beside_the_database() -> None:
    assert socket_path(Path("/var/lib/shopbell.db")) == Path("/var/lib/shopbell.db.sock")


def test_a_path_too_long_for_a_socket_is_explained() -> None:
    fits = Path("/" + "x" * (MAX_SOCKET_PATH - len("/.sock")))
    assert len(str(socket_path(fits))) == MAX_SOCKET_PATH
    with pytest.raises(ConfigurationError, match=r"\[database\] url.*shorter path"):
        socket_path(Path(f"{fits}y"))
