"""``shopbell template lint``: what is wrong with the templates of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table
from gateway.cli.template.reading import house_of, read_templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.commerce.templates.lint import Remark
    from gateway.domain.errors import ContentError


def lint(store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Find what is wrong with the templates of a store.

    Exits with 1 when one of them cannot be sent as it is to everybody.
    """
    from gateway.commerce.templates.lint import lint as find
    from gateway.consent.wording import Severity
    from gateway.settings import load

    home = find_store(load(config), store)
    content, faults = read_templates(home)
    remarks = find(content.library, house_of(home, content))
    if json:
        _print_json(faults, remarks)
    elif faults or remarks:
        _print(faults, remarks)
    else:
        print_line(f"nothing is wrong with {len(content.library.names)} templates")
    if faults or any(one.severity is Severity.ERROR for one in remarks):
        raise typer.Exit(1)


def _print_json(faults: Sequence[ContentError], remarks: Sequence[Remark]) -> None:
    for fault in faults:
        print_json(
            {
                "id": "unreadable",
                "severity": "error",
                "file": None if fault.file is None else str(fault.file),
                "place": fault.place,
                "what": fault.reason,
            }
        )
    for one in remarks:
        print_json(
            {
                "id": one.id,
                "severity": one.severity,
                "template": one.template,
                "language": one.language,
                "file": None if one.file is None else str(one.file),
                "place": None if one.line is None else f"line {one.line}",
                "what": one.what,
            }
        )


def _print(faults: Sequence[ContentError], remarks: Sequence[Remark]) -> None:
    from rich.text import Text

    table = new_table("", "Template", "Line", "What is wrong, and what would be right")
    for fault in faults:
        place = (fault.place or "").removeprefix("line ")
        name = "" if fault.file is None else fault.file.name
        table.add_row("error", name, place, Text(fault.reason))
    for one in remarks:
        name = one.template if one.language is None else f"{one.template}.{one.language}"
        table.add_row(one.severity, name, str(one.line or ""), Text(one.what))
    print_table(table)
