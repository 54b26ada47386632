"""``shopbell modem probe``: bring one stick up, print what it is, and leave it as it was."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import Json
from gateway.cli.output import print_json, print_line, remark

if TYPE_CHECKING:
    from gateway.cli.modem.notepad import Notepad
    from gateway.modem.probe.findings import Findings
    from gateway.modem.probe.opinion import Opinion
    from gateway.modem.probe.probe import ProbeOptions

Port = Annotated[
    str,
    typer.Argument(
        metavar="PORT",
        help="A path, a glob, socket://HOST:PORT, or a stick's USB path such as 1-1.2.",
    ),
]
PinFile = Annotated[
    Path | None,
    typer.Option("--pin-file", metavar="FILE", help="The SIM's PIN, typed once; without it never."),
]
TraceFile = Annotated[
    Path | None,
    typer.Option("--trace", metavar="FILE", help="Where the dialogue goes, redacted."),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait", metavar="SECONDS", min=1, help="For an answer, the SIM and the network each."
    ),
]
Code = Annotated[
    str | None,
    typer.Option("--ussd", metavar="CODE", help="Ask the network's menus in each form: *100#."),
]
Second = Annotated[
    bool,
    typer.Option("--second-opinion", help="Ask python-gsmmodem-new's own driver too."),
]

DEFAULT_WAIT: Final = 20.0


def probe(
    port: Port,
    second_opinion: Second = False,
    trace: TraceFile = None,
    pin_file: PinFile = None,
    ussd: Code = None,
    wait: Wait = DEFAULT_WAIT,
    json: Json = False,
) -> None:
    """Bring one stick up and print what it is.

    It sends no message and needs no configuration. Its settings are put back as they were.
    """
    from gateway.cli.logs import without_logging
    from gateway.cli.modem.notepad import Notepad
    from gateway.modem.probe.probe import ProbeOptions

    options = ProbeOptions(port=port, pin=_read_pin(pin_file), wait=wait, ussd=_code(ussd))
    remark(f"asking {port} ...")
    notepad = Notepad()
    findings: Findings | None = None
    opinion: Opinion | None = None
    try:
        with without_logging():
            findings, opinion = run_async(_ask(options, notepad, second_opinion))
    finally:
        file = notepad.save(trace, findings, port)
        if file is not None and findings is None:
            remark(f"what it said is in {file}")
    _print(findings, opinion, file, json)
    if findings.trouble:
        remark(f"not usable: {findings.trouble}")
        raise typer.Exit(1)


async def _ask(
    options: ProbeOptions, notepad: Notepad, second: bool
) -> tuple[Findings, Opinion | None]:
    from gateway.modem.probe.opinion import check_opinion, second_opinion
    from gateway.modem.probe.probe import probe as ask_stick
    from gateway.modem.probe.probe import put_back

    if second:
        check_opinion(options.port)
    findings, originals = await ask_stick(options, notepad)
    if not second:
        return findings, None
    remark("asking python-gsmmodem-new ...")
    opinion = await second_opinion(findings.port)
    return await put_back(findings, originals, notepad), opinion


def _print(findings: Findings, opinion: Opinion | None, file: Path | None, json: bool) -> None:
    from gateway.cli.modem.report import lines

    if json:
        print_json(_document(findings, opinion, file))
        return
    for line in lines(findings, opinion):
        print_line(line)
    if file is not None:
        print_line(f"\nThe dialogue is in {file}, redacted: it can go with a bug report.")


def _document(findings: Findings, opinion: Opinion | None, file: Path | None) -> dict[str, Any]:
    return {
        **asdict(findings),
        "sim": findings.sim.value,
        "registrations": {
            name: None if one is None else one.name.lower()
            for name, one in findings.registrations.items()
        },
        "usable": not findings.trouble,
        "trouble": findings.trouble or None,
        "second_opinion": None if opinion is None else asdict(opinion),
        "trace": None if file is None else str(file),
    }


def _code(text: str | None) -> str | None:
    from gateway.modem.menu.ussd import UssdRequest

    if text is None:
        return None
    try:
        return UssdRequest(text=text).text
    except ValueError as error:
        raise typer.BadParameter(f"--ussd {error}") from error


def _read_pin(file: Path | None) -> str | None:
    """Return the PIN in a file.

    Raises:
        OSError: it cannot be read.
        typer.BadParameter: there is no PIN in it.
    """
    if file is None:
        return None
    pin = file.read_text(encoding="utf-8").strip()
    if not (pin.isascii() and pin.isdecimal() and 4 <= len(pin) <= 8):
        raise typer.BadParameter(f"{file} holds no PIN: 4 to 8 digits")
    return pin
