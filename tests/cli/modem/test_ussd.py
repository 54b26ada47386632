"""``shopbell modem ussd`` beside a gateway that runs, as its user meets it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.command import Done, Shopbell

from gateway.control import ControlServer, socket_path
from gateway.modem import UssdError

ANSWER = {"text": "Balance £5\nValid until 31/12", "menu": False}


async def ask_beside_a_gateway(
    shopbell: Shopbell, directory: Path, *words: str, answer: object = ANSWER
) -> tuple[Done, list[Mapping[str, Any]]]:
    asked: list[Mapping[str, Any]] = []

    async def ussd(fields: Mapping[str, Any]) -> object:
        asked.append(fields)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with ControlServer(socket_path(directory / "shopbell.db"), {"ussd": ussd}):
        return await asyncio.to_thread(shopbell, "modem", "ussd", *words), asked


async def test_the_answer_is_printed(shopbell: Shopbell, tmp_path: Path) -> None:
    done, asked = await ask_beside_a_gateway(shopbell, tmp_path, "m0", "*100#")
    assert (done.code, done.out, done.err) == (0, "Balance £5\nValid until 31/12\n", "")
    assert asked == [{"name": "m0", "request": "*100#", "replies": []}]


async def test_programs_get_json(shopbell: Shopbell, tmp_path: Path) -> None:
    done, _ = await ask_beside_a_gateway(shopbell, tmp_path, "m0", "*100#", "--json")
    assert json.loads(done.out) == {"modem": "m0", **ANSWER}


async def test_replies_go_with_the_request_and_a_menu_is_named_one(
    shopbell: Shopbell, tmp_path: Path
) -> None:
    words = ("m0", "*1#", "--reply", "1", "--reply", "2")
    menu = {"text": "1 Top up", "menu": True}
    done, asked = await ask_beside_a_gateway(shopbell, tmp_path, *words, answer=menu)
    assert asked[0]["replies"] == ["1", "2"]
    assert done.out == "1 Top up\n"
    assert "--reply" in done.err


async def test_a_failure_is_one_line(shopbell: Shopbell, tmp_path: Path) -> None:
    silent = UssdError("the network did not answer within 60 s")
    done, _ = await ask_beside_a_gateway(shopbell, tmp_path, "m0", "*100#", answer=silent)
    assert (done.code, done.out) == (1, "")
    assert done.err == "the network did not answer within 60 s\n"


def test_a_request_is_needed(shopbell: Shopbell) -> None:
    assert shopbell("modem", "ussd", "m0").code == 2
