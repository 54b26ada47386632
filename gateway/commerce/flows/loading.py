"""Loads the flows of a shop's folder, and those that we ship."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final

from gateway.commerce.flows.flow import Flow
from gateway.commerce.flows.parsing import parse_flow
from gateway.domain.content import read_content, standing_in
from gateway.domain.errors import ContentError
from gateway.domain.ids import StoreName

FOLDER: Final = "flows"
"""In a shop's folder."""

SUFFIX: Final = ".toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Flows:
    """The flows of a store."""

    known: Mapping[str, Flow] = field(default_factory=lambda: MappingProxyType({}))
    """By their names."""
    faulty: frozenset[str] = frozenset()
    """Names of those that are there and cannot be read: nothing of them is decided meanwhile."""


class Book:
    """The flows of all stores, as they are now.

    Attributes:
        flows: replaced as a whole when they are read again.
    """

    def __init__(self, flows: Mapping[StoreName, Flows] = MappingProxyType({})) -> None:
        self.flows = flows

    def of(self, store: StoreName) -> Sequence[Flow]:
        """Return the flows of a store."""
        return tuple(self.flows[store].known.values()) if store in self.flows else ()

    def find(self, store: StoreName, name: str) -> Flow | None:
        """Return a flow of a store, or None."""
        return self.flows[store].known.get(name) if store in self.flows else None

    def is_faulty(self, store: StoreName, name: str) -> bool:
        """Tell whether a flow is there and cannot be read."""
        return store in self.flows and name in self.flows[store].faulty


def load_flows(shop: Path) -> tuple[Flows, list[ContentError]]:
    """Return the flows of a shop's folder, and what is wrong with others of them."""
    known: dict[str, Flow] = {}
    faults: dict[str, ContentError] = {}
    for file in sorted((shop / FOLDER).glob(f"*{SUFFIX}")):
        try:
            with standing_in(file):
                known[file.stem] = parse_flow(file.stem, read_content(file))
        except ContentError as error:
            faults[file.stem] = error
    flows = Flows(known=MappingProxyType(known), faulty=frozenset(faults))
    return flows, list(faults.values())


def shipped_flows() -> Mapping[str, str]:
    """Return the text of each flow that we ship, by its name."""
    folder = resources.files(__package__) / "shipped"
    return {
        file.name.removesuffix(SUFFIX): file.read_text(encoding="utf-8")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(SUFFIX)
    }


def require_shipped(name: str) -> str:
    """Return the text of a flow that we ship.

    Raises:
        ContentError: we ship none of that name.
    """
    shipped = shipped_flows()
    if name not in shipped:
        raise ContentError(f"{name!r} is no flow that is shipped; there are: {_listed(shipped)}")
    return shipped[name]


def _listed(names: Mapping[str, str] | Sequence[str]) -> str:
    return ", ".join(sorted(names))
