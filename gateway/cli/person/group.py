"""The commands of ``shopbell person`` together."""

from __future__ import annotations

import typer

from gateway.cli.person.access import export
from gateway.cli.person.breach import affected
from gateway.cli.person.erasing import erase
from gateway.cli.person.wishes import object_, restrict, unrestrict

person = typer.Typer(
    name="person",
    help="The rights of a person: access, erasure, restriction, objection.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for command in (export, erase, restrict, unrestrict, affected):
    person.command()(command)
person.command(name="object")(object_)
