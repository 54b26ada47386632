"""Where a short link may lead: a store's own hosts, and what the store itself told. Pure.

What a link leads to is kept with it and never taken from a request, so that nobody can have us
redirect to where they like. This is the other half: that nothing of the kind gets in.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from gateway.domain.errors import ContentError

LONGEST_URL: Final = 2048
"""Characters, as the table of links has it."""

_KEPT: Final = "%!$&'()*+,;=:@/?-._~[]"
"""What stays as it is in a URL; all else is written in percents (RFC 3986 section 2)."""


def target_of(url: str, hosts: Collection[str], told: Collection[str] = ()) -> str:
    """Return a URL as it stands in a Location header.

    Args:
        url: as the template or the store has it.
        hosts: the store's own, in lower case.
        told: URLs that the store itself told in its events, such as a carrier's page of a parcel;
            these may lead anywhere.

    Raises:
        ContentError: it may not be linked to, or is none.
    """
    split = _split(url)
    host = split.hostname or ""
    if url not in told and host not in hosts:
        known = ", ".join(sorted(hosts)) or "none"
        raise ContentError(
            f"leads to {host}, which is no host of the store ({known}); write a page of the store, "
            "or add the host to its link_hosts",
            place=host,
        )
    return _written(split)


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL:
        raise ContentError(f"a link may have {LONGEST_URL} characters at most", place=url[:40])
    if any(sign <= " " or sign in '\\"<>^`{|}\x7f' for sign in url):
        raise ContentError("a link may not hold blanks or control characters", place=url[:40])
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise ContentError("is no link", place=url[:40]) from None
    if split.scheme not in ("http", "https") or not split.hostname or port == 0:
        raise ContentError("is no link; write http:// or https:// and a host", place=url[:40])
    if "@" in split.netloc:
        raise ContentError("a link may not hold a user", place=url[:40])
    return split


def _written(split: SplitResult) -> str:
    try:
        host = split.netloc.encode("idna").decode("ascii")
    except UnicodeError:
        raise ContentError("has a host that is none", place=split.netloc[:40]) from None
    rest = (quote(part, safe=_KEPT) for part in (split.path, split.query, split.fragment))
    written = urlunsplit((split.scheme, host, *rest))
    if len(written) > LONGEST_URL:
        raise ContentError(f"a link may have {LONGEST_URL} characters at most", place=host)
    return written
