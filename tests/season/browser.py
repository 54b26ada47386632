"""Fetches a link from the site of the links, without a socket in between."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from shop import Click


async def fetch(site: Any, click: Click) -> int:
    """Return the status of the answer."""
    url = urlsplit(click.url if "://" in click.url else f"https://{click.url}")
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await site(_scope(click, url.netloc, url.path, url.query), receive, send)
    return int(said[0]["status"])


def _scope(click: Click, host: str, path: str, query: str) -> dict[str, Any]:
    headers = {"host": host, "user-agent": click.agent, "accept": "text/html"}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": click.method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": (_address(click.number), 50000),
        "server": (host, 443),
    }


def _address(number: str) -> str:
    """Return a phone's own address: thousands behind one would be taken for a scanner."""
    place = crc32(number.encode())
    return f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
