"""docs/rest.md says what is: each command in it is run, and answered as it says."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

import pytest
from support.visitors import visited

from gateway.access import Right
from gateway.access.token import Token
from gateway.web.server import open_listener, serve

from .conftest import opened

DOC: Final = (Path(__file__).parents[3] / "docs" / "rest.md").read_text(encoding="utf-8")
EXAMPLES: Final = re.findall(r"```sh\n(.*?)```\n\n```json\n(.*?)```", DOC, re.DOTALL)
TOKEN: Final = Token(id="0123456789ab", secret="d" * 64)

pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None or shutil.which("jq") is None, reason="curl or jq is not installed"
)


async def run(script: str, **environment: str) -> Any:
    """Return what a script prints, as JSON."""
    process = await asyncio.create_subprocess_exec(
        *("sh", "-ec", script),
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", **environment},
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, script
    return json.loads(printed)


async def test_each_command_is_answered_as_it_says(sqlite_url: str, tmp_path: Path) -> None:
    assert len(EXAMPLES) == DOC.count("```sh") >= 9
    async with visited(sqlite_url, tmp_path) as site:
        api = opened(site, sqlite_url)
        rights = (Right.READ, Right.SEND, Right.PEOPLE, Right.ANSWER, Right.OPERATE)
        await api.token(TOKEN, *rights)
        listener = open_listener("127.0.0.1:0")
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        serving = asyncio.create_task(serve(api.site, listener))
        try:
            for script, said in EXAMPLES:
                told = await run(script, SHOPBELL=address, TOKEN=TOKEN.written)
                assert told == json.loads(said), script
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
