"""``shopbell flow add``: a flow that is shipped becomes the shop's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.flow.reading import folder_of
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line
from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.commerce.flows import Flow


def add(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Flows that are shipped.")],
    store: StoreName = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Copy flows that are shipped, and their templates, into the shop's folder.

    A flow that is there is never overwritten, and a template that is there is left as it is.
    """
    from gateway.commerce.flows.loading import require_shipped
    from gateway.commerce.flows.parsing import parse_flow
    from gateway.settings import load

    shop = folder_of(find_store(load(config), store))
    texts = {name: require_shipped(name) for name in names}
    for name in texts:
        _require_new(_file(shop, name), name)
    for name, text in texts.items():
        flow = parse_flow(name, text)
        written = [*_copy_templates(shop, flow), _write(_file(shop, name), text)]
        if json:
            print_json({"flow": name, "files": [str(file) for file in written]})
        else:
            _print(flow, written)


def _file(shop: Path, name: str) -> Path:
    from gateway.commerce.flows.loading import FOLDER, SUFFIX

    return shop / FOLDER / f"{name}{SUFFIX}"


def _require_new(file: Path, name: str) -> None:
    if file.exists():
        reason = f"the flow {name} is there already: {file}; it is the shop's, and left as it is"
        raise RejectedError("exists", reason)


def _copy_templates(shop: Path, flow: Flow) -> list[Path]:
    """Copy a flow's templates in every language; before the flow, which must not lack them."""
    from gateway.commerce.flows.checking import templates_of
    from gateway.commerce.templates import SHIPPED, TEMPLATES

    return [
        _write(shop / TEMPLATES / file.name, file.read_text(encoding="utf-8"))
        for name in templates_of(flow)
        for file in sorted(SHIPPED.glob(f"{name}.*.txt"))
        if not (shop / TEMPLATES / file.name).exists()
    ]


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as new:
        new.write(text)
    return file


def _print(flow: Flow, written: list[Path]) -> None:
    from gateway.commerce.flows.checking import pools_of

    print_line(f"{flow.name}: {flow.about}")
    for file in written:
        print_line(f"  {file}")
    for pool in pools_of(flow):
        print_line(f"  it needs the pool {pool!r} in coupons.toml")
    print_line("  a gateway that runs takes it up at SIGHUP")
