"""The way into the command line, and the way out: what a user can cause ends in one clear line."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import typer

from gateway.cli.access.audit import audit
from gateway.cli.access.token import token
from gateway.cli.access.user import user
from gateway.cli.alarms.group import alarms
from gateway.cli.backfill import backfill
from gateway.cli.backup import backup
from gateway.cli.bridge import bridge
from gateway.cli.broker_config import broker_config
from gateway.cli.campaign.group import campaign
from gateway.cli.check import check
from gateway.cli.consent.group import consent
from gateway.cli.coupon.group import coupon
from gateway.cli.demo.command import demo
from gateway.cli.doctor import doctor
from gateway.cli.flow.group import flow
from gateway.cli.forecast import forecast
from gateway.cli.inbox import inbox
from gateway.cli.lab import lab
from gateway.cli.lake import lake
from gateway.cli.messages import messages
from gateway.cli.migrate import migrate
from gateway.cli.modem.group import modem
from gateway.cli.modems import modems
from gateway.cli.person.group import person
from gateway.cli.records import records
from gateway.cli.report import report
from gateway.cli.restore import restore
from gateway.cli.retention import retention
from gateway.cli.run import run
from gateway.cli.score.group import score
from gateway.cli.segment.group import segment
from gateway.cli.send import send
from gateway.cli.service_config import service_config
from gateway.cli.simulate import simulate
from gateway.cli.store.group import store
from gateway.cli.streams import standard_streams
from gateway.cli.template.group import template
from gateway.cli.text import text
from gateway.cli.version import Version
from gateway.domain.errors import RejectedError, ShopbellError

app = typer.Typer(
    name="shopbell",
    help="A self-hosted SMS gateway on GSM modems.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help comes at once, and mistakes are one line
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _program(version: Version = False) -> None:
    """Take what stands before a command."""


for command in (
    run,
    check,
    doctor,
    migrate,
    demo,
    send,
    messages,
    modems,
    forecast,
    retention,
    backup,
    restore,
    broker_config,
    service_config,
    bridge,
    report,
    lab,
    audit,
):
    app.command()(command)
app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(simulate)
app.add_typer(alarms)
app.add_typer(store)
app.add_typer(campaign)
app.add_typer(segment)
app.add_typer(flow)
app.add_typer(modem)
person.command()(records)
app.add_typer(person)
app.add_typer(lake)
app.add_typer(backfill)
app.add_typer(score)
app.add_typer(text)
app.add_typer(template)
app.add_typer(inbox)
app.add_typer(consent)
app.add_typer(coupon)
app.add_typer(user)
app.add_typer(token)


def main() -> None:
    """Run the command that the arguments name, and exit.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted.
    """
    with standard_streams():
        _run()


def _run() -> None:
    try:
        app()
    except RejectedError as error:
        _fail(f"rejected: {error.code}: {error}")
    except ShopbellError as error:
        _fail(str(error))
    except OSError as error:
        _fail(_sentence(error))
    except ExceptionGroup as group:
        known, unknown = group.split(ShopbellError)
        if known is None or unknown is not None:
            raise
        _fail("\n".join(str(error) for error in _leaves(known)))


def _fail(reason: str) -> None:
    sys.stderr.write(f"{reason}\n")
    sys.exit(1)


def _sentence(error: OSError) -> str:
    words = (error.strerror or str(error)).lower()
    return f"{error.filename}: {words}" if error.filename else words


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error
