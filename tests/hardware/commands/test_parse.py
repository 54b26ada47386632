"""Command lines taken apart (V.250, 5.2 to 5.4)."""

from __future__ import annotations

import pytest

from hardware.simulator.commands import Command, Kind, parse_line
from hardware.simulator.errors import CmeError


@pytest.mark.parametrize(
    ("body", "commands"),
    [
        ("", []),
        ("E0", [("E", Kind.EXECUTE, "0")]),
        ("E0V1", [("E", Kind.EXECUTE, "0"), ("V", Kind.EXECUTE, "1")]),
        ("&F", [("&F", Kind.EXECUTE, "")]),
        ("Z", [("Z", Kind.EXECUTE, "")]),
        ("S0=0", [("S0", Kind.SET, "0")]),
        ("+csq", [("+CSQ", Kind.EXECUTE, "")]),
        ("+CMEE=1;+CREG=2", [("+CMEE", Kind.SET, "1"), ("+CREG", Kind.SET, "2")]),
        ("E0+CSQ", [("E", Kind.EXECUTE, "0"), ("+CSQ", Kind.EXECUTE, "")]),
        ("+CPMS=?", [("+CPMS", Kind.TEST, "")]),
        ("+CPMS?", [("+CPMS", Kind.READ, "")]),
        ('+CPMS="SM";+CSQ ', [("+CPMS", Kind.SET, '"SM"'), ("+CSQ", Kind.EXECUTE, "")]),
        ('+CUSD=1,"*1;2#",15', [("+CUSD", Kind.SET, '1,"*1;2#",15')]),
        ("D+447700900123;", [("D", Kind.SET, "+447700900123;")]),
        ("^CURC=0", [("^CURC", Kind.SET, "0")]),
    ],
)
def test_lines(body: str, commands: list[tuple[str, Kind, str]]) -> None:
    assert [(each.name, each.kind, each.argument) for each in parse_line(body)] == commands


@pytest.mark.parametrize("body", ["+", "!", "+CSQ!x", '+CPMS="SM'])
def test_nonsense_is_refused(body: str) -> None:
    with pytest.raises(CmeError):
        parse_line(body)


def test_numbers_of_arguments() -> None:
    command = Command(name="+CNMI", kind=Kind.SET, argument="2,,x")
    assert command.number() == 2
    assert command.number(1, default=9) == 9
    assert command.number(7, default=3) == 3
    for at in (1, 2):
        with pytest.raises(CmeError):
            command.number(at)
