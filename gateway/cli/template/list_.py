"""``shopbell template list``: which templates a store has, and in which languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import new_table, print_json, print_line, print_table, remark
from gateway.cli.template.reading import read_templates

if TYPE_CHECKING:
    from gateway.commerce.templates import Library


def list_(store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """List the templates of a store."""
    from gateway.settings import load

    content, faults = read_templates(find_store(load(config), store))
    library = content.library
    for fault in faults:
        remark(str(fault))
    if json:
        for template in library:
            print_json(
                {
                    "name": template.name,
                    "language": template.language,
                    "purpose": template.purpose,
                    "file": str(template.file),
                }
            )
    elif library.names:
        _print(library)
    else:
        print_line("there are no templates; `shopbell flow add` brings those of a flow")


def _print(library: Library) -> None:
    table = new_table("Template", "Languages", "For")
    for name in library.names:
        languages = library.languages(name)
        purposes = {library.find(name, language).purpose for language in languages}
        said = ", ".join(sorted(purpose.value for purpose in purposes if purpose))
        table.add_row(name, ", ".join(languages), said)
    print_table(table)
