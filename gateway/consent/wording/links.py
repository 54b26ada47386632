"""The links of a text: where they stand, and what their address tells of where they lead."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from importlib.resources import files
from typing import Final

from gateway.consent.wording.finding import Span
from gateway.consent.wording.folding import fold_text

_DOMAIN: Final = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}"
_ENDINGS: Final = (
    "app|at|au|be|biz|ca|ch|co|com|de|dk|es|eu|example|fr|ie|info|io|it|link|me|net|nl|nz|online|org"
    "|page|pl|pt|se|shop|site|store|to|uk|us"
)
_LINK: Final = re.compile(
    rf"(?<![\w@.-])(?:https?://\S+|www\.\S+|{_DOMAIN}[a-z]{{2,24}}/\S*|{_DOMAIN}(?:{_ENDINGS})(?![\w@-]))",
    re.IGNORECASE,
)
_AFTER: Final = ".,;:!?)]}>'\"\u00bb\u201d\u2019"
"""What ends a sentence, not its link."""
_CAMPAIGN: Final = re.compile(r"[?&](?:utm_campaign|coupon|discount|promo|voucher)=", re.IGNORECASE)
_WORDS: Final = re.compile(r"[a-z]+")
_OPAQUE: Final = re.compile(r"(?=.*[\dA-Z])[\w-]{1,40}", re.ASCII)
"""The last of an address that may lead anywhere: ``Xy7``, ``order-1001``."""


class Goal(Enum):
    """Where a link leads, as far as its address tells."""

    ORDER = auto()
    """An order, its delivery, its return, its payment."""
    SHOP = auto()
    """What is for sale."""
    HIDDEN = auto()
    """An address that tells nothing, as a short link of the shop's own."""
    UNCLEAR = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One link."""

    where: Span
    host: str
    """In small letters, without a port."""
    path: str
    """With what follows it."""

    @property
    def shared(self) -> bool:
        """True for a short link that anybody can make."""
        return _below(self.host, _words()["shared"])

    @property
    def goal(self) -> Goal:
        """Where it leads."""
        return _goal(self)


def find_links(text: str) -> list[Link]:
    """Return the links of a text, in order."""
    return [_link(match) for match in _LINK.finditer(text)]


def _link(match: re.Match[str]) -> Link:
    address = match[0].rstrip(_AFTER)
    rest = re.sub(r"\Ahttps?://", "", address, flags=re.IGNORECASE)
    host, slash, path = rest.partition("/")
    return Link(
        where=Span(start=match.start(), end=match.start() + len(address)),
        host=host.partition(":")[0].lower(),
        path=slash + path,
    )


def _goal(link: Link) -> Goal:
    words = _words()
    segments = {fold_text(part) for part in re.split(r"[/?#]", link.path)}
    parts = set(_WORDS.findall(fold_text(link.path)))
    if _CAMPAIGN.search(link.path):
        return Goal.SHOP
    if segments & words["order"] or _below(link.host, words["carriers"]):
        return Goal.ORDER
    if parts & words["shop"]:
        return Goal.SHOP
    if (parts | set(_WORDS.findall(link.host))) & words["order"]:
        return Goal.ORDER
    last = link.path.rstrip("/").rpartition("/")[2]
    return Goal.HIDDEN if _OPAQUE.fullmatch(last) else Goal.UNCLEAR


def _below(host: str, domains: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[first:]) in domains for first in range(len(labels)))


@cache
def _words() -> dict[str, frozenset[str]]:
    text = (files("gateway") / "policy" / "links.toml").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in tomllib.loads(text).items()}
