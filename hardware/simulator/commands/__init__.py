"""The AT commands: what each does to a device and what it answers; no I/O, no time."""

from hardware.simulator.commands.answer import Answer, Then
from hardware.simulator.commands.parse import Command, Kind, parse_line
from hardware.simulator.commands.table import execute

__all__ = ["Answer", "Command", "Kind", "Then", "execute", "parse_line"]
