"""The files that pages load, under a name with their hash: a browser may keep them for ever.

They are read once and kept in memory, compressed too: some 150 kB. Style sheets and our own
scripts are small files by subject, which are served as one each.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

FOLDER: Final = Path(__file__).parent / "static"

PREFIX: Final = "/static/"

BUNDLES: Final[Mapping[str, tuple[str, ...]]] = {
    "app.css": (
        "css/colours.css",
        "css/base.css",
        "css/shell.css",
        "css/status.css",
        "css/cards.css",
        "css/tables.css",
        "css/forms.css",
        "css/charts.css",
        "css/chat.css",
    ),
    "app.js": ("js/theme.js", "js/live.js", "js/times.js", "js/forms.js"),
    "charts.js": ("vendor/uPlot.iife.min.js", "js/charts.js"),
}
"""What is served as one file, in this order."""

ALONE: Final = (
    "icons.svg",
    "favicon.svg",
    "vendor/htmx.min.js",
    "vendor/htmx-ext-sse.min.js",
    "vendor/uPlot.min.css",
)

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

_FOR_EVER: Final = "public, max-age=31536000, immutable"

_HASH: Final = 12
"""Digits of the hash in a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Static:
    """One file as it is served."""

    name: str
    """With its hash: ``app.0123456789ab.css``."""
    media_type: str
    body: bytes
    zipped: bytes
    tag: str

    def answer(self, request: Request) -> Response:
        """Answer a request for it: whole, compressed, or "you have it"."""
        headers = {"Cache-Control": _FOR_EVER, "ETag": self.tag, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.zipped, headers=headers, media_type=self.media_type)
        return Response(self.body, headers=headers, media_type=self.media_type)


@cache
def statics() -> Mapping[str, Static]:
    """Return what is served, by the name without a hash."""
    return {name: _static(name, body) for name, body in _bodies()}


@cache
def _by_address() -> Mapping[str, Static]:
    return {one.name: one for one in statics().values()}


def address(name: str) -> str:
    """Return where a page loads a file from.

    Raises:
        KeyError: there is none; a template is wrong.
    """
    return PREFIX + statics()[name].name


def serve_static(request: Request) -> Response:
    """Answer ``/static/{name}``."""
    found = _by_address().get(request.path_params["name"])
    if found is None:
        return Response("There is no such file.\n", status_code=404, media_type="text/plain")
    return found.answer(request)


def _bodies() -> Iterator[tuple[str, bytes]]:
    for name, parts in BUNDLES.items():
        yield name, b"\n".join((FOLDER / part).read_bytes() for part in parts)
    for part in ALONE:
        yield PurePosixPath(part).name, (FOLDER / part).read_bytes()


def _static(name: str, body: bytes) -> Static:
    digest = sha256(body).hexdigest()[:_HASH]
    path = PurePosixPath(name)
    return Static(
        name=f"{path.stem}.{digest}{path.suffix}",
        media_type=_TYPES[path.suffix],
        body=body,
        zipped=gzip.compress(body, mtime=0),
        tag=f'"{digest}"',
    )
