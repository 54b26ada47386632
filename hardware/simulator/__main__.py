"""``python -m hardware.simulator DIR --modems N``: a bank as a process of its own.

Prints ``ready`` when the ports are there; SIGTERM or SIGINT ends it with exit code 0.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from hardware.simulator.bank import Bank, run_bank
from hardware.simulator.errors import SimulatorError
from hardware.simulator.personality import UssdForm, names
from hardware.simulator.settings import BankSettings, ModemSettings, Repeats, ReportMode
from hardware.simulator.sim import OPERATOR_CODE
from hardware.simulator.ussd import UssdSettings

PROGRAM = "python -m hardware.simulator"


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program, description="A bank of simulated GSM modems on pseudo-terminals."
    )
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--modems", type=int, metavar="N", help="default: one of each profile")
    parser.add_argument(
        "--profile",
        action="append",
        default=[],
        metavar="NAME",
        help="kind of stick, dealt round robin; 'all' for every one",
    )
    parser.add_argument("--latency", type=float, default=0.0, help="seconds from Ctrl-Z to +CMGS")
    parser.add_argument("--command-latency", type=float, default=0.0, help="seconds, every answer")
    parser.add_argument("--report-delay", type=float, default=0.1, help="seconds from +CMGS")
    parser.add_argument("--report-mode", type=ReportMode, default=ReportMode.BOTH)
    parser.add_argument("--repeats", type=Repeats, default=Repeats.IGNORE, help="of TP-RD")
    parser.add_argument("--boot", type=float, default=0.0, help="seconds without an answer")
    parser.add_argument("--pin", help="the SIMs ask for it")
    parser.add_argument(
        "--home",
        default=OPERATOR_CODE,
        metavar="MCCMNC",
        help="the SIMs' own network, such as 20801; default: the test network",
    )
    parser.add_argument(
        "--ussd",
        action="append",
        default=[],
        metavar="REQUEST=TEXT",
        help="what the network's menus answer",
    )
    parser.add_argument("--ussd-form", type=UssdForm, help="default: the profile's")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path, help="default: DIR/log.jsonl")
    parser.add_argument("--usb", action="store_true", help="show a bus and all tty in DIR/sys")
    parser.add_argument("--noise", action="store_true", help="unsolicited lines everywhere")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="NAME[=VALUE][*COUNT][%PROBABILITY]"
    )
    return parser


def _settings(options: argparse.Namespace) -> BankSettings:
    noise = ["noise%0.3"] if options.noise else []
    profiles = _profiles(options.profile)
    return BankSettings(
        modems=options.modems if options.modems is not None else max(1, len(profiles)),
        profiles=profiles,
        seed=options.seed,
        log=options.log,
        usb=options.usb,
        faults=(*options.fault, *noise),
        modem=ModemSettings(
            command_latency=options.command_latency,
            submit_latency=options.latency,
            report_delay=options.report_delay,
            report_mode=options.report_mode,
            repeats=options.repeats,
            boot=options.boot,
            pin=options.pin,
            home=options.home,
            ussd=UssdSettings(
                answers=_answers(options.ussd),
                stick={} if options.ussd_form is None else {"form": options.ussd_form},
            ),
        ),
    )


def _profiles(asked: list[str]) -> tuple[str, ...]:
    """The kinds of stick, ``all`` written out."""
    return tuple(name for each in asked for name in (names() if each == "all" else [each]))


def _answers(options: list[str]) -> dict[str, str]:
    pairs = (option.partition("=") for option in options)
    return {request: text for request, _, text in pairs}


def _ready(_bank: Bank) -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None, *, program: str = PROGRAM) -> int:
    """Run until told to stop, under the name ``program``; returns the exit code."""
    options = _parser(program).parse_args(arguments)
    try:
        asyncio.run(run_bank(options.directory, _settings(options), ready=_ready))
    except (SimulatorError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
